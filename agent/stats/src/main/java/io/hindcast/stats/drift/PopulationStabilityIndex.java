package io.hindcast.stats.drift;

/**
 * Population stability index (the symmetric Kullback–Leibler divergence, Jeffreys' J):
 *
 * <pre>PSI = Σ (p − q) ln(p/q)</pre>
 *
 * with every share taken as {@code (count + ½)/(total + ½B)} over the B cells that are not empty on
 * both sides, so an empty cell has a finite price that falls as rows come. At least 0; exactly 0
 * for identical counts, close to it for equal proportions; NaN if a side is empty. Without change
 * its mean is about {@code (B−1)(1/n + 1/m)}.
 */
public final class PopulationStabilityIndex implements DriftMeasure {
  @Override
  public String name() {
    return "psi";
  }

  @Override
  public double between(long[] reference, long[] current) {
    Counts.requireSameCells(reference, current);
    double m = Counts.total(reference);
    double n = Counts.total(current);
    if (m == 0 || n == 0) {
      return Double.NaN;
    }
    int cells = 0;
    for (int i = 0; i < reference.length; i++) {
      cells += reference[i] + current[i] > 0 ? 1 : 0;
    }
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      if (reference[i] + current[i] > 0) {
        double p = (reference[i] + 0.5) / (m + 0.5 * cells);
        double q = (current[i] + 0.5) / (n + 0.5 * cells);
        sum += (p - q) * Math.log(p / q);
      }
    }
    return sum;
  }
}
