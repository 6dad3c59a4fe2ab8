package io.hindcast.core.window;

import io.hindcast.core.monitor.HistogramSnapshot;
import io.hindcast.stats.summary.NumericBins;
import io.hindcast.stats.summary.Sum;

/** Counts of finite values in upper-inclusive bins, and their sum. Owned by the monitor thread. */
public final class Histogram {
  private final NumericBins bins;
  private final long[] counts;
  private final Sum sum = new Sum();

  /**
   * @param bounds ascending; shared with the snapshots
   */
  public Histogram(double[] bounds) {
    this.bins = new NumericBins(bounds);
    this.counts = new long[bins.cells()];
  }

  public void add(double value) {
    add(value, 1);
  }

  /** Counts a value so many times. */
  public void add(double value, long weight) {
    counts[bins.cellOf(value)] += weight;
    sum.add(weight * value);
  }

  /**
   * Counts many values at once.
   *
   * @param more by bin, over the same bounds
   * @param ofMore their sum
   */
  public void add(long[] more, double ofMore) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += more[i];
    }
    sum.add(ofMore);
  }

  /** The bin that a value belongs to. */
  public int cellOf(double value) {
    return bins.cellOf(value);
  }

  public double[] bounds() {
    return bins.edges();
  }

  public HistogramSnapshot snapshot() {
    return new HistogramSnapshot(bins.edges(), counts.clone(), sum.value());
  }
}
