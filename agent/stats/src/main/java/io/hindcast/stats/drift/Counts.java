package io.hindcast.stats.drift;

/** What every measure asks of its two sides. */
final class Counts {
  private Counts() {}

  static void requireSameCells(long[] reference, long[] current) {
    if (reference.length != current.length) {
      throw new IllegalArgumentException(
          reference.length + " reference cells, " + current.length + " current cells");
    }
  }

  static double total(long[] counts) {
    long total = 0;
    for (long count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException("negative count " + count);
      }
      total += count;
    }
    return total;
  }
}
