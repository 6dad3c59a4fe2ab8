package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Segments and fairness, a shadow, two versions on the same rows, labels that never come, labels of
 * one class alone, and estimates before the labels, in a running application: each number against
 * the books that the application keeps itself.
 */
class BooksTest {
  private static final String CONFIG =
      """
      models:
        - name: risk
          task: binary
          segments: { region: { values: [north, south] } }
          labels: { maturity: 1s }
          performance: { windows: [60s] }
          reference: { learn: 200 }
        - name: challenger
          version: "2"
          methods: ["books.Models#challenger"]
          id: args[0]
          output: { score: return }
          shadow-of: risk
        - name: price
          version: "1"
          methods: ["books.Models#price"]
          id: args[0]
          output: { value: return }
          segments: { region: { path: "args[2]", values: [north, south] } }
          labels: { maturity: 1s }
          performance: { windows: [60s] }
          reference: { learn: 200 }
        - name: kind
          version: "1"
          methods: ["books.Models#kind"]
          id: args[0]
          output: { scores: return }
          labels: { maturity: 1s }
          performance: { windows: [60s] }
          reference: { learn: 200 }
        - name: fraud
          version: "1"
          methods: ["books.Models#fraud"]
          id: args[0]
          output: { score: return }
          labels: { time-to-live: 1h, absent: { means: "0", after: 1s } }
        - name: picky
          version: "1"
          methods: ["books.Models#picky"]
          id: args[0]
          output: { score: return }
          labels: { maturity: 1s }
          performance: { windows: [1m] }
        - name: versioned
          version: { path: this.version }
          methods: ["books.Models$Versioned#score"]
          id: args[0]
          output: { score: return }
          shadow-of: versioned
      capture: { cpu: unlimited }
      """;

  @TempDir Path directory;

  /** A line of the books. */
  private record Line(
      String model, String plan, String region, double answer, double other, String truth) {
    static Line of(String line) {
      String[] cells = line.split(",", -1);
      return new Line(cells[0], cells[2], cells[3], number(cells[4]), number(cells[5]), cells[6]);
    }

    private static double number(String cell) {
      return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }

    boolean isPositive() {
      return answer >= .5;
    }

    boolean isTrue() {
      return truth.equals("true");
    }

    boolean isLabelled() {
      return !truth.isEmpty();
    }

    double error() {
      return answer - number(truth);
    }
  }

  private List<Line> books;

  @Test
  void everyNumber_isThatOfTheApplicationsOwnBooks() throws Exception {
    Path api = Path.of(System.getProperty("hindcast.api.classes")).toAbsolutePath().normalize();
    Path classes = Files.createDirectories(directory.resolve("classes"));
    String classPath = App.compile("books", classes, "" + api) + File.pathSeparator + api;
    Path config = Files.writeString(directory.resolve("books.yaml"), CONFIG);
    Path run = directory.resolve("RUN.jsonl");
    Path kept = directory.resolve("books.csv");
    Jvm.Result result =
        Jvm.current()
            .agent("config=" + config + ",output=" + run)
            .env("OTEL_METRIC_EXPORT_INTERVAL", "500")
            .option("-cp", classPath)
            .run("books.Main", "" + kept);
    assertThat(result.out()).as(result.err()).isEqualTo("done\n");
    books = Files.readAllLines(kept).stream().skip(1).map(Line::of).toList();

    Metrics metrics = Catalogue.check(run);
    segments(new Seen(metrics, "risk"));
    shadow(metrics);
    versions(new Seen(metrics, "versioned"));
    absent(new Seen(metrics, "fraud"));
    estimates(metrics);
    // Labels of what is predicted positive alone: both coverages, and a line.
    var picky = new Seen(metrics, "picky");
    assertThat(
            picky.by(
                "ml.class.predicted", "ml.performance.coverage", "ml.performance.window", "all"))
        .isEqualTo("0:0 1:1");
    assertThat(result.agentLines())
        .as(result.err())
        .hasSize(3)
        .anyMatch(
            line ->
                line.contains(
                    "model picky: labels come for 100 % of the predictions of '1' and for 0 % of"
                        + " those of '0'"))
        // The second method of the model has no such parameter.
        .anyMatch(line -> line.contains("books.Models#again: segment region has no value"));
  }

  private Stream<Line> of(String model) {
    return books.stream().filter(line -> line.model.equals(model));
  }

  private static double share(List<Line> lines, Predicate<Line> counted) {
    assertThat(lines).isNotEmpty();
    return (double) lines.stream().filter(counted).count() / lines.size();
  }

