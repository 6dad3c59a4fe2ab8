package io.hindcast.core.join;

import io.hindcast.core.model.LabelEvent;
import org.jspecify.annotations.Nullable;

/**
 * A label on its way to the predictions of one model.
 *
 * @param keyHigh with {@code keyLow} 128 bits that stand for the id, as in {@link PendingRecord}
 * @param arrivedMillis when it came; the past for one that was parked
 * @param answer told once what became of it
 */
public record AddressedLabel(
    LabelEvent event, String model, long keyHigh, long keyLow, long arrivedMillis, Answer answer) {

  /** Where the outcome goes. Monitor thread. */
  @FunctionalInterface
  public interface Answer {
    /**
     * @param outcome null if the store knows no such prediction
     * @param byVersion whether a version of the model has counted it; else nobody has
     */
    void answered(AddressedLabel label, @Nullable LabelOutcome outcome, boolean byVersion);
  }
}
