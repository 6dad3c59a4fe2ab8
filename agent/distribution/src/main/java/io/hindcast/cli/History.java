package io.hindcast.cli;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Row;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened once, from a file: rows and labels in the order of their time. Reads the file
 * twice: to check it and to put later labels in order, and to replay it.
 */
final class History implements Closeable {
  private static final long SECOND = 1000;

  private final CsvFile file;
  private final Columns columns;
  private final RowReader reader;
  private final WaitingLabels later = new WaitingLabels();
  private final Progress progress;
  private long rows;
  private long firstMillis;
  private long lastMillis;

  /** Takes what happened, in order. */
  interface Events {
    /** A prediction; the row is valid until the method returns. */
    void row(Row row);

    /** A label becomes known; never earlier than its row. */
    void label(long atMillis, LabelEvent label);
  }

  private History(CsvFile file, Columns columns, RowReader reader, Progress progress) {
    this.file = file;
    this.columns = columns;
    this.reader = reader;
    this.progress = progress;
  }

  /**
   * Checks a file.
   *
   * @param nowMillis when a file without times ends
   * @throws CommandException naming the first row that is wrong
   */
  static History of(
      CsvFile file, Columns columns, RowReader reader, long nowMillis, Progress progress)
      throws CommandException {
    var history = new History(file, columns, reader, progress);
    try {
      history.check();
    } catch (CommandException | RuntimeException e) {
      history.close();
      throw e;
    }
    if (columns.time() < 0) {
      history.lastMillis = nowMillis;
      history.firstMillis = nowMillis - (history.rows - 1) * SECOND;
    }
    return history;
  }

  private void check() throws CommandException {
    file.read(
        columns.width(),
        (number, record) -> {
          long time = columns.time() < 0 ? 0 : time(file, number, record, columns.time(), "time");
          if (number > 1 && time < lastMillis) {
            throw file.wrong(
                number,
                record,
                "is earlier than the row before it: "
                    + Instant.ofEpochMilli(time)
                    + " after "
                    + Instant.ofEpochMilli(lastMillis),
                "sort the file by time");
          }
          if (number == 1) {
            firstMillis = time;
          }
          lastMillis = time;
          rows = number;
          reader.row(number, record, time);
          putAside(laterThan(time, number, record), number, record);
          progress.rows("checking", number, 0);
          return true;
        });
    if (rows == 0) {
      throw CommandException.impossible(
          file.path() + " has no rows", "give it at least one row after the header");
    }
    try {
      later.sort();
    } catch (IOException e) {
      throw noRoom(e);
    }
  }

  private void putAside(@Nullable Long at, long number, CsvRecord record) throws CommandException {
    if (at == null) {
      return;
    }
    try {
      later.add(
          new WaitingLabels.Waiting(
              at, number, reader.id(number, record), record.getField(columns.actual())));
    } catch (IOException e) {
      throw noRoom(e);
    }
  }

  /** When the label of a record arrives, if there is one and that is after its row; else null. */
  private @Nullable Long laterThan(long rowMillis, long number, CsvRecord record)
      throws CommandException {
    if (columns.actual() < 0
        || columns.at() < 0
        || record.getField(columns.actual()).isEmpty()
        || record.getField(columns.at()).isBlank()) {
      return null;
    }
    if (columns.time() < 0) {
      throw CommandException.wrongUse(
          file.path() + " says when labels arrived, but not when rows were predicted",
          "add a column time, or name it: --time COLUMN");
    }
    long at = time(file, number, record, columns.at(), "arrival of the label");
    return at > rowMillis ? at : null;
  }

  /**
   * @throws CommandException naming the row and what it has instead of a time
   */
  static long time(CsvFile file, long number, CsvRecord record, int column, String what)
      throws CommandException {
    String cell = record.getField(column);
    Long millis = Cells.timeMillis(cell);
    if (millis == null) {
      throw file.wrong(
          number,
          record,
          "has no " + what + " but '" + cell + "'",
          "write RFC 3339, epoch seconds or epoch milliseconds: 2026-11-24T09:30:00Z");
    }
    return millis;
  }

  long rows() {
    return rows;
  }

  /** Labels that come later than their row. */
  long laterLabels() {
    return later.count();
  }

  long firstMillis() {
    return firstMillis;
  }

  /** Of the last row; labels may come after it. */
  long lastMillis() {
    return lastMillis;
  }

  /** Tells everything, once. */
  void replay(Events events) throws CommandException {
    file.read(
        columns.width(),
        (number, record) -> {
          long time =
              columns.time() < 0
                  ? firstMillis + (number - 1) * SECOND
                  : time(file, number, record, columns.time(), "time");
          labelsUntil(time, events);
          Row row = reader.row(number, record, time);
          events.row(row);
          Object actual = reader.actual(record);
          if (actual != null && laterThan(time, number, record) == null) {
            events.label(time, label(row.id, actual));
          }
          progress.rows("replaying", number, rows);
          return true;
        });
    labelsUntil(Long.MAX_VALUE, events);
  }

  private void labelsUntil(long millis, Events events) throws CommandException {
    try {
      for (WaitingLabels.Waiting next = later.peek();
          next != null && next.atMillis() <= millis;
          next = later.peek()) {
        later.poll();
        events.label(next.atMillis(), label(next.id(), reader.actual(next.actual())));
      }
    } catch (IOException e) {
      throw noRoom(e);
    }
  }

  private LabelEvent label(String id, Object actual) {
    return new LabelEvent(reader.key().model(), id, actual, null, 0, false, false, null);
  }

  private static CommandException noRoom(IOException e) {
    return CommandException.impossible(
        "the temporary file of labels that come later failed: " + e.getMessage(),
        "make room, or name another directory: java -Djava.io.tmpdir=DIRECTORY -jar hindcast.jar");
  }

  @Override
  public void close() {
    try {
      later.close();
    } catch (IOException e) {
      // It was only read from; what matters has been said.
    }
  }
}
