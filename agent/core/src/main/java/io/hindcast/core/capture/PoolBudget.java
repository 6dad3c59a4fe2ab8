package io.hindcast.core.capture;

/**
 * The memory that all capture pools of the process share. Each new pool receives an equal part of
 * what is left, half of it if one model is expected, so that the first models have the most room; a
 * quarter is kept back for small pools, so that late ones still have some. Once that is used up a
 * pool has no slots, and its rows are only counted. Any thread.
 */
public final class PoolBudget {
  static final int LEAST_SLOTS = 64;
  static final int MOST_SLOTS = 32_768;

  /** With many models, rows in bursts need the room more than evenness would give. */
  private static final int MOST_PARTS = 16;

  private final int parts;
  private long left;
  private long reserve;

  /**
   * @param bytes for rows in flight and waiting, all models together
   * @param models that are known of; annotated ones may come to them
   */
  public PoolBudget(long bytes, int models) {
    this.parts = models == 0 ? 4 : Math.min(models + 1, MOST_PARTS);
    this.reserve = Math.max(0, bytes) / 4;
    this.left = Math.max(0, bytes) - reserve;
  }

  /**
   * Takes the room for one pool.
   *
   * @return its slots: 0, or a power of two from {@value #LEAST_SLOTS} to {@value #MOST_SLOTS}
   */
  synchronized int take(int bytesPerSlot) {
    long affordable = Math.min(left / parts / bytesPerSlot, MOST_SLOTS);
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
