package io.hindcast.stats.performance;

/**
 * Wilson's score interval of a proportion, two-sided, 95 %:
 *
 * <pre>(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n),  p = successes/n,  z = 1.959964</pre>
 *
 * in [0, 1]; the lower end is exactly 0 without successes, the upper exactly 1 without failures; no
 * interval for n = 0. Of a window of 50 rows and more, a lower end of one to four successes is at
 * most {@code λ_k/n} with {@code P(X ≥ k) = 0.05} for a Poisson variable of mean {@code λ_k};
 * likewise the upper end by failures.
 *
 * @see <a href="https://doi.org/10.1080/01621459.1927.10502953">E. B. Wilson, Probable inference,
 *     the law of succession, and statistical inference, 1927</a>
 * @see <a href="https://doi.org/10.1214/ss/1009213286">Brown, Cai & DasGupta, Interval estimation
 *     for a binomial proportion, 2001, section 4.1.1</a>
 */
public final class WilsonInterval {
  /*
   * Why not Wilson's alone: where less than one success is expected it lets the lower end err too
   * often, and holds 84 % at np = .18 whatever n is. By the λ_k each end errs at most 5 %, and 92.7 %
   * hold at least for every p from 50 rows on (found by adding up binomials). The plain formula is
   * kept below, for the first rows of all: there it is what others show, and no window is shown.
   */
  static final double Z = 1.959963984540054;

  private static final double LEAST_ROWS = 50;

  /** ½χ² quantiles of .05 with 2k degrees of freedom, from k = 0. */
  private static final double[] RARE = {
    0, 0.051293294387550516, 0.35536151069866184, 0.817691447163953, 1.3663183967498307
  };

  private WilsonInterval() {}

  /**
   * @param successes from 0 to n
   * @param n rows, or their effective number where they are weighted
   */
  public static Interval of(double successes, double n) {
    return of(successes, n, n);
  }

  /**
   * Of a share of some of the rows.
   *
   * @param rows that the window has, with the n of this share among them
   */
  static Interval of(double successes, double n, double rows) {
    Interval wilson = atLevel(successes, n, Z);
    return rows < LEAST_ROWS || n == 0
        ? wilson
        : new Interval(
            Math.min(wilson.lower(), rare(successes) / n),
            Math.max(wilson.upper(), 1 - rare(n - successes) / n));
  }

  /**
   * At another level.
   *
   * @param z the normal quantile that is taken for 1.96
   */
  static Interval atLevel(double successes, double n, double z) {
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

  /** λ of so many, between whole ones on a line; infinite where Wilson's end holds. */
  private static double rare(double count) {
    int whole = (int) count;
    if (count > RARE.length - 1) {
      return Double.POSITIVE_INFINITY;
    }
    double next = RARE[Math.min(whole + 1, RARE.length - 1)];
    return RARE[whole] + (count - whole) * (next - RARE[whole]);
  }
}
