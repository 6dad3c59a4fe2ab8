package io.hindcast.core.door;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts JSON lines or CSV into batches that can each be read alone: a batch of CSV begins with the
 * header, and no quoted cell is cut. Owned by one thread.
 */
public final class LineBatches {
  private final BufferedReader in;
  private final boolean isCsv;
  private final int mostRows;
  private final int mostCharacters;
  private UnaryOperator<String> renaming = line -> line;
  private @Nullable String header;
  private int linesRead;
  private int lineOffset;
  private int rows;

  public LineBatches(BufferedReader in, LabelFormat format, int mostRows, int mostCharacters) {
    this.in = in;
    this.isCsv = format == LabelFormat.CSV;
    this.mostRows = mostRows;
    this.mostCharacters = mostCharacters;
  }

  /**
   * The same for a file whose columns are called otherwise.
   *
   * @param of the first line
   */
  public LineBatches renaming(UnaryOperator<String> of) {
    renaming = of;
    return this;
  }

  /** What to add to a line of the last batch, to have the line of the whole. */
  public int lineOffset() {
    return lineOffset;
  }

  /** Rows of the last batch, blank lines included. */
  public int rows() {
    return rows;
  }

  /** The next batch; null at the end. */
  public @Nullable String next() throws IOException {
    if (isCsv && header == null) {
      String first = record();
      if (first == null) {
        return null;
      }
      header = renaming.apply(first);
    }
    lineOffset = isCsv ? linesRead - lines(header) : linesRead;
    var batch = new StringBuilder();
    if (header != null) {
      batch.append(header).append('\n');
    }
    rows = 0;
    while (rows < mostRows && batch.length() < mostCharacters) {
      String record = record();
      if (record == null) {
        break;
      }
      batch.append(record).append('\n');
      rows++;
    }
    return rows == 0 ? null : batch.toString();
  }

  private static int lines(@Nullable String text) {
    return text == null ? 0 : (int) text.chars().filter(c -> c == '\n').count() + 1;
  }

  private @Nullable String record() throws IOException {
    String line = in.readLine();
    if (line == null) {
      return null;
    }
    linesRead++;
    if (!isCsv || isWhole(line)) {
      return line;
    }
    var record = new StringBuilder(line);
    while (record.length() < mostCharacters && !isWhole(record)) {
      String more = in.readLine();
      if (more == null) {
        break;
      }
      linesRead++;
      record.append('\n').append(more);
    }
    return record.toString();
  }

  /** Outside of quotes at its end. */
  private static boolean isWhole(CharSequence text) {
    boolean isWhole = true;
    for (int i = 0; i < text.length(); i++) {
      isWhole ^= text.charAt(i) == '"';
    }
    return isWhole;
  }
}
