package io.hindcast.core.drift;

import io.hindcast.core.config.ReferenceTimes;
import io.hindcast.core.reference.HourOfWeek;
import java.util.Arrays;

/** The hours of the week that the rows of a window came in. Owned by the monitor thread. */
final class WindowTimes {
  private static final long EVERY_SLOT = -1;

  private final boolean hourOfWeek;
  private final long[] rows = new long[HourOfWeek.SLOTS];

  WindowTimes(ReferenceTimes times) {
    this.hourOfWeek = times.hourOfWeek();
  }

  void open() {
    Arrays.fill(rows, 0);
  }

  void add(long rowMillis, long weight) {
    if (hourOfWeek) {
      rows[HourOfWeek.slotOf(rowMillis)] += weight;
    }
  }

  /** Whether the hour of the week matters. */
  boolean areMinded() {
    return hourOfWeek;
  }

  /** Rows by slot; live, for reading only. */
  long[] rows() {
    return rows;
  }

  /** The slots that have rows, as bits; all of them where the hour does not matter. */
  long slots() {
    if (!hourOfWeek) {
      return EVERY_SLOT;
    }
    long slots = 0;
    for (int slot = 0; slot < rows.length; slot++) {
      slots |= rows[slot] > 0 ? 1L << slot : 0;
    }
    return slots;
  }
}
