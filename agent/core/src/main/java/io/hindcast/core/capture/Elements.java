package io.hindcast.core.capture;

import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * Arrays, lists and buffers of numbers, by place. Of a buffer these are the elements from its
 * position to its limit, and neither is moved.
 */
final class Elements {
  /** Elements that are copied of a collection whose elements cannot be reached by place. */
  private static final int MOST_COPIED = 1 << 16;

  private Elements() {}

  /**
   * The first elements of a collection too large to be copied, or that could not be read further.
   *
   * @param broken what it threw then
   */
  private record Beginning(Object[] elements, int size, @Nullable RuntimeException broken) {
    @Nullable Object at(int index) {
      if (index < elements.length) {
        return elements[index];
      }
      if (broken != null) {
        throw broken;
      }
      return null;
    }
  }

  /** Number of elements; −1 for what is neither array nor list nor buffer of numbers. */
  static int length(@Nullable Object of) {
    if (of instanceof double[] a) {
      return a.length;
    }
    if (of instanceof float[] a) {
      return a.length;
    }
    if (of instanceof Object[] a) {
      return a.length;
    }
    if (of instanceof List<?> a) {
      return a.size();
    }
    if (of instanceof int[] a) {
      return a.length;
    }
    if (of instanceof long[] a) {
      return a.length;
    }
    if (of instanceof boolean[] a) {
      return a.length;
    }
    if (of instanceof short[] a) {
      return a.length;
    }
    if (of instanceof byte[] a) {
      return a.length;
    }
    if (of instanceof char[] a) {
      return a.length;
    }
    if (of instanceof Buffer buffer) {
      return areNumbers(of) ? buffer.remaining() : -1;
    }
    return of instanceof Beginning beginning ? beginning.size : -1;
  }

  /** Whether the elements are primitive numbers, so that {@link #number} reads each of them. */
  static boolean areNumbers(@Nullable Object of) {
    return of instanceof double[]
        || of instanceof float[]
        || of instanceof int[]
        || of instanceof long[]
        || of instanceof short[]
        || of instanceof byte[]
        || of instanceof Buffer && isBufferOfNumbers(of.getClass());
  }

  private static boolean isBufferOfNumbers(Class<?> type) {
    return FloatBuffer.class.isAssignableFrom(type)
        || DoubleBuffer.class.isAssignableFrom(type)
        || IntBuffer.class.isAssignableFrom(type)
        || LongBuffer.class.isAssignableFrom(type)
        || ShortBuffer.class.isAssignableFrom(type);
  }

  /** Whether the elements are primitive numbers without fraction. */
  static boolean areIntegers(@Nullable Object of) {
    return of instanceof int[]
        || of instanceof long[]
        || of instanceof short[]
        || of instanceof byte[]
        || of instanceof IntBuffer
        || of instanceof LongBuffer
        || of instanceof ShortBuffer;
  }

  /** An element as a number; NaN if it is none. The index is within the length. */
  static double number(Object of, int index) {
    if (of instanceof double[] a) {
      return a[index];
    }
    if (of instanceof float[] a) {
      return a[index];
    }
    if (of instanceof int[] a) {
      return a[index];
    }
    if (of instanceof long[] a) {
      return a[index];
    }
    if (of instanceof short[] a) {
      return a[index];
    }
    if (of instanceof byte[] a) {
      return a[index];
    }
    if (of instanceof Buffer) {
      return ofBuffer(of, index);
    }
    return get(of, index) instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static double ofBuffer(Object of, int index) {
    if (of instanceof FloatBuffer b) {
      return b.get(b.position() + index);
    }
    if (of instanceof DoubleBuffer b) {
      return b.get(b.position() + index);
    }
    if (of instanceof IntBuffer b) {
      return b.get(b.position() + index);
    }
    if (of instanceof LongBuffer b) {
      return b.get(b.position() + index);
    }
    return of instanceof ShortBuffer b ? b.get(b.position() + index) : Double.NaN;
  }

  /** An element; null outside. */
  static @Nullable Object get(@Nullable Object of, int index) {
    if (of == null || index < 0 || index >= length(of)) {
      return null;
    }
    if (of instanceof Object[] a) {
      return a[index];
    }
    if (of instanceof List<?> a) {
      return a.get(index);
    }
    if (of instanceof LongBuffer b) {
      return b.get(b.position() + index); // exact, as a long of an array is
    }
    if (of instanceof Buffer) {
      return areIntegers(of) ? (Object) (int) ofBuffer(of, index) : (Object) ofBuffer(of, index);
    }
    if (of instanceof Beginning beginning) {
      return beginning.at(index);
    }
    return java.lang.reflect.Array.get(of, index);
  }

  /**
   * What is inside an optional; a collection in a form whose elements are cheap to reach; anything
   * else unchanged.
   */
  static @Nullable Object reachable(@Nullable Object of) {
    if (of == null || of.getClass().isArray()) {
      return of; // asked first: an array costs a search to be found no list
    }
    if (Optionals.isOptional(of.getClass())) {
      return reachable(Optionals.present(of));
    }
    return of instanceof Collection<?> all && !(all instanceof List && all instanceof RandomAccess)
        ? copied(all)
        : of;
  }

  private static Object copied(Collection<?> all) {
    int size = all.size();
    if (size <= MOST_COPIED) {
      try {
        return all.toArray();
      } catch (RuntimeException changedMeanwhile) {
        return beginning(all, size);
      }
    }
    return beginning(all, size);
  }

  private static Object beginning(Collection<?> all, int size) {
    var first = new Object[Math.min(size, MOST_COPIED)];
    RuntimeException broken = null;
    int n = 0;
    try {
      for (Object element : all) {
        if (n == first.length) {
          break;
        }
        first[n++] = element;
      }
    } catch (RuntimeException thrown) {
      boolean areRows = n > 0 && first[0] != null && isRow(first[0].getClass());
      if (!areRows) {
        throw thrown; // half of one row is none
      }
      broken = thrown;
    }
    return new Beginning(Arrays.copyOf(first, n), size, broken);
  }

  /** Whether values of a type are numbers or categories. */
  static boolean isScalar(Class<?> type) {
    return type.isPrimitive() && type != void.class
        || Number.class.isAssignableFrom(type)
        || type == String.class
        || type == Boolean.class
        || type == Character.class
        || type.isEnum()
        || type == Enum.class;
  }

  static boolean isScalar(@Nullable Object value) {
    return value instanceof Number
        || value instanceof String
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof Enum<?>;
  }

  /** Whether values of a type can hold the values of one row. */
  static boolean isRow(Class<?> type) {
    return type.isArray()
        || Collection.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type)
        || type.isRecord()
        || Buffer.class.isAssignableFrom(type) && isBufferOfNumbers(type);
  }
}
