package io.hindcast.instrumentation;

import io.hindcast.core.capture.HookFactory;
import io.hindcast.core.capture.MethodSite;
import io.hindcast.core.capture.SiteHooks;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Writes down what woven code says. Public members are reached by method handles. */
final class RecordingHooks implements HookFactory {
  /** A call as the agent sees it: from {@code enter} to {@code exit}. */
  static final class Call {
    final MethodSite site;
    final Object[] arguments;
    Object token;
    boolean ended;
    Object result;
    Throwable thrown;

    Call(MethodSite site, Object[] arguments) {
      this.site = site;
      this.arguments = arguments;
    }
  }

  final List<MethodSite> sites = new CopyOnWriteArrayList<>();
  final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
  final List<MethodType> enterTypes = new CopyOnWriteArrayList<>();
  final List<MethodType> exitTypes = new CopyOnWriteArrayList<>();
  final List<Object> apiCalls = new CopyOnWriteArrayList<>();
  final AtomicLong tokensUnknown = new AtomicLong();

  /** What {@code enter} and {@code exit} throw, against their contract; null: nothing. */
  volatile Error enterThrows;

  volatile Error exitThrows;

  /** What is thrown when a site is linked. */
  volatile Error linkThrows;

  Call only() {
    if (calls.size() != 1) {
      throw new AssertionError(calls.size() + " calls");
    }
    return calls.get(0);
  }

  @Override
  public SiteHooks predict(MethodSite site) {
    return hooks(site, "enterPredict", long.class);
  }

  @Override
  public SiteHooks label(MethodSite site) {
    return hooks(site, "enterLabel", Object.class);
  }

  @Override
  public MethodHandle api(String method) {
    MethodType type =
        switch (method) {
          case "report" -> MethodType.methodType(int.class, Object[].class);
          case "retract" -> MethodType.methodType(int.class, String.class);
          case "latest" -> MethodType.methodType(Object[].class);
          case "rowId" ->
              MethodType.methodType(String.class, String.class, String.class, int.class);
          default -> throw new UnsupportedOperationException(method);
        };
    return handle("api", MethodType.methodType(Object.class, String.class, Object[].class), method)
        .asCollector(Object[].class, type.parameterCount())
        .asType(type);
  }

  private SiteHooks hooks(MethodSite site, String enter, Class<?> token) {
    sites.add(site);
    return new SiteHooks() {
      @Override
      public MethodHandle enter(MethodType type) {
        if (linkThrows != null) {
          throw linkThrows;
        }
        enterTypes.add(type);
        return handle(enter, MethodType.methodType(token, MethodSite.class, Object[].class), site)
            .asCollector(Object[].class, type.parameterCount())
            .asType(type);
      }

      @Override
      public MethodHandle exit(MethodType type) {
        exitTypes.add(type);
        return handle("exit", MethodType.methodType(void.class, Object[].class))
            .asCollector(Object[].class, type.parameterCount())
            .asType(type);
      }
    };
  }

  private MethodHandle handle(String name, MethodType type, Object... first) {
    try {
      return MethodHandles.insertArguments(
          MethodHandles.lookup().findVirtual(RecordingHooks.class, name, type).bindTo(this),
          0,
          first);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  long enterPredict(MethodSite site, Object[] arguments) {
    if (enterThrows != null) {
      throw enterThrows;
    }
    Call call = new Call(site, arguments);
    synchronized (calls) {
      calls.add(call);
      call.token = calls.size() - 1L;
    }
    return (long) call.token;
  }

  Object enterLabel(MethodSite site, Object[] arguments) {
    Call call = new Call(site, arguments);
    call.token = call;
    calls.add(call);
    return call;
  }

  void exit(Object[] values) {
    if (exitThrows != null) {
      throw exitThrows;
    }
    Call call;
    if (values[0] instanceof Long token) {
      if (token < 0) {
        tokensUnknown.incrementAndGet();
        return;
      }
      call = calls.get(token.intValue());
    } else {
      call = (Call) values[0];
    }
    call.ended = true;
    call.result = values.length == 3 ? values[1] : "void";
    call.thrown = (Throwable) values[values.length - 1];
  }

  Object api(String method, Object[] arguments) {
    apiCalls.add(method + Arrays.deepToString(arguments));
    return switch (method) {
      case "report" -> 0;
      case "retract" -> 2;
      case "latest" -> new Object[] {"m", "id-7", 2};
      case "rowId" -> "row " + arguments[2];
      default -> throw new UnsupportedOperationException(method);
    };
  }
}
