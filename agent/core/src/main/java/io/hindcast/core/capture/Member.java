package io.hindcast.core.capture;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** A record component, field or getter of an application's class, ready to be read. */
final class Member {
  private static final MethodType REFERENCE = MethodType.methodType(Object.class, Object.class);
  private static final MethodType NUMBER = MethodType.methodType(double.class, Object.class);

  final String name;
  final Class<?> type;

  /** {@code (Object)Object}. */
  private final MethodHandle reference;

  /** {@code (Object)double}, where the type is a primitive number: reads without boxing. */
  private final @Nullable MethodHandle number;

  /**
   * @param getter takes the owner and answers the value
   */
  Member(String name, MethodHandle getter) {
    this.name = name;
    this.type = getter.type().returnType();
    this.reference = getter.asType(REFERENCE);
    boolean isNumber = type.isPrimitive() && type != boolean.class && type != char.class;
    this.number = isNumber ? getter.asType(NUMBER) : null;
  }

  /** Stands for a member that cannot be read: always null. */
  static Member none(String name) {
    return new Member(
        name,
        MethodHandles.dropArguments(MethodHandles.constant(Object.class, null), 0, Object.class));
  }

  @Nullable Object read(Object owner) throws Throwable {
    return reference.invokeExact(owner);
  }

  /** {@code (Object)double}; null if it is no primitive number. */
  @Nullable MethodHandle numberHandle() {
    return number;
  }

  boolean isNumber() {
    return number != null;
  }

  @SuppressWarnings("NullAway") // asked only if isNumber
  double readNumber(Object owner) throws Throwable {
    return (double) number.invokeExact(owner);
  }
}
