package io.hindcast.core.capture;

import org.jspecify.annotations.Nullable;

/**
 * The value that tells how many rows a call has.
 *
 * @param prefix from the argument to it
 * @param each from each of its elements to the row; null: the element is the row
 * @param writer of the rows; null if they are written otherwise
 * @param demand features beside those of the writer
 */
record Primary(
    PathReader prefix,
    @Nullable PathReader each,
    @Nullable RowWriter writer,
    RowCount count,
    int demand) {

  /** Whether the argument itself is the row, if it is one. */
  boolean isTheArgument() {
    return prefix.isEmpty() && each == null;
  }

  /** Rows of a batch; negative for a single row. */
  int rows(@Nullable Object container) {
    return each == null ? count.of(container) : Elements.length(container);
  }

  void write(CapturePool into, int slot, int index, @Nullable Object row) {
    if (writer != null) {
      writer.write(into, slot, index, row);
    }
  }

  /** As {@link RowWriter#writeInOrder}. */
  boolean writeInOrder(CapturePool into, int slot, double[] row) {
    return writer != null && writer.writeInOrder(into, slot, row);
  }

  boolean holdsVectors() {
    return writer != null && writer.sawVector();
  }
}
