package io.hindcast.core.window;

import io.hindcast.core.model.Row;
import io.hindcast.core.monitor.Exemplar;
import io.hindcast.core.monitor.HistogramSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last value of each bucket of a histogram that has a span. Owned by the monitor thread. */
public final class ExemplarCells {
  private @Nullable Exemplar[] cells = new @Nullable Exemplar[0];

  /**
   * @param cell bucket of the value
   * @param row with a span
   */
  public void add(int cell, double value, Row row) {
    String traceId = row.traceId;
    String spanId = row.spanId;
    if (traceId == null || spanId == null) {
      return;
    }
    if (cell >= cells.length) {
      cells = java.util.Arrays.copyOf(cells, cell + 1);
    }
    long endMillis = row.predictedAtMillis + Math.max(0, row.durationNanos) / 1_000_000;
    cells[cell] = new Exemplar(value, endMillis, traceId, spanId);
  }

  /** The same histogram with them. */
  public HistogramSnapshot in(HistogramSnapshot histogram) {
    List<Exemplar> all = new ArrayList<>();
    for (Exemplar each : cells) {
      if (each != null) {
        all.add(each);
      }
    }
    return all.isEmpty()
        ? histogram
        : new HistogramSnapshot(histogram.bounds(), histogram.counts(), histogram.sum(), all);
  }
}
