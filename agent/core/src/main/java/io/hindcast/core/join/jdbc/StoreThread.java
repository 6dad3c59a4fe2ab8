package io.hindcast.core.join.jdbc;

import io.hindcast.core.log.AgentLog;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that speaks with the database. It takes work in the order in which it was given, one
 * piece after the other, and tries each until it is done or refused.
 */
final class StoreThread {
  /*
   * Two hand-overs: work in, from `next`, and what came of it back to the monitor thread, by
   * `answers`. In the middle of a transaction on labels the monitor thread is asked what they do to
   * their rows, since versions and their classes are its own; only this thread waits for it.
   */
  private static final long FIRST_PAUSE_MILLIS = 1000;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;
  private static final int DEADLOCKS = 20;

  private final String name;
  private final Callable<Tables> connect;
  private final AgentLog log;
  private final Handover answers;
  private final Object lock = new Object();
  private final Supplier<@Nullable Work> next;
  private final Thread thread;
  private boolean isAwake;
  private volatile boolean isEnding;
  private volatile boolean isAbandoned;
  private volatile @Nullable Tables tables;
  private volatile boolean isFailing;
  private volatile @Nullable Work current;

  /**
   * @param name of the database, for messages
   * @param next work that waits; null if none does. Called on this thread
   * @param answers where the monitor thread hears of it
   */
  StoreThread(
      String name,
      Callable<Tables> connect,
      Supplier<@Nullable Work> next,
      Handover answers,
      ThreadFactory threads,
      AgentLog log) {
    this.answers = answers;
    this.name = name;
    this.connect = connect;
    this.next = next;
    this.log = log;
    this.thread = threads.newThread(this::run);
  }

  void start() {
    thread.start();
  }

  /** There is work. Any thread. */
  void wake() {
    synchronized (lock) {
      isAwake = true;
      lock.notifyAll();
    }
  }

  private void run() {
    try {
      while (!isAbandoned) {
        Work work = next.get();
        current = work;
        if (work != null) {
          complete(work);
        } else if (isEnding) {
          break;
        } else {
          sleep(Long.MAX_VALUE);
        }
      }
    } catch (InterruptedException ending) {
      // What is left undone is not answered.
    } finally {
      disconnect();
    }
  }

  private void sleep(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(millis, 1L << 40));
    synchronized (lock) {
      // While it fails, new work is no reason to try again.
      boolean mayWake = millis == Long.MAX_VALUE;
      while (!isEnding && !(mayWake && isAwake)) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          break;
        }
        lock.wait(left);
      }
      isAwake = false;
    }
  }

  private void complete(Work work) throws InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    int deadlocks = 0;
    while (true) {
      String state;
      try {
        Tables connected = tables;
        if (connected == null) {
          connected = connect.call();
          tables = connected;
        }
        work.run(connected);
        current = null;
        answers.later(work::done);
        worksAgain();
        return;
      } catch (InterruptedException e) {
        throw e;
      } catch (SQLException e) {
        state = e.getSQLState() == null ? "" : e.getSQLState();
        if (isAbandoned) {
          throw new InterruptedException();
        }
        boolean isKept = rollback();
        if (state.startsWith("40") && isKept && deadlocks++ < DEADLOCKS) {
          continue;
        }
        if (state.startsWith(Handover.REFUSED.substring(0, 2)) && isKept) {
          log.warn("store " + name + " refuses what it was given (" + e.getMessage() + ")");
          current = null;
          answers.later(work::refused);
          return;
        }
        fail(e, state);
      } catch (Exception | LinkageError e) {
        fail(e, "");
      }
      disconnect();
      if (isEnding) {
        throw new InterruptedException();
      }
      sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  /** Whether the connection is good for more. */
  private boolean rollback() {
    Tables connected = tables;
    try {
      if (connected == null) {
        return false;
      }
      connected.rollback();
      return true;
    } catch (SQLException lost) {
      return false;
    }
  }

  private void disconnect() {
    Tables connected = tables;
    tables = null;
    if (connected != null) {
      try {
        connected.close();
      } catch (SQLException alreadyLost) {
        // That is why it is closed.
      }
    }
  }

  private void fail(Throwable cause, String state) {
    if (!isFailing) {
      isFailing = true;
      log.warn(
          "store "
              + name
              + " cannot be used ("
              + String.valueOf(cause.getMessage()).lines().findFirst().orElse("")
              + "); predictions and labels wait while there is room, then they are counted as"
              + " hindcast.pending.lost{disk} and 'dropped'. It is tried again every half minute: "
              + remedy(state));
    }
  }

  private static String remedy(String state) {
    if (state.equals("23514")) {
      return "make the weeks that are missing: SELECT hindcast_create_weeks(current_date, 8)";
    }
    if (state.equals("42P01") || state.equals(Schema.OLDER)) {
      return "run this agent's schema.sql, which keeps what is there";
    }
    if (state.equals(Schema.NEWER)) {
      return "use an agent of the version whose schema.sql was run last";
    }
    if (state.equals("42501")) {
      return "grant what schema.sql says";
    }
    if (state.startsWith("28")) {
      return "see to user and password-file";
    }
    return "see that it runs, and that it can be reached";
  }

  private void worksAgain() {
    if (isFailing) {
      isFailing = false;
      log.warn("store " + name + " can be used again");
    }
  }

  /** What it was at when it had to end; null if it came to an end with it. */
  @Nullable Work unfinished() {
    return current;
  }

  boolean isFailing() {
    return isFailing;
  }

  /** Lets it finish what it can in this time, and answers. Monitor thread. */
  void end(long millis) {
    isEnding = true;
    wake();
    answers.runUntilEnd(thread, millis);
    abandon();
  }

  /** Ends as a crash would. */
  void abandon() {
    isAbandoned = true;
    isEnding = true;
    thread.interrupt();
    wake();
  }

  /** For tests. */
  void join() throws InterruptedException {
    thread.join();
  }
}
