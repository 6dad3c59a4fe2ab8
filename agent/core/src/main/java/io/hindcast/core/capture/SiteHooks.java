package io.hindcast.core.capture;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * What a woven method calls. Made when a class is woven, asked for handles when its site is linked.
 * No handle ever throws.
 *
 * <p>A predict method: {@code enter} has the type {@code (this?, parameters…)long} and answers a
 * token, {@code exit} has the type {@code (long token, result?, Throwable)void} with the result
 * left out for a void method; result is 0 or null where something was thrown. A label method: the
 * same with {@code Object} for the token. {@code this} is left out for static methods. Types are
 * those of the woven site, to the letter.
 */
public interface SiteHooks {
  /**
   * Told before it is linked where the site is.
   *
   * @param loader of the class that holds it; null for the boot loader
   */
  default void linkedIn(@Nullable ClassLoader loader) {}

  MethodHandle enter(MethodType type);

  MethodHandle exit(MethodType type);
}