  private void segments(Seen risk) {
    for (String value : List.of("north", "south", "other")) {
      part(
          risk,
          "region",
          value,
          line -> line.region.equals(value.equals("other") ? "east" : value));
    }
    for (String value : List.of("BASIC", "GOLD")) {
      part(risk, "plan", value, line -> line.plan.equals(value));
    }
    fairness(risk);
    // Of numbers, too.
    for (String value : List.of("north", "south")) {
      List<Line> labelled =
          of("price").filter(line -> line.region.equals(value) && line.isLabelled()).toList();
      var price = new Seen(risk.metrics(), "price");
      double mae =
          labelled.stream().mapToDouble(line -> Math.abs(line.error())).average().orElseThrow();
      double bias = labelled.stream().mapToDouble(Line::error).average().orElseThrow();
      assertThat(segment(price, "", "region", value, "mae")).isCloseTo(mae, within(1e-9));
      assertThat(segment(price, "", "region", value, "bias")).isCloseTo(bias, within(1e-9));
      assertThat(segment(price, ".support", "region", value, "rmse")).isEqualTo(labelled.size());
      assertThat(segment(price, ".lower", "region", value, "mae")).isLessThan(mae);
    }
  }

  private void part(Seen risk, String name, String value, Predicate<Line> isIn) {
    List<Line> labelled = of("risk").filter(isIn).filter(Line::isLabelled).toList();
    List<Line> positives = labelled.stream().filter(Line::isTrue).toList();
    double accuracy = share(labelled, line -> line.isPositive() == line.isTrue());
    assertThat(segment(risk, "", name, value, "accuracy"))
        .as(value)
        .isCloseTo(accuracy, within(1e-12));
    assertThat(segment(risk, ".support", name, value, "accuracy")).isEqualTo(labelled.size());
    assertThat(segment(risk, "", name, value, "recall"))
        .isCloseTo(share(positives, Line::isPositive), within(1e-12));
    assertThat(segment(risk, ".support", name, value, "recall")).isEqualTo(positives.size());
    assertThat(segment(risk, ".lower", name, value, "accuracy")).isLessThan(accuracy);
    assertThat(segment(risk, ".upper", name, value, "accuracy")).isGreaterThan(accuracy);
  }

  private static Double segment(Seen of, String end, String name, String value, String measure) {
    return of.number(
        "ml.segment.performance" + end,
        "ml.segment.name",
        name,
        "ml.segment.value",
        value,
        "ml.performance.metric",
        measure,
        "ml.performance.window",
        "all");
  }

  /** BASIC is the larger plan. Rows without a label are of none, so no window has others. */
  private void fairness(Seen risk) {
    List<Line> gold =
        of("risk").filter(line -> line.isLabelled() && line.plan.equals("GOLD")).toList();
    List<Line> basic =
        of("risk").filter(line -> line.isLabelled() && line.plan.equals("BASIC")).toList();
    double ofGold = share(gold, Line::isPositive);
    double ofBasic = share(basic, Line::isPositive);
    assertThat(fair(risk, "", "statistical_parity_difference"))
        .isCloseTo(ofGold - ofBasic, within(1e-12));
    assertThat(fair(risk, "", "disparate_impact")).isCloseTo(ofGold / ofBasic, within(1e-12));
    double recallOfGold = share(gold.stream().filter(Line::isTrue).toList(), Line::isPositive);
    double recallOfBasic = share(basic.stream().filter(Line::isTrue).toList(), Line::isPositive);
    assertThat(fair(risk, "", "equal_opportunity_difference"))
        .isCloseTo(recallOfGold - recallOfBasic, within(1e-12));
    assertThat(fair(risk, ".lower", "disparate_impact")).isLessThan(ofGold / ofBasic);
    assertThat(fair(risk, ".upper", "disparate_impact")).isGreaterThan(ofGold / ofBasic);
    // Of two values against the largest, which may have been another one while rows came.
    assertThat(risk.metrics().series("ml.fairness", "ml.segment.name", "region"))
        .hasSizeBetween(6, 9);
  }

  private static Double fair(Seen risk, String end, String measure) {
    return risk.number(
        "ml.fairness" + end,
        "ml.segment.name",
        "plan",
        "ml.segment.value",
        "GOLD",
        "ml.fairness.metric",
        measure);
  }

  private void shadow(Metrics metrics) {
    List<Line> labelled = of("risk").filter(Line::isLabelled).toList();
    var shadow = new Seen(metrics, "challenger");
    double mine = share(labelled, line -> line.other >= .5 == line.isTrue());
    double theirs = share(labelled, line -> line.isPositive() == line.isTrue());
    String[] accuracy = {"ml.performance.metric", "accuracy", "ml.baseline.version", "1"};
    double difference = shadow.number("ml.comparison.difference", accuracy);
    assertThat(difference).isCloseTo(mine - theirs, within(1e-12));
    assertThat(shadow.number("ml.comparison.difference.lower", accuracy)).isLessThan(difference);
    assertThat(shadow.number("ml.comparison.difference.upper", accuracy)).isGreaterThan(difference);
    assertThat(shadow.performance("ml.performance", "accuracy")).isCloseTo(mine, within(1e-12));
    // Neither is in the numbers of the other.
    var risk = new Seen(metrics, "risk");
    assertThat(risk.performance("ml.performance", "accuracy")).isCloseTo(theirs, within(1e-12));
    assertThat(risk.number("ml.predictions")).isEqualTo(of("risk").count());
    assertThat(shadow.number("ml.predictions")).isEqualTo(of("risk").count());
    assertThat(metrics.series("ml.comparison.difference", "ml.model.name", "risk")).isEmpty();
  }

