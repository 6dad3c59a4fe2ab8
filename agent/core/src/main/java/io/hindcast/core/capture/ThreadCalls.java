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
 *
 * @param countsNested whether a prediction inside one of the same model counts beside it
 */
record ThreadCalls(ThreadLocal<@Nullable Object[]> threads, boolean countsNested) {
  /*
   * The array of a thread:
   *   0  long[] of the counters below
   *   1  model of the last prediction, 2 its id or null, 3 Object[] of its rows' ids or null
   *   4  KeptOutput of the last prediction, where receipts are made
   *   5… entries of the models on the stack, outermost first: a key and the place that entered
   *
   * A set of keys and not a depth per model: only the outermost call of a model enters and leaves,
   * so an exit that is lost in a nested frame (a stack overflow) cannot shift a count. Keys are
   * objects of one planner, so that what an earlier one left behind means nothing.
   *
   * An outermost exit can be lost too: near the end of the stack a hook may overflow before its
   * first instruction. Its model would then never be captured on that thread again, so a long run
   * of calls that seem nested looks at the stack whether their outer call is really there.
   *
   * Where every nested call counts, it has an entry of its own, and an exit takes the innermost of
   * its model; a long run of calls that are not outermost is looked at in the same way.
   */
  private static final int SUSPICIOUS = 256;

  private static final int COUNTERS = 0;
  private static final int MODEL = 1;
  private static final int ID = 2;
  private static final int ROW_IDS = 3;
  private static final int KEPT = 4;
  private static final int FIRST_ENTRY = 5;

  private static final int ACTIVE = 0;
  private static final int CAPTURING = 1;
  private static final int ID_KIND = 2;
  private static final int ID_NUMBER = 3;
  private static final int ID_POOL = 4;
  private static final int ROWS = 5;
  private static final int BATCH = 6;
  private static final int PREDICTIONS = 7;
  private static final int NESTED_IN_A_ROW = 8;
  private static final int SAMPLED = 9;
  private static final int HAS_KEPT = 10;

  private static final int NO_PREDICTION = -1;

  ThreadCalls(boolean countsNested) {
    this(new ThreadLocal<>(), countsNested);
  }

  @Nullable Object[] ofThread() {
    @Nullable Object[] calls = threads.get();
    return calls != null ? calls : newThread();
  }

  private @Nullable Object[] newThread() {
    var calls = new @Nullable Object[FIRST_ENTRY + 4];
    var counters = new long[11];
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

  /**
   * What enters and leaves.
   *
   * @param key of the model
   * @param place class and method, as in {@code com.acme.Model#predict}
   */
  static Object[] entry(Object key, String place) {
    return new Object[] {key, place};
  }

  /** A call of a model begins. False if it is inside one that counts for it. */
  boolean enter(@Nullable Object[] calls, Object[] entry) {
    if (countsNested) {
      pushEach(calls, entry);
    } else if (!push(calls, entry)) {
      return false;
    }
    if (counters(calls)[PREDICTIONS]++ == 0) {
      forget(calls);
    }
    return true;
  }

  /** The call that entered ends. Answers whether it was the outermost of all predictions. */
  static boolean leave(@Nullable Object[] calls, Object[] entry) {
    return pop(calls, entry) && --counters(calls)[PREDICTIONS] == 0;
  }

  /** The same as {@link #enter} for a call that is no prediction, so that the last one stays. */
  boolean push(@Nullable Object[] calls, Object[] entry) {
    long[] counters = counters(calls);
    int end = FIRST_ENTRY + (int) counters[ACTIVE];
    for (int i = FIRST_ENTRY; i < end; i++) {
      if (keyOf(calls[i]) == entry[0]) {
        if (++counters[NESTED_IN_A_ROW] % SUSPICIOUS != 0 || isOnStack(calls[i], entry)) {
          return false;
        }
        // What entered has not left: nothing that the thread noted can be relied on.
        counters[ACTIVE] = 0;
        counters[PREDICTIONS] = 0;
        end = FIRST_ENTRY;
        break;
      }
    }
    if (end == calls.length) {
      calls = Arrays.copyOf(calls, 2 * calls.length);
      threads.set(calls);
    }
    // What left stays in its place: mostly it is what comes next, and needs no store.
    if (calls[end] != entry) {
      calls[end] = entry;
    }
    counters[ACTIVE]++;
    counters[NESTED_IN_A_ROW] = 0;
    return true;
  }

  private void pushEach(@Nullable Object[] calls, Object[] entry) {
    long[] counters = counters(calls);
    int active = (int) counters[ACTIVE];
    if (active == 0) {
      counters[NESTED_IN_A_ROW] = 0;
    } else if (++counters[NESTED_IN_A_ROW] % SUSPICIOUS == 0
        && !isOnStack(calls[FIRST_ENTRY], entry)) {
      counters[ACTIVE] = 0;
      counters[PREDICTIONS] = 0;
      active = 0;
    }
    int end = FIRST_ENTRY + active;
    if (end == calls.length) {
      calls = Arrays.copyOf(calls, 2 * calls.length);
      threads.set(calls);
    }
    if (calls[end] != entry) {
      calls[end] = entry;
    }
    counters[ACTIVE]++;
  }

  private static @Nullable Object keyOf(@Nullable Object entry) {
    return entry == null ? null : ((Object[]) entry)[0];
  }

  /** Whether the place that entered is on the stack, besides the call that begins now. */
  private static boolean isOnStack(@Nullable Object entered, Object[] now) {
    if (entered == null) {
      return false;
    }
    Object place = ((Object[]) entered)[1];
    int own = place.equals(now[1]) ? 1 : 0;
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(f -> place.equals(f.getClassName() + '#' + f.getMethodName()))
                    .skip(own)
                    .findFirst()
                    .isPresent());
  }

