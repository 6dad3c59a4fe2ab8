package io.hindcast.stats.performance;

/**
 * A measure's value with what it rests on.
 *
 * @param value NaN if undefined: 0/0 has no value
 * @param interval {@link Interval#NONE} where the measure has none
 * @param support the outcomes in its denominator; may be 0
 */
public record Measured(double value, Interval interval, long support) {
  public boolean isDefined() {
    return !Double.isNaN(value);
  }

  static Measured proportion(long successes, long n) {
    return new Measured(ratio(successes, n), WilsonInterval.of(successes, n), n);
  }

  static Measured withoutInterval(double value, long support) {
    return new Measured(value, Interval.NONE, support);
  }

  /** NaN for 0/0. */
  static double ratio(double numerator, double denominator) {
    return denominator == 0 ? Double.NaN : numerator / denominator;
  }
}
