package io.hindcast.benchmarks.service;

import java.util.Arrays;

/**
 * The median of a sample and an interval that holds the median of what it was drawn from with at
 * least 95 %, by order statistics: from the k-th smallest value to the k-th largest, with the
 * largest k for which
 *
 * <pre>1 − 2·P(Binomial(n, ½) &lt; k) ≥ 0.95</pre>
 *
 * whatever the distribution. Below six values there is no such k: the bounds are NaN.
 *
 * @see <a href="https://doi.org/10.1002/0471722162">H. David, H. Nagaraja, Order Statistics, 2003,
 *     section 7.1</a>
 */
record MedianInterval(double median, double lower, double upper) {
  static MedianInterval of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double median = n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    int k = rank(n);
    return k == 0
        ? new MedianInterval(median, Double.NaN, Double.NaN)
        : new MedianInterval(median, sorted[k - 1], sorted[n - k]);
  }

  /** The k of the formula, 0 if there is none. */
  static int rank(int n) {
    double term = Math.pow(0.5, n);
    double below = 0;
    for (int k = 0; k < n; k++) {
      below += term;
      if (below > 0.025) {
        return k;
      }
      term *= (double) (n - k) / (k + 1);
    }
    return 0;
  }
}
