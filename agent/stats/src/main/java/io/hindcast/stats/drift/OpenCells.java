package io.hindcast.stats.drift;

/**
 * Takes the two open cells of ordered counts, <em>low</em> and <em>high</em>, into their neighbours
 * where they hold no more than chance puts there.
 */
public final class OpenCells {
  /*
   * Low and high are empty in the reference by construction: its own extremes made the outermost
   * edges. If nothing has changed, the k outermost of n + m exchangeable rows are all current ones
   * with probability about (n/(n+m))^k. As cells of their own they are therefore never empty for
   * long, and a test at 5 % rejects in 7 to 10 % of cases. They count once k is so large that this
   * probability is below 1/1000.
   */
  private static final double LN_1000 = Math.log(1000);

  private OpenCells() {}

  /**
   * The current counts to compare with the reference.
   *
   * @param ordered cells in order, low first and high last, at least three; what lies after them
   *     (missing) is left alone
   * @return a new array of the same cells
   */
  public static long[] fold(long[] reference, long[] current, int ordered) {
    Counts.requireSameCells(reference, current);
    long[] folded = current.clone();
    double m = Counts.total(reference);
    double n = Counts.total(current);
    if (m == 0 || n == 0 || ordered < 3) {
      return folded;
    }
    double enough = LN_1000 / Math.log1p(m / n);
    foldInto(1, 0, reference, folded, enough);
    foldInto(ordered - 2, ordered - 1, reference, folded, enough);
    return folded;
  }

  private static void foldInto(
      int neighbour, int open, long[] reference, long[] current, double enough) {
    if (reference[open] == 0 && current[open] < enough) {
      current[neighbour] += current[open];
      current[open] = 0;
    }
  }
}
