package io.hindcast.core.door;

import java.util.HashMap;
import java.util.Map;

/** Rows a minute that each source of labels may send. Owned by one thread. */
final class Quota {
  private static final long MINUTE_MILLIS = 60_000;

  private final long rowsAMinute;
  private final Map<Integer, long[]> sources = new HashMap<>();

  Quota(long rowsAMinute) {
    this.rowsAMinute = rowsAMinute;
  }

  /**
   * Takes rows off a source's share of this minute.
   *
   * @return 0, or the seconds until there is room
   */
  int take(int source, int rows, long nowMillis) {
    long[] used = sources.computeIfAbsent(source, s -> new long[2]);
    long minute = nowMillis / MINUTE_MILLIS;
    if (used[0] != minute) {
      used[0] = minute;
      used[1] = 0;
    }
    if (used[1] + rows > rowsAMinute) {
      return (int) ((minute + 1) * MINUTE_MILLIS - nowMillis + 999) / 1000;
    }
    used[1] += rows;
    return 0;
  }
}
