package io.hindcast.core.join;

import io.hindcast.core.model.Task;

/**
 * Predictions of one kind, which a store knows by a number: those of one version of a model.
 *
 * @param output of a model that has several; empty for one that has one
 * @param timeToLiveMillis how long a prediction waits for its label
 */
public record StreamKey(
    String model, String version, String output, Task task, long timeToLiveMillis) {}
