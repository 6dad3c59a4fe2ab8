package io.hindcast.stats.performance;

/** A two-sided 95 % confidence interval; both ends NaN where there is none. */
public record Interval(double lower, double upper) {
  public static final Interval NONE = new Interval(Double.NaN, Double.NaN);

  public boolean isDefined() {
    return !Double.isNaN(lower) && !Double.isNaN(upper);
  }
}
