package io.hindcast.benchmarks.simulate;

import java.util.Arrays;

/** Windows of many features, all with ten cells that are equally likely until something changes. */
final class Streams {
  static final int CELLS = 10;

  private Streams() {}

  /**
   * @param features in all
   * @param copies how many of them are the first one again
   * @param referenceRows behind the reference
   * @param rows in a window
   */
  record Shape(int features, int copies, int referenceRows, int rows) {
    long[][] reference(Draws draws) {
      return draw(draws, referenceRows, even());
    }

    /**
     * @param first probabilities of the first feature and its copies
     */
    long[][] window(Draws draws, double[] first) {
      return draw(draws, rows, first);
    }

    private long[][] draw(Draws draws, int n, double[] first) {
      long[][] counts = new long[features][];
      for (int i = 0; i < features; i++) {
        boolean isCopy = i > 0 && i <= copies;
        counts[i] = isCopy ? counts[0] : draws.multinomial(n, i == 0 ? first : even());
      }
      return counts;
    }
  }

  static double[] even() {
    double[] p = new double[CELLS];
    Arrays.fill(p, 1.0 / CELLS);
    return p;
  }

  /** Tilted from the first cell to the last, so that the PSI to the even ones is as wanted. */
  static double[] movedBy(double psi) {
    double low = 0;
    double high = 0.999;
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      if (psi(tilted(middle)) < psi) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return tilted(low);
  }

  private static double[] tilted(double by) {
    double[] p = new double[CELLS];
    for (int i = 0; i < CELLS; i++) {
      p[i] = (1 + by * (2.0 * i / (CELLS - 1) - 1)) / CELLS;
    }
    return p;
  }

  private static double psi(double[] p) {
    double sum = 0;
    for (double one : p) {
      sum += (one - 1.0 / CELLS) * Math.log(one * CELLS);
    }
    return sum;
  }
}
