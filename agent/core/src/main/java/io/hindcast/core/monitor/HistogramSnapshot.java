package io.hindcast.core.monitor;

/**
 * Counts of values in upper-inclusive bins, as OTLP has them: {@code counts[i]} values in {@code
 * (bounds[i−1], bounds[i]]}, one count more than bounds. Neither array is ever changed. Bounds are
 * shared between snapshots.
 */
public record HistogramSnapshot(double[] bounds, long[] counts, double sum) {
  public HistogramSnapshot {
    if (counts.length != bounds.length + 1) {
      throw new IllegalArgumentException(counts.length + " counts, " + bounds.length + " bounds");
    }
  }

  public long count() {
    long n = 0;
    for (long c : counts) {
      n += c;
    }
    return n;
  }
}
