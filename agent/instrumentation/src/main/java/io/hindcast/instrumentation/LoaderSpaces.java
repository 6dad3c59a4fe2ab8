package io.hindcast.instrumentation;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** A space per class loader, held only as long as the application holds the loader. Any thread. */
final class LoaderSpaces {
  /* By identity: hashCode and equals of an application's loader are the application's code. */
  private final ConcurrentMap<Key, LoaderSpace> spaces = new ConcurrentHashMap<>();
  private final ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();

  LoaderSpace of(ClassLoader loader) {
    LoaderSpace known = find(loader);
    if (known != null) {
      return known;
    }
    for (Reference<?> key = gone.poll(); key != null; key = gone.poll()) {
      spaces.remove(key);
    }
    LoaderSpace fresh = new LoaderSpace();
    LoaderSpace before = spaces.putIfAbsent(new Key(loader, gone), fresh);
    return before == null ? fresh : before;
  }

  @Nullable LoaderSpace find(ClassLoader loader) {
    return spaces.get(new Key(loader, null));
  }

  Collection<LoaderSpace> all() {
    return spaces.values();
  }

  private static final class Key extends WeakReference<ClassLoader> {
    private final int hash;

    Key(ClassLoader loader, @Nullable ReferenceQueue<ClassLoader> queue) {
      super(loader, queue);
      hash = System.identityHashCode(loader);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (this == other) {
        return true;
      }
      ClassLoader loader = get();
      return loader != null && other instanceof Key key && key.get() == loader;
    }
  }
}
