package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers in every shape, labels of every kind and what the API says to them. The counts are worked
 * by hand from the application's source.
 */
class OutcomesTest {
  private static final String CONFIG =
      """
      models:
        - { name: words, methods: ["outcomes.Models#words"], id: "args[0]", output: { score: return, positive: no, negative: yes } }
        - { name: flag, methods: ["outcomes.Models#flag"], id: "args[0]", labels: { methods: ["outcomes.Models#truth"], id: "args[0]", actual: "args[1]" } }
        - { name: color, methods: ["outcomes.Models#color"], id: "args[0]" }
        - { name: letter, methods: ["outcomes.Models#letter"], id: "args[0]" }
        - { name: number, methods: ["outcomes.Models#number"], id: "args[0]" }
        - { name: code, methods: ["outcomes.Models#code"], id: "args[0]", output: { predicted: return } }
        - { name: text, methods: ["outcomes.Models#text"], id: "args[0]" }
        - { name: listed, methods: ["outcomes.Models#listed"], id: "args[0]" }
        - { name: floats, methods: ["outcomes.Models#floats"], id: "args[0]", output: { scores: return, classes: [cat, dog] } }
        - { name: pair, methods: ["outcomes.Models#pair"], id: "args[0]", output: { score: "return[1]", threshold: 0.6 } }
        - { name: nested, methods: ["outcomes.Models#nested"], id: "args[0]", output: { score: return.risk.score } }
        - { name: whole, methods: ["outcomes.Models#whole"], id: "args[0]", task: regression }
        - { name: decimal, methods: ["outcomes.Models#decimal"], id: "args[0]" }
        - { name: boxed, methods: ["outcomes.Models#boxed"], id: "args[0]", output: { value: return } }
        - { name: batch, methods: ["outcomes.Models#batch"], id: "args[0]", output: { score: return } }
        - { name: probabilities, methods: ["outcomes.Models#batchOfProbabilities"], id: "args[0][*].key" }
        - { name: records, methods: ["outcomes.Models#batchOfRecords"], output: { score: "return[*].score" } }
        - { name: failing, methods: ["outcomes.Models#failing"], id: "args[0]" }
        - { name: failingBatch, methods: ["outcomes.Models#failingBatch"] }
        - { name: versioned, methods: ["outcomes.Models#versioned"], version: { path: "args[0]" } }
      capture: { cpu: unlimited }
      """;

  /** Model, predictions, confusion as actual>predicted, labels by outcome, coverage of `all`. */
  private static final String TABLE =
      """
      words         | 21 | no>no:5 no>yes:2 yes>no:3 yes>yes:3                  | corrected:4 duplicate:3 joined:10 null:2 parked:1 rejected:2 retracted:1 stale:1 unknown:1 | 0.4736842105
      flag          | 6  | 0>0:1 0>1:2 1>0:1 1>1:2                              | joined:6            | 1
      color         | 6  | GREEN>GREEN:1 GREEN>RED:1 RED>GREEN:2 RED>RED:2      | joined:6            | 1
      letter        | 6  | x>x:4 x>y:2                                          | joined:6            | 1
      number        | 6  | 0>0:2 1>1:2                                          | joined:4 rejected:2 | 0.6666666667
      code          | 6  | 0>0:3 1>1:2                                          | joined:6            | 0.8333333333
      text          | 6  | X>X:4                                                | joined:6            | 0.6666666667
      listed        | 6  | 1>0:1 1>1:5                                          | joined:6            | 1
      floats        | 6  | cat>cat:2 cat>dog:1 dog>cat:1 dog>dog:2              | joined:6            | 1
      pair          | 6  | 0>0:2 1>0:1 1>1:3                                    | joined:6            | 1
      nested        | 6  | 0>0:2 1>0:1 1>1:2                                    | joined:6            | 0.8333333333
      whole         | 6  | -                                                    | joined:6            | 1
      decimal       | 6  | -                                                    | joined:6            | 1
      boxed         | 6  | -                                                    | joined:6            | 0.5
      batch         | 4  | 0>0:2 0>1:1 1>1:1                                    | joined:4            | 1
      probabilities | 4  | 0>1:1 1>0:2 1>1:1                                    | joined:4            | 1
      records       | 4  | 0>0:1 1>0:1 1>1:2                                    | joined:4            | 1
      failing       | 8  | -                                                    | joined:4            | 1
      annotated     | 2  | 1>1:1                                                | joined:1 null:1     | 1
      Models.plain  | 1  | -                                                    | joined:1            | 1
      """;

