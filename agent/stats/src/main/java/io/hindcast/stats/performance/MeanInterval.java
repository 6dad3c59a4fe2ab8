package io.hindcast.stats.performance;

import io.hindcast.stats.summary.Sum;
import java.math.BigDecimal;

/**
 * Interval of a mean, two-sided, 95 %:
 *
 * <pre>x̄ ± t_(n−1) · s/√n</pre>
 *
 * from the sum and the sum of squares; none for fewer than two rows. With weights {@code n} is the
 * effective number of rows {@code (Σw)²/Σw²}.
 *
 * @see <a href="https://doi.org/10.1093/biomet/6.1.1">Student, The probable error of a mean,
 *     1908</a>
 */
final class MeanInterval {
  private MeanInterval() {}

  /**
   * @param rows Σw
   * @param effect Σw²/Σw: 1 without weights
   */
  static Interval of(Sum sum, Sum squares, long rows, double effect) {
    return rows == 0
        ? Interval.NONE
        : of(sum.value() / rows, variance(sum, squares, rows), rows / effect);
  }

  /**
   * @param variance mean squared distance from the mean, of n and not of n − 1
   * @param n rows, or their effective number
   */
  static Interval of(double mean, double variance, double n) {
    if (!(n >= 2) || !Double.isFinite(mean) || !Double.isFinite(variance)) {
      return Interval.NONE;
    }
    double half = StudentT.quantile(n - 1) * Math.sqrt(variance / (n - 1));
    return new Interval(mean - half, mean + half);
  }

  /** {@code Σw(x − x̄)²/Σw}, at least 0. */
  static double variance(Sum sum, Sum squares, long rows) {
    BigDecimal n = BigDecimal.valueOf(rows);
    BigDecimal total = sum.exactValue();
    double timesRowsSquared =
        squares.exactValue().multiply(n).subtract(total.multiply(total)).doubleValue();
    // What is left of equal values, or of values taken away again, is rounding.
    double variance = timesRowsSquared / rows / rows;
    return variance > 1e-24 * Math.max(0, squares.value()) / rows ? variance : 0;
  }
}
