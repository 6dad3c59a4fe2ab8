package io.hindcast.core.score;

import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.stats.performance.ClassMean;
import io.hindcast.stats.performance.Interval;
import io.hindcast.stats.performance.MeanSequence;
import io.hindcast.stats.performance.Measured;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the measures of one window. */
final class MeasureList {
  private final String window;
  private final List<ModelSnapshot.Performance> measures = new ArrayList<>();

  MeasureList(String window) {
    this.window = window;
  }

  void add(String measure, Measured measured) {
    add(measure, null, measured);
  }

  void add(String measure, @Nullable String className, Measured measured) {
    measures.add(
        new ModelSnapshot.Performance(
            measure,
            window,
            className,
            measured.value(),
            measured.interval().lower(),
            measured.interval().upper(),
            measured.support()));
  }

  void add(String measure, ClassMean mean) {
    add(measure, null, new Measured(mean.value(), mean.interval(), mean.support()));
  }

  /** The bounds of a share that hold at all times at once. */
  void sequence(String measure, Measured share) {
    if (share.isDefined()) {
      add(measure, share, MeanSequence.ofShare(share.value() * share.support(), share.support()));
    }
  }

  /** With other bounds than its own. */
  void add(String measure, Measured measured, Interval bounds) {
    add(measure, new Measured(measured.value(), bounds, measured.support()));
  }

  void add(String measure, double value, long support) {
    measures.add(
        new ModelSnapshot.Performance(
            measure, window, null, value, Double.NaN, Double.NaN, support));
  }

  /** All measures of these outcomes but those of one class. */
  void addOverall(OutcomeSums outcomes) {
    var all = new MeasureList(window);
    outcomes.measure(all);
    all.list().stream().filter(one -> one.className() == null).forEach(measures::add);
  }

  List<ModelSnapshot.Performance> list() {
    return measures;
  }
}
