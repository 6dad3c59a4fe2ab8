package io.hindcast.core.join;

/**
 * Of how many predictions a full store keeps one: those whose key begins with as many zeros. Owned
 * by the monitor thread.
 */
final class StoreSampling {
  /*
   * Records are counted in spans of a sixteenth of the store, or of the time to live if that is
   * over first. When sixteen spans like the last one would not last for the time to live, and room
   * was taken from a record that waited, half as many ids are kept from then on; when they would
   * last for three of it and no room was taken, twice as many. What leaves with its label has had
   * its use: a busy model all of whose labels are quick is not sampled, however short its past is.
   *
   * What is kept at one level is kept at every smaller one. An id that is not found and would be
   * left out now is taken for one that was: there is nothing to wait for.
   */
  private static final int SPANS = 16;

  /** Enough to keep one of a million. */
  static final int MOST = 20;

  private final long timeToLiveMillis;
  private final int most;

  private int level;

  private long spanFrom;
  private long spanTo = Long.MIN_VALUE;
  private long spanFromMillis;
  private long spanToMillis = Long.MIN_VALUE;
  private boolean tookRoom;

  /**
   * @param most level, at most {@link #MOST}; 0: all are kept, always
   */
  StoreSampling(long timeToLiveMillis, int most) {
    this.timeToLiveMillis = timeToLiveMillis;
    this.most = most;
  }

  /** Of 2ˡᵉᵛᵉˡ predictions one is kept. */
  int level() {
    return level;
  }

  boolean keeps(long keyHigh) {
    return level == 0 || keyHigh >>> Long.SIZE - level == 0;
  }

  /** A record that waited for its label had to make room. */
  void tookRoom() {
    tookRoom = true;
  }

  /**
   * Lets time and records pass.
   *
   * @param next number of the record to come
   * @param limit records that find room
   */
  void pass(long next, long limit, long nowMillis) {
    if (next < spanTo && nowMillis < spanToMillis && nowMillis >= spanFromMillis) {
      return;
    }
    if (spanTo != Long.MIN_VALUE) {
      double share = (double) (next - spanFrom) / limit;
      double lasts = (nowMillis - spanFromMillis) / share / timeToLiveMillis;
      if (tookRoom && lasts < 1) {
        level = Math.min(level + 1, most);
      } else if (!tookRoom && lasts > 3) {
        level = Math.max(level - 1, 0);
      }
    }
    spanFrom = next;
    spanTo = next + Math.max(1, limit / SPANS);
    spanFromMillis = nowMillis;
    spanToMillis = nowMillis + Math.max(1, timeToLiveMillis / SPANS);
    tookRoom = false;
  }
}
