package io.hindcast.stats.performance;

import io.hindcast.stats.summary.Sum;

/**
 * Interval of the mean of values with one long tail, such as losses, two-sided, 95 %: Student's
 * with Hall's correction for the skewness {@code γ} (Fisher's, corrected for its bias). With {@code
 * c = γ/√n} and {@code t} the quantile of {@code n − 1} degrees of freedom,
 *
 * <pre>[x̄ − h(t)·s/√n,  x̄ − h(−t)·s/√n],  h(x) = (∛(1 + c(x − c/6)) − 1)·3/c</pre>
 *
 * which is {@link MeanInterval} for values without skewness. None for fewer than two rows.
 *
 * @see <a href="https://doi.org/10.2307/2346006">P. Hall, On the removal of skewness by
 *     transformation, 1992</a>
 */
final class LossInterval {
  /*
   * Why: of the mean log loss of 100 rows, five of them positive, Student's interval holds 88 times
   * in a hundred and this one 97. Below so small a spread, relative to the mean, the third moment is
   * rounding.
   */
  private static final double LEAST_SPREAD = 1e-4;

  private LossInterval() {}

  /**
   * @param rows Σw
   * @param effect Σw²/Σw: 1 without weights
   */
  static Interval of(Sum sum, Sum squares, Sum cubes, long rows, double effect) {
    if (rows == 0) {
      return Interval.NONE;
    }
    double mean = sum.value() / rows;
    double variance = MeanInterval.variance(sum, squares, rows);
    double third =
        cubes.value() / rows - 3 * mean * squares.value() / rows + 2 * mean * mean * mean;
    return of(mean, variance, third, rows / effect);
  }

  /**
   * @param variance mean squared distance from the mean, of n and not of n − 1
   * @param third mean cubed distance from the mean
   * @param n rows, or their effective number
   */
  static Interval of(double mean, double variance, double third, double n) {
    Interval symmetric = MeanInterval.of(mean, variance, n);
    double spread = Math.sqrt(variance);
    if (!symmetric.isDefined() || !(spread > LEAST_SPREAD * Math.abs(mean))) {
      return symmetric;
    }
    // No n numbers have a larger skewness than √n.
    double skewness = third / (spread * spread * spread) * unbiased(n);
    double c = Math.max(-1, Math.min(1, skewness / Math.sqrt(n)));
    double t = StudentT.quantile(n - 1);
    double error = spread / Math.sqrt(n - 1);
    return new Interval(mean - untilted(t, c) * error, mean - untilted(-t, c) * error);
  }

  /** What makes Fisher's skewness of that of the sample, which is too small. */
  private static double unbiased(double n) {
    return n > 3 ? Math.sqrt(n * (n - 1)) / (n - 2) : 1;
  }

  private static double untilted(double x, double c) {
    // Where c is small the root and the 1 agree in their digits: two terms of the series instead.
    return Math.abs(c) < 1e-5
        ? x - c / 6 - c * x * x / 3
        : (Math.cbrt(1 + c * (x - c / 6)) - 1) * 3 / c;
  }

  static Interval notNegative(Interval interval) {
    return new Interval(Math.max(0, interval.lower()), interval.upper());
  }
}
