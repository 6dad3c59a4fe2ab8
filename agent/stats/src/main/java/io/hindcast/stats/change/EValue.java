package io.hindcast.stats.change;

/**
 * From a p-value to an e-value, whose mean is at most 1 if nothing has changed, and which may
 * therefore be averaged over dependent tests and multiplied over time:
 *
 * <pre>e = (1 − p + p ln p) / (p ln² p)</pre>
 *
 * at least ½, which is its value for p = 1.
 *
 * @see <a href="https://doi.org/10.1214/20-AOS2020">V. Vovk, R. Wang, E-values: calibration,
 *     combination and applications, 2021</a>
 */
public final class EValue {
  /*
   * With x = −ln p it is (eˣ − 1 − x)/x², a difference of near equals for small x, where three terms
   * of its series are exact to 1e-12.
   */
  private static final double LEAST_P = 1e-300;

  private EValue() {}

  /** The e-value of p; a p below 1e-300 counts as that. */
  public static double of(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("p-value " + p);
    }
    double x = -Math.log(Math.max(p, LEAST_P));
    return x < 1e-3 ? 0.5 + x / 6 + x * x / 24 : (Math.expm1(x) - x) / (x * x);
  }
}
