package io.hindcast.core.capture;

/**
 * The memory that all capture pools of the process share. A quarter is kept back; of the rest each
 * configured model receives an even part. Pools of others (annotated models, further methods) take
 * a quarter of what is still there while that is half of all, then a sixteenth: a hundred models
 * have room, and a few have much. Once it is used up a pool has no slots, and its rows are only
 * counted. Any thread.
 */
public final class PoolBudget {
  static final int LEAST_SLOTS = 64;
  static final int MOST_SLOTS = 1 << CapturePool.SLOT_BITS;

  private static final int PARTS_WHILE_PLENTY = 4;
  private static final int PARTS = 16;

  private final long bytes;
  private int expected;
  private long left;
  private long reserve;

  /**
   * @param bytes for rows in flight and waiting, all models together
   * @param models that are configured
   */
  public PoolBudget(long bytes, int models) {
    this.bytes = bytes;
    this.expected = models;
    this.reserve = Math.max(0, bytes) / 4;
    this.left = Math.max(0, bytes) - reserve;
  }

  /**
   * Takes the room for one pool.
   *
   * @return its slots: 0, or a power of two from {@value #LEAST_SLOTS} to {@value #MOST_SLOTS}
   */
  synchronized int take(int bytesPerSlot) {
    long share = expected > 0 ? left / expected-- : shareOfOthers();
    long affordable = Math.min(share / bytesPerSlot, MOST_SLOTS);
    if (affordable < LEAST_SLOTS) {
      return takeLeast(bytesPerSlot);
    }
    int slots = (int) Long.highestOneBit(affordable);
    long bytes = (long) slots * bytesPerSlot;
    long fromLeft = Math.min(left, bytes);
    left -= fromLeft;
    reserve -= bytes - fromLeft;
    return slots;
  }

  private long shareOfOthers() {
    long rest = left + reserve;
    return rest / (rest >= bytes / 2 ? PARTS_WHILE_PLENTY : PARTS);
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

  /** Takes back what a pool took whose application is gone. */
  synchronized void giveBack(long bytes) {
    reserve += bytes;
  }
}