  private static final String SAID =
      """
      latest before: null
      latest: words w9 1 w9
      maybe: ACCEPTED
      null: ACCEPTED
      retract: ACCEPTED
      batch: batch B 3 B#2
      batch of one: batch S#0 1 S#0
      own ids: 4 e0 e2 true
      generated ids: 4 true
      latest after a throw: null
      latest after a throw: null
      latest after a throw: null
      latest after a throw: null
      latest after a throw: null
      generated id: Models.plain true true
      no id: INVALID INVALID
      long id: INVALID ACCEPTED
      NaN: INVALID INVALID
      no report: INVALID
      odd value: INVALID
      no id to retract: INVALID
      reportAll: {corrected=1, duplicate=1, joined=2, null=1, rejected=3}
      reportAll nothing: {}
      after null: ACCEPTED
      done
      """;

  @TempDir Path directory;
  private String classPath;

  @BeforeEach
  void compile() throws Exception {
    Path api = Path.of(System.getProperty("hindcast.api.classes")).toAbsolutePath().normalize();
    Path classes = Files.createDirectories(directory.resolve("classes"));
    classPath = App.compile("outcomes", classes, "" + api) + File.pathSeparator + api;
  }

  @Test
  void everyAnswerAndEveryLabel_isCountedForWhatItIs() throws Exception {
    Path config = Files.writeString(directory.resolve("outcomes.yaml"), CONFIG);
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Jvm.current()
            .agent("config=" + config + ",output=" + run)
            .option("-cp", classPath)
            .run("outcomes.Main");
    assertThat(result.out()).as(result.err()).isEqualTo(SAID);

    Metrics metrics = Catalogue.check(run);
    for (String row : TABLE.split("\n")) {
      String[] cells = row.replace("X", "x".repeat(64)).split(" +\\| +");
      var seen = new Seen(metrics, cells[0]);
      assertThat(seen.number("ml.predictions")).as(row).isEqualTo(Double.parseDouble(cells[1]));
      assertThat(seen.confusion("ml.confusion"))
          .as(row)
          .isEqualTo(cells[2].equals("-") ? "" : cells[2]);
      assertThat(seen.labels()).as(row).isEqualTo(cells[3]);
      assertThat(seen.exactly("ml.performance.coverage", "ml.performance.window", "all"))
          .as(row)
          .isCloseTo(Double.parseDouble(cells[4]), within(1e-9));
    }
    words(new Seen(metrics, "words"));
    regression(metrics);
    calls(metrics);
    assertThat(metrics.number("ml.predictions", "ml.model.version", "a")).isEqualTo(20);
    assertThat(metrics.number("ml.predictions", "ml.model.version", "d")).isEqualTo(10);
    assertThat(metrics.series("ml.label.delay", "ml.model.version", "b")).isEmpty();
    assertThat(
            metrics.series("ml.feature.violation", "ml.model.version", "7").stream()
                .map(series -> series.get("ml.feature.name"))
                .distinct())
        .containsExactlyInAnyOrder("age", "score before", "extra");
    // A class name of 65 characters, a class that is 0.5.
    assertThat(metrics.number("hindcast.capture.errors")).isEqualTo(2);
    // Ids leave nowhere.
    assertThat(Files.readString(run)).doesNotContain("\"w0\"", "\"e0\"", "\"A1\"", "nobody");
    assertThat(result.agentLines()).doesNotHaveDuplicates();
    for (String said :
        new String[] {"output of text: no class", "output of code: no class", "label 'maybe'"}) {
      assertThat(result.agentLines()).as(result.err()).filteredOn(l -> l.contains(said)).hasSize(1);
    }
  }

