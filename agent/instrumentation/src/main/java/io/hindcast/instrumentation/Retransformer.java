package io.hindcast.instrumentation;

import io.hindcast.core.log.AgentLog;
import java.lang.instrument.Instrumentation;
import java.util.List;

/** Weaves classes that are loaded already: in batches, and around those that refuse. */
final class Retransformer {
  private static final int BATCH = 100;

  private final Instrumentation instrumentation;
  private final LoaderSpaces spaces;
  private final AgentLog log;

  Retransformer(Instrumentation instrumentation, LoaderSpaces spaces, AgentLog log) {
    this.instrumentation = instrumentation;
    this.spaces = spaces;
    this.log = log;
  }

  Class<?>[] loadedClasses() {
    return instrumentation.getAllLoadedClasses();
  }

  void retransform(List<Class<?>> classes) {
    for (int from = 0; from < classes.size(); from += BATCH) {
      batch(classes.subList(from, Math.min(from + BATCH, classes.size())));
    }
  }

  /** One class that fails fails its whole batch, so the batch is halved until it is found. */
  private void batch(List<Class<?>> classes) {
    try {
      instrumentation.retransformClasses(classes.toArray(new Class<?>[0]));
    } catch (Throwable fault) {
      if (classes.size() > 1) {
        int half = classes.size() / 2;
        batch(classes.subList(0, half));
        batch(classes.subList(half, classes.size()));
        return;
      }
      Class<?> refused = classes.get(0);
      ClassLoader loader = refused.getClassLoader();
      if (loader != null) {
        spaces.of(loader).leaveAlone(refused.getName().replace('.', '/'));
      }
      log.warn(refused.getName() + " is not woven: " + fault);
    }
  }
}
