package io.hindcast.stats.change;

import io.hindcast.stats.summary.LogGamma;

/** The χ² distribution and its noncentral form, right of a value. */
public final class ChiSquare {
  /*
   * The noncentral survival is a Poisson mixture of central ones,
   *   Σ_j Poisson(j; λ/2) Q(d/2 + j, x/2),
   * summed outward from the mode of the weights, where neither factor underflows before it matters.
   * Q(a+1) = Q(a) + x^a e^−x/Γ(a+1) gives the next one from the last; downward this subtracts, but
   * what it loses is an ulp of the mode's value. Upward Q grows to at most 1, so the sum may stop
   * once the weights that are left are negligible on their own; downward both factors fall.
   *
   * A p-value whose mode's term underflows is below 1e-300, and 0 is answered.
   */
  private static final double NEGLIGIBLE = 1e-17;

  private ChiSquare() {}

  /**
   * P(X ≥ x) of a χ² with {@code degrees} of freedom; 1 for x ≤ 0, and without freedom.
   *
   * @param degrees at least 0
   */
  public static double survival(double x, int degrees) {
    return degrees <= 0 || x <= 0 ? 1 : Gamma.upper(degrees / 2.0, x / 2);
  }

  /**
   * P(X ≥ x) of a noncentral χ².
   *
   * @param lambda noncentrality, at least 0; 0 is the plain χ²
   */
  public static double survival(double x, int degrees, double lambda) {
    if (!(lambda >= 0)) {
      throw new IllegalArgumentException("noncentrality " + lambda);
    }
    if (lambda == 0 || degrees <= 0 || x <= 0) {
      return survival(x, degrees);
    }
    double half = lambda / 2;
    double y = x / 2;
    double mode = Math.floor(half);
    double a = degrees / 2.0 + mode;
    double weight = Math.exp(mode * Math.log(half) - half - LogGamma.of(mode + 1));
    double tail = Gamma.upper(a, y);
    double step = Gamma.step(a, y);
    double sum = weight * tail;

    double w = weight;
    double q = tail;
    double s = step;
    for (double j = mode + 1; ; j++) {
      q += s;
      s *= y / (a + j - mode);
      double ratio = half / j;
      w *= ratio;
      sum += w * Math.min(q, 1);
      // The weights that follow are less than a geometric series.
      if (w * ratio <= NEGLIGIBLE * sum * (1 - ratio) || w == 0) {
        break;
      }
    }
    w = weight;
    q = tail;
    s = step;
    for (double j = mode; j > 0; j--) {
      s *= (a - mode + j) / y;
      q -= s;
      w *= j / half;
      double term = w * Math.max(q, 0);
      sum += term;
      if (term * j <= NEGLIGIBLE * sum) {
        break;
      }
    }
    return Math.min(1, sum);
  }

  /** The x that a χ² exceeds with probability {@code p}, for 0 < p < 1; 0 without freedom. */
  public static double upperQuantile(double p, int degrees) {
    if (!(p > 0 && p < 1)) {
      throw new IllegalArgumentException("probability " + p);
    }
    if (degrees <= 0) {
      return 0;
    }
    double low = 0;
    double high = degrees + 10;
    while (survival(high, degrees) > p) {
      high *= 2;
    }
    for (int i = 0; i < 200 && high - low > 1e-14 * high; i++) {
      double middle = (low + high) / 2;
      if (survival(middle, degrees) > p) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
