package io.hindcast.stats.performance;

import io.hindcast.stats.summary.LogGamma;
import io.hindcast.stats.summary.Sum;

/**
 * Confidence sequences: intervals that may be looked at after every row, for ever, and are then all
 * right at once with 95 %.
 */
public final class MeanSequence {
  /*
   * Bounded values x in [0, 1] of mean p. For any q, (q/p)^x ((1−q)/(1−p))^(1−x) is convex in x and
   * so at most x·q/p + (1−x)(1−q)/(1−p), whose mean is 1. Its product over the rows, mixed over q
   * with a Beta(½, ½) law, is therefore a supermartingale, by Ville's inequality below 1/α for ever
   * with 1 − α. It is the exact binomial mixture for values of 0 and 1, and valid for those between.
   * Robbins 1970; Howard et al., doi.org/10.1214/20-AOS1991.
   *
   * Unbounded values: the asymptotic sequence of Waudby-Smith et al., doi.org/10.1214/24-AOS2408,
   * mean ± s √(2(nρ²+1)/(n²ρ²) · ln(√(nρ²+1)/α)), ρ such that it is narrowest at NARROWEST rows. It
   * holds as the rows grow many, and so begins at LEAST_ROWS.
   */
  private static final double LOG_THRESHOLD = Math.log(20);
  private static final double ALPHA = 0.05;
  private static final double NARROWEST = 1000;
  private static final double LEAST_ROWS = 50;

  private MeanSequence() {}

  /**
   * All p with {@code ln B(s+½, f+½) − ln B(½, ½) − s ln p − f ln(1−p) < ln 20}: a mean of values
   * in [0, 1].
   *
   * @param successes sum of the values
   * @param n rows, or their effective number
   */
  public static Interval ofShare(double successes, double n) {
    return ofShare(successes, n, LOG_THRESHOLD);
  }

  /**
   * @param logThreshold {@code −ln α}
   */
  static Interval ofShare(double successes, double n, double logThreshold) {
    if (!(n > 0)) {
      return Interval.NONE;
    }
    double s = Math.max(0, Math.min(successes, n));
    double f = n - s;
    double mixture = LogGamma.ofBeta(s + 0.5, f + 0.5) - LogGamma.ofBeta(0.5, 0.5);
    return new Interval(
        s == 0 ? 0 : end(s, f, mixture - logThreshold, true),
        f == 0 ? 1 : end(s, f, mixture - logThreshold, false));
  }

  /** Where {@code s ln p + f ln(1−p)} crosses a level, below or above its maximum at s/n. */
  private static double end(double s, double f, double level, boolean isLower) {
    double inside = s / (s + f);
    double outside = isLower ? 0 : 1;
    for (int i = 0; i < 200 && Math.abs(inside - outside) > 1e-15; i++) {
      double middle = (inside + outside) / 2;
      double likelihood =
          (s == 0 ? 0 : s * Math.log(middle)) + (f == 0 ? 0 : f * Math.log1p(-middle));
      if (likelihood > level) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return outside;
  }

  /** The mean of values without bounds: none below 50 rows. */
  static Interval of(Sum sum, Sum squares, long rows, double effect) {
    return rows == 0
        ? Interval.NONE
        : of(sum.value() / rows, MeanInterval.variance(sum, squares, rows), rows / effect);
  }

  /**
   * The mean of values without bounds: none below 50 rows.
   *
   * @param variance mean squared distance from the mean
   * @param n rows, or their effective number
   */
  public static Interval of(double mean, double variance, double n) {
    if (!(n >= LEAST_ROWS) || !Double.isFinite(variance)) {
      return Interval.NONE;
    }
    double log = -2 * Math.log(ALPHA);
    double rho2 = (log + Math.log(log) + 1) / NARROWEST;
    double scale = n * rho2 + 1;
    double half =
        Math.sqrt(variance * 2 * scale / (n * n * rho2) * Math.log(Math.sqrt(scale) / ALPHA));
    return new Interval(mean - half, mean + half);
  }
}
