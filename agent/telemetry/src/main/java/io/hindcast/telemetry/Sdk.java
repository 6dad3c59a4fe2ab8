package io.hindcast.telemetry;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.monitor.EngineSnapshot;
import io.opentelemetry.exporter.logging.LoggingMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.autoconfigure.spi.metrics.ConfigurableMetricExporterProvider;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds the SDK's readers and exporters: autoconfigured, else by hand. It is isolated from the
 * application's: never global, without a shutdown hook, and its services are those of the agent's
 * class loader.
 */
final class Sdk {
  /*
   * Four ways, each for when the one before it fails. Autoconfiguration refuses whatever it does
   * not understand, and throws Errors where class paths are mixed, so everything is caught. The
   * second way still honours endpoint, protocol, headers, certificates and so on, but skips what is
   * malformed in them where it can. The third one honours nothing but where to, and the last one
   * takes the defaults.
   */
  private static final String DEFAULT = "by OTLP http/protobuf to http://localhost:4318";

  private final ExportPlan plan;
  private final Resource resource;
  private final Supplier<EngineSnapshot> snapshots;
  private final SnapshotMetrics metrics;
  private final SdkLogs logs;
  private final CaptureFaults faults;
  private final AgentLog log;
  private String destination;
  private volatile boolean ending;

  Sdk(
      ExportPlan plan,
      Resource resource,
      Supplier<EngineSnapshot> snapshots,
      SnapshotMetrics metrics,
      SdkLogs logs,
      CaptureFaults faults,
      AgentLog log) {
    this.plan = plan;
    this.resource = resource;
    this.snapshots = snapshots;
    this.metrics = metrics;
    this.logs = logs;
    this.faults = faults;
    this.log = log;
    this.destination = plan.otlp();
  }

  /** Running, or null: then nothing is exported, and that has been said. */
  @Nullable SdkMeterProvider start() {
    @Nullable Throwable cause = null;
    if (!plan.hasConfigFile()) {
      try {
        return autoconfigured();
      } catch (Throwable e) {
        cause = e;
      }
    }
    for (var properties : List.of(plan.properties(), plan.destinationProperties())) {
      try {
        SdkMeterProvider running = byHand(exporter(properties));
        if (cause != null) {
          log.warn(
              "OpenTelemetry settings: " + why(cause) + "; exports " + destination + " anyway");
        }
        return running;
      } catch (Throwable e) {
        cause = cause == null ? e : cause;
      }
    }
    try {
      destination = DEFAULT;
      SdkMeterProvider running = byHand(OtlpHttpMetricExporter.builder().build());
      log.warn(
          "OpenTelemetry settings: "
              + (cause == null ? "none can be followed" : why(cause))
              + "; exports "
              + destination
              + " instead");
      return running;
    } catch (Throwable e) {
      log.warn("OpenTelemetry cannot be started, so nothing is exported by OTLP: " + e);
      return null;
    }
  }

  /** Where to, once it is started, for example {@code by OTLP grpc to http://localhost:4317}. */
  String destination() {
    return destination;
  }

  /** The JVM ends: what fails now is not tried again. */
  void ending() {
    ending = true;
  }

  private static String why(Throwable thrown) {
    String message = thrown.getMessage();
    if (thrown instanceof ConfigurationException
        && message != null
        && !message.startsWith("Unexpected")) {
      return message;
    }
    return SdkLogs.rootOf(thrown).toString();
  }

  private SdkMeterProvider autoconfigured() {
    return AutoConfiguredOpenTelemetrySdk.builder()
        .disableShutdownHook()
        .setServiceClassLoader(Sdk.class.getClassLoader())
        .addPropertiesCustomizer(config -> plan.properties())
        // The file has this one too; merging another into it would make the SDK complain.
        .addResourceCustomizer((auto, config) -> resource)
        .addMetricExporterCustomizer((exporter, config) -> watched(exporter))
        .addMetricReaderCustomizer((reader, config) -> producing(reader))
        .build()
        .getOpenTelemetrySdk()
        .getSdkMeterProvider();
  }

  private static MetricExporter exporter(Map<String, String> properties) {
    ClassLoader loader = Sdk.class.getClassLoader();
    for (var provider : ServiceLoader.load(ConfigurableMetricExporterProvider.class, loader)) {
      if (provider.getName().equals("otlp")) {
        return provider.createExporter(new PlainProperties(properties));
      }
    }
    throw new IllegalStateException("there is no exporter of the name otlp");
  }

  private SdkMeterProvider byHand(MetricExporter exporter) {
    var reader =
        PeriodicMetricReader.builder(watched(exporter)).setInterval(plan.exportInterval()).build();
    return SdkMeterProvider.builder()
        .setResource(resource)
        .registerMetricReader(producing(reader))
        .build();
  }

  private MetricExporter watched(MetricExporter exporter) {
    boolean console = exporter instanceof LoggingMetricExporter;
    var state = new ExportState(console ? "to the console" : destination, log, () -> ending);
    return new WatchedExporter(retrying(exporter, state), state, logs);
  }

  private MetricExporter retrying(MetricExporter exporter, ExportState state) {
    if (Boolean.parseBoolean(plan.properties().get("otel.java.exporter.otlp.retry.disabled"))) {
      return exporter;
    }
    // A backend that answers "later" is asked three times in some two seconds, not for eight: the
    // next export has the same sums, and somebody should hear of it.
    RetryPolicy policy =
        RetryPolicy.builder()
            .setMaxAttempts(3)
            .setInitialBackoff(Duration.ofMillis(500))
            .setMaxBackoff(Duration.ofSeconds(2))
            .setRetryExceptionPredicate(state::retries)
            .build();
    if (exporter instanceof OtlpHttpMetricExporter http) {
      return http.toBuilder().setRetryPolicy(policy).build();
    }
    if (exporter instanceof OtlpGrpcMetricExporter grpc) {
      return grpc.toBuilder().setRetryPolicy(policy).build();
    }
    return exporter;
  }

  private MetricReader producing(MetricReader reader) {
    return new ProducingReader(reader, snapshots, metrics, faults);
  }
}
