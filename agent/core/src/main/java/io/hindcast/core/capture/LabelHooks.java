package io.hindcast.core.capture;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ValuePath;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Links one woven label method: id and value are read when it begins, and reported when it returns
 * normally. Of label methods of one model that call one another the outermost reports.
 */
final class LabelHooks implements SiteHooks {
  private final MethodSite site;
  private final ModelConfig.Labels config;
  private final Object[] entry;
  private final ThreadCalls threads;
  private final LabelQueue queue;
  private final Members members;
  private final CaptureFaults faults;
  private final AgentLog log;

  LabelHooks(
      MethodSite site,
      ModelConfig.Labels config,
      Object key,
      ThreadCalls threads,
      LabelQueue queue,
      Members members,
      CaptureFaults faults,
      AgentLog log) {
    this.site = site;
    this.config = config;
    this.entry = ThreadCalls.entry(key, site.className() + "#" + site.methodName(), site.model());
    this.threads = threads;
    this.queue = queue;
    this.members = members;
    this.faults = faults;
    this.log = log;
  }

  @Override
  public MethodHandle enter(MethodType type) {
    try {
      Source id = source(config.id(), MethodSite.Role.ID, type);
      Source actual = source(config.actual(), MethodSite.Role.ACTUAL, type);
      if (id == null || actual == null) {
        log.warn(
            site.className()
                + "#"
                + site.methodName()
                + " reports no labels: it has no "
                + (id == null ? "id" : "actual")
                + "; annotate a parameter or name it by path");
        return MethodHandles.empty(type);
      }
      return MethodHandles.lookup()
          .findVirtual(Capture.class, "enter", MethodType.methodType(Object.class, Object[].class))
          .bindTo(new Capture(id, actual))
          .asCollector(Object[].class, type.parameterCount())
          .asType(type);
    } catch (VirtualMachineError noRoom) {
      throw noRoom;
    } catch (Throwable unlinkable) {
      faults.count("linking of a label method", unlinkable);
      return MethodHandles.empty(type);
    }
  }

  @Override
  public MethodHandle exit(MethodType type) {
    try {
      MethodType general = MethodType.methodType(void.class, Object.class, Throwable.class);
      boolean isVoid = type.parameterCount() == 2;
      if (isVoid) {
        return MethodHandles.lookup()
            .findVirtual(LabelHooks.class, "exitVoid", general)
            .bindTo(this)
            .asType(type);
      }
      return MethodHandles.lookup()
          .findVirtual(LabelHooks.class, "exit", general.insertParameterTypes(1, Object.class))
          .bindTo(this)
          .asType(type);
    } catch (VirtualMachineError noRoom) {
      throw noRoom;
    } catch (Throwable unlinkable) {
      faults.count("linking of a label method", unlinkable);
      return MethodHandles.empty(type);
    }
  }

  void exitVoid(@Nullable Object token, @Nullable Throwable thrown) {
    exit(token, null, thrown);
  }

  void exit(@Nullable Object token, @Nullable Object result, @Nullable Throwable thrown) {
    if (!(token instanceof Pending pending)) {
      return;
    }
    try {
      ThreadCalls.pop(threads.ofThread(), entry);
      if (thrown != null) {
        return;
      }
      Object id = pending.id;
      Object actual = pending.actual;
      if (pending.atExit != null) {
        Capture at = pending.atExit;
        id = at.id.argument < 0 ? PredictionIds.waiting(at.id.path.read(result)) : id;
        actual =
            at.actual.argument < 0
                ? LabelValues.actual(Optionals.present(at.actual.path.read(result)))
                : actual;
      }
      String text = id == null ? null : id.toString();
      if (text == null || !LabelValues.isId(text) || actual == LabelValues.NONE) {
        queue.reject(site.model());
      } else {
        queue.offer(new LabelEvent(site.model(), text, actual, null, 0, false, false, null));
      }
    } catch (Throwable fault) {
      queue.reject(site.model());
      faults.count("label of " + site.model(), fault);
    }
  }

  private @Nullable Source source(@Nullable ValuePath path, MethodSite.Role role, MethodType type) {
    int first = site.isStatic() ? 0 : 1;
    int parameters = type.parameterCount() - first;
    if (path == null) {
      for (int i = 0; i < site.parameters().size() && i < parameters; i++) {
        if (site.parameters().get(i).role() == role) {
          return new Source(first + i, PathReader.of(List.of(), members, faults));
        }
      }
      return null;
    }
    int argument =
        switch (path.root()) {
          case THIS -> first - 1;
          case ARGUMENT -> path.argument() < parameters ? first + path.argument() : -1;
          default -> -1;
        };
    boolean exists = argument >= 0 || path.root() == ValuePath.Root.RETURN;
    return exists ? new Source(argument, PathReader.of(path.steps(), members, faults)) : null;
  }

  /**
   * @param argument −1: what the method returns
   */
  private record Source(int argument, PathReader path) {
    @Nullable Object read(@Nullable Object[] arguments) throws Throwable {
      return argument < 0 ? null : path.read(arguments[argument]);
    }
  }

  /**
   * @param atExit where the method's result is needed too
   */
  private record Pending(@Nullable Object id, @Nullable Object actual, @Nullable Capture atExit) {}

  /** Reads what a call says about a label. */
  private final class Capture {
    private final Source id;
    private final Source actual;

    Capture(Source id, Source actual) {
      this.id = id;
      this.actual = actual;
    }

    @SuppressWarnings("UnusedMethod") // by handle
    @Nullable Object enter(@Nullable Object[] arguments) {
      boolean entered = false;
      try {
        @Nullable Object[] calls = threads.ofThread();
        if (ThreadCalls.isCapturing(calls) || !threads.push(calls, entry)) {
          return null;
        }
        entered = true;
        ThreadCalls.capturing(calls, true);
        boolean atExit = id.argument < 0 || actual.argument < 0;
        return new Pending(
            PredictionIds.waiting(id.read(arguments)),
            LabelValues.actual(Optionals.present(actual.read(arguments))),
            atExit ? this : null);
      } catch (Throwable fault) {
        if (entered) {
          ThreadCalls.pop(threads.ofThread(), entry);
        }
        queue.reject(site.model());
        faults.count("label of " + site.model(), fault);
        return null;
      } finally {
        if (entered) {
          ThreadCalls.capturing(threads.ofThread(), false);
        }
      }
    }
  }
}
