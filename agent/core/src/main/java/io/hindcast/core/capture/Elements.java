package io.hindcast.core.capture;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Arrays and lists, by place. */
final class Elements {
  private Elements() {}

  /** Number of elements; −1 for what is neither array nor list. */
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
    return of instanceof char[] a ? a.length : -1;
  }

  /** Whether the elements are primitive numbers, so that {@link #number} reads each of them. */
  static boolean areNumbers(@Nullable Object of) {
    return of instanceof double[]
        || of instanceof float[]
        || of instanceof int[]
        || of instanceof long[]
        || of instanceof short[]
        || of instanceof byte[];
  }

  /** Whether the elements are primitive numbers without fraction. */
  static boolean areIntegers(@Nullable Object of) {
    return of instanceof int[]
        || of instanceof long[]
        || of instanceof short[]
        || of instanceof byte[];
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
    return get(of, index) instanceof Number number ? number.doubleValue() : Double.NaN;
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
    return java.lang.reflect.Array.get(of, index);
  }

  /** A list whose elements are cheap to reach; anything else unchanged. */
  static @Nullable Object reachable(@Nullable Object of) {
    if (of == null || of.getClass().isArray()) {
      return of; // asked first: an array costs a search to be found no list
    }
    return of instanceof List<?> list && !(list instanceof java.util.RandomAccess)
        ? list.toArray()
        : of;
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
        || List.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type)
        || type.isRecord();
  }
}
