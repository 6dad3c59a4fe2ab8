package io.hindcast.stats.drift;

/**
 * Kolmogorov–Smirnov statistic over ordered cells:
 *
 * <pre>D = max |F_p − F_q| at the cells' upper edges</pre>
 *
 * in [0, 1]; 0 for equal shares; NaN if a side is empty. A lower bound of the statistic of the
 * values themselves, which it only sees at the edges. Missing values have no order: leave their
 * cell out.
 */
public final class KolmogorovSmirnov implements DriftMeasure {
  @Override
  public String name() {
    return "ks";
  }

  @Override
  public double between(long[] reference, long[] current) {
    Counts.requireSameCells(reference, current);
    double m = Counts.total(reference);
    double n = Counts.total(current);
    if (m == 0 || n == 0) {
      return Double.NaN;
    }
    double max = 0;
    long referenceBelow = 0;
    long currentBelow = 0;
    for (int i = 0; i < reference.length; i++) {
      referenceBelow += reference[i];
      currentBelow += current[i];
      max = Math.max(max, Math.abs(referenceBelow / m - currentBelow / n));
    }
    return max;
  }
}
