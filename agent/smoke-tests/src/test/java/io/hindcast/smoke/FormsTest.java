package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods in every form that a rule can name, and how often each of them is counted. */
class FormsTest {
  /** Model, its method, methods that this matches, predictions, what else is said of it. */
  private static final String TABLE =
      """
      generic    | Forms$Scorer#score                         | 1 | 3  | -
      lambda     | Forms$WithDefault#scaled                   | 1 | 3  | -
      derived    | Forms$Base#predict                         | 2 | 6  | -
      record     | Forms$RecordModel#apply                    | 1 | 3  | -
      enum       | Forms$EnumModel#apply                      | 1 | 3  | -
      overloaded | Forms#overloaded(double,java.lang.String)  | 1 | 3  | -
      hidden     | Forms#hidden                               | 1 | 3  | -
      several    | Forms#several(double[])                    | 1 | 3  | -
      locked     | Forms#locked                               | 1 | 3  | -
      recursive  | Forms#recursive                            | 1 | 3  | -
      outer      | Forms#outer                                | 1 | 3  | -
      inner      | Forms#inner                                | 1 | 6  | -
      wild       | Forms#wildcard*                            | 2 | 6  | -
      later      | Forms#later                                | 1 | 3  | -
      lazy       | Forms#lazy                                 | 1 | 3  | -
      huge       | Forms#huge                                 | 1 | 3  | -
      many       | Forms#manyClasses                          | 1 | 60 | -
      flag       | Forms#multiclassFlag                       | 1 | 4  | id: "args[0]", task: multiclass
      request    | Forms#request                              | 1 | 6  | id: "args[0].id", features: { from: "args[0].rows", names: [a, b] }
      named      | Forms#named                                | 1 | 3  | features: { from: "args[0]", names: [a, b] }
      """;

  private static final String LABELLED =
      """
        - name: approved
          methods: ["methods.Forms#approved"]
          id: args[0]
          output: { predicted: return, positive: approved, negative: rejected }
          labels: { methods: ["methods.Forms#outcome"], id: "args[0].id", actual: "args[0].truth" }
        - name: waiting
          methods: ["methods.Forms#waiting"]
          id: args[0]
          labels:
            methods: ["methods.Main#truth"]
            id: args[0]
            actual: args[1]
            time-to-live: 1s
      capture: { cpu: unlimited }
      """;

  @TempDir Path directory;

  static List<Path> jdks() {
    return Jdks.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void everyForm_isCountedOnceACall(Path jdk) throws Exception {
    Path classes = App.compile("methods", Files.createDirectories(directory.resolve("classes")));
    StringBuilder yaml = new StringBuilder("models:\n");
    for (String row : TABLE.split("\n")) {
      String[] cells = row.split(" +\\| +");
      yaml.append("  - { name: " + cells[0] + ", methods: [\"methods." + cells[1] + "\"]");
      yaml.append(cells[4].equals("-") ? "" : ", " + cells[4]);
      yaml.append(" }\n");
    }
    Path config = Files.writeString(directory.resolve("methods.yaml"), yaml + LABELLED);
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        new Jvm(jdk)
            .agent("config=" + config + ",output=" + run)
            .option("-cp", "" + classes)
            .run("methods.Main");
    assertThat(result.out()).as(result.err()).isEqualTo("done\n");
    assertThat(result.agentLines()).noneMatch(line -> line.contains("ERROR"));

    Metrics metrics = Catalogue.check(run);
    for (String row : TABLE.split("\n")) {
      String[] cells = row.split(" +\\| +");
      assertThat(
              metrics.number(
                  "hindcast.methods.instrumented", "hindcast.rule", "methods." + cells[1]))
          .as(row)
          .isEqualTo(Double.parseDouble(cells[2]));
      assertThat(metrics.number("ml.predictions", "ml.model.name", cells[0]))
          .as(row)
          .isEqualTo(Double.parseDouble(cells[3]));
    }
    // A million numbers without names are one vector; 50 classes of 60, two names for three values.
    assertThat(overflow(metrics, "huge")).isZero();
    assertThat(overflow(metrics, "many")).isEqualTo(60 - 50);
    assertThat(overflow(metrics, "named")).isEqualTo(3);
    var request = new Seen(metrics, "request");
    assertThat(request.histogram("ml.prediction.batch.size").count()).isEqualTo(3);

    var approved = new Seen(metrics, "approved");
    assertThat(approved.confusion("ml.confusion"))
        .isEqualTo(
            "approved>approved:1 approved>rejected:1 rejected>approved:1 rejected>rejected:1");
    // One label came before its prediction, and again after it; one label method threw.
    assertThat(approved.labels()).isEqualTo("duplicate:1 joined:4 parked:1");
    var waiting = new Seen(metrics, "waiting");
    assertThat(waiting.labels()).isEqualTo("expired:1 joined:1");
    assertThat(waiting.by("hindcast.lost.reason", "hindcast.pending.lost"))
        .isEqualTo("disk:0 evicted:0 id_conflict:1 torn:0 unlabelled:2");
    assertThat(waiting.number("hindcast.pending.count")).isZero();
  }

  private static Double overflow(Metrics metrics, String model) {
    return metrics.number("hindcast.cardinality.overflow", "ml.model.name", model);
  }
}
