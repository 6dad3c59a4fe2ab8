package threads;

import java.lang.management.ManagementFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A model that is called on very many virtual threads, each of which ends with its call. */
public class Main {
  /** Alive at once: what they hold themselves is not the question. */
  private static final int AT_ONCE = 5_000;

  private static final AtomicLong RETURNED = new AtomicLong();

  public static void main(String[] args) throws Exception {
    int threads = Integer.parseInt(args[0]);
    long after = 0;
    try (var executor = executor()) {
      Semaphore alive = new Semaphore(AT_ONCE);
      for (int i = 0; i < threads; i++) {
        double x = i;
        alive.acquire();
        executor.submit(
            () -> {
              score(x);
              alive.release();
            });
        if (i == threads / 5) {
          after = heapAfterCollection();
        }
      }
    }
    long grown = (heapAfterCollection() - after) >> 20;
    System.out.println("called " + RETURNED + ", heap grown by MiB: " + Math.max(0, grown));
  }

  static double score(double x) {
    // Every fourth one parks, and goes on on another carrier.
    if ((long) x % 4 == 0) {
      LockSupport.parkNanos(1000);
    }
    RETURNED.incrementAndGet();
    return x / 2;
  }

  private interface Closing extends AutoCloseable {
    void submit(Runnable task);

    @Override
    void close() throws Exception;
  }

  /** Of virtual threads, by name, since this is compiled for JVMs that have none. */
  private static Closing executor() throws Exception {
    ExecutorService virtual =
        (ExecutorService)
            Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    return new Closing() {
      @Override
      public void submit(Runnable task) {
        virtual.execute(task);
      }

      @Override
      public void close() throws Exception {
        AutoCloseable.class.getMethod("close").invoke(virtual);
      }
    };
  }

  private static long heapAfterCollection() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
