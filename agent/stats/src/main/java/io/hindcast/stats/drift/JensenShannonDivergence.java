package io.hindcast.stats.drift;

/**
 * Jensen–Shannon divergence between two binned distributions:
 *
 * <pre>JSD = ½ KL(p‖a) + ½ KL(q‖a),  a = ½(p + q)</pre>
 *
 * in nats, so it lies in [0, ln 2]; 0 for equal shares, ln 2 for disjoint ones; NaN if a side is
 * empty. SciPy's {@code jensenshannon} is the square root of it.
 *
 * @see <a href="https://doi.org/10.1109/18.61115">J. Lin, Divergence measures based on the Shannon
 *     entropy, 1991</a>
 */
public final class JensenShannonDivergence implements DriftMeasure {
  /*
   * Empty cells need no smoothing: a is zero only where p and q both are, and 0·ln 0 is taken as 0.
   * With x = (p − q)/(p + q) a cell's term is
   *   ¼(p + q)·[(1 + x) ln(1 + x) + (1 − x) ln(1 − x)],
   * which is even in x, never negative, and exactly 0 for p = q: equal proportions are divided to
   * the same double, whatever the totals.
   */
  private static final double MAX = Math.log(2);

  @Override
  public String name() {
    return "jsd";
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
      double p = reference[i] / m;
      double q = current[i] / n;
      if (p + q > 0) {
        double x = (p - q) / (p + q);
        sum += (p + q) * Math.max(0, timesItsLogarithm(x) + timesItsLogarithm(-x));
      }
    }
    return Math.min(sum / 4, MAX);
  }

  private static double timesItsLogarithm(double x) {
    return x == -1 ? 0 : (1 + x) * Math.log1p(x);
  }
}
