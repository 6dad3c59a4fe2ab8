package io.hindcast.benchmarks;

import io.hindcast.core.model.Row;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls from threads of every kind into a queue that is too small, with a collector at work, and
 * the arithmetic of it: every call is a row that was read or counted as dropped, no row is torn, no
 * slot stays occupied, no interrupt is lost. Every second round is a start: a model that has never
 * been called, whose first calls meet. Round after round; the first error ends it with 1.
 */
public final class Stress {
  /*
   * Both values of a row are the same number, and its output too, so a row of two calls is seen. A
   * call that finds no room must be counted as dropped, one whose method throws must not be lost.
   */
  private static final long QUEUE_BYTES = 384 << 10;

  /** Too little for rows to wait in, and for threads to lease slots. */
  private static final long SMALL_QUEUE_BYTES = 16 << 10;

  private static final int FAST = 3;
  private static final int FAST_CALLS = 300;
  private static final int SLOW = 6;
  private static final int VIRTUAL = 40;
  private static final int MOST_ROUNDS_MORE = 1000;

  private final ExecutorService platform = Executors.newCachedThreadPool();
  private final @Nullable ExecutorService virtual = virtualThreads();
  private final AtomicLong lostInterrupts = new AtomicLong();
  private final Watched lasting =
      new Watched(BenchmarkedAgent.withQueueOf(QUEUE_BYTES), Model.class);
  private long starts;
  private long calls;
  private long read;
  private long dropped;
  private long torn;
  private long threw;
  private volatile byte[] garbage = new byte[0];

  /**
   * @param arguments rounds
   */
  public static void main(String[] arguments) throws Exception {
    var stress = new Stress();
    try {
      stress.run(Integer.parseInt(arguments[0]));
    } finally {
      stress.platform.shutdown();
    }
  }

  /** What is called. */
  public interface Callee {
    double predict(double[] row, Callable<Double> body) throws Exception;
  }

  /** The method that is watched. */
  public static final class Model implements Callee {
    private static final MethodHandle ENTER = WovenSite.enter(Model.class);
    private static final MethodHandle EXIT = WovenSite.exit(Model.class);

    @Override
    public double predict(double[] row, Callable<Double> body) throws Exception {
      long token = -1;
      try {
        token = (long) ENTER.invokeExact(this, row, body);
      } catch (Throwable t) {
        WovenSite.fault(t);
      }
      double result;
      try {
        result = body.call();
      } catch (Throwable t) {
        try {
          EXIT.invokeExact(token, 0.0, t);
        } catch (Throwable u) {
          WovenSite.fault(u);
        }
        throw t;
      }
      try {
        EXIT.invokeExact(token, result, (Throwable) null);
      } catch (Throwable t) {
        WovenSite.fault(t);
      }
      return result;
    }
  }

  /** A model, its agent, and the calls so far. */
  private static final class Watched {
    final BenchmarkedAgent agent;
    final Class<?> type;
    final Callee callee;
    final AtomicLong calls = new AtomicLong();
    long read;

