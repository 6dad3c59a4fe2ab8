package io.hindcast.core.quality;

import java.util.Arrays;

/** The smallest of the different hashes that were added. Owned by the monitor thread. */
final class SmallestHashes {
  /*
   * Those that may be among them are collected, each once, and the larger half is let go of when
   * there are twice as many as are kept: some nanoseconds a hash, of which a tree takes a hundred
   * where rows are repeated. A hash is at least 0, and stands in the table plus 1.
   */
  static final int KEPT = 512;

  private static final int MASK = 8 * KEPT - 1;

  private final long[] found = new long[2 * KEPT];
  private final long[] table = new long[MASK + 1];
  private int size;

  /** What is as large is not among them. */
  private long limit = Long.MAX_VALUE;

  void add(long hash) {
    if (hash < limit && enter(hash)) {
      found[size++] = hash;
      if (size == found.length) {
        cut();
      }
    }
  }

  private boolean enter(long hash) {
    int place = (int) hash & MASK;
    while (table[place] != 0) {
      if (table[place] == hash + 1) {
        return false;
      }
      place = (place + 1) & MASK;
    }
    table[place] = hash + 1;
    return true;
  }

  private void cut() {
    Arrays.sort(found, 0, size);
    if (size > KEPT) {
      size = KEPT;
      limit = found[KEPT - 1];
      Arrays.fill(table, 0);
      for (int i = 0; i < size; i++) {
        enter(found[i]);
      }
    }
  }

  /** At most {@link #KEPT}, ascending; less if there were no more. */
  long[] ascending() {
    cut();
    return Arrays.copyOf(found, size);
  }

  void clear() {
    size = 0;
    limit = Long.MAX_VALUE;
    Arrays.fill(table, 0);
  }
}
