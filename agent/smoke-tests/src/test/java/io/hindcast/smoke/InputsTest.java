package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows in every shape that the contract names, through YAML alone; all have the same values. */
class InputsTest {
  /** Row i of 200 has the number i: the ten bins of what was learnt hold 20 each. */
  private static final String EVEN =
      "0:20 1:20 2:20 3:20 4:20 5:20 6:20 7:20 8:20 9:20 high:0 low:0 missing:0";

  private static final String LETTERS = "c0:100 c1:100 missing:0 new:0 other:0";
  private static final String FLAGS = "false:150 missing:0 new:0 other:0 true:50";

  /** Model, what its features are beside the defaults, calls, and its features with their bins. */
  private static final String TABLE =
      """
      doubles     | -                                                          | 200 | f0=EVEN f1=EVEN
      floats      | features: { from: "args[0]", names: [f, g] }               | 200 | f=EVEN g=EVEN
      ints        | features: { from: "args[0]", names: [f, g], exclude: [g] } | 200 | f=EVEN
      longs       | features: { paths: { f: "args[0][0]" } }                   | 200 | f=EVEN
      boxed       | -                                                          | 200 | f0=EVEN f1=EVEN
      objects     | -                                                          | 200 | f0=EVEN f1=LETTERS
      list        | -                                                          | 200 | f0=EVEN f1=EVEN
      mixed       | -                                                          | 200 | f0=EVEN f1=LETTERS f2=EVENODD
      map         | features: { exclude: [ssn] }                               | 200 | f=EVEN c=LETTERS
      record      | -                                                          | 200 | f=EVEN c=LETTERS flag=FLAGS kind=KINDS
      bean        | version: { path: this.model }, features: { paths: { f: "args[0].f", i: "args[0].i", flag: "args[0].flag", age: "args[0].customer.ages[1]", tag: "args[0].customer.tags[0]" } } | 200 | f=EVEN i=EVEN flag=FLAGS age=EVEN tag=TAGS
      parameters  | -                                                          | 200 | f=EVEN g=EVEN c=LETTERS flag=FLAGS letter=CHARS kind=KINDS boxed=EVEN
      nothing     | -                                                          | 200 | x=EVEN
      matrix      | -                                                          | 21  | f0=EVEN f1=EVEN
      floatMatrix | -                                                          | 20  | f0=EVEN f1=EVEN
      records     | id: "args[0][*].key"                                       | 21  | f=EVEN g=EVEN
      maps        | -                                                          | 20  | f=EVEN c=LETTERS
      lists       | -                                                          | 20  | f0=EVEN f1=EVEN
      arrayList   | -                                                          | 20  | f0=EVEN f1=EVEN
      beans       | features: { paths: { f: "args[0][*].f" } }                 | 20  | f=EVEN
      recordArray | -                                                          | 20  | f=EVEN c=LETTERS flag=FLAGS kind=RIGHTS
      shorter     | -                                                          | 20  | f0=EVEN f1=EVEN
      """;

  @TempDir Path directory;

  @Test
  void everyShape_givesTheSameCounts() throws Exception {
    Path classes = App.compile("shapes", Files.createDirectories(directory.resolve("classes")));
    StringBuilder yaml = new StringBuilder("models:\n");
    for (String row : TABLE.split("\n")) {
      String[] cells = row.split(" \\| ");
      model(yaml, cells[0].strip(), cells[1].strip(), 200);
    }
    model(yaml, "fewer", "-", 140);
    String names =
        java.util.stream.IntStream.range(0, 230)
            .mapToObj(i -> "f" + i)
            .collect(java.util.stream.Collectors.joining(", "));
    model(yaml, "wide", "features: { from: \"args[0]\", names: [" + names + "] }", 200);
    model(yaml, "middle", "-", 200);
    Path config =
        Files.writeString(directory.resolve("shapes.yaml"), yaml + "capture: { cpu: unlimited }\n");
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Jvm.current()
            .agent("config=" + config + ",output=" + run)
            .option("-cp", "" + classes)
            .run("shapes.Main");
    assertThat(result.out()).isEqualTo("done\n");
    assertThat(result.agentLines()).as(result.err()).noneMatch(line -> line.contains("ERROR"));

    Metrics metrics = Catalogue.check(run);
    for (String row : TABLE.split("\n")) {
      String[] cells = row.split(" \\| ");
      var seen = new Seen(metrics, cells[0].strip());
      int calls = Integer.parseInt(cells[2].strip());
      assertThat(seen.number("ml.predictions")).as(row).isEqualTo(200);
      assertThat(seen.histogram("ml.prediction.duration").count()).as(row).isEqualTo(calls);
      if (calls < 200) {
        assertThat(seen.histogram("ml.prediction.batch.size").count()).as(row).isEqualTo(20);
        assertThat(seen.histogram("ml.prediction.batch.size").sum()).as(row).isEqualTo(200);
      } else {
        assertThat(metrics.series("ml.prediction.batch.size", "ml.model.name", seen.model()))
            .isEmpty();
      }
      assertThat(
              metrics.series("ml.feature.violation", "ml.model.name", seen.model()).stream()
                  .map(series -> series.get("ml.feature.name"))
                  .distinct())
          .as(row)
          .hasSize(cells[3].strip().split(" ").length);
      for (String feature : cells[3].strip().split(" ")) {
        String[] nameAndBins = feature.split("=");
        assertThat(seen.bins("ml.feature.bin", nameAndBins[0]))
            .as(row + ": " + nameAndBins[0])
            .isEqualTo(bins(nameAndBins[1]));
        assertThat(seen.violations(nameAndBins[0])).isEmpty();
        if (nameAndBins[1].equals("EVEN")) {
          Metrics.Histogram values =
              seen.histogram("ml.feature.value", "ml.feature.name", nameAndBins[0]);
          assertThat(Math.abs(values.sum())).isEqualTo(19_900);
          assertThat(values.counts()).containsExactly(0, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 0);
        }
      }
    }
    versions(metrics);
    shorterAnswers(metrics);
    wideRows(metrics);
  }

