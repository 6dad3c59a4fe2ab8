package io.hindcast.agent;

import io.hindcast.core.capture.RowSource;
import io.hindcast.core.monitor.Monitor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where woven sites announce their rows, and wake whoever reads them. The application may call its
 * first model before the monitor thread is there: until then rows wait in their pools.
 */
final class Intake implements Consumer<RowSource>, Runnable {
  private final List<RowSource> early = new ArrayList<>();
  private final CountDownLatch firstCall = new CountDownLatch(1);
  private volatile @Nullable Monitor monitor;

  /** A site is called for the first time. On the application's thread. */
  @Override
  public void accept(RowSource source) {
    synchronized (early) {
      Monitor reading = monitor;
      if (reading == null) {
        early.remove(source); // it may come again
        early.add(source);
      } else {
        reading.add(source);
      }
    }
    firstCall.countDown();
  }

  /** Rows come faster than they are read. On the application's thread. */
  @Override
  public void run() {
    Monitor reading = monitor;
    if (reading != null) {
      reading.wake();
    }
  }

  void connect(Monitor reading) {
    synchronized (early) {
      early.forEach(reading::add);
      early.clear();
      monitor = reading;
    }
  }

  /** Lets whoever awaits the first call go on. */
  void hurry() {
    firstCall.countDown();
  }

  void awaitFirstCall(Duration atMost) throws InterruptedException {
    firstCall.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }
}
