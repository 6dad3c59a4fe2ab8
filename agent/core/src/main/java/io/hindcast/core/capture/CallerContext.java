package io.hindcast.core.capture;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application's own libraries keep for the thread that calls: its trace, its baggage, the
 * context of its log. Reached by name through the loader of the class that is watched; whatever is
 * not there is not asked.
 */
final class CallerContext {
  /*
   * Names are put together here and now: the packaging of the agent renames every constant that
   * begins with the name of a library that it carries, and these are the application's.
   */
  private static final String OPEN_TELEMETRY = String.join(".", "io", "opentelemetry", "api");

  /** The OpenTelemetry agent's own copy, which the boot loader has, where it watches us too. */
  private static final String OF_ITS_AGENT =
      String.join(".", "io", "opentelemetry", "javaagent", "shaded", OPEN_TELEMETRY);

  private static final MethodHandles.Lookup PUBLIC = MethodHandles.publicLookup();

  private CallerContext() {}

  /** Reads one thing; null if the thread has none. */
  interface Reader {
    @Nullable String read() throws Throwable;
  }

  /** The id of the trace that the caller is in. Null if there is no OpenTelemetry here. */
  static @Nullable Reader trace(SpanReader spans, @Nullable ClassLoader loader) {
    if (find(".trace.Span", loader) == null) {
      return null;
    }
    return () -> {
      CallerSpan span = spans.current();
      return span == null ? null : span.traceId();
    };
  }

  /** A value of the caller's baggage. Null if there is no OpenTelemetry here. */
  static @Nullable Reader baggage(SpanReader spans, @Nullable ClassLoader loader, String key) {
    Class<?> baggage = find(".baggage.Baggage", loader);
    if (baggage == null) {
      return null;
    }
    try {
      MethodHandle current =
          PUBLIC
              .findStatic(baggage, "current", MethodType.methodType(baggage))
              .asType(MethodType.methodType(Object.class));
      MethodHandle value =
          PUBLIC
              .findVirtual(
                  baggage, "getEntryValue", MethodType.methodType(String.class, String.class))
              .asType(MethodType.methodType(String.class, Object.class, String.class));
      // Who asks first decides where contexts are kept, and that is not ours to decide.
      return () -> spans.isInUse() ? (String) value.invokeExact(current.invokeExact(), key) : null;
    } catch (ReflectiveOperationException | LinkageError otherVersion) {
      return null;
    }
  }

  /**
   * A value of the mapped diagnostic context of SLF4J, else of Log4j. Null if the application has
   * neither.
   */
  static @Nullable Reader mdc(@Nullable ClassLoader loader, String key) {
    var contexts = new ArrayList<MethodHandle>();
    for (String name : List.of("org.slf4j.MDC", "org.apache.logging.log4j.ThreadContext")) {
      try {
        Class<?> context = Class.forName(name, true, loader);
        contexts.add(
            PUBLIC.findStatic(context, "get", MethodType.methodType(String.class, String.class)));
      } catch (ReflectiveOperationException | LinkageError absent) {
        // The next one, or none.
      }
    }
    if (contexts.isEmpty()) {
      return null;
    }
    MethodHandle[] all = contexts.toArray(new MethodHandle[0]);
    return () -> {
      String value = null;
      // SLF4J without a binding answers nothing, and Log4j may be there by itself.
      for (int i = 0; i < all.length && value == null; i++) {
        value = (String) all[i].invokeExact(key);
      }
      return value;
    };
  }

  /** A class of the OpenTelemetry API: the application's, else that of its agent. */
  private static @Nullable Class<?> find(String name, @Nullable ClassLoader loader) {
    try {
      return Class.forName(OPEN_TELEMETRY + name, false, loader);
    } catch (ClassNotFoundException | LinkageError absent) {
      try {
        return Class.forName(OF_ITS_AGENT + name, false, null);
      } catch (ClassNotFoundException | LinkageError absentToo) {
        return null;
      }
    }
  }
}
