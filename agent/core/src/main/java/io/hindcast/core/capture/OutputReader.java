package io.hindcast.core.capture;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.Task;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a method answers into the output of a row: a score, a value, a class, or
 * probabilities. Any thread.
 */
final class OutputReader {
  /** Probabilities may miss 1 by so much. */
  private static final double TOLERANCE = 1e-3;

  /** Above this a {@code long} is no longer exact as a {@code double}. */
  private static final long EXACT = 1L << 53;

  /** Stands where a predicted class should be. */
  static final Object UNREADABLE = new Object();

  private final PathReader prefix;
  private final @Nullable PathReader each;
  private final ModelConfig.Output output;

  /** The path, the task or the file says what the value is, so that its type need not. */
  private final boolean isTold;

  private final int positiveIndex;
  private volatile @Nullable Task task;

  /**
   * @param prefix from the root to the value, or to what holds one value per row
   * @param each from what a row has there to its value; null: it is the value
   * @param task null if only the first value can tell
   * @param isTold whether the configuration or annotation says what the value is
   */
  OutputReader(
      PathReader prefix,
      @Nullable PathReader each,
      ModelConfig.Output output,
      @Nullable Task task,
      boolean isTold) {
    this.prefix = prefix;
    this.each = each;
    this.output = output;
    this.task = task;
    this.isTold = isTold;
    int index = output.classes().indexOf(output.positive());
    this.positiveIndex = index >= 0 ? index : 1;
  }

  /** Null until a value has shown it. */
  @Nullable Task task() {
    return task;
  }

  /** Whether a primitive result is the value itself. */
  boolean isDirect() {
    return prefix.isEmpty() && each == null;
  }

  /** Whether it is known by now that a {@code double} is a score or a value. */
  boolean isScore() {
    Task known = task;
    return known == Task.REGRESSION || known == Task.BINARY && output.predicted() == null;
  }

  /** The value of a row, or what holds one value per row. */
  @Nullable Object container(@Nullable Object root) throws Throwable {
    return Elements.reachable(prefix.read(root));
  }

  /** The output of a call that is one row. */
  void single(CapturePool pool, int slot, @Nullable Object container) throws Throwable {
    if (each == null) {
      object(pool, slot, container);
    } else {
      element(pool, slot, container, 0);
    }
  }

  /** The output of one row of a batch. The index is within the container's length. */
  void element(CapturePool pool, int slot, @Nullable Object container, int index) throws Throwable {
    if (container == null) {
      return;
    }
    if (each != null) {
      object(pool, slot, each.read(Elements.get(container, index)));
    } else if (Elements.areIntegers(container)) {
      integer(
          pool,
          slot,
          container instanceof long[] a ? a[index] : (long) Elements.number(container, index));
    } else if (Elements.areNumbers(container)) {
      number(pool, slot, Elements.number(container, index));
    } else if (container instanceof boolean[] a) {
      category(pool, slot, a[index], Task.BINARY);
    } else {
      object(pool, slot, Elements.get(container, index));
    }
  }

  void integer(CapturePool pool, int slot, long value) {
    Task known = taskOr(Task.MULTICLASS);
    if (known == Task.REGRESSION || known == Task.BINARY && output.score() != null) {
      score(pool, slot, (double) value);
    } else if (known != Task.INPUTS_ONLY) {
      if (Math.abs(value) <= EXACT) {
        predictedNumber(pool, slot, (double) value);
      } else {
        pool.hold(slot, CapturePool.PREDICTED, value);
      }
    }
  }

  void number(CapturePool pool, int slot, double value) {
    Task known = taskOr(Task.REGRESSION);
    if (known == Task.MULTICLASS || known == Task.BINARY && output.predicted() != null) {
      if (!Double.isNaN(value)) {
        predictedNumber(pool, slot, value);
      }
    } else if (known != Task.INPUTS_ONLY) {
      score(pool, slot, value);
    }
  }

  void category(CapturePool pool, int slot, Object value, Task byType) {
    Task known = taskOr(byType);
    if (known == Task.BINARY || known == Task.MULTICLASS) {
      pool.hold(slot, CapturePool.PREDICTED, value);
    } else if (known == Task.REGRESSION) {
      pool.hold(slot, CapturePool.PREDICTED, UNREADABLE);
    }
  }

