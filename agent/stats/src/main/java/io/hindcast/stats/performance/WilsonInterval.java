package io.hindcast.stats.performance;

/**
 * Wilson's score interval of a proportion, two-sided, 95 %:
 *
 * <pre>(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n),  p = successes/n,  z = 1.959964</pre>
 *
 * in [0, 1]; the lower end is exactly 0 without successes, the upper exactly 1 without failures; no
 * interval for n = 0.
 *
 * @see <a href="https://doi.org/10.1080/01621459.1927.10502953">E. B. Wilson, Probable inference,
 *     the law of succession, and statistical inference, 1927</a>
 */
public final class WilsonInterval {
  static final double Z = 1.959963984540054;

  private WilsonInterval() {}

  /**
   * @param successes from 0 to n
   * @param n rows, or their effective number where they are weighted
   */
  public static Interval of(double successes, double n) {
    return of(successes, n, Z);
  }

  /**
   * At another level.
   *
   * @param z the normal quantile that is taken for 1.96
   */
  static Interval of(double successes, double n, double z) {
    if (!(successes >= 0 && successes <= n)) {
      throw new IllegalArgumentException(successes + " of " + n);
    }
    if (n == 0) {
      return Interval.NONE;
    }
    double p = successes / n;
    double inflation = z * z / n;
    double centre = (p + inflation / 2) / (1 + inflation);
    double half = z / (1 + inflation) * Math.sqrt(p * (1 - p) / n + inflation / (4 * n));
    return new Interval(
        successes == 0 ? 0 : Math.max(0, centre - half),
        successes == n ? 1 : Math.min(1, centre + half));
  }
}
