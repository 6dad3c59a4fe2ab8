package io.hindcast.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportPlanTest {
  private static final Path FILE = Path.of("RUN.jsonl");

  @Test
  void nothingSaid_isOtlpToThisMachineEveryMinute() {
    ExportPlan plan = plan(null, Map.of());
    assertThat(plan.destination())
        .isEqualTo("by OTLP http/protobuf to http://localhost:4318, every 60 s");
    assertThat(plan.remarks()).isEmpty();
    assertThat(plan.properties())
        .containsEntry("otel.exporter.otlp.protocol", "http/protobuf")
        .containsEntry("otel.traces.exporter", "none")
        .containsEntry("otel.logs.exporter", "none")
        .containsEntry("otel.propagators", "none");
  }

  @Test
  void fileAlone_ifNobodyNamesAnEndpointOrAnExporter() {
    ExportPlan alone = plan(FILE, Map.of());
    assertThat(alone.destination()).isEqualTo("to RUN.jsonl, every 10 s");
    assertThat(alone.needsSdk()).isFalse();

    assertThat(plan(FILE, Map.of("OTEL_METRIC_EXPORT_INTERVAL", "500")).destination())
        .isEqualTo("to RUN.jsonl, every 500 ms");
    assertThat(plan(FILE, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:1")).destination())
        .isEqualTo("by OTLP http/protobuf to http://c:1 and to RUN.jsonl, every 60 s");
    assertThat(
            plan(FILE, Map.of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://c:2")).destination())
        .isEqualTo("by OTLP http/protobuf to http://c:2 and to RUN.jsonl, every 60 s");
    assertThat(plan(FILE, Map.of("OTEL_METRICS_EXPORTER", "console,otlp")).destination())
        .isEqualTo(
            "to the console and by OTLP http/protobuf to http://localhost:4318 and to RUN.jsonl,"
                + " every 60 s");
  }

  @Test
  void grpc_hasItsOwnPort_andAPasswordIsNotShown() {
    assertThat(plan(null, Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")).destination())
        .isEqualTo("by OTLP grpc to http://localhost:4317, every 60 s");
    assertThat(
            plan(null, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "https://me:secret@c:9/x"))
                .destination())
        .isEqualTo("by OTLP http/protobuf to https://c:9/x, every 60 s");
  }

  @Test
  void ownSettings_goBeforeSharedOnes_andPropertiesBeforeTheEnvironment() {
    var system = new Properties();
    Map<String, String> environment =
        new java.util.HashMap<>(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://shared-env"));
    assertThat(ExportPlan.of(environment, system, null).endpoint()).isEqualTo("http://shared-env");
    system.setProperty("otel.exporter.otlp.endpoint", "http://shared-property");
    assertThat(ExportPlan.of(environment, system, null).endpoint())
        .isEqualTo("http://shared-property");
    environment.put("HINDCAST_OTEL_EXPORTER_OTLP_ENDPOINT", "http://own-env");
    assertThat(ExportPlan.of(environment, system, null).endpoint()).isEqualTo("http://own-env");
    system.setProperty("hindcast.otel.exporter.otlp.endpoint", "http://own-property");
    assertThat(ExportPlan.of(environment, system, null).endpoint())
        .isEqualTo("http://own-property");
    assertThat(ExportPlan.of(environment, system, null).properties())
        .containsEntry("otel.exporter.otlp.endpoint", "http://own-property");
  }

  @Test
  void protocolThatIsNone_isSaid_andTheEndpointHolds() {
    ExportPlan plan =
        plan(
            null,
            Map.of(
                "OTEL_EXPORTER_OTLP_PROTOCOL", "soap", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://a"));
    assertThat(plan.destination()).isEqualTo("by OTLP http/protobuf to http://a, every 60 s");
    assertThat(plan.properties()).containsEntry("otel.exporter.otlp.protocol", "http/protobuf");
    assertThat(plan.remarks())
        .singleElement()
        .asString()
        .contains("OTEL_EXPORTER_OTLP_PROTOCOL=soap", "grpc");
  }

  @Test
  void emptySetting_isNone() {
    assertThat(
            plan(FILE, Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " ", "OTEL_METRICS_EXPORTER", ""))
                .destination())
        .isEqualTo("to RUN.jsonl, every 10 s");
  }

  @Test
  void theApplicationsNone_doesNotSilenceUs_andThatIsSaid() {
    Map<String, String> none = Map.of("OTEL_METRICS_EXPORTER", "none");
    assertThat(plan(null, none).destination())
        .isEqualTo("by OTLP http/protobuf to http://localhost:4318, every 60 s");
    assertThat(plan(FILE, none).destination()).isEqualTo("to RUN.jsonl, every 10 s");
    assertThat(plan(null, none).properties()).containsEntry("otel.metrics.exporter", "otlp");
    assertThat(plan(null, none).remarks())
        .singleElement()
        .asString()
        .contains("OTEL_METRICS_EXPORTER=none")
        .contains("HINDCAST_OTEL_METRICS_EXPORTER=none");

    var system = new Properties();
    system.setProperty("otel.metrics.exporter", "none");
    assertThat(ExportPlan.of(Map.of(), system, null).remarks())
        .singleElement()
        .asString()
        .contains("hindcast.otel.metrics.exporter=none");
  }

  @Test
  void theApplicationsDisabledSdk_doesNotSilenceUs_andThatIsSaid() {
    ExportPlan plan = plan(null, Map.of("OTEL_SDK_DISABLED", "true"));
    assertThat(plan.needsSdk()).isTrue();
    assertThat(plan.properties()).containsEntry("otel.sdk.disabled", "false");
    assertThat(plan.remarks())
        .singleElement()
        .asString()
        .contains("OTEL_SDK_DISABLED=true")
        .contains("HINDCAST_OTEL_SDK_DISABLED=true");
    assertThat(plan(null, Map.of("OTEL_SDK_DISABLED", "false")).remarks()).isEmpty();
  }

  @Test
  void ownNone_andOwnDisabled_silence_andTheDestinationSaysWhy() {
    ExportPlan none =
        plan(
            null,
            Map.of("OTEL_METRICS_EXPORTER", "otlp", "HINDCAST_OTEL_METRICS_EXPORTER", "none"));
    assertThat(none.destination()).isEqualTo("nowhere (HINDCAST_OTEL_METRICS_EXPORTER=none)");
    assertThat(none.needsSdk()).isFalse();
    assertThat(plan(null, Map.of("HINDCAST_OTEL_SDK_DISABLED", "true")).destination())
        .isEqualTo("nowhere (HINDCAST_OTEL_SDK_DISABLED=true)");
    assertThat(plan(FILE, Map.of("HINDCAST_OTEL_SDK_DISABLED", "true")).destination())
        .isEqualTo("to RUN.jsonl, every 10 s");
    // Somebody who disables the application's SDK and says that this does not go for us.
    assertThat(
            plan(null, Map.of("OTEL_SDK_DISABLED", "true", "HINDCAST_OTEL_SDK_DISABLED", "false"))
                .remarks())
        .isEmpty();
  }

  @Test
  void exporterThatIsNotInTheJar_isReplaced_andThatIsSaid() {
    ExportPlan plan = plan(null, Map.of("OTEL_METRICS_EXPORTER", "prometheus, console"));
    assertThat(plan.properties()).containsEntry("otel.metrics.exporter", "otlp,console");
    assertThat(plan.remarks()).singleElement().asString().contains("'prometheus'");
  }

  @Test
  void configFile_isLeftAside_andThatIsSaid() {
    ExportPlan plan = plan(null, Map.of("OTEL_CONFIG_FILE", "sdk.yaml"));
    assertThat(plan.hasConfigFile()).isTrue();
    assertThat(plan.properties()).doesNotContainKey("otel.config.file");
    assertThat(plan.remarks())
        .singleElement()
        .asString()
        .contains("OTEL_CONFIG_FILE")
        .contains("http://localhost:4318");
    ExportPlan own = plan(null, Map.of("HINDCAST_OTEL_CONFIG_FILE", "sdk.yaml"));
    assertThat(own.hasConfigFile()).isFalse();
    assertThat(own.remarks()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "250, 250",
    "250ms, 250",
    "3s, 3000",
    "2m, 120000",
    "1h, 3600000",
    "1d, 86400000",
    "0, 60000",
    "-5, 60000",
    "soon, 60000",
    "99999999999999999999, 60000",
  })
  void interval_isADurationOfOpenTelemetry_elseTheDefault(String text, long millis) {
    assertThat(plan(null, Map.of("OTEL_METRIC_EXPORT_INTERVAL", text)).exportInterval())
        .isEqualTo(Duration.ofMillis(millis));
  }

  private static ExportPlan plan(@Nullable Path output, Map<String, String> environment) {
    return ExportPlan.of(environment, new Properties(), output);
  }
}
