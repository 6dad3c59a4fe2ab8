package io.hindcast.core.monitor;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.capture.LabelSource;
import io.hindcast.core.capture.RowSource;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns the engine: brings it the rows and labels that wait, lets its time pass,
 * and hands out snapshots. Sources may be added and snapshots asked for by any thread.
 */
public final class Monitor {
  /*
   * One turn: take the labels that wait, then the rows, then apply these labels. A label that was
   * sent after its predict returned was queued after its row was committed; so the row is read in
   * the same turn at the latest, and the label always finds it.
   *
   * A snapshot that is asked for is made at the end of a turn that began after the question, so it
   * holds every row whose call had ended by then.
   *
   * Between turns the thread rests as long as Pace allows.
   */
  private static final long TICK_MILLIS = 100;

  private final Engine engine;
  private final LabelSource labels;
  private final CaptureFaults faults;
  private final Clock clock;
  private final Supplier<Map<String, Long>> methodsInstrumented;
  private final AgentThreads threads;
  private final AgentLog log;
  private final Thread thread;
  private final long startMillis;
  private final @Nullable Shedder shedder;
  private final List<Source> sources = new CopyOnWriteArrayList<>();

  private final AtomicLong asked = new AtomicLong();
  private final Object published = new Object();
  private EngineSnapshot last;
  private long answered;
  private boolean ended;
  private volatile boolean stopping;

  /* Owned by the monitor thread. */
  private final List<LabelEvent> waiting = new ArrayList<>();
  private final Map<String, Long> droppedLabels = new HashMap<>();
  private final Map<String, Long> rejectedLabels = new HashMap<>();
  private long now;
  private long nextTickMillis = Long.MIN_VALUE;
  private final Pace pace = new Pace(System.nanoTime());

  /**
   * @param faults where exceptions of ours are counted
   * @param methodsInstrumented by rule, asked by whoever asks for a snapshot
   * @param cpuShare of one processor that the agent's threads may use; infinite if every row is
   *     wanted
   */
  public Monitor(
      Engine engine,
      LabelSource labels,
      CaptureFaults faults,
      Clock clock,
      Supplier<Map<String, Long>> methodsInstrumented,
      AgentThreads threads,
      double cpuShare,
      AgentLog log) {
    this.engine = engine;
    this.labels = labels;
    this.faults = faults;
    this.clock = clock;
    this.methodsInstrumented = methodsInstrumented;
    this.threads = threads;
    this.log = log;
    this.shedder =
        cpuShare == Double.POSITIVE_INFINITY
            ? null
            : new Shedder(
                cpuShare,
                threads::cpuSeconds,
                AgentThreads::ownNanos,
                System::nanoTime,
                (model, level, before) -> sampled(model, level, before, cpuShare));
    this.startMillis = clock.millis();
    this.now = startMillis;
    this.thread = threads.newThread(this::run, "hindcast-monitor");
    this.last =
        new EngineSnapshot(
            startMillis,
            List.of(),
            new EngineSnapshot.Health(startMillis, Map.of(), Double.NaN, Map.of()));
  }

  /** A source with what was already counted of it. */
  private static final class Source {
    final RowSource rows;
    final Set<ModelKey> registered = new HashSet<>();
    @Nullable ModelKey key;
    long dropped;
    long failed;
    long overflowed;
    long sampledOut;
    final Map<String, Long> lostByErrorType = new HashMap<>();

    Source(RowSource rows) {
      this.rows = rows;
    }
  }

  public void start() {
    thread.start();
  }

  /** Reads this source, too, from now on. It may be added again, which changes nothing. */
  public synchronized void add(RowSource source) {
    for (Source known : sources) {
      if (known.rows == source) {
        return;
      }
    }
    sources.add(new Source(source));
  }

  /** Looks for rows now. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * What is known now, all calls that have returned included; what was known last, if the monitor
   * thread does not come to it in time.
   */
  public EngineSnapshot snapshot(Duration timeout) {
    long question = asked.incrementAndGet();
    wake();
    EngineSnapshot known = await(question, timeout);
    return new EngineSnapshot(known.epochMillis(), known.models(), known.unboundLabels(), health());
  }

  /** How full the places are in which rows wait, for the log. Any thread. */
  public String occupancy() {
    StringBuilder said = new StringBuilder("rows in flight or waiting:");
    for (Source source : sources) {
      ModelKey key = source.key;
      said.append(' ')
          .append(key == null ? "?" : key.model())
          .append(' ')
          .append(source.rows.occupiedSlots())
          .append(" of ")
          .append(source.rows.slots());
    }
    return said.toString();
  }

