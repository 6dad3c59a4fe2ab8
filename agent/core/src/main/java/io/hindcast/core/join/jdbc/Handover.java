package io.hindcast.core.join.jdbc;

import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** What the threads of the store have for the monitor thread to do. */
final class Handover {
  private static final long PATIENCE_SECONDS = 30;

  /** Of what is wrong with the data. */
  static final String REFUSED = "22000";

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

  /** Any thread. */
  void later(Runnable task) {
    tasks.add(task);
  }

  /**
   * Lets the monitor thread do something, and waits for it. Not from the monitor thread.
   *
   * @throws SQLException if it does not come to it; then it never will
   */
  void now(Runnable task) throws SQLException, InterruptedException {
    var isTaken = new AtomicBoolean();
    var isRight = new AtomicBoolean();
    var isDone = new CountDownLatch(1);
    tasks.add(
        () -> {
          if (isTaken.compareAndSet(false, true)) {
            try {
              task.run();
              isRight.set(true);
            } finally {
              isDone.countDown();
            }
          }
        });
    if (!isDone.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      if (isTaken.compareAndSet(false, true)) {
        throw new SQLException("the agent is too busy to say what labels do");
      }
      isDone.await();
    }
    if (!isRight.get()) {
      throw new SQLException("a fault of the agent's own", REFUSED);
    }
  }

  /** Does what has come. Monitor thread. */
  void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Does what comes until the thread has ended, or the time is over. Monitor thread. */
  void runUntilEnd(Thread of, long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      while (of.isAlive() && System.nanoTime() < end) {
        Runnable task = tasks.poll(5, TimeUnit.MILLISECONDS);
        if (task != null) {
          task.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    run();
  }
}
