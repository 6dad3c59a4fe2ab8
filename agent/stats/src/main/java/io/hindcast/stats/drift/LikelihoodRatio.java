package io.hindcast.stats.drift;

/**
 * The likelihood-ratio statistic of two samples over the same cells:
 *
 * <pre>G = 2 Σ [c ln(c/ĉ) + r ln(r/r̂)],  ĉ = n(c+r)/(n+m),  r̂ = m(c+r)/(n+m)</pre>
 *
 * at least 0, exactly 0 for counts in the same proportions; NaN if a side is empty. If nothing has
 * changed it is distributed as χ² with one degree of freedom less than there are cells that are not
 * empty on both sides. It grows with the number of rows, so it is a test and no effect size.
 */
public final class LikelihoodRatio implements DriftMeasure {
  /*
   * G is 2(n+m) times the Jensen–Shannon divergence that is weighted by n and m. The ratio of a cell
   * is taken as c(n+m) over n(c+r): for equal proportions both are the same number, and round alike.
   */
  @Override
  public String name() {
    return "g";
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
      sum += term(reference[i], current[i], m, n);
    }
    return 2 * Math.max(0, sum);
  }

  /**
   * What each cell adds to G; never negative, so that the largest is where most has moved. NaN if a
   * side is empty.
   */
  public static double[] terms(long[] reference, long[] current) {
    Counts.requireSameCells(reference, current);
    double m = Counts.total(reference);
    double n = Counts.total(current);
    double[] terms = new double[reference.length];
    for (int i = 0; i < terms.length; i++) {
      // ĉ + r̂ = c + r, so a cell's term is that of two Poisson deviances.
      terms[i] =
          m == 0 || n == 0 ? Double.NaN : 2 * Math.max(0, term(reference[i], current[i], m, n));
    }
    return terms;
  }

  private static double term(long r, long c, double m, double n) {
    double both = (double) r + c;
    double term = c == 0 ? 0 : c * Math.log(c * (n + m) / (n * both));
    return r == 0 ? term : term + r * Math.log(r * (n + m) / (m * both));
  }

  /** Degrees of freedom: cells that are not empty on both sides, less one; at least 0. */
  public static int degrees(long[] reference, long[] current) {
    Counts.requireSameCells(reference, current);
    int cells = 0;
    for (int i = 0; i < reference.length; i++) {
      cells += reference[i] + current[i] > 0 ? 1 : 0;
    }
    return Math.max(0, cells - 1);
  }
}
