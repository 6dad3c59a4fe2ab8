package io.hindcast.instrumentation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;

/**
 * Weaves classes again whose supertype could not be read when they loaded, and which turned out to
 * be named by a rule or an annotation.
 */
final class SubtypeRetransformer {
  /*
   * A class is transformed, then its supertypes load, then it is defined: it cannot be transformed
   * again from within, nor before it is there. So a thread waits for it. It lives only as long as
   * it has something to do, which is never in an application whose loaders have resources.
   */
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private final LoaderSpaces spaces;
  private final Retransformer retransformer;

  SubtypeRetransformer(LoaderSpaces spaces, Retransformer retransformer) {
    this.spaces = spaces;
    this.retransformer = retransformer;
  }

  /** A type with something to hand down has come to be transformed. */
  void typeArrived(String type) {
    for (LoaderSpace space : spaces.all()) {
      if (space.isAwaited(type)) {
        var waiting = space.arrived(type);
        if (!waiting.isEmpty()) {
          Thread thread =
              new Thread(null, () -> weave(space, waiting), "hindcast-weaver", 0, false);
          thread.setDaemon(true);
          thread.setContextClassLoader(null);
          thread.start();
        }
      }
    }
  }

  private void weave(LoaderSpace space, Set<String> types) {
    long start = System.nanoTime();
    var open = new HashSet<>(types);
    while (!open.isEmpty() && System.nanoTime() - start < PATIENCE_NANOS) {
      var found = new ArrayList<Class<?>>();
      for (Class<?> each : retransformer.loadedClasses()) {
        String name = each.getName().replace('.', '/');
        ClassLoader loader = each.getClassLoader();
        if (loader != null && open.contains(name) && spaces.find(loader) == space) {
          open.remove(name);
          found.add(each);
        }
      }
      retransformer.retransform(found);
      if (!open.isEmpty()) {
        try {
          Thread.sleep(10);
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }
}
