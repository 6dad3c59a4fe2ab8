package io.hindcast.benchmarks.service;

import java.util.Arrays;

/**
 * The slope of y over x: the median of the slopes of all pairs of points, and its interval of 95 %
 * from Kendall's statistic:
 *
 * <pre>ranks (N ± 1.96·√(n(n−1)(2n+5)/18)) / 2 of the N = n(n−1)/2 slopes</pre>
 *
 * in units of y per unit of x. A step or a few wild points do not move it. Points are taken as
 * independent: what swings slowly has a wider interval in truth. NaN below six points.
 *
 * @see <a href="https://doi.org/10.1080/01621459.1968.10480934">P. K. Sen, Estimates of the
 *     regression coefficient based on Kendall's tau, 1968</a>
 */
record Trend(double slope, double lower, double upper) {
  /**
   * @param x all different
   */
  static Trend of(double[] x, double[] y) {
    int n = x.length;
    if (n < 6) {
      return new Trend(Double.NaN, Double.NaN, Double.NaN);
    }
    double[] slopes = new double[n * (n - 1) / 2];
    int count = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        slopes[count++] = (y[j] - y[i]) / (x[j] - x[i]);
      }
    }
    Arrays.sort(slopes);
    double margin = 1.96 * Math.sqrt(n * (n - 1.0) * (2 * n + 5) / 18);
    int below = Math.max(0, (int) Math.floor((count - margin) / 2) - 1);
    double median = (slopes[(count - 1) / 2] + slopes[count / 2]) / 2;
    return new Trend(median, slopes[below], slopes[count - 1 - below]);
  }
}
