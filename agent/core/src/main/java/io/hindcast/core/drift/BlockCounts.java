package io.hindcast.core.drift;

import java.util.Arrays;

/**
 * What lay in the cells of one feature or output when each block of rows ended. Owned by the
 * monitor thread.
 */
final class BlockCounts {
  private final long[][] ends = new long[RowBlocks.MOST][];
  private int size;

  void clear() {
    size = 0;
  }

  /**
   * @param counts since start
   */
  void end(long[] counts) {
    long[] kept = ends[size];
    if (kept == null) {
      ends[size] = counts.clone();
    } else {
      System.arraycopy(counts, 0, kept, 0, counts.length);
    }
    size++;
  }

  /** Makes one of every two. */
  void join() {
    for (int i = 1; i < size; i += 2) {
      long[] odd = ends[i / 2];
      ends[i / 2] = ends[i];
      ends[i] = odd;
    }
    size /= 2;
  }

  /**
   * Counts by block and cell.
   *
   * @param before counts when the first block began
   */
  long[][] blocks(long[] before) {
    long[][] blocks = new long[size][];
    long[] begin = before;
    for (int i = 0; i < size; i++) {
      long[] block = Arrays.copyOf(ends[i], begin.length);
      for (int cell = 0; cell < block.length; cell++) {
        block[cell] -= begin[cell];
      }
      blocks[i] = block;
      begin = ends[i];
    }
    return blocks;
  }
}
