package io.hindcast.core.drift;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How far one feature or output of a closed window has moved from its reference.
 *
 * @param scores by measure; empty if the rows were too few
 * @param samples rows in the window
 * @param e evidence that it has moved by more than the tolerance; NaN if the rows were too few
 * @param direction 1 if its values have risen, −1 if they have fallen, 0 where cells have no order
 * @param moved what has moved most, as far as it may be said; empty if nothing has. Asked when an
 *     alarm begins: to write it for each column of each window took half of its evaluation
 */
public record Drift(
    String name,
    Map<String, Double> scores,
    long samples,
    double e,
    int direction,
    Supplier<String> moved) {
  public Drift {
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
  }

  static Drift insufficient(String name, long samples) {
    return new Drift(name, Map.of(), samples, Double.NaN, 0, () -> "");
  }

  /** The same with other evidence. */
  Drift with(double evidence) {
    return new Drift(name, scores, samples, evidence, direction, moved);
  }

  /** The same with more scores. */
  Drift beside(Map<String, Double> more) {
    var all = new LinkedHashMap<>(scores);
    all.putAll(more);
    return new Drift(name, all, samples, e, direction, moved);
  }

  public boolean isSufficient() {
    return !Double.isNaN(e);
  }
}
