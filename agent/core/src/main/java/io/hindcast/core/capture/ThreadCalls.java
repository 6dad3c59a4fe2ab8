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
   *   0  long[] of the words below
   *   1  model of the last prediction, 2 its id or null, 3 Object[] of its rows' ids or null
   *   4  KeptOutput of the last prediction, where receipts are made
   *   5… entries of the models on the stack, outermost first: a key, the place that entered, and the
   *      model
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
   *
   * What is under way is one word, so that the call that mostly comes, of the same model as the last
   * one and inside no other, is told by one comparison.
   */
  private static final int SUSPICIOUS = 256;

  private static final int WORDS = 0;
  private static final int MODEL = 1;
  private static final int ID = 2;
  private static final int ROW_IDS = 3;
  private static final int KEPT = 4;
  private static final int FIRST_ENTRY = 5;

  /**
   * Entries on the stack, those of them that are predictions, and whether values are being read.
   */
  private static final int UNDER_WAY = 0;

  private static final int NESTED_IN_A_ROW = 1;
  private static final int SAMPLED = 2;

  /** Kind of the last prediction's id, whether it is a batch, whether its output was kept, pool. */
  private static final int LAST = 3;

  private static final int LAST_NUMBER = 4;
  private static final int LAST_ROWS = 5;
  private static final int THREAD = 6;

  /** Where the words of {@link Leases} begin; virtual threads have none. */
  static final int FIRST_OF_LEASES = 7;

  private static final int MODEL_OF_ENTRY = 2;

  private static final long ONE_ENTRY = 1;
  private static final int PREDICTIONS = 24;
  private static final long ONE_PREDICTION = 1L << PREDICTIONS;
  private static final long COUNT = (1 << PREDICTIONS) - 1;
  private static final long CAPTURING = 1L << 48;

  private static final long NO_PREDICTION = 0;
  private static final long IS_THERE = 1;
  private static final long IS_BATCH = 1 << 1;
  private static final long HAS_KEPT = 1 << 2;

  /**
   * The id is generated, and the model is that of the first entry, where nobody has entered since.
   */
  private static final long IS_ALONE = 1 << 3;

  private static final int KIND = 4;
  private static final long KINDS = 15;
  private static final int POOL = 8;

  ThreadCalls(boolean countsNested) {
    this(new ThreadLocal<>(), countsNested);
  }

  @Nullable Object[] ofThread() {
    @Nullable Object[] calls = threads.get();
    return calls != null ? calls : newThread();
  }

  private @Nullable Object[] newThread() {
    var calls = new @Nullable Object[FIRST_ENTRY + 4];
    var words = new long[FIRST_OF_LEASES + (Leases.isForThisThread() ? Leases.WORDS : 0)];
    words[THREAD] = Thread.currentThread().getId();
    calls[WORDS] = words;
    threads.set(calls);
    return calls;
  }

  /** Whether the thread reads values for us, so that what it calls is not the application's. */
  static boolean isCapturing(@Nullable Object[] calls) {
    return (words(calls)[UNDER_WAY] & CAPTURING) != 0;
  }

  static void capturing(@Nullable Object[] calls, boolean yes) {
    long[] words = words(calls);
    words[UNDER_WAY] = yes ? words[UNDER_WAY] | CAPTURING : words[UNDER_WAY] & ~CAPTURING;
  }

  /**
   * What enters and leaves.
   *
   * @param key of the model
   * @param place class and method, as in {@code com.acme.Model#predict}
   */
  static Object[] entry(Object key, String place, String model) {
    return new Object[] {key, place, model};
  }

  /**
   * Whether nothing is under way, and the last model that entered as the outermost is this one:
   * then {@link #enterAlone} is all that has to be done.
   *
   * @param words of the calls
   */
  static boolean mayEnterAlone(@Nullable Object[] calls, long[] words, Object[] entry) {
    return words[UNDER_WAY] == 0 && calls[FIRST_ENTRY] == entry;
  }

  /**
   * @param isCapturing whether values are read for it from now on
   */
  static void enterAlone(long[] words, boolean isCapturing) {
    words[LAST] = NO_PREDICTION;
    words[NESTED_IN_A_ROW] = 0;
    words[UNDER_WAY] = ONE_ENTRY + ONE_PREDICTION + (isCapturing ? CAPTURING : 0);
  }

  /**
   * The end of a call that entered alone. False, and nothing is done, if something is amiss.
   *
   * @param words of the calls
   */
  static boolean leaveAlone(@Nullable Object[] calls, long[] words, Object[] entry) {
    if (words[UNDER_WAY] != ONE_ENTRY + ONE_PREDICTION || calls[FIRST_ENTRY] != entry) {
      return false;
    }
    words[UNDER_WAY] = 0;
    return true;
  }

  /** A call of a model begins. False if it is inside one that counts for it. */
  boolean enter(@Nullable Object[] calls, Object[] entry) {
    if (countsNested) {
      pushEach(calls, entry);
    } else if (!push(calls, entry)) {
      return false;
    }
    long[] words = words(calls);
    if (predictions(words) == 0) {
      forget(calls);
    }
    words[UNDER_WAY] += ONE_PREDICTION;
    return true;
  }

  /** The call that entered ends. Answers whether it was the outermost of all predictions. */
  static boolean leave(@Nullable Object[] calls, Object[] entry) {
    if (!pop(calls, entry)) {
      return false;
    }
    long[] words = words(calls);
    words[UNDER_WAY] -= ONE_PREDICTION;
    return predictions(words) == 0;
  }

  private static int active(long[] words) {
    return (int) (words[UNDER_WAY] & COUNT);
  }

  private static int predictions(long[] words) {
    return (int) (words[UNDER_WAY] >>> PREDICTIONS & COUNT);
  }

  /** What left stays where it was, and so does it if the array had to grow. */
  private @Nullable Object[] grown(@Nullable Object[] calls) {
    @Nullable Object[] grown = Arrays.copyOf(calls, 2 * calls.length);
    threads.set(grown);
    calls[FIRST_ENTRY] = null; // nobody who still holds it enters or leaves alone
    return grown;
  }

  /** The same as {@link #enter} for a call that is no prediction, so that the last one stays. */
  boolean push(@Nullable Object[] calls, Object[] entry) {
    long[] words = words(calls);
    int end = FIRST_ENTRY + active(words);
    for (int i = FIRST_ENTRY; i < end; i++) {
      if (keyOf(calls[i]) == entry[0]) {
        if (++words[NESTED_IN_A_ROW] % SUSPICIOUS != 0 || isOnStack(calls[i], entry)) {
          return false;
        }
        // What entered has not left: nothing that the thread noted can be relied on.
        words[UNDER_WAY] &= CAPTURING;
        end = FIRST_ENTRY;
        break;
      }
    }
    if (end == calls.length) {
      calls = grown(calls);
    }
    enterAt(calls, end, entry);
    words[UNDER_WAY] += ONE_ENTRY;
    words[NESTED_IN_A_ROW] = 0;
    return true;
  }

  private void pushEach(@Nullable Object[] calls, Object[] entry) {
    long[] words = words(calls);
    int active = active(words);
    if (active == 0) {
      words[NESTED_IN_A_ROW] = 0;
    } else if (++words[NESTED_IN_A_ROW] % SUSPICIOUS == 0
        && !isOnStack(calls[FIRST_ENTRY], entry)) {
      words[UNDER_WAY] &= CAPTURING;
      active = 0;
    }
    int end = FIRST_ENTRY + active;
    if (end == calls.length) {
      calls = grown(calls);
    }
    enterAt(calls, end, entry);
    words[UNDER_WAY] += ONE_ENTRY;
  }

  private static void enterAt(@Nullable Object[] calls, int end, Object[] entry) {
    // What left stays in its place: mostly it is what comes next, and needs no store.
    Object[] before = (Object[]) calls[end];
    if (before != entry) {
      long[] words = words(calls);
      if (end == FIRST_ENTRY && before != null && (words[LAST] & IS_ALONE) != 0) {
        words[LAST] &= ~IS_ALONE;
        words[LAST_ROWS] = 1;
        noteObjects(calls, (String) before[MODEL_OF_ENTRY], null, null);
      }
      calls[end] = entry;
    }
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
    long[] words = words(calls);
    int last = FIRST_ENTRY + active(words) - 1;
    for (int i = last; i >= FIRST_ENTRY; i--) {
      if (keyOf(calls[i]) == entry[0]) {
        if (i < last) {
          System.arraycopy(calls, i + 1, calls, i, last - i);
        }
        words[UNDER_WAY] -= ONE_ENTRY;
        return true;
      }
    }
    return false;
  }

  /** Whether the call that has entered is inside no other prediction. */
  static boolean isOutermost(@Nullable Object[] calls) {
    return predictions(words(calls)) == 1;
  }

  /** A number that no other call of the process has, while rows are sampled. */
  static long nextNumber(@Nullable Object[] calls) {
    // Multiples of this constant are far apart, so the threads' numbers do not meet.
    long number = Thread.currentThread().getId() * 0x9E3779B97F4A7C15L + words(calls)[SAMPLED]++;
    return number & Long.MAX_VALUE;
  }

  /** The last prediction turned out to have so many rows. */
  static void rows(@Nullable Object[] calls, int rows) {
    if (rows == 0) {
      forget(calls);
    } else {
      words(calls)[LAST_ROWS] = rows; // of one that was remembered when it began: not alone
    }
  }

  /** There is no last prediction. */
  static void forget(@Nullable Object[] calls) {
    words(calls)[LAST] = NO_PREDICTION;
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
    long[] words = words(calls);
    words[LAST] = IS_THERE | (batch ? IS_BATCH : 0) | (long) idKind << KIND | (long) pool << POOL;
    words[LAST_NUMBER] = idNumber;
    words[LAST_ROWS] = rows;
    noteObjects(calls, model, id, rowIds);
  }

  /**
   * Of a call that was alone and has just left: one row with a generated id.
   *
   * @param last as {@link #lastOfPool} answers
   */
  static void rememberAlone(long[] words, long last, long idNumber) {
    words[LAST] = last;
    words[LAST_NUMBER] = idNumber;
  }

  static long lastOfPool(int pool) {
    return IS_THERE | IS_ALONE | (long) PredictionIds.GENERATED << KIND | (long) pool << POOL;
  }

  private static void noteObjects(
      @Nullable Object[] calls,
      String model,
      @Nullable Object id,
      @Nullable Object @Nullable [] rowIds) {
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
    words(calls)[LAST] |= HAS_KEPT;
  }

  /** The last prediction of the calling thread; null if there is none or a call is under way. */
  @Nullable Latest latest(PredictionIds ids) {
    @Nullable Object[] calls = threads.get();
    if (calls == null) {
      return null;
    }
    long[] words = words(calls);
    long last = words[LAST];
    if (last == NO_PREDICTION || predictions(words) != 0) {
      return null;
    }
    boolean isAlone = (last & IS_ALONE) != 0;
    Object[] first = (Object[]) calls[FIRST_ENTRY];
    String id =
        ids.text(
            (int) (last >>> KIND & KINDS),
            words[LAST_NUMBER],
            (int) (last >>> POOL),
            isAlone ? null : calls[ID]);
    return new Latest(
        String.valueOf(isAlone && first != null ? first[MODEL_OF_ENTRY] : calls[MODEL]),
        id,
        isAlone ? 1 : (int) words[LAST_ROWS],
        (last & IS_BATCH) != 0,
        isAlone ? null : (Object[]) calls[ROW_IDS],
        (last & HAS_KEPT) == 0 ? null : kept(calls));
  }

  /** Id of the thread that these belong to. */
  static long threadOf(@Nullable Object[] calls) {
    return words(calls)[THREAD];
  }

  /** The words of the thread, its leases among them. */
  static long[] words(@Nullable Object[] calls) {
    return (long[]) calls[WORDS];
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
