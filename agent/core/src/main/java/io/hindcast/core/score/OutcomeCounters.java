package io.hindcast.core.score;

import io.hindcast.core.join.LabelCounts;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.OutcomeSink.LostReason;
import io.hindcast.core.monitor.HistogramSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.window.Histogram;
import io.hindcast.stats.performance.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What labels did, counted when they came: labels by outcome, their delays, joined and retracted
 * pairs of classes, predictions that wait and that were lost. Owned by the monitor thread.
 */
final class OutcomeCounters {
  /** So many classes have every cell from the first outcome on; of more, cells appear once seen. */
  private static final int CELLS_FROM_ZERO = 10;

  private final LabelCounts labels = new LabelCounts();
  private final Histogram delaySeconds = LabelDelays.newHistogram();
  private final ConfusionMatrix joined = new ConfusionMatrix(2);
  private final ConfusionMatrix retracted = new ConfusionMatrix(2);
  private final long[] lost = new long[LostReason.values().length];
  private long pending;

  void label(LabelOutcome outcome, long times) {
    labels.add(outcome, times);
  }

  void delay(double seconds) {
    delaySeconds.add(seconds);
  }

  void pending(long change) {
    pending += change;
  }

  void lost(LostReason reason, long predictions) {
    lost[reason.ordinal()] += predictions;
  }

  /**
   * @param weight predictions that it stands for
   * @param isJoined or taken back
   */
  void pair(int actual, int predicted, long weight, boolean isJoined, int classes) {
    ConfusionMatrix counter = isJoined ? joined : retracted;
    counter.growTo(classes);
    counter.change(actual, predicted, weight);
  }

  /** Many joined pairs at once. */
  void pairs(ConfusionMatrix more) {
    joined.merge(more);
  }

  /**
   * @param canImply whether a missing label means anything
   */
  Map<String, Long> labels(boolean canImply) {
    return labels.snapshot(
        outcome -> outcome.hasRecord() && (outcome != LabelOutcome.IMPLIED || canImply));
  }

  HistogramSnapshot delaySeconds() {
    return delaySeconds.snapshot();
  }

  long pending() {
    return pending;
  }

  Map<String, Long> lost() {
    var named = new LinkedHashMap<String, Long>();
    for (LostReason reason : LostReason.values()) {
      named.put(reason.value(), lost[reason.ordinal()]);
    }
    return Collections.unmodifiableMap(named);
  }

  List<ModelSnapshot.Confusion> confusion(ClassNumbers classes) {
    int known = classes.size();
    joined.growTo(known);
    retracted.growTo(known);
    var cells = new ArrayList<ModelSnapshot.Confusion>();
    for (int actual = 0; actual < known; actual++) {
      for (int predicted = 0; predicted < known; predicted++) {
        long in = joined.count(actual, predicted);
        long out = retracted.count(actual, predicted);
        if (known <= CELLS_FROM_ZERO || in + out > 0) {
          cells.add(
              new ModelSnapshot.Confusion(classes.name(actual), classes.name(predicted), in, out));
        }
      }
    }
    return cells;
  }
}
