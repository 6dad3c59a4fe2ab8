package io.hindcast.stats.performance;

/**
 * Interval of the mean of independent proportions from the intervals of each (MOVER):
 *
 * <pre>[m − √Σ(p_i − l_i)² / k,  m + √Σ(u_i − p_i)² / k],  m = Σp_i / k</pre>
 *
 * It inherits the unequal arms of Wilson's intervals, so it holds where a proportion is 0 or 1.
 *
 * @see <a href="https://doi.org/10.1002/sim.3095">Zou & Donner, Construction of confidence limits
 *     about effect measures, 2008</a>
 */
final class MeanOfShares {
  private double sum;
  private double below;
  private double above;
  private int shares;

  void add(Measured share) {
    sum += share.value();
    below += square(share.value() - share.interval().lower());
    above += square(share.interval().upper() - share.value());
    shares++;
  }

  /** None without a proportion, or where one of them has none. */
  Interval interval() {
    if (shares == 0 || Double.isNaN(below + above)) {
      return Interval.NONE;
    }
    double mean = sum / shares;
    return new Interval(
        Math.max(0, mean - Math.sqrt(below) / shares),
        Math.min(1, mean + Math.sqrt(above) / shares));
  }

  /** Interval of the difference of two independent proportions, by the same reasoning. */
  static Interval ofDifference(Measured one, Measured other) {
    double difference = one.value() - other.value();
    double lower =
        Math.sqrt(
            square(one.value() - one.interval().lower())
                + square(other.interval().upper() - other.value()));
    double upper =
        Math.sqrt(
            square(one.interval().upper() - one.value())
                + square(other.value() - other.interval().lower()));
    return new Interval(Math.max(-1, difference - lower), Math.min(1, difference + upper));
  }

  private static double square(double x) {
    return x * x;
  }
}
