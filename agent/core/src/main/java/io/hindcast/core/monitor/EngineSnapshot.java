package io.hindcast.core.monitor;

import java.util.List;
import java.util.Map;

/**
 * What the engine knew at one moment. Immutable, complete, of plain values: whoever exports it
 * needs nothing else. Lists are in a stable order.
 */
public record EngineSnapshot(long epochMillis, List<ModelSnapshot> models, Health health) {
  public EngineSnapshot {
    models = List.copyOf(models);
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