  private EngineSnapshot await(long question, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (published) {
      while (answered < question && !ended) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          break;
        }
        try {
          published.wait(left / 1_000_000, (int) (left % 1_000_000));
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          break;
        }
      }
      return last;
    }
  }

  private EngineSnapshot.Health health() {
    return new EngineSnapshot.Health(
        startMillis, faults.snapshot(), threads.cpuSeconds(), methodsInstrumented.get());
  }

  /**
   * Reads what is left, lets the engine finish, and ends the thread. Snapshots are then the last.
   *
   * @return false if it took longer
   */
  public boolean stop(Duration timeout) {
    stopping = true;
    wake();
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (published) {
      while (!ended && thread.isAlive()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        try {
          published.wait(Math.max(1, left / 1_000_000));
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return ended;
    }
  }

  private void run() {
    while (!stopping) {
      try {
        long rest = turn();
        if (rest > 0) {
          LockSupport.parkNanos(this, rest);
        }
      } catch (Throwable fault) {
        faults.count("monitor", fault);
        LockSupport.parkNanos(this, Pace.LONGEST_NANOS);
      }
    }
    try {
      nextTickMillis = Long.MIN_VALUE;
      turn();
      engine.finish(now);
    } catch (Throwable fault) {
      faults.count("monitor, at its end", fault);
    }
    try {
      publish(asked.get());
    } catch (Throwable fault) {
      faults.count("monitor, at its end", fault);
    }
    synchronized (published) {
      ended = true;
      published.notifyAll();
    }
  }

  /** Returns the nanoseconds until the next; 0 for at once. */
  private long turn() {
    long began = System.nanoTime();
    long question = asked.get();
    labels.drain(waiting::add);
    now = clock.millis();
    int labelled = waiting.size();
    boolean hadRows = false;
    if (shedder != null) {
      shedder.begin();
    }
    for (Source source : sources) {
      int rows = drain(source);
      hadRows |= rows > 0;
      pace.saw(rows, source.rows.slots());
      if (shedder != null) {
        shedder.drained(source.rows, rows);
      }
    }
    now = clock.millis();
    if (shedder != null) {
      shedder.end(hadRows);
    }
    for (LabelEvent label : waiting) {
      apply(label);
    }
    waiting.clear();
    engine.turn(now);
    boolean isAsked = question > answered;
    // Also if the clock was set back.
    if (isAsked || now >= nextTickMillis || now < nextTickMillis - TICK_MILLIS) {
      nextTickMillis = now + TICK_MILLIS;
      for (Source source : sources) {
        count(source);
        source.rows.tick();
        letGoIfOver(source);
      }
      faults.tell();
      countLost(labels.droppedByModel(), droppedLabels, LabelOutcome.DROPPED);
      countLost(labels.rejectedByModel(), rejectedLabels, LabelOutcome.REJECTED);
      engine.tick(now);
    }
    if (isAsked) {
      publish(question);
    }
    return pace.next(began, labelled);
  }

  /** An application that was undeployed leaves its rows, and takes its memory along. */
  private void letGoIfOver(Source source) {
    if (source.rows.isOver()) {
      drain(source);
      count(source);
      source.rows.giveBack();
      sources.remove(source);
      if (shedder != null) {
        shedder.forget(source.rows);
      }
    }
  }

  private int drain(Source source) {
    try {
      return source.rows.drain(row -> accept(source, row));
    } catch (Throwable fault) {
      faults.count("reading rows", fault);
      return 0;
    }
  }

  private void accept(Source source, Row row) {
    try {
      if (source.key
          != row.key) { // a store that changes nothing still costs the collector's barriers
        source.key = row.key;
      }
      engine.accept(row, now);
    } catch (Throwable fault) {
      faults.count("counting a row of " + row.key.model(), fault);
    }
  }

  private void apply(LabelEvent label) {
    try {
      engine.label(label, now);
    } catch (Throwable fault) {
      faults.count("joining a label", fault);
    }
  }

  /** What a source says of itself since the last time. */
  private void count(Source source) {
    for (ModelKey known : source.rows.knownKeys()) {
      if (source.registered.add(known)) {
        engine.register(known, source.rows.task(), now);
      }
      if (source.key == null) {
        source.key = known;
      }
    }
    ModelKey key = source.key;
    if (key == null) {
      return;
    }
    long dropped = source.rows.droppedRows();
    long failed = source.rows.failedRows();
    long overflowed = source.rows.overflowedValues();
    long sampledOut = source.rows.sampledOutRows();
    if (sampledOut > source.sampledOut) {
      engine.sampledOut(key, source.rows.task(), sampledOut - source.sampledOut, now);
      source.sampledOut = sampledOut;
    }
    source.rows.lostByErrorType().forEach((type, rows) -> countThrown(source, key, type, rows));
    if (dropped > source.dropped || failed > source.failed) {
      engine.dropped(
          key, source.rows.task(), dropped - source.dropped, failed - source.failed, now);
      source.dropped = dropped;
      source.failed = failed;
    }
    if (overflowed > source.overflowed) {
      engine.overflowed(key, source.rows.task(), overflowed - source.overflowed, now);
      source.overflowed = overflowed;
    }
  }

  private void sampled(String model, int level, int before, double cpuShare) {
    engine.sampled(model, level, now);
    if (before == 0) {
      log.warn(
          "model "
              + model
              + ": more rows than can be read within capture.cpu ("
              + (float) (100 * cpuShare)
              + "% of a processor); one in "
              + (1L << level)
              + " is kept, or as many as there is room for, and counts for the others"
              + " (hindcast.sampling.ratio)");
    } else if (level == 0) {
      log.warn("model " + model + ": every row is kept again");
    }
  }

  private void countThrown(Source source, ModelKey key, String errorType, long rows) {
    long known = source.lostByErrorType.getOrDefault(errorType, 0L);
    if (rows > known) {
      engine.failedUnseen(key, source.rows.task(), errorType, rows - known, now);
      source.lostByErrorType.put(errorType, rows);
    }
  }

  private void countLost(
      Map<String, Long> byModel, Map<String, Long> before, LabelOutcome outcome) {
    byModel.forEach(
        (model, labels) -> {
          long known = before.getOrDefault(model, 0L);
          if (labels > known) {
            engine.labelsNeverCame(model, outcome, labels - known);
            before.put(model, labels);
          }
        });
  }

  private void publish(long question) {
    EngineSnapshot made = engine.snapshot(now);
    synchronized (published) {
      last = made;
      answered = question;
      published.notifyAll();
    }
  }
}
