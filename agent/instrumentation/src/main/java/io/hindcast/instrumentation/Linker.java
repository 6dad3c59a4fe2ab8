package io.hindcast.instrumentation;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.capture.HookFactory;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.invoke.WrongMethodTypeException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Links a woven call when it is reached for the first time: finds the site by its name, and puts
 * its hook into a call site that can be silenced later. Any thread; throws nothing but what the JVM
 * does where stack or heap end: then the site stays unlinked, and the woven call goes on.
 */
final class Linker implements Function<Object[], CallSite> {
  /*
   * A MutableCallSite whose target never changes is as good as a constant to the compiler, and
   * goes back to the speed of unwoven code when it is silenced; a SwitchPoint does not. The sites
   * are held weakly: they belong to the application's classes and go with them.
   */
  private final LoaderSpaces spaces;
  private final HookFactory hooks;
  private final CaptureFaults faults;
  private final List<WeakReference<MutableCallSite>> linked = new ArrayList<>();
  private int pruneAt = 64;
  private boolean silent;

  Linker(LoaderSpaces spaces, HookFactory hooks, CaptureFaults faults) {
    this.spaces = spaces;
    this.hooks = hooks;
    this.faults = faults;
  }

  /**
   * @param request a lookup in the class that holds the site, the site's name and its type
   */
  @Override
  public CallSite apply(Object[] request) {
    MethodHandles.Lookup caller = (MethodHandles.Lookup) request[0];
    String name = (String) request[1];
    MethodType type = (MethodType) request[2];
    MutableCallSite site = new MutableCallSite(targetOrNothing(caller, name, type));
    synchronized (linked) {
      if (silent) {
        site.setTarget(nothing(type));
      }
      if (linked.size() >= pruneAt) {
        linked.removeIf(each -> each.get() == null);
        pruneAt = Math.max(64, 2 * linked.size());
      }
      linked.add(new WeakReference<>(site));
    }
    return site;
  }

  /** From here on no site does anything, whether it is linked already or not. */
  void silence() {
    List<MutableCallSite> sites = new ArrayList<>();
    synchronized (linked) {
      silent = true;
      for (WeakReference<MutableCallSite> each : linked) {
        MutableCallSite site = each.get();
        if (site != null) {
          site.setTarget(nothing(site.type()));
          sites.add(site);
        }
      }
    }
    MutableCallSite.syncAll(sites.toArray(new MutableCallSite[0]));
  }

  /** Sites that are linked and still there. */
  int sites() {
    synchronized (linked) {
      linked.removeIf(each -> each.get() == null);
      return linked.size();
    }
  }

  private MethodHandle targetOrNothing(MethodHandles.Lookup caller, String name, MethodType type) {
    try {
      MethodHandle target = target(caller, name, type);
      if (target == null) {
        return nothing(type);
      }
      if (!target.type().equals(type)) {
        throw new WrongMethodTypeException(target.type() + " instead of " + type);
      }
      return target;
    } catch (VirtualMachineError end) {
      throw end;
    } catch (Throwable fault) {
      faults.count("linking " + name + " in " + caller.lookupClass().getName(), fault);
      return nothing(type);
    }
  }

  private @Nullable MethodHandle target(MethodHandles.Lookup caller, String name, MethodType type)
      throws ReflectiveOperationException {
    int underscore = name.indexOf('_');
    String kind = name.substring(0, underscore);
    String rest = name.substring(underscore + 1);
    if (kind.equals("api")) {
      return hooks.api(rest).asType(type);
    }
    if (kind.equals("rehearse")) {
      return Rehearsal.hook(type);
    }
    ClassLoader loader = caller.lookupClass().getClassLoader();
    LoaderSpace space = loader == null ? null : spaces.find(loader);
    // Null for a class that an earlier agent wove, until it is transformed again.
    Site site = space == null ? null : space.site(Integer.parseInt(rest));
    if (site == null) {
      return null;
    }
    site.hooks().linkedIn(loader);
    return switch (kind) {
      case "enter" -> site.hooks().enter(type);
      case "exit" -> site.hooks().exit(type);
      case "fault" -> faultCounter(site);
      default -> null;
    };
  }

  private MethodHandle faultCounter(Site site) throws ReflectiveOperationException {
    MethodHandle count =
        MethodHandles.lookup()
            .findVirtual(
                CaptureFaults.class,
                "count",
                MethodType.methodType(void.class, String.class, Throwable.class));
    return MethodHandles.insertArguments(count, 0, faults, site.place());
  }

  /** Does nothing and answers 0 or null; a long is a token, and −1 is the token of no row. */
  private static MethodHandle nothing(MethodType type) {
    return type.returnType() == long.class
        ? MethodHandles.dropArguments(
            MethodHandles.constant(long.class, -1L), 0, type.parameterList())
        : MethodHandles.empty(type);
  }
}