  private void object(CapturePool pool, int slot, @Nullable Object answer) {
    Object value = Optionals.present(answer);
    if (value == null) {
      return;
    }
    if (value instanceof Boolean) {
      category(pool, slot, value, Task.BINARY);
    } else if (value instanceof String || value instanceof Enum<?> || value instanceof Character) {
      category(pool, slot, value, Task.MULTICLASS);
    } else if (value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte) {
      integer(pool, slot, ((Number) value).longValue());
    } else if (value.getClass() == BigInteger.class) {
      Task known = taskOr(Task.MULTICLASS);
      if (known == Task.REGRESSION || output.score() != null) {
        score(pool, slot, ((Number) value).doubleValue());
      } else {
        category(pool, slot, value, Task.MULTICLASS);
      }
    } else if (value instanceof Number number) {
      number(pool, slot, number.doubleValue());
    } else {
      Object elements = Elements.reachable(value);
      int length = Elements.length(elements);
      if (length >= 0 && elements != null) {
        array(pool, slot, elements, length);
      } else {
        Task known = taskOr(Task.INPUTS_ONLY);
        if (known != Task.INPUTS_ONLY) {
          pool.hold(slot, CapturePool.PREDICTED, UNREADABLE);
        }
      }
    }
  }

  private void array(CapturePool pool, int slot, Object of, int length) {
    Task known = task;
    if (known == Task.BINARY) {
      int at = length == 1 ? 0 : positiveIndex;
      if (at < length) {
        score(pool, slot, Elements.number(of, at));
      }
      return;
    }
    if (known == Task.REGRESSION) {
      if (length == 1) {
        score(pool, slot, Elements.number(of, 0));
      }
      return;
    }
    if (known == Task.INPUTS_ONLY) {
      return;
    }
    int largest = 0;
    double sum = 0;
    boolean inUnit = true;
    for (int i = 0; i < length; i++) {
      double p = Elements.number(of, i);
      if (Double.isNaN(p)) {
        inUnit = false;
        sum = Double.NaN;
        break;
      }
      inUnit &= p >= 0 && p <= 1;
      sum += p;
      if (p > Elements.number(of, largest)) {
        largest = i;
      }
    }
    boolean areProbabilities =
        length > 1 && inUnit && !Elements.areIntegers(of) && Math.abs(sum - 1) <= TOLERANCE;
    known = taskOr(areProbabilities ? Task.MULTICLASS : Task.INPUTS_ONLY);
    if (known != Task.MULTICLASS || length == 0 || Double.isNaN(sum)) {
      return;
    }
    if (!areProbabilities && !isTold) {
      return;
    }
    List<String> classes = output.classes();
    if (largest < classes.size()) {
      pool.hold(slot, CapturePool.PREDICTED, classes.get(largest));
    } else {
      predictedNumber(pool, slot, largest);
    }
    if (areProbabilities) {
      pool.values[pool.valueAt(slot) + CapturePool.CONFIDENCE] = Elements.number(of, largest);
      CapturePool.Probabilities room = pool.probabilities(length);
      if (room != null) {
        int at = room.at(slot);
        for (int i = 0; i < length; i++) {
          room.values()[at + i] = Elements.number(of, i);
        }
        RowFlags.probabilities(pool, slot, length);
      }
    }
  }

  private static void score(CapturePool pool, int slot, double value) {
    pool.values[pool.valueAt(slot) + CapturePool.SCORE] = value;
  }

  private static void predictedNumber(CapturePool pool, int slot, double value) {
    score(pool, slot, value);
    RowFlags.set(pool, slot, RowFlags.PREDICTED_NUMBER);
  }

  private Task taskOr(Task byType) {
    Task known = task;
    if (known == null) {
      // Threads may race here with outputs of different types; the last one wins, and from then
      // on all rows of the site have its task.
      known = byType;
      task = known;
    }
    return known;
  }

  /**
   * The task that a type of output means.
   *
   * @return null if only a value can tell
   */
  static @Nullable Task taskOf(Class<?> type) {
    if (type == void.class) {
      return Task.INPUTS_ONLY;
    }
    if (type == boolean.class || type == Boolean.class) {
      return Task.BINARY;
    }
    if (type == double.class
        || type == float.class
        || type == Double.class
        || type == Float.class
        || type == BigDecimal.class
        || type == OptionalDouble.class) {
      return Task.REGRESSION;
    }
    if (type == BigInteger.class
        || type == OptionalInt.class
        || type == OptionalLong.class
        || Elements.isScalar(type) && type != Number.class && !isOtherNumber(type)) {
      return Task.MULTICLASS;
    }
    return isOtherNumber(type) && type != Number.class ? Task.REGRESSION : null;
  }

  private static boolean isOtherNumber(Class<?> type) {
    return Number.class.isAssignableFrom(type)
        && type != Integer.class
        && type != Long.class
        && type != Short.class
        && type != Byte.class;
  }
}
