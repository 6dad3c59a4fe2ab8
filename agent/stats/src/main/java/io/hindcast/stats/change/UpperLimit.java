package io.hindcast.stats.change;

/**
 * One-sided 95 % upper confidence limit of a proportion, by Wilson's score:
 *
 * <pre>(p + z²/2n + z √(p(1−p)/n + z²/4n²)) / (1 + z²/n),  z = 1.6448536</pre>
 *
 * in (0, 1]; above 0 even if there was none among n. For the mean of any variable within [0, 1] it
 * is too large rather than too small, since none varies more than a proportion does.
 */
public final class UpperLimit {
  private static final double Z = 1.6448536269514722;

  private UpperLimit() {}

  /**
   * @param share from 0 to 1
   * @param n rows behind it, more than 0
   */
  public static double of(double share, double n) {
    if (!(share >= 0 && share <= 1) || !(n > 0)) {
      throw new IllegalArgumentException(share + " of " + n + " rows");
    }
    double inflation = Z * Z / n;
    double centre = (share + inflation / 2) / (1 + inflation);
    double half = Z / (1 + inflation) * Math.sqrt(share * (1 - share) / n + inflation / (4 * n));
    return share == 1 ? 1 : Math.min(1, centre + half);
  }
}
