package io.hindcast.core.drift;

import java.util.List;

/**
 * Cuts the rows of a window into blocks, 16 to 32 of them however many rows come. Owned by the
 * monitor thread.
 */
final class RowBlocks {
  /*
   * A block ends with a copy of the counts of all columns. When there is no room for one more, every
   * second one goes and blocks are twice as long: the copies of a window are 32 for its first 256
   * rows and 16 for each doubling, so that rows cost nothing.
   */
  static final int MOST = 32;
  private static final long FIRST_ROWS = 8;

  private final List<DriftColumn> columns;
  private long rows;
  private long blockRows;
  private int blocks;
  private long next;

  RowBlocks(List<DriftColumn> columns) {
    this.columns = columns;
  }

  void open() {
    rows = 0;
    blocks = 0;
    blockRows = FIRST_ROWS;
    next = FIRST_ROWS;
  }

  /** Before the values of a row are counted, and when the last one was. */
  void mark() {
    if (rows == next) {
      end();
    }
  }

  void add() {
    mark();
    rows++;
  }

  private void end() {
    if (blocks == MOST) {
      columns.forEach(DriftColumn::joinBlocks);
      blocks /= 2;
      blockRows *= 2;
    }
    if (rows == (blocks + 1) * blockRows) {
      columns.forEach(DriftColumn::endBlock);
      blocks++;
    }
    next = (blocks + 1) * blockRows;
  }
}
