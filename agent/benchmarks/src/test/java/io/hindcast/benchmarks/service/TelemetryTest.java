package io.hindcast.benchmarks.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TelemetryTest {
  @Test
  void read_sumsThePointsOfACounterInTheLastExport(@TempDir Path directory) throws Exception {
    String dropped = "{\"name\":\"hindcast.rows.dropped\",\"sum\":{\"dataPoints\":[%s]}}";
    String export =
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":["
            + dropped
            + ",{\"name\":\"g\",\"gauge\":{\"dataPoints\":[{\"asDouble\":5}]}}]}]}]}";
    Path file =
        Files.write(
            directory.resolve("RUN.jsonl"),
            List.of(
                export.formatted("{\"asInt\":\"1\"}"),
                export.formatted("{\"asInt\":\"2\"},{\"asInt\":\"5\"}"),
                "{\"resourceLogs\":[]}"));
    Telemetry telemetry = Telemetry.read(file);
    assertThat(telemetry.of("hindcast.rows.dropped")).isEqualTo(7);
    assertThat(telemetry.of("g")).isZero();
  }

  @Test
  void accountsFor_rowsThatAreNeitherCapturedNorDropped_isFalse() {
    assertThat(counted(10, 7, 3).accountsFor(10)).isTrue();
    assertThat(counted(10, 7, 2).accountsFor(10)).isFalse();
    assertThat(counted(10, 7, 3).accountsFor(11)).isFalse();
    assertThat(counted(9, 7, 3).accountsFor(10)).isFalse();
  }

  private static Telemetry counted(double predictions, double captured, double dropped) {
    return new Telemetry(
        List.of(
            Map.of(
                "ml.predictions", predictions,
                "hindcast.rows.captured", captured,
                "hindcast.rows.dropped", dropped)));
  }

  @Test
  void cpuMicrosPerRow_leavesOutWhatCameBeforeHalfOfTheRows() {
    // Start 1 s; half at 60 of 100 rows and 1.2 s; 40 rows more take 0.1 s, 2500 µs each.
    var telemetry = new Telemetry(List.of(at(0, 1), at(40, 1.1), at(60, 1.2), at(100, 1.3)));
    assertThat(telemetry.cpuMicrosPerRow()).isCloseTo(2500, within(1e-6));
  }

  private static Map<String, Double> at(double predictions, double seconds) {
    return Map.of("ml.predictions", predictions, "hindcast.cpu.time", seconds);
  }
}
