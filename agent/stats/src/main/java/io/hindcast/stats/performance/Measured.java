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

  /**
   * @param effect Σw²/Σw: 1 without weights
   */
  static Measured proportion(long successes, long n, double effect) {
    return proportion(successes, n, n, effect);
  }

  /**
   * @param all rows of the window, with the n of this share among them
   */
  static Measured proportion(long successes, long n, long all, double effect) {
    return new Measured(
        ratio(successes, n),
        WilsonInterval.of(successes / effect, n / effect, all / effect),
        rows(n, effect));
  }

  static Measured of(double value, Interval interval, long n, double effect) {
    return new Measured(value, Double.isNaN(value) ? Interval.NONE : interval, rows(n, effect));
  }

  /** The rows that are worth as much: {@code (Σw)²/Σw²}. */
  static long rows(long n, double effect) {
    return effect == 1 ? n : Math.round(n / effect);
  }

  static Measured withoutInterval(double value, long support) {
    return new Measured(value, Interval.NONE, support);
  }

  /** NaN for 0/0. */
  static double ratio(double numerator, double denominator) {
    return denominator == 0 ? Double.NaN : numerator / denominator;
  }
}
