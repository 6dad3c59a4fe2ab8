package io.hindcast.core.monitor;

/** How long the monitor thread may look away from rows and labels. Owned by that thread. */
final class Pace {
  /*
   * Nothing tells the thread that rows have come, because telling costs the caller more than the
   * whole capture. To look, on the other hand, costs ten to twenty microseconds a time, which at two
   * thousand looks a second would be all that the agent may use. So it looks when a sixteenth of a
   * pool is expected to be full, at the rate at which the last rows came: at once again only where
   * much comes, every 10 ms while anything does, and less and less often in a quiet time. A caller
   * that finds its part of the pool full wakes the thread before.
   */
  static final long LONGEST_NANOS = 20_000_000;
  static final long RECENT_NANOS = 10_000_000;
  static final long LABELS_NANOS = 2_000_000;
  static final long LEAST_NANOS = 500_000;
  static final int MUCH = 64;
  private static final long RECENTLY_NANOS = 2_000_000_000;
  private static final int PARTS = 16;

  private long lookedNanos;
  private long trafficNanos;
  private long pauseNanos = LEAST_NANOS;
  private double fullest;
  private int rows;

  Pace(long nowNanos) {
    lookedNanos = nowNanos;
    trafficNanos = nowNanos;
  }

  /** So many rows waited where there is room for so many. */
  void saw(int more, int slots) {
    rows += more;
    if (slots > 0) {
      fullest = Math.max(fullest, (double) more / slots);
    }
  }

  /**
   * All that waited was seen to.
   *
   * @param lookNanos when looking began
   * @return nanoseconds until it is to be looked again; 0 at once
   */
  long next(long lookNanos, int labels) {
    long elapsed = lookNanos - lookedNanos;
    lookedNanos = lookNanos;
    if (rows + labels > 0) {
      trafficNanos = lookNanos;
    }
    long wanted = RECENT_NANOS;
    if (rows > 0) {
      wanted = fullest > 0 ? (long) (elapsed / (PARTS * fullest)) : LEAST_NANOS;
    } else if (lookNanos - trafficNanos > RECENTLY_NANOS) {
      wanted = Math.min(LONGEST_NANOS, pauseNanos + pauseNanos / 8);
    }
    boolean isMuch = labels >= MUCH || rows >= MUCH && wanted < LEAST_NANOS;
    if (labels > 0) {
      wanted = Math.min(wanted, LABELS_NANOS);
    }
    if (rows + labels > 0) {
      // One look that finds little says nothing of the next moment.
      wanted = Math.min(wanted, Math.min(RECENT_NANOS, 2 * pauseNanos));
    }
    pauseNanos = Math.max(LEAST_NANOS, wanted);
    fullest = 0;
    rows = 0;
    return isMuch ? 0 : pauseNanos;
  }
}
