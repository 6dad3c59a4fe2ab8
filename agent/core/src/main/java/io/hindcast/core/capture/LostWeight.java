package io.hindcast.core.capture;

import java.util.concurrent.atomic.LongAdder;

/**
 * Rows that found no room, made up for by those that did: the rows of a turn in which some were
 * lost weigh more, so that the sums over all rows stay unbiased until fewer rows are kept. Rows are
 * counted by any thread, everything else is the monitor thread's.
 */
final class LostWeight {
  /*
   * With D lost since the last turn and W about to be read, each row is to weigh 1 + D/W times as
   * much. Weights stay powers of two: with f = 2ᵏ(1 + p), 0 ≤ p < 1, a row is multiplied by 2ᵏ⁺¹
   * with the probability p, else by 2ᵏ, which is f on average. What that misses is owed to the next
   * turns, so that the sum of all weights is off by a few rows of one turn, however long it goes on.
   */
  private static final double MOST = 1 << RowSampling.MOST;

  private final LongAdder lost = new LongAdder();
  private long known;
  private double owed;
  private double wholes = 1;
  private double share;
  private long random = 0x9E3779B97F4A7C15L;

  /**
   * Counts rows of one call.
   *
   * @param level at which rows are kept: one was, and stood for others; the rest was not chosen yet
   */
  void add(long rows, int level) {
    lost.add(rows - 1 + (1L << level));
  }

  /**
   * So many rows are read now.
   *
   * @param level at which they were kept, as far as known
   */
  void begin(int rows, int level) {
    long now = lost.sum();
    owed += now - known;
    known = now;
    wholes = 1;
    share = 0;
    if (rows > 0 && owed > 0) {
      double factor = Math.min(1 + owed / ((double) rows * (1L << level)), MOST);
      wholes = Double.longBitsToDouble(Double.doubleToLongBits(factor) & 0xFFF0000000000000L);
      share = factor / wholes - 1;
    }
  }

  /** What the next row's weight is multiplied by, a power of two. */
  long factor(long weight) {
    if (wholes == 1 && share == 0) {
      return 1;
    }
    random ^= random << 13;
    random ^= random >>> 7;
    random ^= random << 17;
    long factor = (long) wholes << ((random >>> 11) * 0x1p-53 < share ? 1 : 0);
    owed -= (double) weight * (factor - 1);
    return factor;
  }
}
