package io.hindcast.core.drift;

import io.hindcast.stats.change.EValue;
import java.util.List;

/**
 * Two features together in the windows of their model. Owned by the monitor thread.
 *
 * @param first place of the feature among the columns
 * @param second likewise
 */
record PairColumn(DriftColumn column, int first, int second) {
  /*
   * Where one of the two has moved by itself, so has the pair, and that says nothing new: it would
   * only take the feature's place in the explanation. Its e then becomes the least that there is,
   * which keeps its mean at most 1. What is not known of one is not known of both.
   */
  private static final double LEAST = EValue.of(1);

  /**
   * @param columns the same window of all columns
   */
  Drift close(List<Drift> columns, DriftEvaluator evaluator, long startMillis, WindowTimes times) {
    Drift closed = column.close(evaluator, startMillis, times);
    double most = Math.max(columns.get(first).e(), columns.get(second).e());
    if (!closed.isSufficient() || Double.isNaN(most)) {
      return Drift.insufficient(closed.name(), closed.samples());
    }
    return most > 1 ? closed.with(LEAST) : closed;
  }
}
