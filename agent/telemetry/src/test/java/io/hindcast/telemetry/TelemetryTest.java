package io.hindcast.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.monitor.EngineSnapshot;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TelemetryTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final Said said = new Said();
  private final AgentLog log =
      new AgentLog(new PrintStream(said, true, UTF_8), AgentLog.Level.WARN);
  private final CaptureFaults faults = new CaptureFaults((place, fault) -> {});
  private volatile EngineSnapshot now = Snapshots.at(1_060_000, 1);

  @ParameterizedTest
  @ValueSource(strings = {"http/protobuf", "grpc"})
  void cumulative_isTheZeroState_thenAll_alsoInTheFile(String protocol) throws Exception {
    Path file = directory.resolve("RUN.jsonl");
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Telemetry telemetry = start(file, to(receiver, protocol));
      receiver.await(request -> true, LONG);
      telemetry.close(LONG);

      List<ExportMetricsServiceRequest> sent = receiver.requests();
      List<ExportMetricsServiceRequest> written =
          Files.readAllLines(file).stream().map(Lines::request).toList();
      assertThat(sent).hasSize(2);
      assertThat(written).hasSize(2);
      for (var requests : List.of(sent, written)) {
        assertThat(Points.of(requests.get(0)))
            .contains("hindcast.cpu.time counter [s] {} 1000000..1000000 0.0");
        assertThat(Points.of(requests.get(1)))
            .containsExactlyInAnyOrderElementsOf(SnapshotMetricsTest.expected());
        assertThat(requests.get(1).getResourceMetricsList())
            .singleElement()
            .satisfies(resource -> assertThat(resource.getScopeMetricsList()).hasSize(1));
      }
      assertThat(Points.resource(sent.get(1))).isEqualTo(Points.resource(written.get(1)));
      assertThat(Points.resource(sent.get(1)))
          .containsKeys("service.name", "service.instance.id", "telemetry.sdk.version")
          .doesNotContainEntry("service.name", "unknown_service:java");
      var scope = sent.get(1).getResourceMetrics(0).getScopeMetrics(0);
      assertThat(scope.getScope().getName()).isEqualTo("io.hindcast");
      assertThat(scope.getScope().getVersion()).isEqualTo("9.9");
      assertThat(scope.getSchemaUrl()).isNotEmpty();
      assertThat(said.lines()).isEmpty();
      assertThat(GlobalOpenTelemetry.isSet()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/protobuf", "grpc"})
  void deltas_addUpToAll_whileTheFileStaysCumulative(String protocol) throws Exception {
    Path file = directory.resolve("RUN.jsonl");
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Map<String, String> settings = to(receiver, protocol);
      settings.put("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta");
      settings.put("OTEL_METRIC_EXPORT_INTERVAL", "50");
      Telemetry telemetry = start(file, settings);
      receiver.await(r -> sums(List.of(r)).getOrDefault(PREDICTIONS, 0.0) == 101, LONG);
      now = Snapshots.at(1_120_000, 3);
      receiver.await(r -> sums(List.of(r)).getOrDefault(PREDICTIONS, 0.0) == 202, LONG);
      now = Snapshots.at(1_180_000, 4);
      telemetry.close(LONG);

      Map<String, Double> expected = new TreeMap<>();
      sums(List.of(Lines.request(lastLine(file)))).forEach(expected::put);
      assertThat(expected).containsEntry(PREDICTIONS, 404.0).hasSizeGreaterThan(80);
      assertThat(sums(receiver.requests())).isEqualTo(expected);
      assertThat(receiver.requests())
          .allSatisfy(
              r ->
                  assertThat(Points.of(r))
                      .noneMatch(point -> point.matches("\\S+ (counter|histogram) .*"))
                      .anyMatch(point -> point.startsWith("hindcast.pending.count updown")));
      assertThat(Points.of(Lines.request(lastLine(file)))).noneMatch(p -> p.contains(" delta "));
    }
  }

  @Test
  void resource_isAsTheSettingsSay() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Map<String, String> settings = to(receiver, "http/protobuf");
      settings.put("OTEL_SERVICE_NAME", "everyones");
      settings.put("HINDCAST_OTEL_SERVICE_NAME", "ours");
      settings.put(
          "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=a%20b,service.instance.id=7");
      settings.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20x");
      settings.put("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
      start(null, settings).close(LONG);

      assertThat(Points.resource(receiver.requests().get(0)))
          .containsEntry("service.name", "ours")
          .containsEntry("deployment.environment.name", "a b")
          .containsEntry("service.instance.id", "7");
      assertThat(receiver.headers().get(0))
          .containsEntry("authorization", "Bearer x")
          .containsEntry("content-encoding", "gzip");
    }
  }

  @Test
  void applicationsOwnSwitches_areSaid_andDoNotSilenceUs() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Map<String, String> settings = to(receiver, "http/protobuf");
      settings.put("OTEL_METRICS_EXPORTER", "none");
      settings.put("OTEL_SDK_DISABLED", "true");
      settings.put("OTEL_TRACES_EXPORTER", "zipkin");
      settings.put("OTEL_TRACES_SAMPLER", "of-the-house");
      settings.put("OTEL_LOGS_EXPORTER", "loki");
      settings.put("OTEL_PROPAGATORS", "of-the-house");
      start(null, settings).close(LONG);

      assertThat(Points.of(last(receiver)))
          .containsExactlyInAnyOrderElementsOf(SnapshotMetricsTest.expected());
      assertThat(said.lines())
          .satisfiesExactlyInAnyOrder(
              line -> assertThat(line).contains("OTEL_METRICS_EXPORTER=none"),
              line -> assertThat(line).contains("OTEL_SDK_DISABLED=true"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/protobuf", "grpc"})
  void configurationFileOfTheApplication_isLeftAside_andTheOtherSettingsHold(String protocol)
      throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Map<String, String> settings = to(receiver, protocol);
      settings.put("OTEL_CONFIG_FILE", "/etc/otel.yaml");
      settings.put("OTEL_SERVICE_NAME", "shop");
      settings.put("OTEL_METRIC_EXPORT_INTERVAL", "50");
      Telemetry telemetry = start(null, settings);
      receiver.await(r -> sums(List.of(r)).getOrDefault(PREDICTIONS, 0.0) == 101, LONG);
      telemetry.close(LONG);

      assertThat(Points.of(last(receiver)))
          .containsExactlyInAnyOrderElementsOf(SnapshotMetricsTest.expected());
      assertThat(Points.resource(last(receiver))).containsEntry("service.name", "shop");
      assertThat(said.lines())
          .singleElement()
          .asString()
          .contains("OTEL_CONFIG_FILE", receiver.endpoint(protocol));
    }
  }

  @Test
  void exporterThatIsNotThere_isSaid_andOtlpTakesItsPlace() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Map<String, String> settings = to(receiver, "http/protobuf");
      settings.put("OTEL_METRICS_EXPORTER", "prometheus");
      start(null, settings).close(LONG);

      assertThat(receiver.requests()).hasSize(2);
      assertThat(said.lines()).singleElement().asString().contains("prometheus");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OTEL_METRIC_EXPORT_INTERVAL=soon",
        "OTEL_EXPORTER_OTLP_TIMEOUT=soon",
        "OTEL_METRICS_EXPORTER=none,otlp",
        "OTEL_JAVA_METRICS_CARDINALITY_LIMIT=soon",
        "OTEL_METRIC_EXPORT_INTERVAL=0",
        "OTEL_EXPORTER_OTLP_COMPRESSION=zip",
        "OTEL_EXPORTER_OTLP_CERTIFICATE=/no/such/file",
      })
  void malformedSetting_isSaidOnce_andTheEndpointHolds(String setting) throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Map<String, String> settings = to(receiver, "http/protobuf");
      settings.put(setting.split("=")[0], setting.split("=")[1]);
      start(null, settings).close(LONG);

      assertThat(Points.of(last(receiver)))
          .containsExactlyInAnyOrderElementsOf(SnapshotMetricsTest.expected());
      assertThat(said.lines())
          .singleElement()
          .asString()
          .contains("OpenTelemetry settings: ", receiver.endpoint("http/protobuf"), "anyway");
    }
  }

  @Test
  void endpointThatIsNone_isSaidWithWhatHappensInstead() throws Exception {
    Path file = directory.resolve("RUN.jsonl");
    Map<String, String> settings = new HashMap<>();
    settings.put("OTEL_METRICS_EXPORTER", "otlp");
    settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:1");
    start(file, settings).close(Duration.ofMillis(100));

    assertThat(Files.readAllLines(file)).hasSize(2);
    assertThat(said.lines())
        .filteredOn(line -> line.contains("instead"))
        .singleElement()
        .asString()
        .contains("http://localhost:4318");
  }

  @Test
  void backendThatIsAway_isOneLine_andAnotherWhenItIsBack() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Map<String, String> settings = to(receiver, "http/protobuf");
      settings.put("OTEL_METRIC_EXPORT_INTERVAL", "30");
      receiver.answerWith(400);
      Telemetry telemetry = start(null, settings);
      said.await(line -> line.contains("cannot export"));
      now = Snapshots.at(1_120_000, 2);
      receiver.answerWith(200);
      said.await(line -> line.contains("again"));
      receiver.answerWith(400);
      said.await(line -> said.lines().size() == 3);
      receiver.answerWith(200);
      said.await(line -> said.lines().size() == 4);
      telemetry.close(LONG);

      assertThat(said.lines())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .contains("cannot export", receiver.endpoint("http/protobuf"), "400"),
              line ->
                  assertThat(line).contains("exports", receiver.endpoint("http/protobuf"), "again"),
              line -> assertThat(line).contains("cannot export", "400"),
              line -> assertThat(line).contains("again"));
      assertThat(sums(List.of(last(receiver)))).containsEntry(PREDICTIONS, 202.0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/protobuf", "grpc"})
  void backendThatIsNotThere_isOneLine_andKeepsNobodyWaiting(String protocol) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:" + unusedPort());
    settings.put("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
    Telemetry telemetry = start(null, settings);
    said.await(line -> line.contains("cannot export"));
    telemetry.close(LONG);

    assertThat(said.lines())
        .singleElement()
        .asString()
        .contains("by OTLP " + protocol, "Connection refused");
  }

  @Test
  void close_isBounded() throws Exception {
    Path file = directory.resolve("RUN.jsonl");
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Telemetry telemetry =
          start(
              file,
              Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:" + deaf.getLocalPort()));
      telemetry.close(Duration.ofMillis(500));
      telemetry.close(Duration.ofMillis(500));

      assertThat(said.lines()).singleElement().asString().contains("given up");
      assertThat(Files.readAllLines(file)).hasSize(2);
    }
  }

  @Test
  void consoleExporter_printsMetrics() throws Exception {
    start(null, Map.of("OTEL_METRICS_EXPORTER", "console")).close(LONG);
    assertThat(said.lines())
        .anyMatch(line -> line.startsWith("hindcast INFO ") && line.contains("ml.predictions"));
  }

  @Test
  void fileThatCannotBe_isOneLine_andOtlpGoesOn() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      start(directory.resolve("none/RUN.jsonl"), to(receiver, "http/protobuf")).close(LONG);

      assertThat(receiver.requests()).hasSize(2);
      assertThat(said.lines()).singleElement().asString().contains("none/RUN.jsonl");
    }
  }

  @Test
  void snapshotThatThrows_isCounted_andNothingElseHappens() throws Exception {
    Path file = directory.resolve("RUN.jsonl");
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Telemetry telemetry =
          Telemetry.start(
              ExportPlan.of(to(receiver, "http/protobuf"), new Properties(), file),
              () -> {
                throw new IllegalStateException("no snapshot");
              },
              "9.9",
              faults,
              log);
      telemetry.close(LONG);

      assertThat(receiver.requests()).isEmpty();
      assertThat(Files.readString(file)).isEmpty();
      // At the start and at the end, for each of the two.
      assertThat(faults.snapshot()).isEqualTo(Map.of("java.lang.IllegalStateException", 4L));
      assertThat(said.lines()).isEmpty();
    }
  }

  @Test
  void fileAlone_isWrittenInTheIntervalOfTheSettings() throws Exception {
    Path file = directory.resolve("RUN.jsonl");
    var snapshots = new CountedSupplier();
    Telemetry telemetry =
        Telemetry.start(
            ExportPlan.of(Map.of("OTEL_METRIC_EXPORT_INTERVAL", "20"), new Properties(), file),
            snapshots,
            "9.9",
            faults,
            log);
    snapshots.awaitCalls(4);
    telemetry.close(LONG);

    assertThat(Files.readAllLines(file)).hasSizeGreaterThanOrEqualTo(5).allSatisfy(Lines::request);
    assertThat(Points.of(Lines.request(lastLine(file))))
        .containsExactlyInAnyOrderElementsOf(SnapshotMetricsTest.expected());
  }

  private static final String PREDICTIONS =
      "ml.predictions {ml.model.name=credit-risk, ml.model.version=2026-11}";

  /** Counters, and counts, sums and buckets of histograms, added up over requests. */
  private static Map<String, Double> sums(List<ExportMetricsServiceRequest> requests) {
    Map<String, Double> sums = new TreeMap<>();
    for (ExportMetricsServiceRequest request : requests) {
      for (Metric metric : Points.metrics(request)) {
        if (metric.hasSum() && metric.getSum().getIsMonotonic()) {
          for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
            sums.merge(
                metric.getName() + " " + Points.map(point.getAttributesList()),
                point.hasAsInt() ? point.getAsInt() : point.getAsDouble(),
                Double::sum);
          }
        }
        for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
          String name = metric.getName() + " " + Points.map(point.getAttributesList());
          sums.merge(name + " count", (double) point.getCount(), Double::sum);
          sums.merge(name + " sum", point.getSum(), Double::sum);
          for (int i = 0; i < point.getBucketCountsCount(); i++) {
            sums.merge(name + " bucket " + i, (double) point.getBucketCounts(i), Double::sum);
          }
        }
      }
    }
    return sums;
  }

  private Telemetry start(@Nullable Path output, Map<String, String> environment) {
    return Telemetry.start(
        ExportPlan.of(environment, new Properties(), output), () -> now, "9.9", faults, log);
  }

  private static Map<String, String> to(OtlpReceiver receiver, String protocol) {
    Map<String, String> settings = new HashMap<>();
    settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint(protocol));
    settings.put("OTEL_EXPORTER_OTLP_PROTOCOL", protocol);
    return settings;
  }

  private static ExportMetricsServiceRequest last(OtlpReceiver receiver) {
    return receiver.requests().get(receiver.requests().size() - 1);
  }

  private static String lastLine(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return lines.get(lines.size() - 1);
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private final class CountedSupplier implements Supplier<EngineSnapshot> {
    private int calls;

    @Override
    public synchronized EngineSnapshot get() {
      calls++;
      notifyAll();
      return now;
    }

    synchronized void awaitCalls(int wanted) throws InterruptedException {
      while (calls < wanted) {
        wait();
      }
    }
  }

  /** What the log said, to be waited for. */
  private static final class Said extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int start, int length) {
      super.write(bytes, start, length);
      notifyAll();
    }

    synchronized List<String> lines() {
      return toString(UTF_8).lines().toList();
    }

    synchronized void await(Predicate<String> wanted) throws InterruptedException {
      while (lines().stream().noneMatch(wanted)) {
        TimeUnit.MILLISECONDS.timedWait(this, LONG.toMillis());
      }
    }
  }
}
