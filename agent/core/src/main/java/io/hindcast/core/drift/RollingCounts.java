package io.hindcast.core.drift;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What lay in the cells of one feature or output in the closed windows of a recent time. Owned by
 * the monitor thread.
 */
final class RollingCounts {
  /*
   * Windows that are short are added up, so that there are never more than two hundred of them: of
   * 7d those of an hour stay apart. With ten bins that is 25 kB a column.
   */
  private static final int MOST = 200;

  private final long reachMillis;
  private final long widthMillis;
  private final Deque<Past> past = new ArrayDeque<>();

  RollingCounts(long reachMillis) {
    this.reachMillis = reachMillis;
    this.widthMillis = (reachMillis + MOST - 1) / MOST;
  }

  /** Windows that began within the same width. */
  private static final class Past {
    final long startMillis;
    final long[] counts;
    long slots;

    Past(long startMillis, int cells) {
      this.startMillis = startMillis;
      this.counts = new long[cells];
    }
  }

  /** Sums that are kept. */
  int size() {
    return past.size();
  }

  /**
   * Takes a window that has closed, after all before it.
   *
   * @param slots which hours of the week it had rows of, as bits
   */
  void add(long startMillis, long slots, long[] counts) {
    Past last = past.peekLast();
    if (last == null
        || Math.floorDiv(last.startMillis, widthMillis)
            != Math.floorDiv(startMillis, widthMillis)) {
      last = new Past(startMillis, counts.length);
      past.addLast(last);
    }
    last.slots |= slots;
    for (int i = 0; i < counts.length; i++) {
      last.counts[i] += counts[i];
    }
  }

  /**
   * The sum of the windows that began within reach of this one.
   *
   * @param slots only windows that share one of these hours
   */
  long[] before(long startMillis, long slots, int cells) {
    while (!past.isEmpty() && past.getFirst().startMillis < startMillis - reachMillis) {
      past.removeFirst();
    }
    long[] sum = new long[cells];
    for (Past window : past) {
      if ((window.slots & slots) != 0) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += window.counts[i];
        }
      }
    }
    return sum;
  }
}
