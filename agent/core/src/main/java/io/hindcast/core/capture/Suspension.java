package io.hindcast.core.capture;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Kotlin's suspend functions: Java methods with one parameter more, which answer a mark when they
 * are suspended, and are called again, by their own continuation and with no arguments to speak of,
 * when they go on. Only the first of these calls is one.
 *
 * @param own how the names of the classes begin that the compiler makes for the function's state
 */
record Suspension(String own) {
  /** Put together here and now: as a constant it would be renamed with the copy that we carry. */
  private static final String CONTINUATION =
      String.join("", "kot", "lin", ".coroutines.Continuation");

  /** Whether a method of this type is a suspend function. */
  static boolean isIn(MethodType type) {
    int last = type.parameterCount() - 1;
    return last >= 0 && type.parameterType(last).getName().equals(CONTINUATION);
  }

  static Suspension of(MethodSite site) {
    String name = site.methodName();
    int mangled = name.indexOf('-');
    return new Suspension(
        site.className() + '$' + (mangled < 0 ? name : name.substring(0, mangled)) + '$');
  }

  /** The hook, but nothing where a function goes on. */
  MethodHandle firstCallsOf(MethodHandle enter) throws ReflectiveOperationException {
    MethodType type = enter.type();
    int last = type.parameterCount() - 1;
    MethodHandle goesOn =
        MethodHandles.lookup()
            .findVirtual(
                Suspension.class, "goesOn", MethodType.methodType(boolean.class, Object.class))
            .bindTo(this)
            .asType(MethodType.methodType(boolean.class, type.parameterType(last)));
    return MethodHandles.guardWithTest(
        MethodHandles.dropArguments(goesOn, 0, type.parameterList().subList(0, last)),
        MethodHandles.dropArguments(
            MethodHandles.constant(long.class, Token.NOTHING), 0, type.parameterList()),
        enter);
  }

  @SuppressWarnings("UnusedMethod") // by handle
  private boolean goesOn(@Nullable Object continuation) {
    return continuation != null && continuation.getClass().getName().startsWith(own);
  }
}
