package io.hindcast.agent;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.monitor.AgentThreads;
import io.hindcast.core.monitor.Monitor;
import io.hindcast.instrumentation.Rehearsal;
import io.hindcast.instrumentation.Weaver;
import io.hindcast.telemetry.ExportPlan;
import io.hindcast.telemetry.Telemetry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What can wait until the application has started: the rehearsal of the first woven call, the
 * OpenTelemetry SDK, a look at rules that matched nothing; and at the end, the last export.
 */
final class Housekeeping {
  /** The SDK takes a second of CPU; until then the application has the processors to itself. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  /** By then an application has loaded its models, or has a rule that is wrong. */
  private static final Duration UNMATCHED_AFTER = Duration.ofSeconds(30);

  /*
   * The end of the JVM waits for a backend no longer than LAST_EXPORT. A job that is over at once
   * starts the SDK at its end: a second of CPU, which on a crowded machine takes many, and which no
   * backend can make longer. So that has a limit of its own, and leaves the export LEAST.
   */
  private static final Duration LAST_EXPORT = Duration.ofSeconds(5);
  private static final Duration LEAST = Duration.ofSeconds(3);
  private static final Duration LATE_START = Duration.ofSeconds(15);

  private static final Duration SNAPSHOT = Duration.ofSeconds(2);

  private final ExportPlan plan;
  private final AgentJar jar;
  private final AgentThreads threads;
  private final CaptureFaults faults;
  private final AgentLog log;
  private final CountDownLatch firstCall = new CountDownLatch(1);
  private volatile @Nullable Monitor monitor;
  private volatile @Nullable Weaver weaver;
  private @Nullable Telemetry telemetry;
  private boolean over;

  Housekeeping(
      ExportPlan plan, AgentJar jar, AgentThreads threads, CaptureFaults faults, AgentLog log) {
    this.plan = plan;
    this.jar = jar;
    this.threads = threads;
    this.faults = faults;
    this.log = log;
  }

  /** The application predicts, so there is something to show. */
  void firstCall() {
    firstCall.countDown();
  }

  /** By rule, for snapshots. */
  Map<String, Long> methodsInstrumented() {
    Weaver installed = weaver;
    return installed == null ? Map.of() : installed.methodsInstrumented();
  }

  void start(Monitor started, Weaver installed) {
    monitor = started;
    weaver = installed;
    Thread thread = threads.newThread(this::run, "hindcast-start");
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
    Runtime.getRuntime().addShutdownHook(threads.newThread(this::shutDown, "hindcast-shutdown"));
  }

  private void run() {
    try {
      Rehearsal.run();
      firstCall.await(QUIET.toMillis(), TimeUnit.MILLISECONDS);
      export();
      Thread.sleep(UNMATCHED_AFTER.toMillis());
      warnAboutUnmatchedRules();
    } catch (InterruptedException e) {
      // Nobody of ours interrupts; the application may end as it likes.
    } catch (Throwable fault) {
      faults.count("housekeeping", fault);
    }
  }

  private void warnAboutUnmatchedRules() {
    Weaver installed = weaver;
    if (installed != null) {
      installed.warnAboutUnmatchedRules();
    }
  }

  private synchronized void export() {
    Monitor started = monitor;
    if (telemetry == null && !over && started != null) {
      telemetry =
          Telemetry.start(plan, () -> started.snapshot(SNAPSHOT), jar.version(), faults, log);
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
  private boolean hasSomethingToSay(Monitor started) {
    return plan.output() != null
        || !methodsInstrumented().isEmpty()
        || started.snapshot(SNAPSHOT).unboundLabels().stream()
            .flatMap(labels -> labels.labels().values().stream())
            .anyMatch(count -> count > 0);
  }

  private void exportLast() {
    try {
      long began = System.nanoTime();
      warnAboutUnmatchedRules();
      Monitor started = monitor;
      if (started != null) {
        if (hasSomethingToSay(started)) {
          export();
        }
        started.stop(LAST_EXPORT);
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
}
