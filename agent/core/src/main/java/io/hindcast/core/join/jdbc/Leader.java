package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.FleetBooks;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.PendingRecord.State;
import io.hindcast.core.join.RecordJoin;
import io.hindcast.core.log.AgentLog;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Speaks for all instances that share the database, if this one is chosen: reads what all of them
 * have predicted and what became of it, then follows what changes. A thread and a connection of its
 * own; whoever holds the advisory lock is the one.
 */
final class Leader {
  /*
   * The lock is the connection's: when it is lost, or its process killed, the server gives it to the
   * next that asks, who reads everything anew. So nothing that a leader knows needs to be saved.
   */
  private static final long FIRST_MILLIS = 30_000;
  private static final int FORGET_EVERY = 30;

  private final String name;
  private final Callable<LeaderTables> connect;
  private final Handover handover;
  private final FleetBooks books;
  private final long followMillis;
  private final long askMillis;
  private final BooleanSupplier isStoreFailing;
  private final AgentLog log;
  private final Thread thread;
  private final Object lock = new Object();
  private boolean isAwake;
  private volatile boolean isEnding;

  /* Owned by the thread. */
  private @Nullable LeaderTables tables;
  private volatile @Nullable String seen;
  private int told;
  private int failures;

  /** Owned by the monitor thread. By number of the stream; empty if nobody wants it. */
  private final Map<Integer, Optional<OutcomeSink>> sinks = new HashMap<>();

  /**
   * @param followMillis how often what changes is read
   * @param askMillis how often one that is not chosen asks again
   */
  Leader(
      String name,
      Callable<LeaderTables> connect,
      Handover handover,
      FleetBooks books,
      long followMillis,
      long askMillis,
      BooleanSupplier isStoreFailing,
      ThreadFactory threads,
      AgentLog log) {
    this.name = name;
    this.connect = connect;
    this.handover = handover;
    this.books = books;
    this.followMillis = followMillis;
    this.askMillis = askMillis;
    this.isStoreFailing = isStoreFailing;
    this.log = log;
    this.thread = threads.newThread(this::run);
  }

  void start() {
    thread.start();
  }

  /** Whether this is the one. Any thread. */
  boolean isLeading() {
    return seen != null;
  }

  /** The store is in use. Any thread. */
  void wake() {
    synchronized (lock) {
      if (!isAwake) {
        isAwake = true;
        lock.notifyAll();
      }
    }
  }

  private void run() {
    try {
      rest(FIRST_MILLIS, true);
      boolean isLast;
      do {
        isLast = isEnding;
        turn();
        rest(seen == null ? askMillis : followMillis, false);
      } while (!isLast);
    } catch (InterruptedException ending) {
      // Whoever is next begins anew.
    } finally {
      disconnect();
    }
  }

  private void rest(long millis, boolean untilAwake) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (lock) {
      while (!isEnding && !(untilAwake && isAwake)) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          break;
        }
        lock.wait(left);
      }
    }
  }

  private void turn() throws InterruptedException {
    try {
      LeaderTables connected = tables;
      if (connected == null) {
        connected = connect.call();
        tables = connected;
      }
      if (seen == null && connected.lead()) {
        handover.now(this::begin);
        connected.clear();
        seen = connected.tellAll(this::hand);
        seen = connected.tellChanges(seen, this::hand);
        handover.now(books::complete);
      } else if (seen != null) {
        seen = connected.tellChanges(seen, this::hand);
        if (++told % FORGET_EVERY == 0) {
          connected.forget(seen);
        }
      }
      failures = 0;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | LinkageError e) {
      resign(e);
    }
  }

  private void resign(Throwable cause) {
    seen = null;
    handover.later(books::end);
    disconnect();
    failures++;
    // What keeps the store from working is said by it.
    if (failures == 2 && !isStoreFailing.getAsBoolean()) {
      log.warn(
          "store "
              + name
              + ": windows of performance cannot be read ("
              + String.valueOf(cause.getMessage()).lines().findFirst().orElse("")
              + "); it is tried again. See that schema.sql was run as it is now, with what it"
              + " says to grant, and that there is a second connection for each instance");
    }
  }

  private void disconnect() {
    LeaderTables connected = tables;
    tables = null;
    if (connected != null) {
      try {
        connected.close();
      } catch (SQLException alreadyLost) {
        // That is why it is closed.
      }
    }
  }

  private void begin() {
    sinks.clear();
    books.begin();
  }

  private void hand(List<LeaderTables.Told> changes) throws SQLException, InterruptedException {
    if (!changes.isEmpty()) {
      handover.now(() -> changes.forEach(this::tell));
    }
  }

  private void tell(LeaderTables.Told of) {
    StoredStreams.Stored stream = of.stream();
    OutcomeSink sink =
        sinks
            .computeIfAbsent(
                stream.id(),
                id -> Optional.ofNullable(books.stream(stream.key(), stream.probabilityClasses())))
            .orElse(null);
    Change change = of.change();
    PendingRecord record =
        sink == null
            ? null
            : Records.of(change.payload(), stream, change.predictedAtMillis(), sink);
    if (sink == null || record == null) {
      return;
    }
    if (change.before() == null) {
      sink.predicted(record);
    }
    PendingRecord.Truth was = truth(change.before(), sink);
    PendingRecord.Truth is = truth(change.after(), sink);
    if (was == null || is == null || is.state() == State.PENDING) {
      return;
    }
    if (was.state() == State.PENDING && change.delayMillis() < 0) {
      // A label without a delay: not the first, or none that came.
      was = new PendingRecord.Truth(State.RETRACTED, 0, false);
    }
    record.state = is.state();
    record.actual = is.actual();
    record.actedOn = is.actedOn();
    RecordJoin.tell(
        sink, record, was, change.predictedAtMillis() + Math.max(0, change.delayMillis()));
  }

  /** Null if the model cannot have it. */
  private static PendingRecord.@Nullable Truth truth(
      Change.@Nullable Known known, OutcomeSink sink) {
    if (known == null) {
      return new PendingRecord.Truth(State.PENDING, 0, false);
    }
    double value = known.value();
    if (known.state() == State.LABELLED && known.className() != null) {
      Double number = sink.actualOf(known.className());
      if (number == null) {
        return null;
      }
      value = number;
    }
    return new PendingRecord.Truth(known.state(), value, known.actedOn());
  }

  /** Reads what there is once more, and lets go of the lock. Monitor thread. */
  void end(long millis) {
    isEnding = true;
    synchronized (lock) {
      lock.notifyAll();
    }
    handover.runUntilEnd(thread, millis);
    abandon();
  }

  /** Ends as a crash would. */
  void abandon() {
    isEnding = true;
    thread.interrupt();
  }

  /** For tests. */
  void join() throws InterruptedException {
    thread.join();
  }
}
