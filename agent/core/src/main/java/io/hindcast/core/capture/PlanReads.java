package io.hindcast.core.capture;

import org.jspecify.annotations.Nullable;

/**
 * How a plan finds rows in the application's objects, whose code may throw: what cannot be read is
 * missing, and what throws again and again is not asked any more.
 *
 * @param place for the log
 */
record PlanReads(ReadFaults faults, String place) {
  /*
   * What is read, by number: first what every plan reads, then the steps at entry, then those at
   * exit.
   */
  private static final int ROWS_OF_CALL = 0;
  private static final int WIDTH = 1;
  private static final int ELEMENT = 2;
  private static final int PATH_TO_ROW = 3;
  private static final int ID_OF_SAMPLED = 4;
  private static final int OUTPUT = 5;
  private static final int SPAN = 6;
  private static final int STEPS = 7;

  PlanReads(SiteFaults site, int steps, String place) {
    this(new ReadFaults(site, STEPS + steps), place);
  }

  // Rows

  @Nullable Object containerOf(Primary primary, @Nullable Object root) {
    if (faults.isQuiet(ROWS_OF_CALL)) {
      return null;
    }
    try {
      return Elements.reachable(primary.prefix().read(root));
    } catch (Throwable thrown) {
      faults.count(ROWS_OF_CALL, place, "rows", thrown);
      return null;
    }
  }

  /** Rows of a batch; negative for a single row. */
  int rowsIn(Primary primary, @Nullable Object container) {
    if (container == null) {
      return RowCount.ONE_ROW;
    }
    try {
      int rows = primary.rows(container);
      faults.worked(ROWS_OF_CALL);
      return rows;
    } catch (Throwable thrown) {
      faults.count(ROWS_OF_CALL, place, "rows", thrown);
      return RowCount.ONE_ROW;
    }
  }

  /** Features that rows like those of this call will have; 0 if nothing tells. */
  int widthOf(Primary primary, @Nullable Object container, int n) {
    RowWriter writer = primary.writer();
    PathReader each = primary.each();
    if (writer == null || faults.isQuiet(WIDTH)) {
      return 0;
    }
    try {
      int features = 0;
      if (n < 0) {
        features = writer.demand(container);
      }
      for (int i = 0; i < n && features == 0; i++) {
        Object row = Elements.get(container, i);
        features = writer.demand(each == null ? row : each.read(row));
      }
      faults.worked(WIDTH);
      return features;
    } catch (Throwable thrown) {
      faults.count(WIDTH, place, "the width of a row", thrown);
      return 0;
    }
  }

  /**
   * Writes a row of a batch, without values if it cannot be read.
   *
   * @return false if what holds the rows cannot be read any further
   */
  boolean writeElement(
      Primary primary, CapturePool into, int slot, int index, @Nullable Object container) {
    Object row = null;
    boolean isRead = !faults.isQuiet(ELEMENT);
    if (isRead) {
      try {
        row = Elements.get(container, index);
        faults.worked(ELEMENT);
      } catch (Throwable thrown) {
        faults.count(ELEMENT, place, "a row of the batch", thrown);
        isRead = false;
      }
    }
    PathReader each = primary.each();
    primary.write(into, slot, index, each == null ? row : rowAt(each, row));
    return isRead;
  }

  private @Nullable Object rowAt(PathReader path, @Nullable Object element) {
    if (element == null || faults.isQuiet(PATH_TO_ROW)) {
      return null;
    }
    try {
      Object row = path.read(element);
      faults.worked(PATH_TO_ROW);
      return row;
    } catch (Throwable thrown) {
      faults.count(PATH_TO_ROW, place, "the path to a row", thrown);
      return null;
    }
  }

  // Ids while rows are sampled

  @Nullable Object idOfCall(RowChoice choice, @Nullable Object id) {
    try {
      return faults.isQuiet(ID_OF_SAMPLED) ? null : choice.prepare(id);
    } catch (Throwable thrown) {
      faults.count(ID_OF_SAMPLED, place, "id", thrown);
      return null;
    }
  }

  @Nullable Object idOfRow(RowChoice choice, @Nullable Object prepared, int row) {
    if (prepared == null) {
      return null;
    }
    try {
      Object id = choice.idOf(prepared, row);
      faults.worked(ID_OF_SAMPLED);
      return id;
    } catch (Throwable thrown) {
      faults.count(ID_OF_SAMPLED, place, "id", thrown);
      return null;
    }
  }

  // Steps

  /**
   * Does a step for each row of a call: one value that cannot be read is missing; the row is still
   * one.
   *
   * @param number of the step, those at exit behind those at entry
   * @param rows for the name of what is read
   */
  void apply(
      ValueStep step,
      int number,
      CapturePool of,
      int first,
      @Nullable Object argument,
      CapturedRows rows) {
    int what = STEPS + number;
    boolean isThere = !faults.isQuiet(what);
    Object prepared = null;
    if (isThere) {
      try {
        prepared = step.prepare(argument);
      } catch (Throwable thrown) {
        unread(step, what, thrown, rows);
        isThere = false;
      }
    }
    for (int slot = first; slot >= 0; slot = of.next(slot)) {
      if (!isThere) {
        step.missing(of, slot);
        continue;
      }
      try {
        step.row(of, slot, of.rowIndex(slot), prepared);
        faults.worked(what);
      } catch (Throwable thrown) {
        step.missing(of, slot);
        unread(step, what, thrown, rows);
        isThere = !faults.isQuiet(what);
      }
    }
  }

  private void unread(ValueStep step, int what, Throwable thrown, CapturedRows rows) {
    boolean isEnd = thrown instanceof VirtualMachineError;
    faults.count(what, place, isEnd ? "" : rows.nameOf(step), thrown);
  }

  // Outputs

  boolean readsOutput() {
    return !faults.isQuiet(OUTPUT);
  }

  void outputWorked() {
    faults.worked(OUTPUT);
  }

  void outputThrew(Throwable thrown) {
    faults.count(OUTPUT, place, "output", thrown);
  }

  boolean readsSpan() {
    return !faults.isQuiet(SPAN);
  }

  void spanWorked() {
    faults.worked(SPAN);
  }

  void spanThrew(Throwable thrown) {
    faults.count(SPAN, place, "the caller's span", thrown);
  }
}
