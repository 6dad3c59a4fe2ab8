package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestCommandTest {
  private static final Offset<Double> EXACT = within(1e-9);

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path jar;
  private Path run;

  @BeforeEach
  void makeJar() throws IOException {
    jar = OtherJvm.agentJar(directory);
    run = directory.resolve("run.jsonl");
  }

  @Test
  void sixRows_areTwoThirdsRightInEveryWay() throws Exception {
    backtest("six-rows.csv", "task: binary", "--actual", "y_true", "--predicted", "y_pred");
    assertThat(out.toString())
        .containsPattern("accuracy +0\\.6667 +0\\.3000 +0\\.9032 +6\n")
        .containsPattern("precision +0\\.6667 .* 3\n")
        .containsPattern("recall +0\\.6667 .* 3\n")
        .containsPattern("f1 +0\\.6667 +0\\.2609 +0\\.9189 +4\n")
        .containsPattern("coverage +1\\.0000\n");
    RunLines lines = RunLines.read(run);
    for (String measure : List.of("accuracy", "precision", "recall", "f1", "specificity")) {
      assertThat(lines.last("ml.performance", measure)).as(measure).isCloseTo(2 / 3.0, EXACT);
    }
    assertThat(lines.last("ml.performance.lower", "accuracy")).isCloseTo(0.299993, within(1e-6));
    assertThat(lines.last("ml.performance.upper", "accuracy")).isCloseTo(0.903229, within(1e-6));
    assertThat(lines.last("ml.performance.support", "accuracy")).isEqualTo(6);
    assertThat(lines.last("ml.performance.support", "recall")).isEqualTo(3);
    assertThat(sum(lines.last(), "ml.predictions")).isEqualTo(6);
    assertThat(sum(lines.last(), "ml.confusion")).isEqualTo(6);
    assertThat(count(lines, "ml.labels", "ml.label.outcome", "joined")).isEqualTo(6);
    assertThat(
            RunLines.of(
                lines.last(), "ml.confusion", "ml.class.actual", "1", "ml.class.predicted", "0"))
        .singleElement()
        .satisfies(point -> assertThat(point.value()).isEqualTo(1));
  }

  @Test
  void rowsOfTheReference_haveNoDrift() throws Exception {
    Path reference = directory.resolve("loans.json");
    // The same configuration, before and after its reference is there.
    Path config = config("name: m, reference: { file: loans.json }");
    assertThat(
            hindcast(
                "reference",
                "build",
                resource("loans.csv"),
                "--config",
                config.toString(),
                "--output",
                reference.toString()))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).contains("400 rows, 4 features", "400 labels");
    backtest("loans.csv", "reference: { file: loans.json }");
    RunLines lines = RunLines.read(run);
    List<RunLines.Point> scores = RunLines.of(lines.last(), "ml.drift.score");
    assertThat(scores).allSatisfy(point -> assertThat(point.value()).isZero());
    assertThat(RunLines.of(lines.last(), "ml.drift.score", "ml.feature.name", "age"))
        .extracting(point -> point.attributes().get("ml.drift.measure"))
        .containsExactlyInAnyOrder(
            "jsd", "psi", "hellinger", "total_variation", "ks", "wasserstein");
    assertThat(RunLines.of(lines.last(), "ml.drift.score", "ml.drift.measure", "jsd"))
        .extracting(
            point ->
                point.attributes().get("ml.feature.name") != null
                    ? point.attributes().get("ml.feature.name")
                    : point.attributes().get("ml.output.name"))
        .containsExactlyInAnyOrder("age", "income", "country", "owner", "score", "class");
    assertThat(RunLines.of(lines.last(), "ml.drift.samples"))
        .allSatisfy(point -> assertThat(point.value()).isEqualTo(400));
    assertThat(out.toString()).containsPattern("income +0 +0 +0 +0 +0 +0 +400\n");
  }

  @Test
  void twelveWeeks_breachTheObjectiveFirstInTheNinth() throws Exception {
    backtest("twelve-weeks.csv", "task: binary, labels: { maturity: 1h }, drift: { window: 7d }");
    RunLines lines = RunLines.read(run);
    // The beginning, twelve weeks' ends, the end.
    assertThat(lines.lines()).hasSize(14);
    var accuracies = new ArrayList<Double>();
    for (int week = 1; week <= 12; week++) {
      List<RunLines.Point> points =
          RunLines.of(
              lines.lines().get(week),
              "ml.performance",
              "ml.performance.metric",
              "accuracy",
              "ml.performance.window",
              "7d");
      assertThat(points).as("week " + week).hasSize(1);
      assertThat(Instant.ofEpochMilli(points.get(0).timeMillis()))
          .isEqualTo(Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofDays(7L * week)));
      accuracies.add(points.get(0).value());
    }
    assertThat(accuracies)
        .containsExactly(.89, .90, .91, .91, .92, .91, .90, .89, .87, .85, .86, .86);
    assertThat(accuracies.stream().takeWhile(accuracy -> accuracy >= 0.88)).hasSize(8);
    assertThat(lines.last("ml.performance", "accuracy")).isCloseTo(1067 / 1200.0, EXACT);
    assertThat(out.toString())
        .contains("Over time, windows of 7d")
        .containsPattern("2026-03-04T23:00:00Z +100 +0\\.8700 +0\\.7902 +0\\.9224 ");
  }

  @Test
  void threeClasses_areAveraged_andNamedOneByOne() throws Exception {
    backtest("six-rows-three-classes.csv", "task: multiclass");
    RunLines lines = RunLines.read(run);
    assertThat(lines.last("ml.performance", "accuracy")).isCloseTo(2 / 3.0, EXACT);
    assertThat(lines.last("ml.performance", "f1")).isCloseTo(0.4888889, within(1e-7));
    assertThat(
            RunLines.of(
                lines.last(),
                "ml.performance",
                "ml.performance.metric",
                "recall",
                "ml.class.name",
                "2"))
        .singleElement()
        .satisfies(point -> assertThat(point.value()).isCloseTo(2 / 3.0, EXACT));
    assertThat(out.toString())
        .contains("By class, all outcomes", "actual \\ predicted")
        .containsPattern("kappa +0\\.4286 ");
  }

  @Test
  void fourNumbers_haveTheirErrors() throws Exception {
    backtest("four-rows-regression.csv", "task: regression");
    RunLines lines = RunLines.read(run);
    assertThat(lines.last("ml.performance", "bias")).isCloseTo(0.25, EXACT);
    assertThat(lines.last("ml.performance", "mae")).isCloseTo(0.5, EXACT);
    assertThat(lines.last("ml.performance", "rmse")).isCloseTo(Math.sqrt(0.375), EXACT);
    assertThat(lines.last("ml.performance", "r2")).isCloseTo(0.9486081, within(1e-7));
    assertThat(out.toString()).containsPattern("mae +0\\.5000 .* 4\n");
  }

  @Test
  void labelsThatComeLater_areSeenFromTheirTimeOn() throws Exception {
    String csv =
        """
        id,time,predicted,actual,at
        a,2026-01-01T00:10:00Z,1,1,2026-01-01T02:30:00Z
        b,2026-01-01T00:20:00Z,1,0,2026-01-01T01:30:00Z
        c,2026-01-01T00:30:00Z,0,0,
        d,2026-01-01T01:10:00Z,0,,2026-01-01T02:00:00Z
        """;
    Path history = Files.writeString(directory.resolve("late.csv"), csv);
    backtest(history, "task: binary, labels: { maturity: 6h }");
    RunLines lines = RunLines.read(run);
    // 00:10, then the ends of the hours to 03:00 of the last label, six hours of silence, the end.
    assertThat(lines.lines()).hasSize(1 + 3 + 6 + 1);
    assertThat(lines.lines().subList(0, 4))
        .extracting(line -> sum(line, "ml.confusion"))
        .containsExactly(0.0, 1.0, 2.0, 3.0);
    assertThat(sum(lines.last(), "ml.predictions")).isEqualTo(4);
    assertThat(lines.last("ml.performance", "accuracy")).isCloseTo(2 / 3.0, EXACT);
    assertThat(RunLines.of(lines.last(), "ml.performance.coverage", "ml.performance.window", "all"))
        .anySatisfy(point -> assertThat(point.value()).isEqualTo(0.75));
  }

  @Test
  void withoutOutput_onlyTheTableIsMade() throws Exception {
    assertThat(
            hindcast(
                "backtest", resource("loans.csv"), "--config", config("name: loans").toString()))
        .as(err.toString())
        .isZero();
    assertThat(run).doesNotExist();
    assertThat(out.toString()).contains("accuracy", "roc_auc", "log_loss");
    assertThat(err.toString()).contains("400 rows in ");
  }

  @Test
  void whatGoesWrong_hasItsExitCode() throws Exception {
    String csv = resource("six-rows.csv");
    String config = config("name: m, task: binary").toString();
    assertThat(hindcast("backtest", csv)).isEqualTo(2);
    assertThat(hindcast("backtest", csv, "--config", config, "--actual", "truth")).isEqualTo(2);
    assertThat(hindcast("backtest", "none.csv", "--config", config)).isEqualTo(3);
    assertThat(hindcast("backtest", csv, "--config", "none.yaml")).isEqualTo(3);
    assertThat(hindcast("backtest", csv, "--config", config, "--output", "no/such/run.jsonl"))
        .isEqualTo(3);
    Files.writeString(directory.resolve("other.json"), "{}");
    String broken = config("name: m, task: binary, reference: { file: other.json }").toString();
    err.getBuffer().setLength(0);
    assertThat(hindcast("backtest", csv, "--config", broken, "--predicted", "y_pred")).isEqualTo(3);
    assertThat(err.toString()).contains("other.json is broken", "reference build").hasLineCount(2);
    String lost = config("name: m, task: binary, reference: { file: gone.json }").toString();
    assertThat(hindcast("backtest", csv, "--config", lost)).isEqualTo(3);
    assertThat(err.toString()).contains("gone.json");
    String bad = config("name: m, tusk: binary").toString();
    assertThat(hindcast("backtest", csv, "--config", bad)).isEqualTo(3);
    assertThat(hindcast("reference")).isEqualTo(2);
    assertThat(hindcast("reference", "build", csv, "--config", config)).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(run).doesNotExist();
  }

  @Test
  void whatTheFileCannotGive_isSaid() throws Exception {
    String columns =
        IntStream.range(0, 202).mapToObj(i -> "f" + i).collect(Collectors.joining(","));
    String values = String.join(",", Collections.nCopies(202, "1"));
    Path wide =
        Files.writeString(
            directory.resolve("wide.csv"),
            "id,score,actual," + columns + "\na,0.2,1," + values + "\na,0.9,1," + values + "\n");
    backtest(wide, "task: binary");
    assertThat(err.toString())
        .contains("202 features, a model has at most 200: the last 2 are left out")
        .contains("rows with the id of an earlier row", "went to that one: 1;");
    assertThat(sum(RunLines.read(run).last(), "hindcast.cardinality.overflow")).isEqualTo(4);
    err.getBuffer().setLength(0);
    Path inputs = Files.writeString(directory.resolve("inputs.csv"), "x\n1\n2\n");
    backtest(inputs, "task: binary");
    assertThat(err.toString()).contains("only its inputs are measured");
  }

  @Test
  void answersThatAreNoClass_orThatTheScoreOverrules_areSaid() throws Exception {
    Path history =
        Files.writeString(directory.resolve("odd.csv"), "predicted,actual\nyes,1\nTRUE,1\n0,0\n");
    backtest(history, "task: binary");
    assertThat(err.toString()).contains("predicts 'yes', which is no class of the model;");
    assertThat(RunLines.read(run).last("ml.performance.support", "accuracy")).isEqualTo(2);

    err.getBuffer().setLength(0);
    Path both =
        Files.writeString(directory.resolve("both.csv"), "score,predicted,actual\n0.4,1,1\n");
    backtest(both, "task: binary");
    assertThat(err.toString()).contains("both.csv has scores and predicted classes: the score");
    assertThat(RunLines.read(run).last("ml.performance", "recall")).isZero();
  }

  @Test
  void labelsPastTheirTime_areSaid() throws Exception {
    Path history =
        Files.writeString(
            directory.resolve("old.csv"), "time,predicted,actual,at\n0,1,1,90000\n1,0,0,80000\n");
    backtest(history, "task: binary");
    assertThat(err.toString())
        .contains("labels later than the time to live of 1d, which were not joined: 1;");
    assertThat(RunLines.read(run).last("ml.performance.support", "accuracy")).isEqualTo(1);
  }

  @Test
  void severalModels_askForOne() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("two.yaml"),
            "models: [ { name: a, task: binary }, { name: b, task: binary } ]\n");
    String[] arguments = {
      "backtest",
      resource("six-rows.csv"),
      "--config",
      config.toString(),
      "--predicted",
      "y_pred",
      "--actual",
      "y_true",
      "--model",
      "b"
    };
    assertThat(hindcast(arguments)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("b, version unknown, binary: 6 rows");
    assertThat(hindcast("backtest", resource("six-rows.csv"), "--config", config.toString()))
        .isEqualTo(2);
    assertThat(err.toString()).contains("choose one: --model a or b");
  }

  @Test
  void segmentsCostsAndLabelsThatDoNotCome_areInFileAndTable() throws Exception {
    var csv = new StringBuilder("id,time,score,actual,at,region,income\n");
    Instant start = Instant.parse("2026-03-01T00:00:00Z");
    for (int i = 0; i < 600; i++) {
      Instant time = start.plus(Duration.ofHours(i));
      // North is predicted positive half of the time, south a fifth; a fifth is positive, and only
      // of these a label comes, a day later.
      boolean isNorth = i % 2 == 0;
      boolean isPredicted = isNorth ? i % 4 == 0 : i % 10 == 1;
      boolean isPositive = i % 5 == 0;
      String region = i % 50 == 49 ? "elsewhere" : isNorth ? "north" : "south";
      csv.append(i).append(',').append(time).append(',').append(isPredicted ? 0.9 : 0.1);
      csv.append(isPositive ? ",1," + time.plus(Duration.ofDays(1)) : ",,");
      csv.append(',').append(region).append(',').append(1000 + i % 7).append('\n');
    }
    Path history = Files.writeString(directory.resolve("regions.csv"), csv.toString());
    backtest(
        history,
        "task: binary, labels: { time-to-live: 10d, absent: { means: 0, after: 2d } },"
            + " segments: { region: { path: \"args[2]\", values: [north, south] } },"
            + " performance: { windows: [7d], cost: { \"1,0\": 100, \"0,1\": 5 } }");
    RunLines lines = RunLines.read(run);
    assertThat(count(lines, "ml.labels", "ml.label.outcome", "joined")).isEqualTo(120);
    assertThat(count(lines, "ml.labels", "ml.label.outcome", "implied")).isEqualTo(480);
    assertThat(sum(lines.last(), "ml.confusion")).isEqualTo(600);
    // Every twentieth row is predicted and true; three of ten in the north are false alarms …
    double missed = 0;
    double alarms = 0;
    for (int i = 0; i < 600; i++) {
      boolean isPredicted = i % 2 == 0 ? i % 4 == 0 : i % 10 == 1;
      missed += i % 5 == 0 && !isPredicted ? 1 : 0;
      alarms += i % 5 != 0 && isPredicted ? 1 : 0;
    }
    assertThat(lines.last("ml.performance", "accuracy"))
        .isCloseTo(1 - (missed + alarms) / 600, EXACT);
    assertThat(lines.last("ml.performance", "cost"))
        .isCloseTo((100 * missed + 5 * alarms) / 600, EXACT);
    assertThat(
            RunLines.of(
                lines.last(),
                "ml.segment.performance.support",
                "ml.performance.metric",
                "accuracy",
                "ml.performance.window",
                "all"))
        .extracting(
            point -> point.attributes().get("ml.segment.value") + " " + (long) point.value())
        .containsExactlyInAnyOrder("north 300", "south 288", "other 12");
    assertThat(
            RunLines.of(
                lines.last(),
                "ml.fairness",
                "ml.fairness.metric",
                "disparate_impact",
                "ml.segment.value",
                "south"))
        .singleElement()
        .satisfies(point -> assertThat(point.value()).isBetween(0.3, 0.5));
    // Of a name that is a segment's there is no feature.
    assertThat(RunLines.of(lines.last(), "ml.feature.bin", "ml.feature.name", "region")).isEmpty();
    assertThat(RunLines.of(lines.last(), "ml.feature.bin", "ml.feature.name", "income"))
        .isNotEmpty();
    assertThat(out.toString())
        .contains("region north", "disparate_impact", "Threshold that would have cost least")
        .contains("480 implied");
  }

  private void backtest(String resource, String model, String... more) throws Exception {
    backtest(Path.of(resource(resource)), model, more);
  }

  private void backtest(Path history, String model, String... more) throws Exception {
    var arguments =
        new ArrayList<>(
            List.of(
                "backtest",
                history.toString(),
                "--config",
                config("name: m, " + model).toString(),
                "--output",
                run.toString()));
    arguments.addAll(List.of(more));
    assertThat(hindcast(arguments.toArray(new String[0]))).as(err.toString()).isZero();
  }

  private int hindcast(String... arguments) {
    return Main.run(
        arguments, jar.toFile(), new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private Path config(String model) throws IOException {
    return Files.writeString(directory.resolve("hindcast.yaml"), "models: [ { " + model + " } ]\n");
  }

  private static String resource(String name) throws URISyntaxException {
    return Path.of(BacktestCommandTest.class.getResource("/backtest/" + name).toURI()).toString();
  }

  private static double sum(List<RunLines.Point> line, String metric) {
    return RunLines.of(line, metric).stream().mapToDouble(RunLines.Point::value).sum();
  }

  private static double count(RunLines lines, String metric, String... attributes) {
    return RunLines.of(lines.last(), metric, attributes).stream()
        .mapToDouble(RunLines.Point::value)
        .sum();
  }
}
