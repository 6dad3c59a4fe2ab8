package io.hindcast.core.capture;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one thread is doing: the models whose calls are on its stack, and its last prediction. One
 * thread-local of JDK types, changed in place, so that a pool thread that outlives an application
 * or the agent holds nothing of either.
 *
 * <p>A virtual thread has one too, made at its first instrumented call and gone with it: about 250
 * bytes, less than the stack of any call, and without it recursion could not be told from two
 * calls.
 */
final class ThreadCalls {
  /*
   * The array of a thread:
   *   0  long[] of the counters below
   *   1  model of the last prediction, 2 its id or null, 3 Object[] of its rows' ids or null
   *   4… keys of the models on the stack, outermost first
   *
   * A set of keys and not a depth per model: only the outermost call of a model enters and leaves,
   * so an exit that is lost in a nested frame (a stack overflow) cannot shift a count. Keys are
   * objects of one planner, so that what an earlier one left behind means nothing.
   */
  private static final int COUNTERS = 0;
  private static final int MODEL = 1;
  private static final int ID = 2;
  private static final int ROW_IDS = 3;
  private static final int FIRST_KEY = 4;

  private static final int ACTIVE = 0;
  private static final int CAPTURING = 1;
  private static final int ID_KIND = 2;
  private static final int ID_NUMBER = 3;
  private static final int ID_POOL = 4;
  private static final int ROWS = 5;
  private static final int BATCH = 6;
  private static final int PREDICTIONS = 7;

  private static final int NO_PREDICTION = -1;

  private final ThreadLocal<@Nullable Object[]> threads = new ThreadLocal<>();

  @Nullable Object[] ofThread() {
    @Nullable Object[] calls = threads.get();
    return calls != null ? calls : newThread();
  }

  private @Nullable Object[] newThread() {
    var calls = new @Nullable Object[8];
    var counters = new long[8];
    counters[ID_KIND] = NO_PREDICTION;
    calls[COUNTERS] = counters;
    threads.set(calls);
    return calls;
  }

  /** Whether the thread reads values for us, so that what it calls is not the application's. */
  static boolean isCapturing(@Nullable Object[] calls) {
    return counters(calls)[CAPTURING] != 0;
  }

  static void capturing(@Nullable Object[] calls, boolean yes) {
    counters(calls)[CAPTURING] = yes ? 1 : 0;
  }

  /** A call of a model begins. False if one is on the stack already. */
  boolean enter(@Nullable Object[] calls, Object key) {
    if (!push(calls, key)) {
      return false;
    }
    if (counters(calls)[PREDICTIONS]++ == 0) {
      forget(calls);
    }
    return true;
  }

  /** The call that entered ends. Answers whether it was the outermost of all predictions. */
  static boolean leave(@Nullable Object[] calls, Object key) {
    return pop(calls, key) && --counters(calls)[PREDICTIONS] == 0;
  }

  /** The same as {@link #enter} for a call that is no prediction, so that the last one stays. */
  boolean push(@Nullable Object[] calls, Object key) {
    long[] counters = counters(calls);
    int active = (int) counters[ACTIVE];
    for (int i = FIRST_KEY; i < FIRST_KEY + active; i++) {
      if (calls[i] == key) {
        return false;
      }
    }
    if (FIRST_KEY + active == calls.length) {
      calls = Arrays.copyOf(calls, 2 * calls.length);
      threads.set(calls);
    }
    calls[FIRST_KEY + active] = key;
    counters[ACTIVE] = active + 1;
    return true;
  }

  /** Answers whether the key was there. */
  static boolean pop(@Nullable Object[] calls, Object key) {
    long[] counters = counters(calls);
    int last = FIRST_KEY + (int) counters[ACTIVE] - 1;
    for (int i = last; i >= FIRST_KEY; i--) {
      if (calls[i] == key) {
        System.arraycopy(calls, i + 1, calls, i, last - i);
        calls[last] = null;
        counters[ACTIVE] = last - FIRST_KEY;
        return true;
      }
    }
    return false;
  }

  /** There is no last prediction. */
  static void forget(@Nullable Object[] calls) {
    counters(calls)[ID_KIND] = NO_PREDICTION;
    if (calls[ID] != null) {
      calls[ID] = null;
    }
    if (calls[ROW_IDS] != null) {
      calls[ROW_IDS] = null;
    }
  }

  static void remember(
      @Nullable Object[] calls,
      String model,
      int idKind,
      long idNumber,
      @Nullable Object id,
      @Nullable Object @Nullable [] rowIds,
      int pool,
      int rows,
      boolean batch) {
    long[] counters = counters(calls);
    counters[ID_KIND] = idKind;
    counters[ID_NUMBER] = idNumber;
    counters[ID_POOL] = pool;
    counters[ROWS] = rows;
    counters[BATCH] = batch ? 1 : 0;
    calls[MODEL] = model;
    calls[ID] = id;
    calls[ROW_IDS] = rowIds;
  }

  /** The last prediction of the calling thread; null if there is none or a call is under way. */
  @Nullable Latest latest(PredictionIds ids) {
    @Nullable Object[] calls = threads.get();
    if (calls == null) {
      return null;
    }
    long[] counters = counters(calls);
    if (counters[ID_KIND] == NO_PREDICTION || counters[PREDICTIONS] != 0) {
      return null;
    }
    String id =
        ids.text((int) counters[ID_KIND], counters[ID_NUMBER], (int) counters[ID_POOL], calls[ID]);
    return new Latest(
        String.valueOf(calls[MODEL]),
        id,
        (int) counters[ROWS],
        counters[BATCH] != 0,
        (Object[]) calls[ROW_IDS]);
  }

  private static long[] counters(@Nullable Object[] calls) {
    return (long[]) java.util.Objects.requireNonNull(calls[COUNTERS]);
  }

  /**
   * @param id of the call
   * @param rowIds where the rows have ids of their own; null in it where a row has not
   */
  record Latest(
      String model, String id, int rows, boolean batch, @Nullable Object @Nullable [] rowIds) {}
}
