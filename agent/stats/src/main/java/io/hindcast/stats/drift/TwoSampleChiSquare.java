package io.hindcast.stats.drift;

/**
 * Pearson's statistic of two samples over the same cells:
 *
 * <pre>χ² = Σ (√(m/n)·c − √(n/m)·r)² / (c + r)</pre>
 *
 * at least 0; NaN if a side is empty. The reference is a sample like the other, not the truth: a
 * cell that is empty in it has a finite price. Distributed as {@link LikelihoodRatio} if nothing
 * has changed.
 */
public final class TwoSampleChiSquare implements DriftMeasure {
  /*
   * Computed as mn Σ (c/n − r/m)²/(c + r), which is exactly 0 for equal proportions.
   */
  @Override
  public String name() {
    return "chi_square";
  }

  @Override
  public double between(long[] reference, long[] current) {
    Counts.requireSameCells(reference, current);
    double m = Counts.total(reference);
    double n = Counts.total(current);
    if (m == 0 || n == 0) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      double both = (double) reference[i] + current[i];
      if (both > 0) {
        double difference = current[i] / n - reference[i] / m;
        sum += difference * difference / both;
      }
    }
    return m * n * sum;
  }
}
