package io.hindcast.benchmarks;

import io.hindcast.core.model.Row;
import java.lang.invoke.MethodHandle;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
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
 * slot stays occupied, no interrupt is lost. Round after round; the first error ends it with 1.
 */
public final class Stress {
  /*
   * Both values of a row are the same number, and its output too, so a row of two calls is seen. A
   * call that finds no room must be counted as dropped, one whose method throws must not be lost.
   */
  private static final long QUEUE_BYTES = 384 << 10;

  private static final int FAST = 3;
  private static final int SLOW = 16;
  private static final int VIRTUAL = 200;
  private static final int MOST_ROUNDS_MORE = 1000;

  private final BenchmarkedAgent agent = BenchmarkedAgent.withQueueOf(QUEUE_BYTES);
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong lostInterrupts = new AtomicLong();
  private long read;
  private long torn;
  private long threw;
  private volatile byte[] garbage = new byte[0];

  /**
   * @param arguments seconds
   */
  public static void main(String[] arguments) throws Exception {
    new Stress().run(Double.parseDouble(arguments[0]));
  }

  /** The method that is watched. */
  public static final class Model {
    private static final MethodHandle ENTER = WovenSite.enter(Model.class);
    private static final MethodHandle EXIT = WovenSite.exit(Model.class);

    double predict(double[] row, Callable<Double> body) throws Exception {
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

  /** A call that ended as it should, by throwing. */
  private static final class Expected extends RuntimeException {
    Expected() {
      super(null, null, false, false);
    }
  }

  private void run(double seconds) throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    int rounds = 0;
    var collecting = new AtomicBoolean(true);
    Thread collector = new Thread(() -> collect(collecting));
    collector.setDaemon(true);
    collector.start();
    // On a busy machine a second may be too short for all of it to happen.
    while (System.nanoTime() < end
        || rounds < MOST_ROUNDS_MORE
            && (agent.dropped() == 0 || threw == 0 || read == 0 || collections() == 0)) {
      round(rounds++);
    }
    collecting.set(false);
    long collections = collections();
    System.out.printf(
        "%d rounds, %d calls, %d read, %d dropped, %d that threw, %d collections, %s%n",
        rounds,
        calls.get(),
        read,
        agent.dropped(),
        threw,
        collections,
        virtualThreads() == null ? "no virtual threads" : "virtual threads too");
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

  private void round(int number) throws Exception {
    var pool = Executors.newCachedThreadPool();
    ExecutorService virtual = virtualThreads();
    var work = new ArrayList<Future<?>>();
    for (int i = 0; i < FAST; i++) {
      long seed = number * 100L + i;
      boolean isInterrupted = i == 1;
      work.add(pool.submit(() -> callOften(seed, isInterrupted)));
    }
    for (int i = 0; i < SLOW; i++) {
      work.add(
          pool.submit(() -> call(new Random().nextInt(), () -> LockSupport.parkNanos(3_000_000))));
    }
    if (virtual != null) {
      for (int i = 0; i < VIRTUAL; i++) {
        // Parked between entry and exit, and taken up by another carrier.
        work.add(
            virtual.submit(
                () -> call(new Random().nextInt(), () -> LockSupport.parkNanos(500_000))));
      }
    }
    pool.shutdown();
    var random = new Random(number);
    while (!work.stream().allMatch(Future::isDone)) {
      agent.drain(this::check);
      LockSupport.parkNanos(random.nextInt(300_000));
    }
    for (Future<?> each : work) {
      each.get();
    }
    if (virtual != null) {
      virtual.shutdown();
    }
    agent.drain(this::check);
    if (read + agent.dropped() != calls.get()
        || torn > 0
        || lostInterrupts.get() > 0
        || agent.occupied() > 0) {
      System.out.printf(
          "round %d: %d calls, %d read, %d dropped, %d torn, %d occupied, %d interrupts lost%n",
          number, calls.get(), read, agent.dropped(), torn, agent.occupied(), lostInterrupts.get());
      System.exit(1);
    }
    agent.check(calls.get());
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

  private void callOften(long seed, boolean isInterrupted) {
    var random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
      call(random.nextInt(1 << 20), () -> {});
      if (isInterrupted && !Thread.interrupted()) {
        lostInterrupts.incrementAndGet();
      }
    }
  }

  private void call(int number, Runnable pause) {
    calls.incrementAndGet();
    try {
      new Model()
          .predict(
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