  private static void words(Seen seen) {
    assertThat(seen.confusion("ml.confusion.retracted")).isEqualTo("no>no:1 yes>no:1 yes>yes:2");
    // Net, positive is "no": 4 right, 2 wrongly so, 2 missed, 1 rightly not. A third that was
    // missed
    // was acted on, and is in none of this.
    Map.of(
            "accuracy", 5 / 9.0,
            "precision", 4 / 6.0,
            "recall", 4 / 6.0,
            "specificity", 1 / 3.0,
            "f1", 8 / 12.0)
        .forEach(
            (measure, value) ->
                assertThat(seen.performance("ml.performance", measure))
                    .as(measure)
                    .isCloseTo(value, within(1e-12)));
    // Wilson, 5 of 9.
    assertThat(seen.performance("ml.performance.lower", "accuracy"))
        .isCloseTo(0.266651, within(1e-6));
    assertThat(seen.performance("ml.performance.upper", "accuracy"))
        .isCloseTo(0.811221, within(1e-6));
    assertThat(seen.performance("ml.performance.support", "accuracy")).isEqualTo(9);
    assertThat(seen.performance("ml.performance.support", "recall")).isEqualTo(6);
    Metrics.Histogram scores = seen.histogram("ml.outcome.score", "ml.class.actual", "no");
    assertThat(scores.bounds()).contains(Math.nextDown(0.5), 0.02, 1.0).hasSize(51);
    // Every value that was ever joined: .9 .9 .5 .9 .7, and .1 .2 that were answered "yes".
    assertThat(scores.count()).isEqualTo(7);
    assertThat(scores.sum()).isCloseTo(4.2, within(1e-12));
  }

  private static void regression(Metrics metrics) {
    var whole = new Seen(metrics, "whole");
    assertThat(whole.performance("ml.performance", "mae")).isCloseTo(10 / 6.0, within(1e-12));
    assertThat(whole.performance("ml.performance", "bias")).isCloseTo(1, within(1e-12));
    assertThat(whole.number("ml.regression.squared_error")).isEqualTo(18);
    for (String sign : new String[] {"over", "under"}) {
      Metrics.Histogram errors =
          whole.histogram("ml.regression.absolute_error", "ml.error.sign", sign);
      assertThat(errors.count()).isEqualTo(sign.equals("over") ? 4 : 2);
      assertThat(errors.sum()).isEqualTo(sign.equals("over") ? 8 : 2);
      assertThat(errors.bounds()).hasSize(20);
    }
    var decimal = new Seen(metrics, "decimal");
    assertThat(decimal.histogram("ml.regression.absolute_error", "ml.error.sign", "over").count())
        .isEqualTo(6);
    // Null, NaN and infinity are no values to compare with.
    var boxed = new Seen(metrics, "boxed");
    assertThat(boxed.performance("ml.performance.support", "mae")).isEqualTo(3);
    assertThat(boxed.performance("ml.performance", "bias")).isEqualTo(-1);
  }

  private static void calls(Metrics metrics) {
    var batch = new Seen(metrics, "batch");
    assertThat(batch.histogram("ml.prediction.duration").count()).isEqualTo(3);
    assertThat(batch.histogram("ml.prediction.batch.size").counts())
        .containsExactly(0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    var failing = new Seen(metrics, "failing");
    for (String type : new String[] {"java.lang.Error", "java.lang.IllegalStateException"}) {
      assertThat(failing.number("ml.predictions", "error.type", type)).isEqualTo(2);
      assertThat(failing.histogram("ml.prediction.duration", "error.type", type).count())
          .isEqualTo(2);
    }
    var failingBatch = new Seen(metrics, "failingBatch");
    String type = "java.lang.UnsupportedOperationException";
    assertThat(failingBatch.number("ml.predictions", "error.type", type)).isEqualTo(5);
    assertThat(failingBatch.number("ml.predictions")).isEqualTo(5);
  }

  @Test
  void withoutAgent_theApiDoesNothingAndSaysSo() throws Exception {
    Jvm.Result result = Jvm.current().option("-cp", classPath).run("outcomes.Alone");
    assertThat(result.out())
        .isEqualTo("null NO_AGENT NO_AGENT NO_AGENT NO_AGENT NO_AGENT {dropped=1}\n");
    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
  }
}
