package locks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Loads classes through pairs of loaders that lock themselves, and calls them at once. */
public final class Main {
  private Main() {}

  /** Like those of old servers: one lock, held while it loads and while it finds resources. */
  private static final class Locking extends ClassLoader {
    private final Path classes;
    private final String own;
    private volatile Locking other;

    Locking(Path classes, String own) {
      super(Main.class.getClassLoader());
      this.classes = classes;
      this.own = own;
    }

    @Override
    protected synchronized Class<?> loadClass(String name, boolean resolve)
        throws ClassNotFoundException {
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      if (name.equals("locks." + own + "Model") || name.equals("locks." + own + "Scorer")) {
        try {
          byte[] bytes =
              Files.readAllBytes(classes.resolve(name.replace('.', '/') + ".class"));
          return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      if (name.endsWith("Scorer") && other != null) {
        return other.loadClass(name);
      }
      return super.loadClass(name, resolve);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path classes = Path.of(arguments[0]);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Integer>> loaded = new ArrayList<>();
    for (int pair = 0; pair < 32; pair++) {
      Locking left = new Locking(classes, "Left");
      Locking right = new Locking(classes, "Right");
      // Only one of them asks the other: by itself, such a pair cannot deadlock.
      left.other = right;
      right.other = null;
      Locking scorers = new Locking(classes, "Left");
      right.other = scorers;
      CountDownLatch both = new CountDownLatch(2);
      loaded.add(threads.submit(() -> called(left, "locks.LeftModel", both)));
      loaded.add(threads.submit(() -> called(right, "locks.RightModel", both)));
    }
    int sum = 0;
    threads.shutdown();
    for (Future<Integer> each : loaded) {
      sum += each.get();
    }
    System.out.println("loaded " + sum);
  }

  private static int called(ClassLoader loader, String name, CountDownLatch both)
      throws Exception {
    both.countDown();
    both.await();
    var constructor = loader.loadClass(name).getDeclaredConstructor();
    constructor.setAccessible(true);
    Object model = constructor.newInstance();
    Method score = model.getClass().getDeclaredMethod("score", double.class);
    score.setAccessible(true);
    for (int i = 0; i < 8; i++) {
      score.invoke(model, (double) i);
    }
    return 1;
  }
}
