package io.hindcast.core.capture;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Values that may be there: an empty one is missing, as null is. */
final class Optionals {
  private Optionals() {}

  static boolean isOptional(Class<?> type) {
    return type == Optional.class || isOfNumber(type);
  }

  static boolean isOfNumber(Class<?> type) {
    return type == OptionalDouble.class || type == OptionalInt.class || type == OptionalLong.class;
  }

  /** The number in an optional number, without boxing it; NaN if there is none. */
  static double number(Object optional) {
    if (optional instanceof OptionalDouble of) {
      return of.orElse(Double.NaN);
    }
    if (optional instanceof OptionalInt of) {
      return of.isPresent() ? of.getAsInt() : Double.NaN;
    }
    return optional instanceof OptionalLong of && of.isPresent() ? of.getAsLong() : Double.NaN;
  }

  /** What is inside, null if nothing is; what is no optional unchanged. */
  static @Nullable Object present(@Nullable Object value) {
    Object inside = value;
    while (inside instanceof Optional<?> optional) {
      inside = optional.orElse(null);
    }
    if (inside instanceof OptionalDouble optional) {
      return optional.isPresent() ? (Object) optional.getAsDouble() : null;
    }
    if (inside instanceof OptionalInt optional) {
      return optional.isPresent() ? (Object) optional.getAsInt() : null;
    }
    if (inside instanceof OptionalLong optional) {
      return optional.isPresent() ? (Object) optional.getAsLong() : null;
    }
    return inside;
  }
}
