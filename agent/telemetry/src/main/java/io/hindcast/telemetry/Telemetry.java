package io.hindcast.telemetry;

import static io.hindcast.telemetry.ServiceName.SERVICE_NAME;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.monitor.EngineSnapshot;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.autoconfigure.ResourceConfiguration;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.resources.Resource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Exports the engine's metrics until it is closed: by OTLP or whatever OpenTelemetry's settings
 * say, and to the telemetry file if there is one. Its threads are daemons.
 */
public final class Telemetry {
  private static final AttributeKey<String> INSTANCE_ID =
      AttributeKey.stringKey("service.instance.id");

  private final String destination;
  private final Supplier<EngineSnapshot> snapshots;
  private final CaptureFaults faults;
  private final AgentLog log;
  private final SdkLogs logs;
  private final @Nullable RunFile file;
  private final ScheduledExecutorService fileThread =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "hindcast-telemetry-file"));
  private final @Nullable AlarmExporter alarms;
  private final Sdk starter;
  private final @Nullable SdkMeterProvider sdk;
  private boolean closed;

  private Telemetry(
      ExportPlan plan,
      Supplier<EngineSnapshot> snapshots,
      String version,
      CaptureFaults faults,
      AgentLog log) {
    this.snapshots = snapshots;
    this.faults = faults;
    this.log = log;
    this.logs = new SdkLogs(log);
    logs.attach();
    plan.remarks().forEach(log::warn);
    Resource resource = resource(plan);
    var metrics = new SnapshotMetrics(resource, MetricCatalog.scope(version), faults);
    // The file first: it is quickly there, and does not depend on how the SDK fares.
    this.file = openFile(plan.output(), metrics);
    writeEvery(plan.exportInterval());
    var events = plan.eventProperties();
    this.alarms = events == null ? null : new AlarmExporter(events, metrics.alarms(), faults, log);
    this.starter = new Sdk(plan, resource, this::snapshotForExport, metrics, logs, faults, log);
    this.sdk = plan.needsSdk() ? starter.start() : null;
    this.destination = plan.needsSdk() ? starter.destination() : plan.destination();
    if (sdk != null) {
      sdk.forceFlush();
    }
  }

  /**
   * Starts exporting: the zero state of every known series at once, then in the plan's interval.
   * Takes about a second of CPU time if there is more than a file. What cannot be exported to is
   * said in one line; the rest goes on.
   *
   * @param snapshots called on this thread and on others, once for each export
   * @param version of Hindcast
   * @param faults where exceptions in the snapshots are counted
   */
  public static Telemetry start(
      ExportPlan plan,
      Supplier<EngineSnapshot> snapshots,
      String version,
      CaptureFaults faults,
      AgentLog log) {
    return new Telemetry(plan, snapshots, version, faults, log);
  }

  /** Its alarms are sent on the way. */
  private EngineSnapshot snapshotForExport() {
    EngineSnapshot now = snapshots.get();
    if (alarms != null) {
      alarms.send(now);
    }
    return now;
  }

  private Resource resource(ExportPlan plan) {
    Resource resource = Resource.getDefault();
    var properties = new PlainProperties(plan.properties());
    try {
      resource = resource.merge(ResourceConfiguration.createEnvironmentResource(properties));
    } catch (Throwable e) {
      log.warn("OpenTelemetry: " + e.getMessage() + "; the resource attributes are left out");
    }
    var builder = resource.toBuilder();
    String name = resource.getAttribute(SERVICE_NAME);
    if (name == null || name.startsWith("unknown_service")) {
      String found = ServiceName.of(System.getProperty("sun.java.command"));
      if (found != null) {
        builder.put(SERVICE_NAME, found);
      }
    }
    if (resource.getAttribute(INSTANCE_ID) == null) {
      builder.put(INSTANCE_ID, UUID.randomUUID().toString());
    }
    Set<String> disabled = new HashSet<>(properties.getList("otel.resource.disabled.keys"));
    disabled.addAll(properties.getList("otel.experimental.resource.disabled.keys"));
    return builder.removeIf(key -> disabled.contains(key.getKey())).build();
  }

  private @Nullable RunFile openFile(@Nullable Path output, SnapshotMetrics metrics) {
    if (output == null) {
      return null;
    }
    RunFile opened;
    try {
      opened = RunFile.open(output, metrics, log);
    } catch (Throwable e) {
      log.warn(RunFile.whyNot(output, e) + "; goes on without the telemetry file");
      return null;
    }
    try {
      opened.writeZeroState(snapshots.get());
    } catch (Throwable fault) {
      faults.count("export", fault);
    }
    return opened;
  }

  private void writeEvery(Duration interval) {
    if (file != null) {
      long nanos = interval.toNanos();
      var unused =
          fileThread.scheduleAtFixedRate(this::writeFile, nanos, nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** On the file's thread. */
  private void writeFile() {
    try {
      if (file != null) {
        file.write(snapshots.get());
      }
    } catch (Throwable fault) {
      faults.count("export", fault);
    }
  }

  /**
   * Exports once more and stops; says so if that takes longer than it may. Only the first call does
   * anything. Never throws.
   */
  public void close(Duration atMost) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    Thread closing = daemon(this::finish, "hindcast-telemetry-close");
    closing.start();
    try {
      closing.join(Math.max(1, atMost.toMillis()));
      if (closing.isAlive()) {
        log.warn(
            "the last export "
                + destination
                + " is not done after "
                + atMost.toMillis()
                + " ms: given up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void finish() {
    try {
      starter.ending();
      if (file != null) {
        fileThread.execute(this::writeFile);
        fileThread.shutdown();
        fileThread.awaitTermination(1, TimeUnit.MINUTES);
        file.close();
      }
      if (sdk != null) {
        sdk.shutdown().join(1, TimeUnit.MINUTES);
      }
      if (alarms != null) {
        alarms.close();
      }
      logs.detach();
    } catch (Throwable fault) {
      faults.count("close", fault);
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
