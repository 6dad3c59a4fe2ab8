package io.hindcast.stats.drift;

/**
 * Total variation distance, the share of rows that would have to change their cell:
 *
 * <pre>TV = ½ Σ |p − q|</pre>
 *
 * in [0, 1]; 0 for equal shares, 1 for disjoint ones; NaN if a side is empty.
 */
public final class TotalVariation implements DriftMeasure {
  @Override
  public String name() {
    return "total_variation";
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
      sum += Math.abs(reference[i] / m - current[i] / n);
    }
    return Math.min(sum / 2, 1);
  }
}
