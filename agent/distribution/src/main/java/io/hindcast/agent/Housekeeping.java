package io.hindcast.agent;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.AgentOptions;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.monitor.AgentThreads;
import io.hindcast.core.monitor.Engine;
import io.hindcast.core.monitor.Monitor;
import io.hindcast.instrumentation.Rehearsal;
import io.hindcast.instrumentation.Weaver;
import io.hindcast.telemetry.ExportPlan;
import io.hindcast.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the application need not wait for: the engine and its thread, the rehearsal of the first
 * woven call, the OpenTelemetry SDK, a look at rules that matched nothing; and at the end, the last
 * export.
 */
final class Housekeeping {
  /** Until the application has reached its main method, which two processors would be busy with. */
  private static final Duration MOMENT = Duration.ofMillis(50);

  /** The SDK takes a second of CPU; until then the application has the processors to itself. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  /** By then an application has loaded its models, or has a rule that is wrong. */
  private static final Duration UNMATCHED_AFTER = Duration.ofSeconds(30);

  /*
   * The end of the JVM waits for a backend no longer than LAST_EXPORT. A job that is over at once
   * starts the SDK at its end: a second of CPU, which on a crowded machine takes many, and which no
   * backend can make longer. So that has a limit of its own, and leaves the export LEAST. So have the
   * rows that still wait to be read, as long as our threads get anywhere: what is stuck has
   * LAST_EXPORT.
   */
  private static final Duration LAST_EXPORT = Duration.ofSeconds(5);
  private static final Duration LEAST = Duration.ofSeconds(3);
  private static final Duration LATE_START = Duration.ofSeconds(15);

  /** Of a processor, in a second: less than a thread gets among hundreds that want it. */
  private static final double LEAST_PROGRESS_SECONDS = 0.001;

  private static final Duration SNAPSHOT = Duration.ofSeconds(2);

  private final Capture capture;
  private final AgentOptions options;
  private final AgentJar jar;
  private final boolean attached;
  private final CaptureFaults faults;
  private final AgentLog log;

  private final AgentThreads threads = new AgentThreads();
  private final CountDownLatch reading = new CountDownLatch(1);

  /* Set on the thread "hindcast-start" before the latch opens. */
  private @Nullable ExportPlan plan;
  private @Nullable Monitor monitor;

  /** The JVM ends: whoever waits for a first call waits no longer, and none has come by that. */
  private volatile boolean isEnding;

  private @Nullable Telemetry telemetry;
  private boolean over;

  Housekeeping(
      Capture capture,
      AgentOptions options,
      AgentJar jar,
      boolean attached,
      CaptureFaults faults,
      AgentLog log) {
    this.capture = capture;
    this.options = options;
    this.jar = jar;
    this.attached = attached;
    this.faults = faults;
    this.log = log;
  }

  void start() {
    threads.newThread(this::run, "hindcast-start").start();
    Runtime.getRuntime().addShutdownHook(threads.newThread(this::shutDown, "hindcast-shutdown"));
  }

  private void run() {
    try {
      Intake intake = capture.intake();
      intake.awaitFirstCall(MOMENT);
      Capture.Parts parts = read();
      if (isEnding || parts == null) {
        return;
      }
      Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
      Rehearsal.run();
      intake.awaitFirstCall(QUIET);
      if (isEnding) {
        return;
      }
      export();
      Thread.sleep(UNMATCHED_AFTER.toMillis());
      parts.weaver().warnAboutUnmatchedRules();
    } catch (InterruptedException e) {
      // Nobody of ours interrupts; the application may end as it likes.
    } catch (Throwable fault) {
      faults.count("housekeeping", fault);
    }
  }