    Watched(BenchmarkedAgent agent, Class<?> type) {
      this.agent = agent;
      this.type = type;
      try {
        this.callee = (Callee) type.getDeclaredConstructor().newInstance();
      } catch (ReflectiveOperationException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    /** A copy of the model's class, with a plan of its own. */
    static Watched fresh(long queueBytes) throws Exception {
      BenchmarkedAgent agent = BenchmarkedAgent.withQueueOf(queueBytes);
      return new Watched(agent, new Copy().loadClass(Model.class.getName()));
    }
  }

  /** Loads the model's class once more. */
  private static final class Copy extends ClassLoader {
    Copy() {
      super(Stress.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean isResolved) throws ClassNotFoundException {
      if (!name.equals(Model.class.getName())) {
        return super.loadClass(name, isResolved);
      }
      try (InputStream file = Model.class.getResourceAsStream("Stress$Model.class")) {
        byte[] bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException unreadable) {
        throw new ClassNotFoundException(name, unreadable);
      }
    }
  }

  /** A call that ended as it should, by throwing. */
  private static final class Expected extends RuntimeException {
    Expected() {
      super(null, null, false, false);
    }
  }

  private void run(int least) throws Exception {
    int rounds = 0;
    var collecting = new AtomicBoolean(true);
    Thread collector = new Thread(() -> collect(collecting));
    collector.setDaemon(true);
    collector.start();
    // On a busy machine so many may be too few for all of it to happen.
    while (rounds < least
        || rounds < least + MOST_ROUNDS_MORE
            && (dropped == 0 || threw == 0 || read == 0 || collections() == 0)) {
      if (rounds % 2 == 0) {
        round(rounds, lasting);
      } else {
        Watched fresh = Watched.fresh(rounds % 4 == 1 ? SMALL_QUEUE_BYTES : QUEUE_BYTES);
        starts++;
        round(rounds, fresh);
        dropped += fresh.agent.dropped();
        calls += fresh.calls.get();
        WovenSite.forget(fresh.type);
      }
      rounds++;
    }
    collecting.set(false);
    System.out.printf(
        "%d rounds, %d of them starts, %d calls, %d read, %d dropped, %d that threw, %d collections,"
            + " %s%n",
        rounds,
        starts,
        calls + lasting.calls.get(),
        read,
        dropped + lasting.agent.dropped(),
        threw,
        collections(),
        virtual == null ? "no virtual threads" : "virtual threads too");
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  private void collect(AtomicBoolean on) {
    var random = new Random(1);
    var kept = new ArrayList<byte[]>();
    while (on.get()) {
      for (int i = 0; i < 50; i++) {
        garbage = new byte[random.nextInt(1 << 18)];
      }
      kept.add(garbage);
      if (kept.size() > 200) {
        kept.clear();
      }
      LockSupport.parkNanos(200_000);
    }
  }

  private void round(int number, Watched model) throws Exception {
    var work = new ArrayList<Future<?>>();
    var together = new CyclicBarrier(FAST);
    for (int i = 0; i < FAST; i++) {
      long seed = number * 100L + i;
      boolean isInterrupted = i == 1;
      work.add(
          platform.submit(
              () -> {
                together.await();
                callOften(model, seed, isInterrupted);
                return null;
              }));
    }
    for (int i = 0; i < SLOW; i++) {
      work.add(
          platform.submit(
              () -> call(model, new Random().nextInt(), () -> LockSupport.parkNanos(1_000_000))));
    }
    if (virtual != null) {
      for (int i = 0; i < VIRTUAL; i++) {
        // Parked between entry and exit, and taken up by another carrier.
        work.add(
            virtual.submit(
                () -> call(model, new Random().nextInt(), () -> LockSupport.parkNanos(300_000))));
      }
    }
    var random = new Random(number);
    long before = read;
    while (!work.stream().allMatch(Future::isDone)) {
      model.agent.drain(this::check);
      LockSupport.parkNanos(random.nextInt(300_000));
    }
    for (Future<?> each : work) {
      each.get();
    }
    model.agent.drain(this::check);
    model.read += read - before;
    long droppedNow = model.agent.dropped();
    if (model.read + droppedNow != model.calls.get()
        || torn > 0
        || lostInterrupts.get() > 0
        || model.agent.occupied() > 0) {
      System.out.printf(
          "round %d: %d calls, %d read, %d dropped, %d torn, %d occupied, %d interrupts lost%n",
          number,
          model.calls.get(),
          model.read,
          droppedNow,
          torn,
          model.agent.occupied(),
          lostInterrupts.get());
      System.exit(1);
    }
    model.agent.check(model.calls.get());
  }

  private void check(Row row) {
    read++;
    boolean isThrown = row.errorType != null;
    if (isThrown) {
      threw++;
    }
    if (row.features != 2
        || row.numbers[0] != row.numbers[1]
        || !isThrown && row.numbers[0] != row.score
        || isThrown && !Expected.class.getName().equals(row.errorType)) {
      torn++;
      System.out.printf(
          "torn: %d features %s %s, score %s, error %s, weight %d of %d, index %d%n",
          row.features,
          row.numbers[0],
          row.numbers[1],
          row.score,
          row.errorType,
          row.weight,
          row.madeUp,
          row.callRows);
    }
  }

  private void callOften(Watched model, long seed, boolean isInterrupted) {
    var random = new Random(seed);
    for (int i = 0; i < FAST_CALLS; i++) {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
      call(model, random.nextInt(1 << 20), () -> {});
      if (isInterrupted && !Thread.interrupted()) {
        lostInterrupts.incrementAndGet();
      }
    }
  }

  private static void call(Watched model, int number, Runnable pause) {
    model.calls.incrementAndGet();
    try {
      model.callee.predict(
          new double[] {number, number},
          () -> {
            pause.run();
            if (number % 16 == 0) {
              throw new Expected();
            }
            return (double) number;
          });
    } catch (Expected thrown) {
      // as it should
    } catch (Exception other) {
      throw new IllegalStateException(other);
    }
  }

  /** Null before Java 21. */
  private static @Nullable ExecutorService virtualThreads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException none) {
      return null;
    }
  }
}
