package io.hindcast.core.drift;

/**
 * What came into the cells of one feature or output in each block of rows. Owned by the monitor
 * thread.
 */
final class BlockCounts {
  /*
   * Of all that is kept of a feature this is the most, so it is half of what longs would take: what
   * comes into a cell within a block, a sixteenth of a window, may be two thousand million values.
   */
  private final int cells;

  /** Counts since start, when the last block ended. */
  private final long[] last;

  private int[] blocks = {};
  private int size;

  BlockCounts(int cells) {
    this.cells = cells;
    this.last = new long[cells];
  }

  /**
   * The first block begins.
   *
   * @param counts since start
   */
  void open(long[] counts) {
    size = 0;
    System.arraycopy(counts, 0, last, 0, cells);
  }

  /**
   * A block ends.
   *
   * @param counts since start
   */
  void end(long[] counts) {
    if (blocks.length == 0) {
      blocks = new int[RowBlocks.MOST * cells];
    }
    int begin = size * cells;
    for (int cell = 0; cell < cells; cell++) {
      blocks[begin + cell] = (int) Math.min(Integer.MAX_VALUE, counts[cell] - last[cell]);
      last[cell] = counts[cell];
    }
    size++;
  }

  /** Makes one of every two. */
  void join() {
    size /= 2;
    for (int i = 0; i < size; i++) {
      for (int cell = 0; cell < cells; cell++) {
        long both = (long) blocks[2 * i * cells + cell] + blocks[(2 * i + 1) * cells + cell];
        blocks[i * cells + cell] = (int) Math.min(Integer.MAX_VALUE, both);
      }
    }
  }

  /** Counts by block and cell. */
  long[][] blocks() {
    long[][] all = new long[size][cells];
    for (int i = 0; i < size; i++) {
      for (int cell = 0; cell < cells; cell++) {
        all[i][cell] = blocks[i * cells + cell];
      }
    }
    return all;
  }
}
