package situations;

import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleUnaryOperator;

/** Plays every situation, and says what the application saw of it. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    matched();
    executed();
    pooled();
    say("done", true);
  }

  private static void say(String situation, Object seen) {
    System.out.println(situation + " " + seen);
  }

  private static void matched() throws Exception {
    for (int i = 0; i < 3; i++) {
      double x = i;
      new Matched.Annotated().score(x);
      new Matched.Unannotated().score(x);
      new Matched.Override_().score(x);
      Matched.Generic<Double> generic = new Matched.OfDouble();
      generic.score(x);
      new Matched.Visible().score(x);
      Matched.WithDefault lambda = value -> value;
      lambda.score(x);
      new Matched.WithDefault() {
        @Override
        public double raw(double value) {
          return value;
        }
      }.score(x);
      Matched.ForLambdas unseen = value -> value;
      unseen.score(x);
      Matched.ForLambdas reference = Math::abs;
      reference.score(x);
      new Matched.RecordModel(2).score(new Matched.Row(x, i));
      Matched.EnumModel.ONE.score(x);
      Matched.Shape sealed = new Matched.Round();
      sealed.score(x);
      new Matched.Modifiers().all(x);
      new Matched.WithConstructor(x).score(x);
      Matched.Overloads overloads = new Matched.Overloads();
      overloads.score(i);
      overloads.score((long) i);
      overloads.score(x, x);
      overloads.score("text");
      overloads.score(new double[][] {{1}, {2}});
      new Matched.Unfinished() {
        @Override
        double score(double value) {
          return value;
        }
      }.score("text");
      Matched.Target target = new Matched.Target();
      Matched.Proxied proxy =
          (Matched.Proxied)
              Proxy.newProxyInstance(
                  Main.class.getClassLoader(),
                  new Class<?>[] {Matched.Proxied.class},
                  (self, method, values) -> method.invoke(target, values));
      proxy.score(x);
      new Matched.Service$$SpringCGLIB$$0().score(x);
      new Matched.Both().score(x);
      new Matched.WithMissingType().score(x);
    }
    URL here = Main.class.getProtectionDomain().getCodeSource().getLocation();
    for (int tenant = 0; tenant < 20; tenant++) {
      try (var loader = new TenantLoader(here)) {
        tenant(loader).applyAsDouble(tenant);
      }
    }
  }

  /** Has its own copy of the models. */
  private static final class TenantLoader extends URLClassLoader {
    TenantLoader(URL classes) {
      super(new URL[] {classes}, Main.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null
            ? known
            : name.startsWith("situations.Matched") ? findClass(name) : super.loadClass(name, resolve);
      }
    }
  }

  private static DoubleUnaryOperator tenant(ClassLoader loader) throws Exception {
    var constructor =
        loader.loadClass("situations.Matched$PerTenant").getDeclaredConstructor();
    constructor.setAccessible(true);
    return (DoubleUnaryOperator) constructor.newInstance();
  }

  private static void executed() throws Exception {
    boolean same = true;
    boolean clean = true;
    for (int i = 0; i < 3; i++) {
      try {
        Executed.fails(i);
        same = false;
      } catch (IllegalStateException e) {
        same &= e == Executed.FAILURE;
        clean &= e.getSuppressed().length == 0 && e.getCause() == null;
      }
    }
    say("s21", same && clean);

    boolean overflown = false;
    try {
      Executed.deep(0);
    } catch (StackOverflowError e) {
      overflown = true;
    }
    say("s22", overflown);

    Executed.recursive(5);
    Executed.ensemble(1);
    Executed.reads(new Executed.Lazy());
    double[] row = {5, 6};
    Executed.mutates(row);
    say("s25", row[0] == -1000);
    Executed.huge(new float[1_000_000]);
    InputStream in = Executed.bytes();
    say("s26 stream", Executed.stream(in) == 7 && in.read() == 8);
    ByteBuffer buffer = ByteBuffer.allocate(100).position(3);
    Executed.buffer(buffer);
    say("s26 buffer", buffer.position() == 3 && buffer.remaining() == 97);
    Executed.nothing(null);
    Executed.nothing(Double.NaN);
    Executed.nothing(Double.POSITIVE_INFINITY);
    Executed.nothing(Double.NEGATIVE_INFINITY);
    Executed.nothing(1.0);
    Executed.batch(new double[0][]);
    Executed.batch(null == null ? new double[][] {{1}, {2}} : null);
    say("s28", Executed.iterator(4).next() == 4 && Executed.lazy(4).sum() == 4);
    say("s32", virtualThreads(10_000));
    Executed.interrupted(1);
    say("s33", Thread.interrupted());
    Thread.currentThread().interrupt();
    Executed.whileInterrupted(1);
    say("s33 before", Thread.interrupted());
  }

  /** How many calls came back; where the JVM has no virtual threads, from a pool. */
  private static int virtualThreads(int threads) throws Exception {
    ExecutorService executor;
    try {
      Method make = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
      executor = (ExecutorService) make.invoke(null);
    } catch (NoSuchMethodException e) {
      executor = Executors.newFixedThreadPool(16);
    }
    List<Future<Double>> calls = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      double x = i;
      calls.add(executor.submit(() -> Executed.parked(x)));
    }
    int back = 0;
    for (Future<Double> call : calls) {
      back += call.get() >= 0 ? 1 : 0;
    }
    executor.shutdown();
    return back;
  }

  /** Threads of a server outlive the web application that was called on them. */
  private static void pooled() throws Exception {
    URL here = Main.class.getProtectionDomain().getCodeSource().getLocation();
    ExecutorService pool = Executors.newFixedThreadPool(2);
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      var gone = new TenantLoader(here);
      CountDownLatch both = new CountDownLatch(2);
      for (int t = 0; t < 2; t++) {
        pool.submit(
            () -> {
              tenant(gone).applyAsDouble(1);
              both.countDown();
              return both.getCount();
            });
      }
      both.await();
      gone.close();
      loaders.add(new WeakReference<>(gone));
    }
    int left = loaders.size();
    for (int i = 0; i < 100 && left > 1; i++) {
      System.gc();
      Thread.sleep(50);
      left = 0;
      for (WeakReference<ClassLoader> each : loaders) {
        left += each.get() != null ? 1 : 0;
      }
    }
    // The last one may still be the pool's own business.
    say("s34", left <= 1);
    pool.shutdown();
  }
}
