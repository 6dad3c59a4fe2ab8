package io.hindcast.core.monitor;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the engine knew at one moment. Immutable, complete, of plain values: whoever exports it
 * needs nothing else. Lists are in a stable order.
 *
 * @param unboundLabels labels that met no record, and so belong to no version: in order of model,
 *     the one without a model first
 */
public record EngineSnapshot(
    long epochMillis,
    List<ModelSnapshot> models,
    List<UnboundLabels> unboundLabels,
    Health health) {
  public EngineSnapshot {
    models = List.copyOf(models);
    unboundLabels = List.copyOf(unboundLabels);
  }

  /** Without labels that met no record. */
  public EngineSnapshot(long epochMillis, List<ModelSnapshot> models, Health health) {
    this(epochMillis, models, List.of(), health);
  }

  /**
   * Outcomes of labels without a record: {@code parked}, {@code unknown}, {@code dropped}, {@code
   * rejected} and the like, zeros too.
   *
   * @param model as the reporter named it; null if the label named none
   * @param startMillis when the counters began, since the epoch
   * @param labels by outcome
   */
  public record UnboundLabels(@Nullable String model, long startMillis, Map<String, Long> labels) {
    public UnboundLabels {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * The agent about itself.
   *
   * @param startMillis of its counters, since the epoch
   * @param captureErrors suppressed exceptions by class name
   * @param cpuSeconds of the agent's own threads
   * @param methodsInstrumented by rule; 0 for a rule that matched nothing
   */
  public record Health(
      long startMillis,
      Map<String, Long> captureErrors,
      double cpuSeconds,
      Map<String, Long> methodsInstrumented) {
    public Health {
      captureErrors = Map.copyOf(captureErrors);
      methodsInstrumented = Map.copyOf(methodsInstrumented);
    }
  }
}
