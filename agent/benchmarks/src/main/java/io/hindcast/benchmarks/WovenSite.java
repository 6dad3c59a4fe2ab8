package io.hindcast.benchmarks;

import io.hindcast.core.capture.MethodSite;
import io.hindcast.core.capture.SiteHooks;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Links the hooks of a generated model as the agent's linker does. For generated code. */
public final class WovenSite {
  private static final Map<Class<?>, SiteHooks> HOOKS = new ConcurrentHashMap<>();

  private WovenSite() {}

  /** The hook at the beginning of {@code predict}. */
  public static MethodHandle enter(Class<?> model) {
    Method predict = predict(model);
    MethodType type =
        MethodType.methodType(long.class, predict.getParameterTypes())
            .insertParameterTypes(0, model);
    return site(hooks(model, predict).enter(type));
  }

  /** The hook at its end. */
  public static MethodHandle exit(Class<?> model) {
    Method predict = predict(model);
    return site(
        hooks(model, predict)
            .exit(
                MethodType.methodType(
                    void.class, long.class, predict.getReturnType(), Throwable.class)));
  }

  /** No more calls of it will come. */
  static void forget(Class<?> model) {
    HOOKS.remove(model);
  }

  /** What no hook can catch ends the benchmark. */
  public static void fault(Throwable t) {
    throw new IllegalStateException(t);
  }

  private static Method predict(Class<?> model) {
    return Arrays.stream(model.getDeclaredMethods())
        .filter(each -> each.getName().equals("predict"))
        .findFirst()
        .orElseThrow();
  }

  private static MethodHandle site(MethodHandle hook) {
    return new MutableCallSite(hook).dynamicInvoker();
  }

  private static SiteHooks hooks(Class<?> model, Method predict) {
    return HOOKS.computeIfAbsent(
        model,
        m -> {
          List<MethodSite.Parameter> parameters = new ArrayList<>();
          for (var parameter : predict.getParameters()) {
            parameters.add(
                new MethodSite.Parameter(
                    parameter.getName(), MethodSite.Role.FEATURE, /* segment= */ null));
          }
          return BenchmarkedAgent.instance(false)
              .predict(
                  new MethodSite(
                      "benchmark",
                      "benchmark",
                      null,
                      null,
                      null,
                      model.getName(),
                      "predict",
                      false,
                      parameters));
        });
  }
}
