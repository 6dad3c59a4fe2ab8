package io.hindcast.core.monitor;

import io.hindcast.core.drift.Drift;
import io.hindcast.core.drift.DriftColumn;
import io.hindcast.core.model.Row;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.window.BinnedValues;
import io.hindcast.core.window.ExemplarCells;
import org.jspecify.annotations.Nullable;

/** Counts one output by the cells of the reference. */
final class OutputMonitor {
  /** What of a row it counts. */
  enum Kind {
    SCORE,
    CONFIDENCE,
    CLASS;

    private static Kind of(String output) {
      return switch (output) {
        case "score", "value" -> SCORE;
        case "confidence" -> CONFIDENCE;
        default -> CLASS;
      };
    }
  }

  final String name;
  final Kind kind;
  private final BinnedValues values;
  private final DriftColumn column;
  private final ExemplarCells exemplars = new ExemplarCells();

  OutputMonitor(String name, Distribution reference, boolean brief) {
    this.name = name;
    this.kind = Kind.of(name);
    this.values = new BinnedValues(reference);
    this.column = new DriftColumn(name, values, brief);
  }

  void count(double number, long weight) {
    if (Double.isNaN(number)) {
      values.addMissing(weight);
    } else {
      values.addNumber(number, weight);
    }
  }

  void count(@Nullable String category, long weight) {
    if (category == null) {
      values.addMissing(weight);
    } else {
      values.add(Double.NaN, category, weight);
    }
  }

  /** Shows the span of a row beside its value, which was counted. */
  void show(double number, Row row) {
    int bucket = values.bucketOf(number);
    if (bucket >= 0) {
      exemplars.add(bucket, number, row);
    }
  }

  DriftColumn column() {
    return column;
  }

  ModelSnapshot.Output snapshot() {
    HistogramSnapshot histogram = values.histogram(true);
    return new ModelSnapshot.Output(
        name, histogram == null ? null : exemplars.in(histogram), values.bins());
  }

  ModelSnapshot.@Nullable Drift drift() {
    Drift last = column.last();
    return last == null ? null : new ModelSnapshot.Drift(true, name, last.scores(), last.samples());
  }
}
