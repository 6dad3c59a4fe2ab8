package io.hindcast.core.capture;

import io.hindcast.core.model.SampleHash;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens when one woven predict method begins and ends. Its methods are called by the code of
 * {@link EntryClass} and by the handles of {@link PredictHooks}, on the application's threads: they
 * never throw and never block, and on the way of numbers they allocate nothing.
 *
 * @param place for the log
 * @param entry for the stack of the thread
 * @param reads what the application's code throws while values are read, by what is read
 * @param choice by which rows are kept while they are sampled
 * @param startsMissing whether not every place is written for every row
 * @param hasReferences whether a feature may be something else than a number
 * @param isGuarded whether reading values may call the application's code
 * @param ownIds whether rows of a batch have ids of their own
 * @param keepsOutput whether receipts are made, so that the last output must be at hand
 * @param notFollowed told once of the class of a result that is not looked at
 * @param spans where the caller's span is asked for
 * @param state what changes after linking
 */
record PredictPlan(
    String model,
    String place,
    Object[] entry,
    ThreadCalls threads,
    SiteFaults faults,
    ReadFaults reads,
    PoolFactory pools,
    CapturedRows rows,
    RowSampling sampling,
    RowChoice choice,
    @Nullable Primary primary,
    ValueStep[] steps,
    ValueStep[] exitSteps,
    boolean startsMissing,
    boolean hasReferences,
    boolean isGuarded,
    boolean ownIds,
    boolean keepsOutput,
    Consumer<Class<?>> notFollowed,
    SpanReader spans,
    State state) {
  /*
   * A record, and bound to the handles of its site: its components are constants for the compiler.
   *
   * A token is what one call remembers of its beginning:
   *   > 0     generation of the slot, pool, slot + 1: the row (the first of a batch)
   *   −1      nothing happened; also what a silenced site answers
   *   −2      a call inside a call of the same model, which counts alone
   *   ≤ −3    a call of which nothing is kept: −3 − token is four times its rows, plus two if they
   *           were sampled out (else there was no room), plus one for a batch
   * 0 is what an unlinked site may answer, and means nothing here.
   */
  static final long NOTHING = -1;

  private static final long NESTED = -2;
  private static final long NOTHING_KEPT = -3;
  private static final int ROWS = 2;
  private static final long LEFT_OUT = 2;
  private static final long OF_BATCH = 1;
  private static final long EARLY = 1L << 32;
  private static final int GENERATION = 33;

  /*
   * What is read of the application's objects, by number: first what every plan reads, then the
   * steps at entry, then those at exit.
   */
  private static final int ROWS_OF_CALL = 0;
  private static final int WIDTH = 1;
  private static final int ELEMENT = 2;
  private static final int PATH_TO_ROW = 3;
  private static final int ID_OF_SAMPLED = 4;
  private static final int OUTPUT = 5;
  private static final int SPAN = 6;
  private static final int STEPS = 7;

  /** How many kinds of values a plan of so many steps reads. */
  static int reads(int steps) {
    return STEPS + steps;
  }

  /** What a plan learns after its site was linked. */
  static final class State {
    private @Nullable Object kept;

    /** Null until the first row shows how wide rows are. */
    private volatile @Nullable CapturePool pool;

    /** For rows that come before that and show nothing: null, or empty. */
    private volatile @Nullable CapturePool early;

    private volatile @Nullable OutputReader outputs;
    private boolean outputIsArgument;

    /** Null where a result is there when the call returns. */
    private @Nullable PendingCalls pending;

    private volatile boolean saidNotFollowed;
  }

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
    int rows(@Nullable Object container) {
      return each == null ? count.of(container) : Elements.length(container);
    }
  }

  /** Makes the pools of a plan. */
  interface PoolFactory {
    /**
     * @param rows the plan's
     * @param features of a row
     * @param references whether some may be something else than numbers
     */
    CapturePool main(CapturedRows rows, int features, boolean references);

    /** For rows without features. */
    CapturePool early(CapturedRows rows);
  }

  /** The width of rows is known before the first one. */
  void open(int features) {
    synchronized (state) {
      if (state.pool == null) {
        state.pool = pools.main(rows, features, hasReferences);
      }
    }
  }

  /** Holds what the exits are linked by, as long as there is a site that enters. */
  void keep(Object compiled) {
    state.kept = compiled;
  }

  void outputs(OutputReader reader, boolean isArgument) {
    state.outputIsArgument = isArgument;
    state.outputs = reader;
  }

  /** Results may be stages. */
  void follow(PendingCalls calls) {
    state.pending = calls;
    rows.pending(calls);
  }

  // Entry

  long begin(@Nullable Object root) {
    return begin(root, null, 0);
  }

  long begin(@Nullable Object root, long id) {
    return begin(root, null, id);
  }

  long begin(@Nullable Object root, @Nullable Object id) {
    return begin(root, id, 0);
  }

  /*
   * What is not the case for most calls is elsewhere: a hot method above 325 bytes of code is not
   * inlined into the site.
   */
  private long begin(@Nullable Object root, @Nullable Object id, long idNumber) {
    boolean entered = false;
    int first = -1;
    CapturePool into = null;
    try {
      @Nullable Object[] calls = threads.ofThread();
      if (ThreadCalls.isCapturing(calls)) {
        return NOTHING;
      }
      if (!threads.enter(calls, entry)) {
        return NESTED;
      }
      entered = true;
      if (faults.isQuiet()) {
        return leaveUnread(root);
      }
      if (isGuarded) {
        ThreadCalls.capturing(calls, true);
      }
      Object container = primary == null ? null : containerOf(primary, root);
      int n = primary == null ? RowCount.ONE_ROW : rowsIn(primary, container);
      into = primary == null ? state.pool : poolFor(primary, container, n);
      if (into == null) {
        return NOTHING; // cannot be: such plans are opened when they are linked
      }
      int level = sampling.level();
      if (level > 0 || n > into.atOnce()) {
        level = sampling.levelFor(n, into.atOnce());
        if (level > 0) {
          return beginSampled(calls, into, container, n, id, idNumber, level);
        }
      }
      first = into.claim();
      if (first < 0) {
        return nothingKept(Math.abs(n), n >= 0, false);
      }
      fill(into, first, container, n);
      return token(into, first);
    } catch (Throwable t) {
      return giveUp(into, first, entered, t);
    }
  }

  private void fill(CapturePool into, int first, @Nullable Object container, int n) {
    if (n < 0) {
      start(into, first, first, 0, 1);
    }
    if (primary != null && n < 0) {
      write(primary, into, first, 0, container);
    } else if (primary != null) {
      startBatch(primary, into, first, container, n);
    }
  }

  /**
   * @param first −1 if no slot was claimed
   */
  private long giveUp(@Nullable CapturePool into, int first, boolean entered, Throwable fault) {
    int n = first >= 0 && into != null ? releaseAll(into, first) : 0;
    if (entered) {
      rows.failed.add(Math.max(1, n));
    }
    // Else it may be inside another call, as at the end of the stack it mostly is.
    faults.count(place, fault);
    return entered ? NOTHING_KEPT : NOTHING;
  }

  private long leaveUnread(@Nullable Object root) {
    rows.failed.add(rowsUnread(root));
    return NOTHING_KEPT;
  }

  private static long nothingKept(long rows, boolean isBatch, boolean isChoice) {
    return NOTHING_KEPT - (rows << ROWS | (isChoice ? LEFT_OUT : 0) | (isBatch ? OF_BATCH : 0));
  }

  // Entry, while rows are sampled

  /*
   * What the last prediction of the thread will be is noted at once, since the ids are at hand only
   * here and a row that is left out has an id too. It is not shown before the call has ended.
   */

  /**
   * @param n rows of a batch; negative for a single row
   */
  private long beginSampled(
      @Nullable Object[] calls,
      CapturePool into,
      @Nullable Object container,
      int n,
      @Nullable Object id,
      long idNumber,
      int level) {
    int first = -1;
    try {
      long number = ThreadCalls.nextNumber(calls);
      Object prepared = prepared(id);
      long text = choice.textOf(prepared, idNumber);
      boolean isBatch = n >= 0;
      boolean remembers = choice.ids() != RowChoice.Ids.IN_RESULT && ThreadCalls.isOutermost(calls);
      Object[] rowIds = remembers && isBatch && ownIds ? new Object[n] : null;
      Object own = null;
      int last = -1;
      int row = 0;
      boolean isFull = false;
      do {
        own = idOf(prepared, row);
        if (rowIds != null && row < n) {
          rowIds[row] = own;
        }
        if (choice.ids() == RowChoice.Ids.IN_RESULT
            || SampleHash.keeps(RowChoice.hashOf(own, text, number, row, isBatch), level)) {
          int slot = isFull ? -1 : into.claim();
          if (slot >= 0) {
            first = first < 0 ? slot : first;
            startSampled(into, slot, first, row, Math.max(n, n < 0 ? 1 : 0), number, level);
            if (last >= 0) {
              into.next(last, slot);
            }
            last = slot;
            if (!writeSampled(into, slot, row, container, n)) {
              RowFlags.set(into, first, RowFlags.BROKEN);
              into.head(first, CapturePool.DURATION_NANOS, row + 1);
              isFull = true;
            }
          } else if (!isFull) {
            isFull = true;
            if (first < 0) {
              return nothingKept(Math.abs(n), isBatch, false);
            }
            into.head(first, CapturePool.DURATION_NANOS, row);
          }
        }
        row++;
      } while (row < n);
      if (remembers && n != 0) {
        Object named = choice.ids() == RowChoice.Ids.OF_CALL ? prepared : isBatch ? null : own;
        rememberSampled(calls, number, idNumber, named, text, rowIds, Math.abs(n), isBatch);
      }
      return first < 0 ? nothingKept(Math.abs(n), isBatch, true) : token(into, first);
    } catch (Throwable t) {
      int lost = first >= 0 ? releaseAll(into, first) : Math.abs(n);
      rows.failed.add(Math.max(1, lost));
      faults.count(place, t);
      return NOTHING_KEPT;
    }
  }

  private void startSampled(
      CapturePool into, int slot, int first, int row, int callRows, long number, int level) {
    start(into, slot, first, row, slot == first ? callRows : 0);
    into.head(slot, CapturePool.ID_NUMBER, number);
    RowFlags.idKind(into, slot, PredictionIds.GENERATED_IN_SAMPLING);
    RowFlags.level(into, slot, level);
    if (slot == first) {
      into.head(slot, CapturePool.DURATION_NANOS, callRows);
    }
  }

  /** Answers false if no further row can be read. */
  private boolean writeSampled(
      CapturePool into, int slot, int row, @Nullable Object container, int n) {
    if (n >= 0) {
      RowFlags.set(into, slot, n == 0 ? RowFlags.BATCH | RowFlags.NO_ROW : RowFlags.BATCH);
    }
    if (n == 0) {
      into.row(slot, 0, 0);
    } else if (primary != null && n < 0) {
      write(primary, into, slot, 0, container);
    } else if (primary != null) {
      return writeElement(primary, into, slot, row, container);
    }
    return true;
  }

  private @Nullable Object prepared(@Nullable Object id) {
    try {
      return reads.isQuiet(ID_OF_SAMPLED) ? null : choice.prepare(id);
    } catch (Throwable thrown) {
      reads.count(ID_OF_SAMPLED, place, "id", thrown);
      return null;
    }
  }

  private @Nullable Object idOf(@Nullable Object prepared, int row) {
    if (prepared == null) {
      return null;
    }
    try {
      Object id = choice.idOf(prepared, row);
      reads.worked(ID_OF_SAMPLED);
      return id;
    } catch (Throwable thrown) {
      reads.count(ID_OF_SAMPLED, place, "id", thrown);
      return null;
    }
  }

  /** Rows of a call of which nothing is read: what an array tells by itself, else one. */
  private int rowsUnread(@Nullable Object root) {
    Primary known = primary;
    return known != null && known.prefix.isEmpty() && root != null && root.getClass().isArray()
        ? Math.max(1, known.rows(root))
        : 1;
  }

  private @Nullable Object containerOf(Primary primary, @Nullable Object root) {
    if (reads.isQuiet(ROWS_OF_CALL)) {
      return null;
    }
    try {
      return Elements.reachable(primary.prefix.read(root));
    } catch (Throwable thrown) {
      reads.count(ROWS_OF_CALL, place, "rows", thrown);
      return null;
    }
  }

  private int rowsIn(Primary primary, @Nullable Object container) {
    if (container == null) {
      return RowCount.ONE_ROW;
    }
    try {
      int rows = primary.rows(container);
      reads.worked(ROWS_OF_CALL);
      return rows;
    } catch (Throwable thrown) {
      reads.count(ROWS_OF_CALL, place, "rows", thrown);
      return RowCount.ONE_ROW;
    }
  }

  private void startBatch(
      Primary primary, CapturePool into, int first, @Nullable Object container, int n) {
    start(into, first, first, 0, n);
    RowFlags.set(into, first, RowFlags.BATCH);
    if (n == 0) {
      RowFlags.set(into, first, RowFlags.NO_ROW);
      into.row(first, 0, 0);
      return;
    }
    int slot = first;
    int index = 0;
    while (true) {
      boolean isRead = writeElement(primary, into, slot, index, container);
      index++;
      if (index == n) {
        return;
      }
      if (!isRead) {
        RowFlags.set(into, first, RowFlags.BROKEN);
        return;
      }
      int next = into.claim();
      if (next < 0) {
        return; // the rest is counted when the call ends
      }
      start(into, next, first, index, 0);
      RowFlags.set(into, next, RowFlags.BATCH);
      into.next(slot, next);
      slot = next;
    }
  }

  private void start(CapturePool into, int slot, int first, int index, int callRows) {
    int at = into.valueAt(slot);
    into.values[at + CapturePool.SCORE] = Double.NaN;
    into.values[at + CapturePool.CONFIDENCE] = Double.NaN;
    into.head(
        slot,
        CapturePool.ID_NUMBER,
        slot == first ? into.uniqueNumber(slot) : into.head(first, CapturePool.ID_NUMBER));
    if (callRows != 0) {
      into.callRows(slot, callRows);
    }
    if (startsMissing) {
      into.missing(slot);
    }
    into.row(slot, index, into.features);
  }

  /**
   * Writes a row, without values if it cannot be read.
   *
   * @return false if what holds the rows cannot be read any further
   */
  private boolean writeElement(
      Primary primary, CapturePool into, int slot, int index, @Nullable Object container) {
    Object row = null;
    boolean isRead = !reads.isQuiet(ELEMENT);
    if (isRead) {
      try {
        row = Elements.get(container, index);
        reads.worked(ELEMENT);
      } catch (Throwable thrown) {
        reads.count(ELEMENT, place, "a row of the batch", thrown);
        isRead = false;
      }
    }
    write(primary, into, slot, index, primary.each == null ? row : rowAt(primary.each, row));
    return isRead;
  }

  private @Nullable Object rowAt(PathReader path, @Nullable Object element) {
    if (element == null || reads.isQuiet(PATH_TO_ROW)) {
      return null;
    }
    try {
      Object row = path.read(element);
      reads.worked(PATH_TO_ROW);
      return row;
    } catch (Throwable thrown) {
      reads.count(PATH_TO_ROW, place, "the path to a row", thrown);
      return null;
    }
  }

  private void write(Primary primary, CapturePool into, int slot, int index, @Nullable Object row) {
    if (primary.writer == null) {
      return;
    }
    primary.writer.write(into, slot, index, row);
  }

  private CapturePool poolFor(Primary primary, @Nullable Object container, int n) {
    CapturePool main = state.pool;
    return main != null ? main : firstPool(primary, container, n);
  }

  /** The one lock of a plan, taken until the first row that says how wide rows are. */
  private CapturePool firstPool(Primary primary, @Nullable Object container, int n) {
    synchronized (state) {
      CapturePool main = state.pool;
      if (main != null) {
        return main;
      }
      int features = demand(primary, container, n);
      if (features > 0 || primary.demand > 0) {
        // What cannot be measured beside known features gets room for a short row.
        main =
            pools.main(
                rows,
                primary.demand + (features > 0 ? features : 16),
                hasReferences || holdsVectors(primary));
        state.pool = main;
        return main;
      }
      CapturePool made = state.early;
      if (made == null) {
        made = pools.early(rows);
        state.early = made;
      }
      return made;
    }
  }

  private static boolean holdsVectors(Primary primary) {
    return primary.writer != null && primary.writer.sawVector();
  }

  /** Features that the writer will need for this call and others like it; 0 if nothing tells. */
  private int demand(Primary primary, @Nullable Object container, int n) {
    RowWriter writer = primary.writer;
    if (writer == null || reads.isQuiet(WIDTH)) {
      return 0;
    }
    try {
      int features = 0;
      if (n < 0) {
        features = writer.demand(container);
      }
      for (int i = 0; i < n && features == 0; i++) {
        Object row = Elements.get(container, i);
        features = writer.demand(primary.each == null ? row : primary.each.read(row));
      }
      reads.worked(WIDTH);
      return features;
    } catch (Throwable thrown) {
      reads.count(WIDTH, place, "the width of a row", thrown);
      return 0;
    }
  }

  private long token(CapturePool of, int slot) {
    return (long) of.generation(slot) << GENERATION | (of == state.early ? EARLY : 0) | (slot + 1);
  }

  void number(long token, double value, int place) {
    if (token > 0) {
      CapturePool of = poolOf(token);
      if (primary == null) {
        of.number(slotOf(token), place, value);
      } else {
        for (int slot = slotOf(token); slot >= 0; slot = of.next(slot)) {
          of.number(slot, place, value);
        }
      }
    }
  }

  void flag(long token, boolean value, int place) {
    reference(token, value ? Boolean.TRUE : Boolean.FALSE, place);
  }

  void character(long token, char value, int place) {
    reference(token, value, place);
  }

  private void reference(long token, Object value, int place) {
    if (token > 0) {
      CapturePool of = poolOf(token);
      for (int slot = slotOf(token); slot >= 0; slot = of.next(slot)) {
        of.reference(slot, place, value);
      }
    }
  }

  void id(long token, long value) {
    if (token > 0) {
      CapturePool of = poolOf(token);
      for (int slot = slotOf(token); slot >= 0; slot = of.next(slot)) {
        of.head(slot, CapturePool.ID_NUMBER, value);
        RowFlags.idKind(of, slot, PredictionIds.NUMBER);
      }
    }
  }

  void value(long token, @Nullable Object argument, int index) {
    if (token > 0) {
      apply(steps[index], STEPS + index, token, argument);
    }
  }

  /**
   * One value that cannot be read is missing; the row is still one.
   *
   * @param what number of what is read
   */
  private void apply(ValueStep step, int what, long token, @Nullable Object argument) {
    CapturePool of = poolOf(token);
    boolean isThere = !reads.isQuiet(what);
    Object prepared = null;
    if (isThere) {
      try {
        prepared = step.prepare(argument);
      } catch (Throwable thrown) {
        unread(step, what, thrown);
        isThere = false;
      }
    }
    for (int slot = slotOf(token); slot >= 0; slot = of.next(slot)) {
      if (!isThere) {
        step.missing(of, slot);
        continue;
      }
      try {
        step.row(of, slot, of.rowIndex(slot), prepared);
        reads.worked(what);
      } catch (Throwable thrown) {
        step.missing(of, slot);
        unread(step, what, thrown);
        isThere = !reads.isQuiet(what);
      }
    }
  }

  private void unread(ValueStep step, int what, Throwable thrown) {
    boolean isEnd = thrown instanceof VirtualMachineError;
    reads.count(what, place, isEnd ? "" : rows.nameOf(step), thrown);
  }

  long end(long token) {
    if (isGuarded && token != NOTHING && token != NESTED) {
      ThreadCalls.capturing(threads.ofThread(), false);
    }
    if (token > 0) {
      CapturePool of = poolOf(token);
      long now = System.nanoTime();
      for (int slot = slotOf(token); slot >= 0; slot = of.next(slot)) {
        of.head(slot, CapturePool.START_NANOS, now);
      }
    }
    return token;
  }

  long failed(long token, Throwable fault) {
    try {
      faults.count(place, fault);
      if (isGuarded && token != NOTHING && token != NESTED) {
        ThreadCalls.capturing(threads.ofThread(), false);
      }
      if (token > 0) {
        rows.failed.add(releaseAll(poolOf(token), slotOf(token)));
        return NOTHING_KEPT;
      }
    } catch (Throwable again) {
      faults.count(place, again);
    }
    return token;
  }

  // Exit

  void exitVoid(long token, @Nullable Throwable thrown) {
    if (isOutermost(token)) {
      exit(token, null, thrown);
    }
  }

  void exitObject(long token, @Nullable Object result, @Nullable Throwable thrown) {
    if (isOutermost(token)) {
      exit(token, result, thrown);
    }
  }

  void exitDouble(long token, double result, @Nullable Throwable thrown) {
    if (state.outputIsArgument || exitSteps.length > 0) {
      exitObject(token, result, thrown);
    } else if (isOutermost(token)) {
      long now = System.nanoTime();
      try {
        OutputReader reader = state.outputs;
        int slot = thrown == null && reader != null ? direct(token, reader) : -1;
        if (slot >= 0 && reader != null) {
          reader.number(poolOf(token), slot, result);
        }
        finish(token, now, thrown, -1);
      } catch (Throwable fault) {
        abandon(token, fault);
      }
    }
  }

  void exitLong(long token, long result, @Nullable Throwable thrown) {
    if (state.outputIsArgument || exitSteps.length > 0) {
      exitObject(token, result, thrown);
    } else if (isOutermost(token)) {
      long now = System.nanoTime();
      try {
        OutputReader reader = state.outputs;
        int slot = thrown == null && reader != null ? direct(token, reader) : -1;
        if (slot >= 0 && reader != null) {
          reader.integer(poolOf(token), slot, result);
        }
        finish(token, now, thrown, -1);
      } catch (Throwable fault) {
        abandon(token, fault);
      }
    }
  }

  void exitBoolean(long token, boolean result, @Nullable Throwable thrown) {
    exitObject(token, result ? Boolean.TRUE : Boolean.FALSE, thrown);
  }

  void exitChar(long token, char result, @Nullable Throwable thrown) {
    exitObject(token, result, thrown);
  }

  /** For a result that may be a stage. */
  void exitLater(long token, @Nullable Object result, @Nullable Throwable thrown) {
    if (thrown != null || result == null) {
      exitObject(token, result, thrown);
    } else if (isOutermost(token)) {
      PendingCalls pending = state.pending;
      if (result instanceof CompletionStage<?> stage && pending != null) {
        follow(token, stage, pending);
      } else if (Arrival.ofValue(result) == Arrival.NOT_FOLLOWED) {
        if (!state.saidNotFollowed) {
          state.saidNotFollowed = true;
          notFollowed.accept(result.getClass());
        }
        exitUnread(token, result, null);
      } else {
        exit(token, result, null);
      }
    }
  }

  /** For a result that must not be looked at. */
  void exitUnread(long token, @Nullable Object result, @Nullable Throwable thrown) {
    if (isOutermost(token)) {
      long now = System.nanoTime();
      try {
        finish(token, now, thrown, -1);
      } catch (Throwable fault) {
        abandon(token, fault);
      }
    }
  }

  private void follow(long token, CompletionStage<?> stage, PendingCalls pending) {
    @Nullable Object[] calls;
    boolean outermost;
    try {
      calls = threads.ofThread();
      outermost = ThreadCalls.leave(calls, entry);
    } catch (Throwable fault) {
      abandon(token, fault);
      return;
    }
    try {
      if (token < 0) {
        rows.lost(lostRows(token), isLeftOut(token), null);
        return;
      }
      CapturePool of = poolOf(token);
      int first = slotOf(token);
      if (!of.holds(first, generationOf(token))) {
        return;
      }
      boolean batch = RowFlags.has(of, first, RowFlags.BATCH);
      boolean isRemembered = outermost && !idIsInResult() && of.callRows(first) > 0;
      if (isRemembered) {
        // Before the stage may complete: then the slots are no longer ours.
        remember(calls, of, first, of.callRows(first), batch);
      }
      int at = rows.exemplars.placeForLater();
      if (at >= 0) {
        showSpan(at, of, first);
      }
      @Nullable Object[] kept =
          isRemembered && keepsOutput ? KeptOutput.toCome(of.callRows(first)) : null;
      if (kept != null) {
        ThreadCalls.keep(calls, kept);
      }
      if (!pending.follow(stage, of, first, new LaterCall(this, token, kept))) {
        if (isRemembered) {
          ThreadCalls.forget(calls);
        }
        rows.lost(releaseAll(of, first), false, null);
      }
    } catch (Throwable fault) {
      lose(token, fault);
    }
  }

  private boolean idIsInResult() {
    for (ValueStep step : exitSteps) {
      if (!(step instanceof ValueStep.Version)) {
        return true;
      }
    }
    return false;
  }

  /** The end of a call that has returned long ago. */
  private record LaterCall(PredictPlan plan, long token, @Nullable Object @Nullable [] kept)
      implements PendingCalls.Call {
    @Override
    public void complete(@Nullable Object value, @Nullable Throwable thrown) {
      plan.complete(token, kept, value, thrown);
    }

    @Override
    public void giveUp() {
      plan.giveUp(token);
    }
  }

  private void complete(
      long token,
      @Nullable Object @Nullable [] kept,
      @Nullable Object value,
      @Nullable Throwable thrown) {
    long now = System.nanoTime();
    CapturePool of = poolOf(token);
    int first = slotOf(token);
    try {
      if (of.holds(first, generationOf(token))) {
        int limit = thrown == null ? readResult(token, value) : -1;
        if (kept != null && thrown == null) {
          showTask();
          KeptOutput.came(kept, of, first, limit < 0 ? of.callRows(first) : limit, rows);
        }
        close(of, first, now, thrown, limit, null);
      }
    } catch (Throwable fault) {
      lose(token, fault);
    }
  }

  private void giveUp(long token) {
    long now = System.nanoTime();
    try {
      close(poolOf(token), slotOf(token), now, null, -1, null);
    } catch (Throwable fault) {
      lose(token, fault);
    }
  }

  private static boolean isOutermost(long token) {
    return token > 0 || token <= NOTHING_KEPT;
  }

  /** The slot whose output a primitive result is; −1 if it is none. */
  private int direct(long token, OutputReader reader) {
    if (token <= 0 || state.outputIsArgument || !reader.isDirect()) {
      return -1;
    }
    CapturePool of = poolOf(token);
    int slot = slotOf(token);
    return of.holds(slot, generationOf(token)) && !RowFlags.has(of, slot, RowFlags.BATCH)
        ? slot
        : -1;
  }

  private void exit(long token, @Nullable Object result, @Nullable Throwable thrown) {
    long now = System.nanoTime();
    try {
      finish(token, now, thrown, thrown == null ? readResult(token, result) : -1);
    } catch (Throwable fault) {
      abandon(token, fault);
    }
  }

  /**
   * @return the outputs of a batch, or −1 if they are not counted
   */
  private int readResult(long token, @Nullable Object result) {
    OutputReader reader = state.outputs;
    if (reader == null) {
      return -1;
    }
    @Nullable Object[] calls = isGuarded ? threads.ofThread() : null;
    // A stage may complete where values are being read already.
    boolean wasCapturing = calls != null && ThreadCalls.isCapturing(calls);
    if (calls != null) {
      ThreadCalls.capturing(calls, true);
    }
    try {
      if (token > 0 && poolOf(token).holds(slotOf(token), generationOf(token))) {
        for (int i = 0; i < exitSteps.length; i++) {
          apply(exitSteps[i], STEPS + steps.length + i, token, result);
        }
      }
      return reads.isQuiet(OUTPUT) ? -1 : readOutputs(reader, token, result);
    } catch (Throwable unreadable) {
      reads.count(OUTPUT, place, "output", unreadable);
      return -1;
    } finally {
      if (calls != null) {
        ThreadCalls.capturing(calls, wasCapturing);
      }
    }
  }

  /**
   * @return the outputs of a batch, or −1 if they are not counted
   */
  private int readOutputs(OutputReader reader, long token, @Nullable Object result)
      throws Throwable {
    if (token < 0) {
      // Nothing is kept of the call, but fewer outputs than inputs mean fewer rows.
      return state.outputIsArgument || (NOTHING_KEPT - token & OF_BATCH) == 0
          ? -1
          : Elements.length(reader.container(result));
    }
    CapturePool of = poolOf(token);
    int first = slotOf(token);
    if (!of.holds(first, generationOf(token))) {
      return -1;
    }
    Object container =
        reader.container(state.outputIsArgument ? of.held(first, CapturePool.OUTPUT_ROOT) : result);
    if (!RowFlags.has(of, first, RowFlags.BATCH)) {
      reader.single(of, first, container);
      reads.worked(OUTPUT);
      return -1;
    }
    int outputs = Elements.length(container);
    for (int slot = first; slot >= 0; slot = of.next(slot)) {
      int index = of.rowIndex(slot);
      if (index < outputs && !reads.isQuiet(OUTPUT)) {
        try {
          reader.element(of, slot, container, index);
          reads.worked(OUTPUT);
        } catch (Throwable unreadable) {
          reads.count(OUTPUT, place, "output", unreadable);
        }
      }
    }
    return outputs;
  }

  private void finish(long token, long now, @Nullable Throwable thrown, int limit) {
    @Nullable Object[] calls = threads.ofThread();
    boolean outermost = ThreadCalls.leave(calls, entry);
    if (token < 0) {
      finishWithout(token, thrown, limit, outermost ? calls : null);
      return;
    }
    CapturePool of = poolOf(token);
    int first = slotOf(token);
    if (!of.holds(first, generationOf(token))) {
      return; // began before the site was last silenced
    }
    int at = rows.exemplars.place(now - of.head(first, CapturePool.START_NANOS));
    if (at >= 0) {
      showSpan(at, of, first);
    }
    close(of, first, now, thrown, limit, outermost ? calls : null);
  }

  private void showSpan(int at, CapturePool of, int first) {
    if (reads.isQuiet(SPAN)) {
      return;
    }
    try {
      rows.exemplars.take(at, spans, of, first);
      reads.worked(SPAN);
    } catch (Throwable unknown) {
      reads.count(SPAN, place, "the caller's span", unknown);
    }
  }

  private void finishWithout(
      long token, @Nullable Throwable thrown, int limit, @Nullable Object @Nullable [] calls) {
    long inputs = lostRows(token);
    long count = limit < 0 ? inputs : Math.min(inputs, limit);
    rows.lost(count, isLeftOut(token), thrown == null ? null : thrown.getClass().getName());
    if (calls != null && (thrown != null || count < inputs || inputs == 0)) {
      ThreadCalls.rows(calls, thrown != null ? 0 : (int) count);
    }
  }

  private static long lostRows(long token) {
    return NOTHING_KEPT - token >> ROWS;
  }

  private static boolean isLeftOut(long token) {
    return (NOTHING_KEPT - token & LEFT_OUT) != 0;
  }

  /**
   * @param calls of the thread whose last prediction this is; null if it is none's
   */
  private void close(
      CapturePool of,
      int first,
      long now,
      @Nullable Throwable thrown,
      int limit,
      @Nullable Object @Nullable [] calls) {
    showTask();
    long duration = now - of.head(first, CapturePool.START_NANOS);
    String errorType = thrown == null ? null : thrown.getClass().getName();
    if (RowFlags.has(of, first, RowFlags.BATCH)) {
      closeBatch(of, first, duration, errorType, limit, calls);
      return;
    }
    if (errorType != null) {
      of.hold(first, CapturePool.ERROR_TYPE, errorType);
      forgetSampled(calls, of, first);
    } else if (calls != null) {
      remember(calls, of, first, 1, false);
      keep(calls, of, first, 1);
    }
    if (!isKept(of, first)) {
      of.release(first);
      rows.lost(1, true, errorType);
      return;
    }
    of.head(first, CapturePool.DURATION_NANOS, duration);
    of.commit(first);
  }

  private void closeBatch(
      CapturePool of,
      int first,
      long duration,
      @Nullable String errorType,
      int limit,
      @Nullable Object @Nullable [] calls) {
    int inputs = of.callRows(first);
    int count = limit < 0 ? inputs : Math.min(inputs, limit);
    of.callRows(first, count);
    if (count == 0) {
      RowFlags.set(of, first, RowFlags.NO_ROW);
    } else if (errorType == null && calls != null) {
      remember(calls, of, first, count, true);
      keep(calls, of, first, count);
    }
    if (errorType != null || count == 0) {
      forgetSampled(calls, of, first);
    }
    // Where rows are sampled, those from here on found no room, and the others were left out.
    int full = RowFlags.level(of, first) > 0 ? (int) of.head(first, CapturePool.DURATION_NANOS) : 0;
    boolean isBroken = RowFlags.has(of, first, RowFlags.BROKEN);
    int captured = 0;
    int capturedBefore = 0;
    int slot = first;
    while (slot >= 0) {
      int next = of.next(slot);
      int index = of.rowIndex(slot);
      if ((index == 0 || index < count) && isKept(of, slot)) {
        if (index < Math.min(full, count)) {
          capturedBefore++;
        }
        of.hold(slot, CapturePool.ERROR_TYPE, errorType);
        of.head(slot, CapturePool.DURATION_NANOS, duration);
        captured++;
        of.commit(slot);
      } else {
        of.release(slot);
      }
      slot = next;
    }
    if (captured < count) {
      int leftOut = Math.min(full, count) - capturedBefore;
      rows.lost(leftOut, true, errorType);
      if (isBroken) {
        rows.unreadable(count - captured - leftOut, errorType);
      } else {
        rows.lost(count - captured - leftOut, false, errorType);
      }
    }
  }

  /** Whether the id that the result has told lets the row stay. */
  private boolean isKept(CapturePool of, int slot) {
    return choice.ids() != RowChoice.Ids.IN_RESULT
        || SampleHash.keeps(RowChoice.hashOf(of, slot), RowFlags.level(of, slot));
  }

  private void forgetSampled(@Nullable Object @Nullable [] calls, CapturePool of, int first) {
    if (calls != null && RowFlags.level(of, first) > 0) {
      ThreadCalls.forget(calls);
    }
  }

  private void remember(
      @Nullable Object[] calls, CapturePool of, int first, int count, boolean batch) {
    if (RowFlags.level(of, first) > 0 && choice.ids() != RowChoice.Ids.IN_RESULT) {
      ThreadCalls.rows(calls, count); // all else was noted when the call began
      return;
    }
    Object[] rowIds = null;
    int kind = RowFlags.idKind(of, first);
    Object id = of.held(first, CapturePool.ID);
    if (batch && ownIds) {
      // The base of rows without an id is generated; only such batches allocate.
      rowIds = new Object[count];
      for (int slot = first; slot >= 0; slot = of.next(slot)) {
        int index = of.rowIndex(slot);
        if (index < count) {
          rowIds[index] = of.held(slot, CapturePool.ID);
        }
      }
      kind = PredictionIds.GENERATED;
      id = null;
    }
    ThreadCalls.remember(
        calls,
        model,
        kind,
        of.head(first, CapturePool.ID_NUMBER),
        id,
        rowIds,
        of.number,
        count,
        batch);
  }

  private void rememberSampled(
      @Nullable Object[] calls,
      long number,
      long idNumber,
      @Nullable Object id,
      long text,
      @Nullable Object @Nullable [] rowIds,
      int count,
      boolean batch) {
    boolean isNamed = rowIds == null && (id != null || text != RowChoice.NO_TEXT);
    boolean isNumber = choice.ids() == RowChoice.Ids.NUMBER;
    int kind = PredictionIds.GENERATED_IN_SAMPLING;
    if (isNamed) {
      kind = isNumber ? PredictionIds.NUMBER : PredictionIds.VALUE;
    }
    ThreadCalls.remember(
        calls,
        model,
        kind,
        isNumber ? idNumber : number,
        isNamed ? id : null,
        rowIds,
        0,
        count,
        batch);
  }

  private void keep(@Nullable Object[] calls, CapturePool of, int first, int count) {
    // Of rows that are chosen by an id in the result, some have a slot and are not kept.
    boolean areKept = choice.ids() != RowChoice.Ids.IN_RESULT || RowFlags.level(of, first) == 0;
    if (keepsOutput && areKept) {
      ThreadCalls.keep(calls, KeptOutput.of(ThreadCalls.kept(calls), of, first, count, rows));
    }
  }

  /** A task that only an output could tell is known from the first one on. */
  private void showTask() {
    OutputReader reader = state.outputs;
    if (reader != null && !rows.knowsTask()) {
      var task = reader.task();
      if (task != null) {
        rows.task(task);
      }
    }
  }

  /** The exit failed: its slots must not stay occupied, nor its model on the thread's stack. */
  private void abandon(long token, Throwable fault) {
    try {
      ThreadCalls.leave(threads.ofThread(), entry);
      lose(token, fault);
    } catch (Throwable again) {
      faults.count(place, again);
    }
  }

  private void lose(long token, Throwable fault) {
    try {
      faults.count(place, fault);
      if (token > 0) {
        CapturePool of = poolOf(token);
        int first = slotOf(token);
        if (of.holds(first, generationOf(token))) {
          rows.failed.add(releaseAll(of, first));
        }
      }
    } catch (Throwable again) {
      faults.count(place, again);
    }
  }

  /** Answers the rows of the call, those without a slot included. */
  private static int releaseAll(CapturePool of, int first) {
    int rows = of.callRows(first);
    int slot = first;
    while (slot >= 0) {
      int next = of.next(slot);
      of.release(slot);
      slot = next;
    }
    return rows;
  }

  @SuppressWarnings("NullAway") // a token names a pool that was there when it was made
  private CapturePool poolOf(long token) {
    return (token & EARLY) == 0 ? state.pool : state.early;
  }

  private static int slotOf(long token) {
    return (int) token - 1;
  }

  private static int generationOf(long token) {
    return (int) (token >>> GENERATION);
  }
}