  private void versions(Seen versioned) {
    List<Line> rows = of("versioned").toList();
    double old = share(rows, line -> line.isPositive() == line.isTrue());
    double later = share(rows, line -> line.other >= .5 == line.isTrue());
    assertThat(old).isNotEqualTo(later);
    assertThat(difference(versioned, "new", "old")).isCloseTo(later - old, within(1e-12));
    assertThat(difference(versioned, "old", "new")).isCloseTo(old - later, within(1e-12));
    for (String version : List.of("old", "new")) {
      assertThat(
              versioned.number(
                  "ml.labels", "ml.model.version", version, "ml.label.outcome", "joined"))
          .isEqualTo(200);
      assertThat(
              versioned.number(
                  "hindcast.pending.lost",
                  "ml.model.version",
                  version,
                  "hindcast.lost.reason",
                  "id_conflict"))
          .isZero();
    }
  }

  private static Double difference(Seen of, String version, String baseline) {
    return of.number(
        "ml.comparison.difference",
        "ml.model.version",
        version,
        "ml.baseline.version",
        baseline,
        "ml.performance.metric",
        "accuracy");
  }

  private void absent(Seen fraud) {
    List<Line> rows = of("fraud").toList();
    long told = rows.stream().filter(Line::isTrue).count();
    // f1 was implied before its label came, and so may others be where the agent is late.
    double joined = outcome(fraud, "joined");
    assertThat(outcome(fraud, "implied")).isEqualTo(200 - joined);
    assertThat(outcome(fraud, "corrected")).isEqualTo(told + 1 - joined).isPositive();
    Line late = rows.get(1);
    double right =
        rows.stream().filter(line -> line.isPositive() == (line.isTrue() || line == late)).count();
    assertThat(fraud.performance("ml.performance", "accuracy"))
        .isCloseTo(right / 200, within(1e-12));
    assertThat(fraud.exactly("ml.performance.coverage", "ml.performance.window", "all"))
        .isEqualTo(1);
    assertThat(fraud.number("hindcast.pending.count")).isZero();
  }

  private static Double outcome(Seen of, String outcome) {
    return of.number("ml.labels", "ml.label.outcome", outcome);
  }

  private void estimates(Metrics metrics) {
    // The first 199 rows made the reference: there were no bins to count them in.
    List<Line> waiting = of("risk").skip(199).toList();
    double right = 0;
    double positive = 0;
    for (double score : new double[] {.15, .35, .65, .85}) {
      double rate =
          rate(
              of("risk").filter(line -> line.answer == score).filter(Line::isLabelled),
              Line::isTrue);
      double waits = share(waiting, line -> line.answer == score);
      right += waits * (score >= .5 ? rate : 1 - rate);
      positive += waits * rate;
    }
    var risk = new Seen(metrics, "risk");
    assertThat(estimate(risk, "", "accuracy")).isCloseTo(right, within(1e-9));
    double recall =
        share(waiting, line -> line.answer == .65)
            * rate(of("risk").filter(l -> l.answer == .65).filter(Line::isLabelled), Line::isTrue);
    recall +=
        share(waiting, line -> line.answer == .85)
            * rate(of("risk").filter(l -> l.answer == .85).filter(Line::isLabelled), Line::isTrue);
    assertThat(estimate(risk, "", "recall")).isCloseTo(recall / positive, within(1e-9));
    assertThat(estimate(risk, ".lower", "accuracy")).isLessThan(right);
    assertThat(estimate(risk, ".upper", "accuracy")).isGreaterThan(right);

    List<Line> prices = of("price").skip(199).toList();
    double mae = 0;
    for (double value : new double[] {10, 20, 30}) {
      mae +=
          share(prices, line -> line.answer == value)
              * of("price")
                  .filter(line -> line.answer == value && line.isLabelled())
                  .mapToDouble(line -> Math.abs(line.error()))
                  .average()
                  .orElseThrow();
    }
    var price = new Seen(metrics, "price");
    assertThat(estimate(price, "", "mae")).isCloseTo(mae, within(1e-9));
    assertThat(estimate(price, ".upper", "mae")).isGreaterThan(mae);

    List<Line> kinds = of("kind").toList();
    double accuracy = 0;
    for (double answer : new double[] {0, 1}) {
      for (double confidence : new double[] {.62, .92}) {
        Predicate<Line> isIn = line -> line.answer == answer && line.other == confidence;
        accuracy +=
            share(kinds, isIn)
                * rate(
                    of("kind").filter(isIn).filter(Line::isLabelled),
                    line -> Line.number(line.truth) == line.answer);
      }
    }
    assertThat(estimate(new Seen(metrics, "kind"), "", "accuracy"))
        .isCloseTo(accuracy, within(1e-9));
  }

  private static double rate(Stream<Line> labelled, Predicate<Line> counted) {
    List<Line> lines = labelled.toList();
    return (lines.stream().filter(counted).count() + .5) / (lines.size() + 1);
  }

  private static Double estimate(Seen of, String end, String measure) {
    return of.number(
        "ml.performance.estimated" + end,
        "ml.performance.metric",
        measure,
        "ml.performance.window",
        "1m");
  }
}
