package io.hindcast.core.join.directory;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Forces what was written to disk, on a thread of its own. What is written gets a number; all up to
 * {@link #done} is on disk.
 */
final class Syncing {
  /** Something that can be forced. */
  interface Forced {
    void force() throws IOException;
  }

  private final Object lock = new Object();
  private List<Forced> next = List.of();
  private long asked;
  private boolean isOver;
  private volatile long done;
  private volatile @Nullable IOException failure;

  Syncing(ThreadFactory threads) {
    threads.newThread(this::run).start();
  }

  /** Forces these soon, and everything up to this number with them. */
  void ask(List<? extends Forced> files, long upTo) {
    synchronized (lock) {
      var all = new ArrayList<Forced>(next);
      for (Forced file : files) {
        if (!all.contains(file)) {
          all.add(file);
        }
      }
      next = all;
      asked = upTo;
      lock.notifyAll();
    }
  }

  long done() {
    return done;
  }

  /** What went wrong since the last call; null if nothing did. */
  @Nullable IOException failure() {
    IOException known = failure;
    failure = null;
    return known;
  }

  void close() {
    synchronized (lock) {
      isOver = true;
      lock.notifyAll();
    }
  }

  private void run() {
    while (true) {
      List<Forced> files;
      long upTo;
      synchronized (lock) {
        while (next.isEmpty() && !isOver) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            return;
          }
        }
        if (next.isEmpty()) {
          return;
        }
        files = next;
        upTo = asked;
        next = List.of();
      }
      try {
        for (Forced file : files) {
          try {
            file.force();
          } catch (ClosedChannelException dropped) {
            // A segment that left meanwhile: nothing of it needs to be there any more.
          }
        }
        done = upTo;
      } catch (IOException e) {
        failure = e;
      }
    }
  }
}
