package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.hindcast.telemetry.OtlpReceiver;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The caller's trace beside durations and outputs, whoever manages spans. */
class TracesTest {
  private static final String IDS = "0af7651916cd43dd8448eb211c80319c/b7ad6b7169203331";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"http/protobuf, 0", "grpc, 1"})
  void theApplicationsOwnSpans_areShown_ifTheyAreSampled(String protocol, int jdk)
      throws Exception {
    String api;
    try (var jars = Files.list(Path.of("target/other-otel"))) {
      api = jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
    Path classes =
        App.compile("traced", Files.createDirectories(directory.resolve("classes")), api);
    Path config =
        Files.writeString(
            directory.resolve("traced.yaml"),
            """
            models:
              - { name: sampled, methods: ["traced.Main#sampled"], reference: { learn: 10 } }
              - { name: unsampled, methods: ["traced.Main#unsampled"], reference: { learn: 10 } }
              - { name: outside, methods: ["traced.Main#outside"], reference: { learn: 10 } }
            """);
    Path run = directory.resolve("RUN.jsonl");
    List<Path> jdks = Jdks.all();
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Jvm.Result result =
          new Jvm(jdks.get(jdk % jdks.size()))
              .agent("config=" + config + ",output=" + run)
              .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
              .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint(protocol))
              .option("-cp", classes + File.pathSeparator + api)
              .run("traced.Main");
      assertThat(result.out()).as(result.err()).isEqualTo("done\n");

      var sent = new TreeSet<String>();
      for (var request : receiver.requests()) {
        for (var scope : request.getResourceMetrics(0).getScopeMetricsList()) {
          for (var metric : scope.getMetricsList()) {
            for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
              String model = Metrics.attributes(point.getAttributesList()).get("ml.model.name");
              for (Exemplar exemplar : point.getExemplarsList()) {
                sent.add(metric.getName() + " " + model + " " + ids(exemplar));
                inItsBucket(point, exemplar);
              }
            }
          }
        }
      }
      assertThat(sent)
          .containsExactly(
              "ml.output.value sampled " + IDS, "ml.prediction.duration sampled " + IDS);
    }
    assertThat(idsIn(run)).containsExactly(IDS);
  }

  private static void inItsBucket(HistogramDataPoint point, Exemplar exemplar) {
    int bucket = 0;
    while (bucket < point.getExplicitBoundsCount()
        && exemplar.getAsDouble() > point.getExplicitBounds(bucket)) {
      bucket++;
    }
    assertThat(point.getBucketCounts(bucket)).isPositive();
    assertThat(exemplar.getTimeUnixNano())
        .isBetween(point.getStartTimeUnixNano(), point.getTimeUnixNano() + 1_000_000_000L);
  }

  private static String ids(Exemplar exemplar) {
    return hex(exemplar.getTraceId()) + "/" + hex(exemplar.getSpanId());
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /** Trace and span of all exemplars of a telemetry file, where they stand in hex digits. */
  private static TreeSet<String> idsIn(Path run) throws Exception {
    var ids = new TreeSet<String>();
    Matcher exemplar =
        Pattern.compile("\"spanId\":\"([0-9a-f]{16})\",\"traceId\":\"([0-9a-f]{32})\"")
            .matcher(Files.readString(run));
    while (exemplar.find()) {
      ids.add(exemplar.group(2) + "/" + exemplar.group(1));
    }
    return ids;
  }

  @Test
  void spansOfTheOpenTelemetryAgent_areShown_toAnApplicationThatKnowsNoneOfIt() throws Exception {
    Path theirs;
    try (var jars = Files.list(Path.of("target/other-agent"))) {
      theirs = jars.findFirst().orElseThrow();
    }
    Path classes = App.compile("served", Files.createDirectories(directory.resolve("classes")));
    Path config =
        Files.writeString(
            directory.resolve("served.yaml"),
            "models: [{ name: score, methods: [\"served.Main#score\"], reference: { learn: 10 } }]");
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Jvm.current()
            .agent("config=" + config + ",output=" + run)
            .option("-javaagent:" + theirs.toAbsolutePath())
            .option("-Dotel.instrumentation.methods.include=served.Main[handle]")
            .option("-Dotel.traces.exporter=console", "-Dotel.logs.exporter=none")
            .option("-Dotel.metrics.exporter=none")
            .option("-cp", "" + classes)
            .run("served.Main");
    assertThat(result.out()).as(result.err()).contains("done");

    var made = new ArrayList<String>();
    Matcher span = Pattern.compile("\\b([0-9a-f]{32}) ([0-9a-f]{16})\\b").matcher(result.err());
    while (span.find()) {
      made.add(span.group(1) + "/" + span.group(2));
    }
    assertThat(made).as(result.err()).hasSize(40);
    assertThat(idsIn(run)).isNotEmpty().isSubsetOf(made);
    assertThat(Files.readString(run)).contains("ml.output.value");
  }
}
