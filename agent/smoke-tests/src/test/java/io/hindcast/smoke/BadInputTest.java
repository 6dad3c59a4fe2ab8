package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.hindcast.telemetry.OtlpReceiver;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is wrong is said in one clear line, the application does what it does without an agent,
 * and what can be counted is counted.
 */
class BadInputTest {
  private static final String[] PREDICT = {"predict=30"};

  @TempDir Path directory;

  static List<Path> jdks() {
    return Jdks.all();
  }

  static List<Arguments> files() {
    return List.of(
        Arguments.of("no-such.yaml", "no such file"),
        Arguments.of("directory", "directory"),
        Arguments.of("latin1.yaml", "UTF-8"),
        Arguments.of("empty.yaml", "empty"),
        Arguments.of("broken.yaml", "broken.yaml:2:"));
  }

  // ---- the configuration

  @ParameterizedTest
  @MethodSource("jdks")
  void everyProblemOfTheConfiguration_isSaidAtOnce(Path jdk) throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("bad.yaml"),
            """
            models:
              - name: risk
                methds: ["desk.Risk#score"]
                output: { score: return, threshold: high }
                reference: { file: none.reference.json }
            capture: { cpu: unlimited }
            """);
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Desk.unharmed(Desk.on(jdk).agent("config=" + config + ",output=" + run), PREDICT);

    assertThat(result.agentLines())
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains("bad.yaml:3:", "methds", "'methods'"),
            line -> assertThat(line).contains("bad.yaml:4:", "high"),
            line -> assertThat(line).contains("bad.yaml:5:", "none.reference.json"),
            line -> assertThat(line).contains("inactive", "not touched"));
    assertThat(run).doesNotExist();
  }

  @ParameterizedTest
  @MethodSource("files")
  void configurationThatCannotBeRead_isSaid(String name, String cause) throws Exception {
    Files.createDirectory(directory.resolve("directory"));
    Files.write(directory.resolve("latin1.yaml"), new byte[] {'#', (byte) 0xe9, '\n'});
    Files.writeString(directory.resolve("empty.yaml"), "");
    Files.writeString(directory.resolve("broken.yaml"), "models:\n  - name: [risk\n");
    Jvm.Result result =
        Desk.unharmed(
            Jvm.current()
                .option("-cp", Desk.classes().toString())
                .agent("config=" + directory.resolve(name)),
            PREDICT);

    assertThat(result.agentLines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("hindcast ERROR").contains(name, cause),
            line -> assertThat(line).contains("inactive", "not touched"));
  }

  @Test
  void configurationOfAnotherUser_isSaid() throws Exception {
    Path config = Desk.config(directory);
    Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(config), "root reads everything");
    Jvm.Result result = Desk.unharmed(desk().agent("config=" + config), PREDICT);

    assertThat(result.agentLines())
        .satisfiesExactly(
            line -> assertThat(line).contains("desk.yaml", "read"),
            line -> assertThat(line).contains("inactive", "not touched"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"confg=x.yaml", "x.yaml", "output=", "enabled=perhaps", "log=lots"})
  void agentArgumentThatIsMalformed_isSaid(String argument) throws Exception {
    Jvm.Result result = Desk.unharmed(desk().agent(argument), PREDICT);

    assertThat(result.agentLines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("hindcast ERROR").contains(argument.split("=")[0]),
            line -> assertThat(line).contains("inactive", "not touched"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void disabled_leavesNothing(Path jdk) throws Exception {
    Jvm.Result result =
        Desk.on(jdk)
            .agent("config=" + Desk.config(directory))
            .option("-Dhindcast.enabled=false")
            .run(Desk.MAIN, "predict=3", "agent");

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("dispatcher false").doesNotContain("thread hindcast");
    assertThat(result.exit()).isZero();
  }

  // ---- what rules say, and what is there

  @Test
  void ruleThatMatchesNothing_isLoud() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("near.yaml"), Desk.CONFIG.replace("Risk#score", "Risk#scores"));
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result = Desk.unharmed(desk().agent("config=" + config + ",output=" + run), PREDICT);

    assertThat(result.agentLines())
        .filteredOn(line -> line.contains("rule desk"))
        .singleElement()
        .asString()
        .contains("desk.Risk#scores", "desk.Risk#score(");
    Metrics metrics = Metrics.ofFile(run);
    assertThat(metrics.number("hindcast.methods.instrumented", "hindcast.rule", "desk.Risk#scores"))
        .isZero();
    assertThat(
            metrics.number(
                "hindcast.methods.instrumented", "hindcast.rule", "desk.Outcomes#record"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void classThatIsMissing_costsNothingElse(Path jdk) throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("missing.yaml"),
            Desk.CONFIG.replace(
                "capture:",
                """
                  - name: outdated
                    methods: ["desk.Outdated#score"]
                    output: { value: return }
                capture:"""));
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Desk.unharmed(
            Desk.on(jdk).agent("config=" + config + ",output=" + run), "predict=30", "missing");

    Metrics metrics = Metrics.ofFile(run);
    Desk.counted(metrics, 30);
    assertThat(metrics.number("ml.predictions", "ml.model.name", "outdated")).isEqualTo(1);
    assertThat(result.agentLines()).hasSize(1);
  }

  // ---- values

  @ParameterizedTest
  @MethodSource("jdks")
  void oddValues_areCounted(Path jdk) throws Exception {
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Desk.unharmed(
            Desk.on(jdk).agent("config=" + Desk.config(directory) + ",output=" + run),
            "predict=300",
            "odd",
            "throw",
            "predict=10");

    assertThat(result.agentLines())
        .hasSize(5)
        .anyMatch(line -> line.contains("'missing'"))
        .anyMatch(line -> line.contains("'not_finite'"))
        .anyMatch(line -> line.contains("more values"))
        .anyMatch(line -> line.contains("'unknown'"));
    Metrics metrics = Metrics.ofFile(run);
    assertThat(metrics.number("ml.predictions", "ml.model.name", "risk")).isEqualTo(318);
    assertThat(metrics.number("ml.predictions", "error.type", "java.lang.IllegalStateException"))
        .isEqualTo(1);
    assertThat(metrics.number("hindcast.rows.captured")).isEqualTo(318);
    assertThat(metrics.number("hindcast.rows.dropped")).isZero();
    assertThat(metrics.number("hindcast.capture.errors")).isIn(null, 0.0);
    // NaN, null and {} have no income; null, {}, {0.5} and the one that is thrown at no balance.
    assertThat(violations(metrics, "income", "missing")).isEqualTo(3);
    assertThat(violations(metrics, "income", "not_finite")).isEqualTo(1);
    assertThat(violations(metrics, "balance", "missing")).isEqualTo(4);
    assertThat(violations(metrics, "balance", "not_finite")).isIn(null, 0.0);
    assertThat(metrics.number("ml.feature.bin", "ml.feature.name", "income", "ml.bin", "missing"))
        .isEqualTo(3);
    assertThat(metrics.number("ml.labels", "ml.label.outcome", "joined")).isEqualTo(310);
    assertThat(metrics.number("ml.labels", "ml.label.outcome", "unknown")).isEqualTo(1);
    assertThat(metrics.number("ml.labels", "ml.label.outcome", "rejected")).isEqualTo(1);
  }

  private static Double violations(Metrics metrics, String feature, String kind) {
    return metrics.number(
        "ml.feature.violation", "ml.feature.name", feature, "ml.violation.kind", kind);
  }

  // ---- where metrics go

  @ParameterizedTest
  @CsvSource({
    "OTEL_METRICS_EXPORTER,            none,           HINDCAST_OTEL_METRICS_EXPORTER=none",
    "OTEL_SDK_DISABLED,                true,           HINDCAST_OTEL_SDK_DISABLED=true",
    "OTEL_CONFIG_FILE,                 /none/otel.yml, OTEL_CONFIG_FILE",
    "OTEL_METRICS_EXPORTER,            prometheus,     prometheus",
    "OTEL_METRIC_EXPORT_INTERVAL,      soon,           otel.metric.export.interval",
    "OTEL_EXPORTER_OTLP_TIMEOUT,       soon,           otel.exporter.otlp.timeout",
    "OTEL_RESOURCE_ATTRIBUTES,         garbage,        otel.resource.attributes",
    "OTEL_EXPORTER_OTLP_HEADERS,       garbage,        otel.exporter.otlp.headers",
    "OTEL_EXPORTER_OTLP_PROTOCOL,      soap,           soap",
    "OTEL_EXPORTER_OTLP_COMPRESSION,   zip,            zip",
    "OTEL_TRACES_EXPORTER,             zipkin,         ''",
  })
  void settingsOfTheApplicationsOwnTelemetry_areOneLineAtMost_andDoNotSilenceUs(
      String variable, String value, String said) throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Jvm.Result result =
          Desk.unharmed(
              desk()
                  .agent("config=" + Desk.config(directory))
                  .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint("http/protobuf"))
                  .env(variable, value),
              PREDICT);

      assertThat(result.agentLines()).hasSize(said.isEmpty() ? 1 : 2);
      assertThat(result.err()).contains(said);
      Desk.counted(Metrics.of(receiver.requests()), 30);
    }
  }

  @Test
  void settingsForHindcastAlone_prevail() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Jvm.Result result =
          Desk.unharmed(
              desk()
                  .agent("config=" + Desk.config(directory))
                  .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:" + unusedPort())
                  .env("OTEL_METRICS_EXPORTER", "none")
                  .env("HINDCAST_OTEL_METRICS_EXPORTER", "otlp")
                  .env("HINDCAST_OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
                  .option("-Dhindcast.otel.exporter.otlp.endpoint=" + receiver.endpoint("grpc")),
              PREDICT);

      assertThat(result.agentLines()).hasSize(1);
      Desk.counted(Metrics.of(receiver.requests()), 30);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HINDCAST_OTEL_METRICS_EXPORTER=none", "HINDCAST_OTEL_SDK_DISABLED=true"})
  void hindcastCanBeSilenced(String setting) throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Jvm.Result result =
          Desk.unharmed(
              desk()
                  .agent("config=" + Desk.config(directory))
                  .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint("http/protobuf"))
                  .env(setting.split("=")[0], setting.split("=")[1]),
              PREDICT);

      assertThat(result.agentLines())
          .singleElement()
          .asString()
          .contains("exports nowhere (" + setting + ")");
      assertThat(receiver.requests()).isEmpty();
    }
  }

  @Test
  void backendThatIsAway_isOneLine_andAnotherWhenItIsBack() throws Exception {
    int port = unusedPort();
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process app =
        desk()
            .agent("config=" + Desk.config(directory))
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:" + port)
            .env("OTEL_METRIC_EXPORT_INTERVAL", "100")
            .start(out, err, Desk.MAIN, "predict=30", "wait", "predict=12");
    try {
      Jvm.awaitText(err, "cannot export");
      try (OtlpReceiver receiver = OtlpReceiver.startOn(port)) {
        Jvm.awaitText(err, " again");
        app.getOutputStream().close();
        assertThat(app.waitFor()).isZero();

        Desk.counted(Metrics.of(receiver.requests()), 42);
      }
      assertThat(Files.readAllLines(err))
          .satisfiesExactly(
              line -> assertThat(line).contains("version"),
              line -> assertThat(line).contains("cannot export", "Connection refused"),
              line -> assertThat(line).contains("exports", "again"));
    } finally {
      app.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/protobuf", "grpc"})
  void backendThatIsNotThere_isOneLine_andTheFileIsWritten(String protocol) throws Exception {
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Desk.unharmed(
            desk()
                .agent("config=" + Desk.config(directory) + ",output=" + run)
                .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:" + unusedPort()),
            PREDICT);

    assertThat(result.agentLines())
        .filteredOn(line -> line.contains("WARN"))
        .singleElement()
        .asString()
        .contains("cannot export", protocol, "Connection refused");
    Desk.counted(Metrics.ofFile(run), 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"directory", "none/RUN.jsonl"})
  void telemetryFileThatCannotBe_isOneLine(String name) throws Exception {
    Files.createDirectory(directory.resolve("directory"));
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Jvm.Result result =
          Desk.unharmed(
              desk()
                  .agent("config=" + Desk.config(directory) + ",output=" + directory.resolve(name))
                  .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint("http/protobuf")),
              PREDICT);

      assertThat(result.agentLines())
          .filteredOn(line -> line.contains("WARN"))
          .singleElement()
          .asString()
          .contains(name);
      Desk.counted(Metrics.of(receiver.requests()), 30);
    }
  }

  private Jvm desk() throws Exception {
    return Desk.on(Path.of(System.getProperty("java.home")));
  }

  private static int unusedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
