package io.hindcast.core.capture;

import io.hindcast.core.model.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a thread's last prediction answered, for the receipt that it may ask for. In arrays of JDK
 * types, as all that {@link ThreadCalls} holds; those of a thread are filled again and again, those
 * of a result that is still to come belong to the one call.
 */
final class KeptOutput {
  /*
   *   0  version, a String
   *   1  long[]: the fields below
   *   2  double[]: score or value of each row; NaN if there is none
   *   3  Object[]: what was answered as the class of each row, a String or an immutable JDK value
   */
  private static final int VERSION = 0;
  private static final int FIELDS = 1;
  private static final int SCORES = 2;
  private static final int CLASSES = 3;

  private static final int START_NANOS = 0;
  private static final int TASK = 1;
  private static final int STATE = 2;
  private static final int WEIGHT = 3;

  private static final long OF_THE_THREAD = 0;
  private static final long TO_COME = 1;
  private static final long THERE = 2;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final Task[] TASKS = Task.values();

  private KeptOutput() {}

  /**
   * Keeps the output of a call that has ended.
   *
   * @param before what the thread kept; filled if it has the room
   */
  static @Nullable Object[] of(
      @Nullable Object @Nullable [] before, CapturePool of, int first, int rows, CapturedRows in) {
    boolean fits =
        before != null
            && fields(before)[STATE] == OF_THE_THREAD
            && ((double[]) before[SCORES]).length >= rows;
    @Nullable Object[] kept = fits && before != null ? before : room(rows, OF_THE_THREAD);
    fill(kept, of, first, rows, in);
    return kept;
  }

  /** Room for the output of a call whose result is still to come. */
  static @Nullable Object[] toCome(int rows) {
    return room(rows, TO_COME);
  }

  private static @Nullable Object[] room(int rows, long state) {
    return new @Nullable Object[] {
      null, new long[] {0, 0, state, 1}, new double[rows], new @Nullable Object[rows]
    };
  }

  /** The result has come. Any thread. */
  static void came(@Nullable Object[] kept, CapturePool of, int first, int rows, CapturedRows in) {
    fill(kept, of, first, Math.min(rows, ((double[]) kept[SCORES]).length), in);
    LONGS.setRelease(fields(kept), STATE, THERE);
  }

  private static void fill(
      @Nullable Object[] kept, CapturePool of, int first, int rows, CapturedRows in) {
    long[] fields = fields(kept);
    fields[START_NANOS] = of.head(first, CapturePool.START_NANOS);
    fields[WEIGHT] = 1L << RowFlags.level(of, first);
    fields[TASK] = in.task().ordinal();
    kept[VERSION] = in.version(of.held(first, CapturePool.VERSION));
    double[] scores = (double[]) kept[SCORES];
    @Nullable Object[] classes = (@Nullable Object[]) kept[CLASSES];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Double.NaN;
      classes[i] = null;
    }
    for (int slot = first; slot >= 0; slot = of.next(slot)) {
      int index = of.rowIndex(slot);
      if (index < rows) {
        double score = of.values[of.valueAt(slot) + CapturePool.SCORE];
        if (RowFlags.has(of, slot, RowFlags.PREDICTED_NUMBER)) {
          classes[index] = score;
        } else {
          scores[index] = score;
          classes[index] = classOf(of.held(slot, CapturePool.PREDICTED));
        }
      }
    }
  }

  /** An enum's constant is of a class of the application. */
  private static @Nullable Object classOf(@Nullable Object predicted) {
    if (predicted instanceof Enum<?> constant) {
      return constant.name();
    }
    return predicted == OutputReader.UNREADABLE ? null : predicted;
  }

  /** What may leave the thread: a copy, unless it belongs to its call alone. */
  static @Nullable Object[] copy(@Nullable Object[] kept) {
    long[] fields = fields(kept);
    if (fields[STATE] != OF_THE_THREAD) {
      return kept;
    }
    return new @Nullable Object[] {
      kept[VERSION],
      new long[] {fields[START_NANOS], fields[TASK], THERE, fields[WEIGHT]},
      ((double[]) kept[SCORES]).clone(),
      ((Object[]) kept[CLASSES]).clone()
    };
  }

  /** False until the result has come. */
  static boolean isThere(@Nullable Object[] kept) {
    return (long) LONGS.getAcquire(fields(kept), STATE) == THERE;
  }

  static String version(@Nullable Object[] kept) {
    return String.valueOf(kept[VERSION]);
  }

  /** When the call began, by {@link System#nanoTime}. */
  static long startNanos(@Nullable Object[] kept) {
    return fields(kept)[START_NANOS];
  }

  /** Rows that each of these stands for. */
  static long weight(@Nullable Object[] kept) {
    return fields(kept)[WEIGHT];
  }

  static Task task(@Nullable Object[] kept) {
    return TASKS[(int) fields(kept)[TASK]];
  }

  static double score(@Nullable Object[] kept, int row) {
    double[] scores = (double[]) kept[SCORES];
    return row < scores.length ? scores[row] : Double.NaN;
  }

  static @Nullable Object predicted(@Nullable Object[] kept, int row) {
    @Nullable Object[] classes = (@Nullable Object[]) kept[CLASSES];
    return row < classes.length ? classes[row] : null;
  }

  private static long[] fields(@Nullable Object[] kept) {
    return (long[]) kept[FIELDS];
  }
}
