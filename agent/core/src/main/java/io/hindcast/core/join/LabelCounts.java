package io.hindcast.core.join;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Labels by outcome. Owned by the monitor thread. */
public final class LabelCounts {
  private static final LabelOutcome[] OUTCOMES = LabelOutcome.values();

  private final long[] counts = new long[OUTCOMES.length];

  public void add(LabelOutcome outcome) {
    add(outcome, 1);
  }

  public void add(LabelOutcome outcome, long labels) {
    counts[outcome.ordinal()] += labels;
  }

  public long count(LabelOutcome outcome) {
    return counts[outcome.ordinal()];
  }

  /** Those that are asked for, zeros too, in the order of the catalogue. */
  public Map<String, Long> snapshot(Predicate<LabelOutcome> which) {
    var snapshot = new LinkedHashMap<String, Long>();
    for (LabelOutcome outcome : OUTCOMES) {
      if (which.test(outcome)) {
        snapshot.put(outcome.value(), count(outcome));
      }
    }
    return Collections.unmodifiableMap(snapshot);
  }
}
