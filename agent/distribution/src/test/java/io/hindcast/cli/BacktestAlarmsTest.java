package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history with a change that is known, and one without. */
class BacktestAlarmsTest {
  private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");
  private static final int HOUR_ROWS = 600;
  private static final int HOURS = 40;
  private static final Instant CHANGE = BEGIN.plusSeconds(3600 * 25);

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Path history(boolean changes) throws IOException {
    var random = new SplittableRandom(20261124);
    var text = new StringBuilder("time,age,income,country,score,actual\n");
    for (int i = 0; i < HOURS * HOUR_ROWS; i++) {
      Instant at = BEGIN.plusMillis(i * 6_000L);
      boolean isAfter = changes && !at.isBefore(CHANGE);
      double income = 30 + 8 * random.nextGaussian() + (isAfter ? 6 : 0);
      boolean isWrong = random.nextDouble() < (isAfter ? 0.25 : 0.1);
      double score = random.nextDouble();
      text.append(at)
          .append(',')
          .append(20 + random.nextInt(50))
          .append(',')
          .append(income)
          .append(',')
          .append(random.nextInt(3) == 0 ? "fr" : "de")
          .append(',')
          .append(score)
          .append(',')
          .append((score >= 0.5) != isWrong ? 1 : 0)
          .append('\n');
    }
    return Files.writeString(directory.resolve("history.csv"), text);
  }

  private Path backtest(Path history) throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("hindcast.yaml"),
            """
            models:
              - name: m
                task: binary
                reference: { learn: 3000 }
                labels: { maturity: 1h }
                drift: { window: 1h, errors-false-alarm-every: 100000 }
                performance: { windows: [6h], objective: "accuracy >= 0.85" }
            """);
    Path run = directory.resolve("run.jsonl");
    int exit =
        Main.run(
            new String[] {
              "backtest", history.toString(), "--config", config.toString(), "--output", "" + run
            },
            OtherJvm.agentJar(directory).toFile(),
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    assertThat(exit).as(err.toString()).isZero();
    return run;
  }

  @Test
  void aKnownChange_isFound_dated_andTheRightFeatureNamedFirst() throws Exception {
    Path run = backtest(history(true));
    String said = out.toString();
    assertThat(said).contains("\nAlarms\n");
    List<String> alarms =
        said.lines().filter(line -> line.matches("2026-03-\\d\\dT.*Z  [a-z_]+.*")).toList();
    // The window of the change is the first that shows it: an hour's delay.
    assertThat(alarms)
        .filteredOn(line -> line.contains("  input_drift"))
        .singleElement()
        .asString()
        .startsWith("2026-03-03T02:00:00Z  input_drift, since about 2026-03-03T01:00:00Z")
        .contains("inputs have drifted: income (")
        .contains("up")
        .contains("n 600; a false alarm every 1000 windows at most");
    assertThat(alarms)
        .filteredOn(line -> line.contains("  error_drift"))
        .singleElement()
        .asString()
        .matches("2026-03-03T01:.*Z  error_drift, since about 2026-03-03T0[01]:.*")
        .contains("a false alarm every 100000 rows at most");
    assertThat(alarms)
        .filteredOn(line -> line.contains("  performance"))
        .singleElement()
        .asString()
        .contains("the objective is accuracy >= 0.85");
    assertThat(alarms).noneMatch(line -> line.contains("output_drift"));
    assertThat(alarms).noneMatch(line -> line.contains("data_quality"));
    assertThat(said).contains("firing at the end: error_drift, input_drift, performance\n");

    List<String> lines = Files.readAllLines(run);
    assertThat(lines).filteredOn(line -> line.startsWith("{\"resourceLogs\":")).hasSize(3);
    assertThat(lines.get(lines.size() - 1)).startsWith("{\"resourceMetrics\":");
    List<RunLines.Point> last = RunLines.read(run).last();
    assertThat(RunLines.of(last, "ml.alarm.active", "ml.alarm.kind", "input_drift"))
        .singleElement()
        .satisfies(point -> assertThat(point.value()).isEqualTo(1));
    assertThat(RunLines.of(last, "ml.alarms", "ml.alarm.kind", "error_drift"))
        .singleElement()
        .satisfies(point -> assertThat(point.value()).isEqualTo(1));
    assertThat(RunLines.of(last, "ml.drift.evidence", "ml.drift.scope", "errors")).hasSize(1);
  }

  @Test
  void withoutAChange_nothingIsSaid() throws Exception {
    Path run = backtest(history(false));
    assertThat(out.toString()).contains("\nAlarms: none\n");
    assertThat(Files.readAllLines(run)).noneMatch(line -> line.startsWith("{\"resourceLogs\":"));
    List<RunLines.Point> last = RunLines.read(run).last();
    assertThat(RunLines.of(last, "ml.alarms"))
        .extracting(point -> point.attributes().get("ml.alarm.kind"))
        .containsExactlyInAnyOrder(
            "input_drift", "output_drift", "error_drift", "data_quality", "performance");
    assertThat(RunLines.of(last, "ml.alarms")).allMatch(point -> point.value() == 0);
    assertThat(RunLines.of(last, "ml.alarm.active")).hasSize(5).allMatch(p -> p.value() == 0);
  }
}