  /** Answers whether the entry's key was there. */
  static boolean pop(@Nullable Object[] calls, Object[] entry) {
    long[] counters = counters(calls);
    int last = FIRST_ENTRY + (int) counters[ACTIVE] - 1;
    for (int i = last; i >= FIRST_ENTRY; i--) {
      if (keyOf(calls[i]) == entry[0]) {
        if (i < last) {
          System.arraycopy(calls, i + 1, calls, i, last - i);
        }
        counters[ACTIVE]--;
        return true;
      }
    }
    return false;
  }

  /** Whether the call that has entered is inside no other prediction. */
  static boolean isOutermost(@Nullable Object[] calls) {
    return counters(calls)[PREDICTIONS] == 1;
  }

  /** A number that no other call of the process has, while rows are sampled. */
  static long nextNumber(@Nullable Object[] calls) {
    // Multiples of this constant are far apart, so the threads' numbers do not meet.
    long number = Thread.currentThread().getId() * 0x9E3779B97F4A7C15L + counters(calls)[SAMPLED]++;
    return number & Long.MAX_VALUE;
  }

  /** The last prediction turned out to have so many rows. */
  static void rows(@Nullable Object[] calls, int rows) {
    if (rows == 0) {
      forget(calls);
    } else {
      counters(calls)[ROWS] = rows;
    }
  }

  /** There is no last prediction. */
  static void forget(@Nullable Object[] calls) {
    counters(calls)[ID_KIND] = NO_PREDICTION;
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
    counters[HAS_KEPT] = 0;
    // A store that changes nothing still costs the collector's barriers.
    if (calls[MODEL] != model) {
      calls[MODEL] = model;
    }
    if (calls[ID] != id) {
      calls[ID] = id;
    }
    if (calls[ROW_IDS] != rowIds) {
      calls[ROW_IDS] = rowIds;
    }
  }

  /** What was kept of the last prediction or of one before it: to be overwritten. */
  static @Nullable Object @Nullable [] kept(@Nullable Object[] calls) {
    return (@Nullable Object[]) calls[KEPT];
  }

  static void keep(@Nullable Object[] calls, @Nullable Object[] output) {
    if (calls[KEPT] != output) {
      calls[KEPT] = output;
    }
    counters(calls)[HAS_KEPT] = 1;
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
        (Object[]) calls[ROW_IDS],
        counters[HAS_KEPT] == 0 ? null : kept(calls));
  }

  private static long[] counters(@Nullable Object[] calls) {
    return (long[]) calls[COUNTERS];
  }

  /**
   * @param id of the call
   * @param rowIds where the rows have ids of their own; null in it where a row has not
   * @param kept for receipts; null where none are made
   */
  record Latest(
      String model,
      String id,
      int rows,
      boolean batch,
      @Nullable Object @Nullable [] rowIds,
      @Nullable Object @Nullable [] kept) {}
}
