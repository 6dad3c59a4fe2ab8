package io.hindcast.core.capture;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The current span of the calling thread, whoever manages it: the OpenTelemetry agent, else the
 * OpenTelemetry API of the application, else nobody. Any thread.
 */
final class SpanReader {
  /*
   * The agent comes first, because it bridges the application's API to its own. It may be attached
   * later, and the application's API may be used later, so what was not there is looked for again,
   * less and less often.
   *
   * The application's API chooses where it keeps its context when it is first asked for it, and an
   * application that has something to say about that must say so before. So it is not asked before
   * the application itself has: then the class that made the choice is loaded. No span can be
   * current before that.
   *
   * The name of OpenTelemetry's packages is put together here and now: as a constant, it would be
   * renamed with the copy that the agent carries.
   */
  private static final String HERE = String.join(".", "io", "opentelemetry");

  private static final String AGENTS = HERE + ".javaagent.shaded.";
  private static final String SPAN = HERE + ".api.trace.Span";
  private static final String SPAN_CONTEXT = HERE + ".api.trace.SpanContext";
  private static final String CONTEXT = HERE + ".context.Context";
  private static final String STORAGE = HERE + ".context.LazyStorage";

  private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;
  private static final long LONGEST_PAUSE_NANOS = 60_000_000_000L;

  private final WeakReference<@Nullable ClassLoader> application;
  private final Consumer<Class<?>> opener;
  private volatile @Nullable Api api;

  private boolean looked;
  private long lookedNanos;
  private long pauseNanos = FIRST_PAUSE_NANOS;

  /**
   * @param application loader of the class whose calls are made; null: only an agent is asked
   * @param opener opens the package of a class to us
   */
  SpanReader(@Nullable ClassLoader application, Consumer<Class<?>> opener) {
    this.application = new WeakReference<>(application);
    this.opener = opener;
  }

  /** Null if there is no span, or nobody who would know. */
  @Nullable CallerSpan current() throws Throwable {
    Api known = api;
    if (known == null) {
      known = look();
    }
    return known == null ? null : known.current();
  }

  /** Whether somebody manages spans here, so that to ask for a context decides nothing. */
  boolean isInUse() throws Throwable {
    return api != null || look() != null;
  }

  private synchronized @Nullable Api look() throws Throwable {
    Api known = api;
    long now = System.nanoTime();
    if (known != null || looked && now - lookedNanos < pauseNanos) {
      return known;
    }
    if (looked) {
      pauseNanos = Math.min(LONGEST_PAUSE_NANOS, 2 * pauseNanos);
    }
    looked = true;
    lookedNanos = now;
    known = find(AGENTS, null);
    ClassLoader loader = application.get();
    if (known == null && loader != null && isInUse(loader)) {
      known = find("", loader);
    }
    api = known;
    return known;
  }

  private boolean isInUse(ClassLoader loader) throws Throwable {
    ClassLoader definer;
    try {
      definer = Class.forName(CONTEXT, false, loader).getClassLoader();
    } catch (ClassNotFoundException | LinkageError absent) {
      return false;
    }
    if (definer == null || definer.getResource(STORAGE.replace('.', '/') + ".class") == null) {
      return true; // another version, which keeps its context otherwise
    }
    opener.accept(ClassLoader.class);
    MethodHandle loaded =
        MethodHandles.privateLookupIn(ClassLoader.class, MethodHandles.lookup())
            .findVirtual(
                ClassLoader.class, "findLoadedClass", methodType(Class.class, String.class));
    return (Class<?>) loaded.invokeExact(definer, STORAGE) != null;
  }

  private static @Nullable Api find(String prefix, @Nullable ClassLoader loader) throws Throwable {
    Class<?> span;
    Class<?> context;
    try {
      span = Class.forName(prefix + SPAN, false, loader);
      context = Class.forName(prefix + SPAN_CONTEXT, false, loader);
    } catch (ClassNotFoundException | LinkageError absent) {
      return null;
    }
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    return new Api(
        lookup.findStatic(span, "current", methodType(span)).asType(methodType(Object.class)),
        lookup
            .findVirtual(span, "getSpanContext", methodType(context))
            .asType(methodType(Object.class, Object.class)),
        flag(lookup, context, "isValid"),
        flag(lookup, context, "isSampled"),
        text(lookup, context, "getTraceId"),
        text(lookup, context, "getSpanId"));
  }

  private static MethodHandle flag(MethodHandles.Lookup lookup, Class<?> context, String name)
      throws ReflectiveOperationException {
    return lookup
        .findVirtual(context, name, methodType(boolean.class))
        .asType(methodType(boolean.class, Object.class));
  }

  private static MethodHandle text(MethodHandles.Lookup lookup, Class<?> context, String name)
      throws ReflectiveOperationException {
    return lookup
        .findVirtual(context, name, methodType(String.class))
        .asType(methodType(String.class, Object.class));
  }

  /** One copy of OpenTelemetry's API. */
  private record Api(
      MethodHandle span,
      MethodHandle context,
      MethodHandle isValid,
      MethodHandle isSampled,
      MethodHandle traceId,
      MethodHandle spanId) {
    @Nullable CallerSpan current() throws Throwable {
      Object of = (Object) context.invokeExact((Object) span.invokeExact());
      return (boolean) isValid.invokeExact(of)
          ? new CallerSpan(
              (String) traceId.invokeExact(of),
              (String) spanId.invokeExact(of),
              (boolean) isSampled.invokeExact(of))
          : null;
    }
  }
}
