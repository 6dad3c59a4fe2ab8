package io.hindcast.core.capture;

/**
 * The memory that all capture pools of the process share. Each new pool receives half of what is
 * left, so that the first models have the most room; a quarter is kept back for small pools, so
 * that late ones still have some. Once that is used up a pool has no slots, and its rows are only
 * counted. Any thread.
 */
public final class PoolBudget {
  static final int LEAST_SLOTS = 64;
  static final int MOST_SLOTS = 32_768;

  private long left;
  private long reserve;

  /**
   * @param bytes for rows in flight and waiting, all models together
   */
  public PoolBudget(long bytes) {
    this.reserve = Math.max(0, bytes) / 4;
    this.left = Math.max(0, bytes) - reserve;
  }

  /**
   * Takes the room for one pool.
   *
   * @return its slots: 0, or a power of two from {@value #LEAST_SLOTS} to {@value #MOST_SLOTS}
   */
  synchronized int take(int bytesPerSlot) {
    long affordable = Math.min(left / 2 / bytesPerSlot, MOST_SLOTS);
    if (affordable >= LEAST_SLOTS) {
      int slots = (int) Long.highestOneBit(affordable);
      left -= (long) slots * bytesPerSlot;
      return slots;
    }
    return takeLeast(bytesPerSlot);
  }

  /** Takes the room for a pool that will hardly be used. */
  int takeLeast(int bytesPerSlot) {
    return takeBytes((long) LEAST_SLOTS * bytesPerSlot) ? LEAST_SLOTS : 0;
  }

  /** Takes so much of what is kept back, or of the rest. False if there is not enough. */
  synchronized boolean takeBytes(long bytes) {
    if (bytes <= reserve) {
      reserve -= bytes;
    } else if (bytes <= left + reserve) {
      left -= bytes - reserve;
      reserve = 0;
    } else {
      return false;
    }
    return true;
  }
}
