package io.hindcast.stats.summary;

/**
 * Sample quantiles of type 7 (Hyndman and Fan; the default of NumPy and R): the order statistics
 * lie at {@code 0, 1/(n−1), …, 1}, and between two of them the quantile is linear.
 *
 * @see <a href="https://doi.org/10.1080/00031305.1996.10473566">R. J. Hyndman and Y. Fan, Sample
 *     quantiles in statistical packages, 1996</a>
 */
public final class Quantiles {
  private Quantiles() {}

  /**
   * The quantile at {@code k/of} of ascending finite values; NaN if there are none.
   *
   * @param k from 0 to {@code of}
   */
  public static double of(double[] sorted, int k, int of) {
    return of(sorted, 0, sorted.length, k, of);
  }

  /** The same over {@code sorted[from] … sorted[to − 1]}. */
  public static double of(double[] sorted, int from, int to, int k, int of) {
    if (of < 1 || k < 0 || k > of) {
      throw new IllegalArgumentException("quantile " + k + "/" + of);
    }
    if (from >= to) {
      return Double.NaN;
    }
    // The fraction is kept as two integers: (n − 1)·0.6 would already be rounded.
    long position = (long) (to - from - 1) * k;
    int below = from + (int) (position / of);
    long rest = position % of;
    double low = sorted[below];
    return rest == 0 ? low : between(low, sorted[below + 1], (double) rest / of);
  }

  private static double between(double low, double high, double t) {
    double width = high - low;
    double value = Double.isInfinite(width) ? low * (1 - t) + high * t : low + width * t;
    return Math.min(Math.max(value, low), high);
  }
}
