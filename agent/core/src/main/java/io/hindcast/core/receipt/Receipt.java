package io.hindcast.core.receipt;

import io.hindcast.core.model.Task;
import org.jspecify.annotations.Nullable;

/**
 * What a receipt says of one prediction: all that its label will be compared with.
 *
 * @param predictedAtMillis since the epoch; a receipt keeps whole seconds
 * @param nonce stands for the id: the same for every receipt of one prediction
 * @param predicted the class; null if there is none, and for regression
 * @param other binary: the class that was not predicted; else null
 * @param isPositive binary: whether {@code predicted} is the positive class
 * @param score of a binary model, to the precision of a {@code float}; value of a regression; NaN
 *     if there is none
 * @param weight predictions that this one stands for: 1/p, where p is the share that was kept
 * @param segment empty if there is none
 */
public record Receipt(
    long predictedAtMillis,
    long nonce,
    String model,
    String version,
    Task task,
    @Nullable String predicted,
    @Nullable String other,
    boolean isPositive,
    double score,
    long weight,
    String segment) {}
