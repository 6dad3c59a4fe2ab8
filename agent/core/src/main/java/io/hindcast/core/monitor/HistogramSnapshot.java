package io.hindcast.core.monitor;

import java.util.List;

/**
 * Counts of values in upper-inclusive bins, as OTLP has them: {@code counts[i]} values in {@code
 * (bounds[i−1], bounds[i]]}, one count more than bounds. Neither array is ever changed. Bounds are
 * shared between snapshots.
 *
 * @param exemplars at most one a bin
 */
public record HistogramSnapshot(
    double[] bounds, long[] counts, double sum, List<Exemplar> exemplars) {
  public HistogramSnapshot {
    exemplars = List.copyOf(exemplars);
    if (counts.length != bounds.length + 1) {
      throw new IllegalArgumentException(counts.length + " counts, " + bounds.length + " bounds");
    }
  }

  /** Without exemplars. */
  public HistogramSnapshot(double[] bounds, long[] counts, double sum) {
    this(bounds, counts, sum, List.of());
  }

  public long count() {
    long n = 0;
    for (long c : counts) {
      n += c;
    }
    return n;
  }
}
