package io.hindcast.core.score;

import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.stats.performance.ClassMean;
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
    add(measure, mean.value(), mean.support());
  }

  void add(String measure, double value, long support) {
    measures.add(
        new ModelSnapshot.Performance(
            measure, window, null, value, Double.NaN, Double.NaN, support));
  }

  List<ModelSnapshot.Performance> list() {
    return measures;
  }
}
