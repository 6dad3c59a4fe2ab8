package io.hindcast.core.capture;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happens when one woven predict method begins. Its methods are called by the code of {@link
 * EntryClass}, on the application's threads: they never throw and never block, and on the way of
 * numbers they allocate nothing. What happens when the method ends is in {@link CallExit}.
 *
 * @param place for the log
 * @param entry for the stack of the thread
 * @param reads what the application's code throws while values are read
 * @param choice by which rows are kept while they are sampled
 * @param isOneRow whether the types tell that a call is one row, which the argument itself holds
 * @param startsMissing whether not every place is written for every row
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
    PlanReads reads,
    PlanPools pools,
    CapturedRows rows,
    RowSampling sampling,
    RowChoice choice,
    @Nullable Primary primary,
    ValueStep[] steps,
    ValueStep[] exitSteps,
    boolean isOneRow,
    boolean startsMissing,
    boolean isGuarded,
    boolean ownIds,
    boolean keepsOutput,
    Consumer<Class<?>> notFollowed,
    SpanReader spans,
    State state) {
  /*
   * A record, and bound to the handles of its site: its components are constants for the compiler,
   * as far as it inlines. It does as long as what is not the case for most calls is in methods of
   * their own: code of more than 325 bytes stays out, and so does what has become 2500 bytes of
   * machine code.
   *
   * Most calls are one row of a model that is inside no other. They are told by a few comparisons
   * and begin in beginAlone, in a slot that the thread has leased; everything else in beginAny. A
   * call that began alone ends alone, unless it throws.
   */

  /** What a plan learns after its site was linked. */
  static final class State {
    private @Nullable Object kept;
    private volatile @Nullable CallExit exit;

    /** Null where a result is there when the call returns. */
    private volatile @Nullable LaterExit later;
  }

  /** Holds what the exits are linked by, as long as there is a site that enters. */
  void keep(Object compiled) {
    state.kept = compiled;
  }

  /** How calls end, once the type of their result is known. */
  void exit(CallExit exit) {
    state.exit = exit;
  }

  @Nullable CallExit exit() {
    return state.exit;
  }

  /** Results may be stages. */
  void exit(LaterExit later) {
    state.later = later;
    rows.pending(later.pending());
  }

  @Nullable LaterExit laterExit() {
    return state.later;
  }

  // The beginning

  long begin(@Nullable Object root) {
    long token = isOneRow ? beginAlone(root) : Token.NOT_ALONE;
    return token != Token.NOT_ALONE ? token : beginAny(root, null, 0);
  }

  long begin(@Nullable Object root, long id) {
    long token = isOneRow ? beginAlone(root) : Token.NOT_ALONE;
    return token != Token.NOT_ALONE ? token : beginAny(root, null, id);
  }

  long begin(@Nullable Object root, @Nullable Object id) {
    long token = isOneRow ? beginAlone(root) : Token.NOT_ALONE;
    return token != Token.NOT_ALONE ? token : beginAny(root, id, 0);
  }

  private long beginAlone(@Nullable Object root) {
    CapturePool into = pools.main();
    if (into == null || sampling.level() != 0 || faults.isQuiet()) {
      return Token.NOT_ALONE;
    }
    boolean entered = false;
    long token = Token.NOT_ALONE;
    try {
      @Nullable Object[] calls = threads.ofThread();
      long[] words = ThreadCalls.words(calls);
      if (!ThreadCalls.mayEnterAlone(calls, words, entry)) {
        return Token.NOT_ALONE;
      }
      token = into.beginAlone(words, rows.clocks.mask());
      if (token == Token.NOT_ALONE) {
        token = into.leaseAndBegin(calls, words, rows.clocks.mask());
        if (token == Token.NOT_ALONE) {
          return token;
        }
      }
      ThreadCalls.enterAlone(words, isGuarded);
      entered = true;
      if (startsMissing) {
        into.missing(Token.slot(token));
      }
      if (primary != null
          && !(root instanceof double[] row
              && primary.writeInOrder(into, Token.slot(token), row))) {
        primary.write(into, Token.slot(token), 0, root);
      }
      return token;
    } catch (Throwable t) {
      return giveUp(into, token > 0 ? Token.slot(token) : -1, entered, t);
    }
  }

  private long beginAny(@Nullable Object root, @Nullable Object id, long idNumber) {
    boolean entered = false;
    int first = -1;
    CapturePool into = null;
    try {
      @Nullable Object[] calls = threads.ofThread();
      if (ThreadCalls.isCapturing(calls)) {
        return Token.NOTHING;
      }
      if (!threads.enter(calls, entry)) {
        return Token.NESTED;
      }
      entered = true;
      if (faults.isQuiet()) {
        return leaveUnread(root);
      }
      if (isGuarded) {
        ThreadCalls.capturing(calls, true);
      }
      Object container = primary == null ? null : reads.containerOf(primary, root);
      int n = primary == null ? RowCount.ONE_ROW : reads.rowsIn(primary, container);
      into = primary == null ? pools.main() : pools.of(reads, primary, container, n);
      if (into == null) {
        return Token.NOTHING; // cannot be: such plans are opened when they are linked
      }
      int level = sampling.level();
      if (level > 0 || n > into.atOnce()) {
        level = sampling.levelFor(n, into.atOnce());
        if (level > 0) {
          return SampledEntry.begin(this, calls, into, container, n, id, idNumber, level);
        }
      }
      first = into.claim();
      if (first < 0) {
        return Token.nothingKept(Math.abs(n), n >= 0, false);
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
      primary.write(into, first, 0, container);
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
    return entered ? Token.NOTHING_KEPT : Token.NOTHING;
  }

  private long leaveUnread(@Nullable Object root) {
    rows.failed.add(rowsUnread(root));
    return Token.NOTHING_KEPT;
  }

  /** Rows of a call of which nothing is read: what an array tells by itself, else one. */
  private int rowsUnread(@Nullable Object root) {
    Primary known = primary;
    return known != null && known.prefix().isEmpty() && root != null && root.getClass().isArray()
        ? Math.max(1, known.rows(root))
        : 1;
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
      boolean isRead = reads.writeElement(primary, into, slot, index, container);
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

  /** Begins a row in a slot that was claimed. */
  void start(CapturePool into, int slot, int first, int index, int callRows) {
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

  /** Of the first row of a call. */
  long token(CapturePool of, int slot) {
    return Token.of(of.generation(slot), slot, pools.isEarly(of));
  }

  // The arguments, one by one

  /** Where the numbers of a call of one row go, from {@link #firstNumber} on. */
  double[] numbers(long token) {
    return pools.numbers(token);
  }

  int firstNumber(long token) {
    return token > 0 ? pools.of(token).featureAt(Token.slot(token)) : 0;
  }

  /** A number that all rows of the call have. */
  void number(long token, double value, int place) {
    if (token > 0) {
      CapturePool of = pools.of(token);
      for (int slot = Token.slot(token); slot >= 0; slot = of.next(slot)) {
        of.number(slot, place, value);
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
      CapturePool of = pools.of(token);
      for (int slot = Token.slot(token); slot >= 0; slot = of.next(slot)) {
        of.reference(slot, place, value);
      }
    }
  }

  void id(long token, long value) {
    if (token > 0) {
      CapturePool of = pools.of(token);
      for (int slot = Token.slot(token); slot >= 0; slot = of.next(slot)) {
        of.head(slot, CapturePool.ID_NUMBER, value);
        RowFlags.idKind(of, slot, PredictionIds.NUMBER);
      }
    }
  }

  void value(long token, @Nullable Object argument, int index) {
    if (token > 0) {
      reads.apply(steps[index], index, pools.of(token), Token.slot(token), argument, rows);
    }
  }

  // Then the method's own code runs

  long end(long token) {
    if (!isGuarded && Token.isAloneAndUntimed(token)) {
      return token;
    }
    return Token.isAlone(token) ? endAlone(token) : endAny(token);
  }

  private long endAlone(long token) {
    CapturePool of = pools.of(token);
    int slot = Token.slot(token);
    @Nullable Object[] caller = of.callers[slot];
    if (isGuarded && caller != null) {
      ThreadCalls.capturing(caller, false);
    }
    if (Token.isTimed(token)) {
      of.head(slot, CapturePool.START_NANOS, System.nanoTime());
    }
    return token;
  }

  private long endAny(long token) {
    if (isGuarded && Token.isOutermost(token)) {
      ThreadCalls.capturing(threads.ofThread(), false);
    }
    if (token > 0) {
      CapturePool of = pools.of(token);
      long now = System.nanoTime();
      for (int slot = Token.slot(token); slot >= 0; slot = of.next(slot)) {
        of.head(slot, CapturePool.START_NANOS, now);
      }
    }
    return token;
  }

  long failed(long token, Throwable fault) {
    try {
      faults.count(place, fault);
      if (isGuarded && Token.isOutermost(token)) {
        ThreadCalls.capturing(threads.ofThread(), false);
      }
      if (token > 0) {
        rows.failed.add(releaseAll(pools.of(token), Token.slot(token)));
        return Token.NOTHING_KEPT;
      }
    } catch (Throwable again) {
      faults.count(place, again);
    }
    return token;
  }

  /** Answers the rows of the call, those without a slot included. */
  static int releaseAll(CapturePool of, int first) {
    int rows = of.callRows(first);
    int slot = first;
    while (slot >= 0) {
      int next = of.next(slot);
      of.release(slot);
      slot = next;
    }
    return rows;
  }
}