  private static void model(StringBuilder yaml, String name, String more, int learn) {
    yaml.append("  - { name: " + name + ", methods: [\"shapes.Inputs#" + name + "\"]")
        .append(", reference: { learn: " + learn + " }")
        .append(more.equals("-") ? "" : ", " + more)
        .append(" }\n");
  }

  private static String bins(String name) {
    return switch (name) {
      case "EVEN" -> EVEN;
      case "LETTERS" -> LETTERS;
      case "FLAGS" -> FLAGS;
      case "EVENODD" -> "false:100 missing:0 new:0 other:0 true:100";
      // Ten rows of 200: an enum's name is no secret, however rare.
      case "KINDS" -> "LEFT:10 RIGHT:190 missing:0 new:0 other:0";
      case "RIGHTS" -> "RIGHT:200 missing:0 new:0 other:0";
      case "TAGS" -> "missing:0 new:0 other:0 t0:100 t1:100";
      case "CHARS" -> "missing:0 new:0 other:0 x:100 y:100";
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static void versions(Metrics metrics) {
    assertThat(metrics.number("ml.predictions", "ml.model.version", "m7")).isEqualTo(200);
    assertThat(metrics.number("ml.predictions", "ml.model.version", "unknown"))
        .isEqualTo(200 * 23 + 140);
  }

  /** Twenty batches of ten rows and seven answers: the shorter counts. */
  private static void shorterAnswers(Metrics metrics) {
    var fewer = new Seen(metrics, "fewer");
    assertThat(fewer.number("ml.predictions")).isEqualTo(140);
    assertThat(fewer.histogram("ml.prediction.batch.size").sum()).isEqualTo(140);
    assertThat(fewer.number("ml.output.bin", "ml.output.name", "value")).isEqualTo(140);
    // A value for each row and one for all of them: the second says nothing of a row.
    assertThat(metrics.series("ml.output.bin", "ml.model.name", "matrix")).isEmpty();
    assertThat(metrics.series("ml.output.bin", "ml.model.name", "nothing")).isEmpty();
  }

  /** 230 values a row, of which 200 are features; 51 features have no bounds any more. */
  private static void wideRows(Metrics metrics) {
    var wide = new Seen(metrics, "wide");
    assertThat(wide.number("hindcast.cardinality.overflow")).isEqualTo(30 * 200);
    assertThat(wide.bins("ml.feature.bin", "f199")).isEqualTo(EVEN);
    assertThat(wide.bins("ml.feature.bin", "f200")).isEmpty();
    assertThat(wide.histogram("ml.feature.value", "ml.feature.name", "f0").counts())
        .containsExactly(200);
    var middle = new Seen(metrics, "middle");
    assertThat(middle.histogram("ml.feature.value", "ml.feature.name", "f50").bounds()).isEmpty();
    assertThat(middle.histogram("ml.feature.value", "ml.feature.name", "f50").sum())
        .isEqualTo(19_900);
    assertThat(middle.bins("ml.feature.bin", "f50")).isEqualTo(EVEN);
  }
}
