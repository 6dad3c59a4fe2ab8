package io.hindcast.core.capture;

import java.io.InputStream;
import java.io.Reader;
import java.nio.Buffer;
import java.util.Collection;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.stream.BaseStream;

/** Values that are used up by being read, or may be: they are left to the application. */
final class ReadOnce {
  private ReadOnce() {}

  /** Whether what a value of this type holds can be read only once, as far as its type tells. */
  static boolean is(Class<?> type) {
    return BaseStream.class.isAssignableFrom(type)
        || Iterator.class.isAssignableFrom(type)
        || Enumeration.class.isAssignableFrom(type)
        || InputStream.class.isAssignableFrom(type)
        || Reader.class.isAssignableFrom(type)
        || Iterable.class.isAssignableFrom(type) && !Collection.class.isAssignableFrom(type);
  }

  /** Why the values of a type are not captured. */
  static String reason(Class<?> type) {
    if (is(type)) {
      return "a "
          + type.getName()
          + " may be read only once, so it is left to the application and has no features";
    }
    if (Buffer.class.isAssignableFrom(type)) {
      return "a " + type.getName() + " holds no numbers that can be told apart";
    }
    return "values of " + type.getName() + " are captured only by path";
  }
}
