package io.hindcast.benchmarks;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.capture.CapturePlanner;
import io.hindcast.core.capture.LabelQueue;
import io.hindcast.core.capture.MethodSite;
import io.hindcast.core.capture.PoolBudget;
import io.hindcast.core.capture.RowSource;
import io.hindcast.core.capture.SiteHooks;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Row;
import io.hindcast.core.monitor.AgentThreads;
import io.hindcast.core.monitor.Engine;
import io.hindcast.core.monitor.Monitor;
import io.hindcast.core.reference.ReferenceStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The agent without weaving and telemetry: capture, its own thread, the engine behind it. */
final class BenchmarkedAgent {
  /** As often as the agent's thread does it. */
  private static final long TICK_NANOS = 100_000_000;

  private static @Nullable BenchmarkedAgent instance;

  private final boolean isLive;
  private final List<RowSource> sources = new CopyOnWriteArrayList<>();
  private final AgentThreads threads = new AgentThreads();
  private final CaptureFaults faults;
  private final CapturePlanner planner;
  private final Monitor monitor;
  private double secondsSeen;
  private long droppedSeen;
  private long drained;
  private long tickedNanos = System.nanoTime();

  private BenchmarkedAgent(boolean isLive, long queueBytes) {
    this.isLive = isLive;
    AgentConfig config = AgentConfig.EMPTY;
    AgentLog log = new AgentLog(System.err, AgentLog.Level.WARN);
    faults = new CaptureFaults(log::fault);
    LabelQueue labels = LabelQueue.besideRowsOf(config.queueBytes());
    Clock clock = Clock.systemUTC();
    Engine engine = new Engine(config, ReferenceStore.NONE, log, clock.millis());
    monitor =
        new Monitor(engine, labels, faults, clock, Map::of, threads, Double.POSITIVE_INFINITY, log);
    planner =
        new CapturePlanner(
            config,
            new PoolBudget(queueBytes, 1),
            labels,
            this::add,
            monitor::wake,
            faults,
            log,
            clock,
            type -> {});
    if (isLive) {
      monitor.start();
    }
  }

  /**
   * @param isLive whether the agent's thread is at work; else whoever calls {@link #drain} is it
   */
  static synchronized BenchmarkedAgent instance(boolean isLive) {
    BenchmarkedAgent agent = instance;
    if (agent == null) {
      agent = new BenchmarkedAgent(isLive, AgentConfig.EMPTY.queueBytes());
      instance = agent;
    }
    return agent;
  }

  /** One whose rows are read by {@link #drain}, and with little room for them. */
  static synchronized BenchmarkedAgent withQueueOf(long bytes) {
    BenchmarkedAgent agent = new BenchmarkedAgent(false, bytes);
    instance = agent;
    return agent;
  }

  /** Processor time of the agent's threads since this was last asked; 0 without an agent. */
  static synchronized long nanosSinceLast() {
    BenchmarkedAgent agent = instance;
    if (agent == null) {
      return 0;
    }
    double now = agent.threads.cpuSeconds();
    long nanos = (long) ((now - agent.secondsSeen) * 1e9);
    agent.secondsSeen = now;
    return nanos;
  }

  /** Rows that found no room since this was last asked. */
  static synchronized long droppedSinceLast() {
    BenchmarkedAgent agent = instance;
    if (agent == null) {
      return 0;
    }
    long now = agent.dropped();
    long rows = now - agent.droppedSeen;
    agent.droppedSeen = now;
    return rows;
  }

  long dropped() {
    return sources.stream().mapToLong(RowSource::droppedRows).sum();
  }

  private void add(RowSource source) {
    sources.add(source);
    if (isLive) {
      monitor.add(source);
    }
  }

  /** Frees what waits, if the agent's thread is not at work. */
  void drain() {
    drain(row -> {});
  }

  /** The same, and shows each row. */
  synchronized void drain(Row.RowConsumer consumer) {
    for (RowSource source : sources) {
      drained += source.drain(consumer);
    }
    if (System.nanoTime() - tickedNanos > TICK_NANOS) {
      tickedNanos = System.nanoTime();
      sources.forEach(RowSource::tick);
    }
  }

  /** Slots that are not free. */
  int occupied() {
    return sources.stream().mapToInt(RowSource::occupiedSlots).sum();
  }

  SiteHooks predict(MethodSite site) {
    return planner.predict(site);
  }

  /** Fails unless every row so far was captured or counted as dropped. */
  void check(long calls) {
    long captured =
        isLive
            ? monitor.snapshot(Duration.ofSeconds(10)).models().stream()
                .mapToLong(model -> model.capturedRows())
                .sum()
            : drained;
    long dropped = dropped();
    if (!faults.snapshot().isEmpty() || captured + dropped != calls) {
      throw new IllegalStateException(
          calls
              + " calls, "
              + captured
              + " captured, "
              + dropped
              + " dropped, faults "
              + faults.snapshot());
    }
  }
}
