package io.hindcast.core.monitor;

import io.hindcast.core.drift.DriftWindow;
import io.hindcast.core.model.Row;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.window.BinnedValues;
import io.hindcast.core.window.ExemplarCells;
import org.jspecify.annotations.Nullable;

/** Counts one output by the cells of the reference. */
final class OutputMonitor {
  final String name;
  private final BinnedValues values;
  private final DriftWindow window;
  private final ExemplarCells exemplars = new ExemplarCells();

  OutputMonitor(String name, Distribution reference, long windowMillis, boolean brief) {
    this.name = name;
    this.values = new BinnedValues(reference);
    this.window = new DriftWindow(values, windowMillis, brief);
  }

  void count(double number, @Nullable String category, long rowMillis, long weight) {
    window.begin(rowMillis);
    if (category == null && Double.isNaN(number)) {
      values.addMissing(weight);
    } else {
      values.add(number, category, weight);
    }
  }

  /** Shows the span of a row beside its value, which was counted. */
  void show(double number, Row row) {
    int bucket = values.bucketOf(number);
    if (bucket >= 0) {
      exemplars.add(bucket, number, row);
    }
  }

  DriftWindow window() {
    return window;
  }

  ModelSnapshot.Output snapshot() {
    HistogramSnapshot histogram = values.histogram(true);
    return new ModelSnapshot.Output(
        name, histogram == null ? null : exemplars.in(histogram), values.bins());
  }

  ModelSnapshot.@Nullable Drift drift() {
    DriftWindow.Closed closed = window.closed();
    return closed == null
        ? null
        : new ModelSnapshot.Drift(true, name, closed.scores(), closed.samples());
  }
}
