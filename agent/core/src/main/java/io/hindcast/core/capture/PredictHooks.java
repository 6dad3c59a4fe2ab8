package io.hindcast.core.capture;

import io.hindcast.core.log.AgentLog;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Links one woven predict method. */
final class PredictHooks implements SiteHooks {
  private final PlanCompiler compiler;
  private final Consumer<RowSource> newSource;
  private final CaptureFaults faults;
  private final AgentLog log;

  /**
   * Weak, since its types are the application's classes, and the hooks must not outlive those with
   * it. The plan keeps it, and the plan is kept by the site that enters.
   */
  private WeakReference<PlanCompiler.@Nullable Compiled> compiled = new WeakReference<>(null);

  private boolean offered;

  PredictHooks(
      PlanCompiler compiler, Consumer<RowSource> newSource, CaptureFaults faults, AgentLog log) {
    this.compiler = compiler;
    this.newSource = newSource;
    this.faults = faults;
    this.log = log;
  }

  @Override
  public synchronized void linkedIn(@Nullable ClassLoader loader) {
    compiler.loader(loader);
  }

  @Override
  public synchronized MethodHandle enter(MethodType type) {
    try {
      PlanCompiler.Compiled known = compiled.get();
      if (known == null || !known.type().equals(type)) {
        known = compiler.compile(type);
        known.plan().keep(known);
        compiled = new WeakReference<>(known);
        offered = false;
      }
      return known.enter();
    } catch (VirtualMachineError end) {
      throw end; // no room here and now: the site stays unlinked, and is linked another time
    } catch (Throwable unlinkable) {
      faults.count("linking of " + compiler.site(), unlinkable);
      log.warn(compiler.site() + " is not captured: " + unlinkable);
      return MethodHandles.dropArguments(
          MethodHandles.constant(long.class, Token.NOTHING), 0, type.parameterList());
    }
  }

  @Override
  public synchronized MethodHandle exit(MethodType type) {
    try {
      PlanCompiler.Compiled known = compiled.get();
      if (known == null) {
        return MethodHandles.empty(type); // its entry could not be linked, and said so
      }
      Class<?> result = type.parameterCount() == 3 ? type.parameterType(1) : void.class;
      // Every return statement is a site of its own, and is linked when it is reached.
      if (!offered) {
        compiler.compileOutput(known, result);
        // In this order: where the stack ends here, the next exit offers the rows again.
        newSource.accept(known.plan().rows());
        offered = true;
      }
      return handle(known, result).asType(type);
    } catch (VirtualMachineError end) {
      throw end; // no room here and now: the site stays unlinked, and is linked another time
    } catch (Throwable unlinkable) {
      faults.count("linking of " + compiler.site(), unlinkable);
      log.warn(compiler.site() + " is not captured: " + unlinkable);
      return MethodHandles.empty(type);
    }
  }

  private static MethodHandle handle(PlanCompiler.Compiled compiled, Class<?> result)
      throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    CallExit exit = compiled.plan().exit();
    LaterExit later = compiled.plan().laterExit();
    if (exit == null) {
      throw new IllegalStateException("not known how calls of " + compiled.plan().model() + " end");
    }
    MethodType type = MethodType.methodType(void.class, long.class);
    if (result == void.class) {
      return lookup
          .findVirtual(CallExit.class, "exitVoid", type.appendParameterTypes(Throwable.class))
          .bindTo(exit);
    }
    String name;
    Class<?> taken = Object.class;
    if (!result.isPrimitive()) {
      name = compiled.arrival(result) == Arrival.NOT_FOLLOWED ? "exitUnread" : "exitObject";
    } else if (result == boolean.class) {
      name = "exitBoolean";
      taken = boolean.class;
    } else if (result == char.class) {
      name = "exitChar";
      taken = char.class;
    } else if (result == float.class || result == double.class) {
      name = "exitDouble";
      taken = double.class;
    } else {
      name = "exitLong";
      taken = long.class;
    }
    type = type.appendParameterTypes(taken, Throwable.class);
    return later != null
        ? lookup.findVirtual(LaterExit.class, "exitLater", type).bindTo(later)
        : lookup.findVirtual(CallExit.class, name, type).bindTo(exit);
  }
}
