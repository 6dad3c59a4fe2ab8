package io.hindcast.core.reference;

import java.util.Arrays;

/**
 * What lay in the cells of one feature or output at each hour of the week: the same rows as in the
 * whole reference, apart. Once it belongs to a {@link Distribution} it is not changed any more.
 */
public final class SlotCounts {
  private static final long[] NONE = {};

  private final int cells;
  private final long[][] counts = new long[HourOfWeek.SLOTS][];

  public SlotCounts(int cells) {
    this.cells = cells;
    Arrays.fill(counts, NONE);
  }

  void add(int slot, int cell, long rows) {
    if (rows > 0) {
      if (counts[slot].length == 0) {
        counts[slot] = new long[cells];
      }
      counts[slot][cell] += rows;
    }
  }

  /** By cell, for reading only; of length 0 where the slot has no rows. */
  public long[] counts(int slot) {
    return counts[slot];
  }

  /** Rows of a slot. */
  public long total(int slot) {
    long total = 0;
    for (long count : counts[slot]) {
      total += count;
    }
    return total;
  }

  /** Whether its slots add up to these counts. */
  boolean addUpTo(long[] whole) {
    long[] sum = new long[cells];
    for (long[] slot : counts) {
      for (int i = 0; i < slot.length; i++) {
        sum[i] += slot[i];
      }
    }
    return Arrays.equals(sum, whole);
  }
}