  /** Rows and labels → engine → snapshots. Null if the agent is inactive. */
  private Capture.@Nullable Parts read() {
    try {
      Capture.Parts parts = capture.parts();
      if (parts == null) {
        return null;
      }
      AgentConfig config = parts.config();
      Clock clock = parts.clock();
      Weaver weaver = parts.weaver();
      Stores stores = Stores.open(config, threads, weaver::loadersOf, log);
      Engine engine =
          new Engine(
              config,
              stores.references(),
              stores.labels(),
              stores.secret(),
              parts.receipts(),
              config.modelBytes(Runtime.getRuntime().maxMemory()),
              log,
              clock.millis());
      engine.restore(clock.millis());
      Monitor reader =
          new Monitor(
              engine,
              parts.labels(),
              faults,
              clock,
              weaver::methodsInstrumented,
              threads,
              config.cpuShare(),
              log);
      parts.intake().connect(reader);
      reader.start();
      Doors.open(parts, () -> !isEnding, threads, faults, log);
      monitor = reader;
      ExportPlan exports = ExportPlan.ofThisJvm(options.output());
      plan = exports;
      log.start(
          "version "
              + jar.version()
              + ", "
              + rules(config)
              + methodsWoven(weaver)
              + ", exports "
              + exports.destination());
      return parts;
    } finally {
      reading.countDown();
    }
  }

  private static String rules(AgentConfig config) {
    long methods = 0;
    for (ModelConfig model : config.models()) {
      methods += model.methods().size() + model.labels().methods().size();
    }
    return config.file() == null
        ? "annotations alone"
        : "annotations and "
            + methods
            + (methods == 1 ? " rule of " : " rules of ")
            + config.file();
  }

  /** From the start on, classes of most applications are yet to come. */
  private String methodsWoven(Weaver weaver) {
    long n = weaver.methodsInstrumented().values().stream().mapToLong(Long::longValue).sum();
    return ", " + n + (n == 1 ? " method" : " methods") + " woven" + (attached ? "" : " so far");
  }

  private synchronized void export() {
    Monitor reader = monitor;
    ExportPlan exports = plan;
    if (telemetry == null && !over && reader != null && exports != null) {
      telemetry =
          Telemetry.start(exports, () -> reader.snapshot(SNAPSHOT), jar.version(), faults, log);
    }
  }

  /** A job that is over before its first export exports here. On a JVM that ends. */
  private void shutDown() {
    try {
      Thread last = threads.newThread(this::exportLast, "hindcast-last-export");
      last.start();
      last.join(LATE_START.plus(LAST_EXPORT).toMillis());
      if (last.isAlive()) {
        log.warn("the last export is lost: the exporter did not start in time");
      }
    } catch (Throwable fault) {
      faults.count("shutdown", fault);
    }
  }

  /** A program that has no model and ends at once shall not wait for an SDK to start. */
  private boolean hasSomethingToSay(Capture.Parts parts) {
    return options.output() != null
        || !parts.weaver().methodsInstrumented().isEmpty()
        || parts.labels().heardOfAny();
  }

  private void exportLast() {
    try {
      long began = System.nanoTime();
      Capture.Parts parts = capture.parts();
      if (parts == null) {
        return;
      }
      parts.weaver().warnAboutUnmatchedRules();
      isEnding = true;
      capture.intake().hurry();
      reading.await(LATE_START.toMillis(), TimeUnit.MILLISECONDS);
      Monitor reader = monitor;
      if (reader != null) {
        if (hasSomethingToSay(parts)) {
          export();
        }
        // Whatever was accepted until now is joined yet; what comes later has no agent.
        parts.labels().close();
        if (!readAll(reader, began)) {
          log.warn("the last export lacks rows and labels: there was no time to read them all");
        }
        log.debug(reader.occupancy());
      }
      Telemetry exporting;
      synchronized (this) {
        over = true;
        exporting = telemetry;
      }
      if (exporting != null) {
        Duration left = LAST_EXPORT.minusNanos(System.nanoTime() - began);
        exporting.close(left.compareTo(LEAST) < 0 ? LEAST : left);
      }
    } catch (Throwable fault) {
      faults.count("last export", fault);
    }
  }

  /** Whether nothing is left. */
  private boolean readAll(Monitor reader, long began) {
    double used = threads.cpuSeconds();
    boolean isDone = reader.stop(LAST_EXPORT);
    while (!isDone && System.nanoTime() - began < LATE_START.toNanos()) {
      double now = threads.cpuSeconds();
      if (now - used < LEAST_PROGRESS_SECONDS) {
        break;
      }
      used = now;
      isDone = reader.stop(Duration.ofSeconds(1));
    }
    return isDone;
  }
}
