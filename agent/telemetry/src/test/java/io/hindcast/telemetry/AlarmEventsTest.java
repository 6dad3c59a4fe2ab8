package io.hindcast.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.monitor.EngineSnapshot;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.sdk.resources.Resource;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alarms that begin to fire, as log events on the wire and in the file. */
class AlarmEventsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AgentLog log =
      new AgentLog(new PrintStream(said, true, UTF_8), AgentLog.Level.WARN);
  private final CaptureFaults faults = new CaptureFaults((place, fault) -> {});

  @Test
  void inTheFile_eachIsOneLineBeforeTheMetrics_once() throws Exception {
    Path file = directory.resolve("RUN.jsonl");
    var metrics = new SnapshotMetrics(Resource.empty(), MetricCatalog.scope("9.9"), faults);
    try (RunFile run = RunFile.open(file, 1 << 30, metrics, log)) {
      run.write(Snapshots.at(1_000_600, 1));
      run.write(Snapshots.drifted(1_060_000));
      run.write(Snapshots.drifted(1_120_000));
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(4);
    assertThat(lines.get(1)).startsWith("{\"resourceLogs\":[{\"resource\":{");
    for (int i : new int[] {0, 2, 3}) {
      Lines.request(lines.get(i));
    }
    var request = ExportLogsServiceRequest.newBuilder();
    JsonFormat.parser().merge(lines.get(1), request);
    check(request.build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/protobuf", "grpc"})
  void byOtlp_theyGoWhereTheMetricsGo_once(String protocol) throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Map<String, String> settings = new HashMap<>();
      String endpoint = receiver.endpoint(protocol);
      settings.put(
          "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
          protocol.equals("grpc") ? endpoint : endpoint + "/v1/metrics");
      settings.put("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", protocol);
      settings.put("OTEL_METRIC_EXPORT_INTERVAL", "50");
      EngineSnapshot now = Snapshots.drifted(1_060_000);
      Telemetry telemetry =
          Telemetry.start(
              ExportPlan.of(settings, new Properties(), null), () -> now, "9.9", faults, log);
      receiver.await(
          r -> Points.of(r).stream().anyMatch(p -> p.startsWith("ml.alarm.active")), LONG);
      telemetry.close(LONG);
      assertThat(receiver.events()).hasSize(1);
      check(receiver.events().get(0));
      assertThat(said.toString(UTF_8)).isEmpty();
      assertThat(faults.snapshot()).isEmpty();
    }
  }

  @Test
  void aBackendThatTakesNoLogs_isOneLine_andTheMetricsGoOn() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      var properties =
          ExportPlan.of(
                  Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint("http/protobuf")),
                  new Properties(),
                  null)
              .eventProperties();
      receiver.answerWith(404);
      var metrics = new SnapshotMetrics(Resource.empty(), MetricCatalog.scope("9.9"), faults);
      var exporter = new AlarmExporter(properties, metrics.alarms(), faults, log);
      exporter.send(Snapshots.drifted(1_060_000));
      exporter.close();
      assertThat(said.toString(UTF_8).lines())
          .singleElement()
          .asString()
          .contains("log event of an alarm was not taken");
    }
  }

  @Test
  void aPlaceForMetricsAlone_isNoPlaceForEvents() {
    assertThat(
            ExportPlan.of(
                    Map.of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://localhost:9090/otlp"),
                    new Properties(),
                    null)
                .eventProperties())
        .isNull();
    assertThat(
            ExportPlan.of(Map.of("OTEL_METRICS_EXPORTER", "console"), new Properties(), null)
                .eventProperties())
        .isNull();
  }

  private static void check(ExportLogsServiceRequest request) {
    var scope = request.getResourceLogs(0).getScopeLogs(0);
    assertThat(scope.getScope().getName()).isEqualTo("io.hindcast");
    assertThat(scope.getLogRecordsCount()).isEqualTo(1);
    LogRecord record = scope.getLogRecords(0);
    assertThat(record.getEventName()).isEqualTo("ml.alarm");
    assertThat(record.getTimeUnixNano()).isEqualTo(1_050_000_000_000L);
    assertThat(record.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_WARN);
    assertThat(record.getBody().getStringValue()).isEqualTo("inputs have drifted: age");
    Map<String, AnyValue> attributes = new HashMap<>();
    record.getAttributesList().forEach(a -> attributes.put(a.getKey(), a.getValue()));
    assertThat(attributes.get("event.name").getStringValue()).isEqualTo("ml.alarm");
    assertThat(attributes.get("ml.model.name").getStringValue()).isEqualTo("credit-risk");
    assertThat(attributes.get("ml.model.version").getStringValue()).isEqualTo("2026-11");
    assertThat(attributes.get("ml.alarm.kind").getStringValue()).isEqualTo("input_drift");
    assertThat(attributes.get("ml.alarm.samples").getIntValue()).isEqualTo(210);
    assertThat(attributes.get("ml.alarm.false_alarm_every").getIntValue()).isEqualTo(1000);
    assertThat(attributes.get("ml.alarm.steps").getStringValue()).isEqualTo("windows");
    assertThat(attributes.get("ml.alarm.since").getStringValue()).isEqualTo("1970-01-01T00:17:00Z");
    assertThat(attributes.get("ml.alarm.features").getArrayValue().getValuesList())
        .extracting(AnyValue::getStringValue)
        .containsExactly("age", Snapshots.NAUGHTY);
    assertThat(attributes.get("ml.alarm.shares").getArrayValue().getValuesList())
        .extracting(AnyValue::getDoubleValue)
        .containsExactly(0.75, 0.25);
    assertThat(attributes.get("ml.alarm.directions").getArrayValue().getValues(0).getStringValue())
        .isEqualTo("up");
  }
}
