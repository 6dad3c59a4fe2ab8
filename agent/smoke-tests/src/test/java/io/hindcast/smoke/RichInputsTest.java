package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buffers, optionals, times, vectors, text, what can be read only once, and ids from around. */
class RichInputsTest {
  private static final String EVEN =
      "0:20 1:20 2:20 3:20 4:20 5:20 6:20 7:20 8:20 9:20 high:0 low:0 missing:0";
  private static final String HALF =
      "0:10 1:10 2:10 3:10 4:10 5:10 6:10 7:10 8:10 9:10 high:0 low:0 missing:100";

  /** Model, and all its features with their bins. */
  private static final String TABLE =
      """
      floats     | f0=EVEN f1=EVEN
      doubles    | f0=EVEN f1=EVEN
      optional   | f=HALF c=SPARSE
      boxed      | f0=EVEN f1=HALF
      sparse     | f=EVEN g=HALF
      collection | f0=EVEN f1=EVEN
      iterable   | f=EVEN
      stream     | f=EVEN
      age        | at.age=EVEN f=EVEN
      person     | born.age=EVEN country=LETTERS
      vector     | x.norm=EVEN x.cosine=ALL x.projection0=ALL x.projection1=ALL x.projection2=ALL x.projection3=ALL x.projection4=ALL x.projection5=ALL x.projection6=ALL x.projection7=ALL
      text       | comment=ALL comment.empty=EMPTY f=EVEN
      """;

  private static final String IDS =
      """
        - { name: traced, methods: ["rich.Rich#traced"], id: trace, labels: LABELS }
        - { name: carried, methods: ["rich.Rich#carried"], id: baggage(order), labels: LABELS }
        - { name: logged, methods: ["rich.Rich#logged"], id: mdc(request), labels: LABELS }
        - { name: huge, methods: ["rich.Rich#huge"] }
      """
          .replaceAll(
              "name: (\\w+),(.*)LABELS",
              "name: $1,$2{ methods: [\"rich.Rich#$1Truth\"], id: \"args[0]\", actual: \"args[1]\" }");

  @TempDir Path directory;

  @Test
  void everyShape_isWhatItHolds_andNothingIsUsedUp() throws Exception {
    String jars;
    try (Stream<Path> all = Files.list(Path.of("target/other-otel"))) {
      jars =
          all.map(jar -> "" + jar.toAbsolutePath()).collect(Collectors.joining(File.pathSeparator));
    }
    Path classes = Files.createDirectories(directory.resolve("classes"));
    App.compile("rich", classes, jars);
    var yaml = new StringBuilder("models:\n");
    for (String row : TABLE.split("\n")) {
      String name = row.split("\\|")[0].strip();
      yaml.append("  - { name: " + name + ", methods: [\"rich.Rich#" + name + "\"]")
          .append(", reference: { learn: 200 } }\n");
    }
    Path config =
        Files.writeString(
            directory.resolve("rich.yaml"), yaml + IDS + "capture: { queue: 64MiB }\n");
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Jvm.current()
            .agent("config=" + config + ",output=" + run)
            .option("-cp", classes + File.pathSeparator + jars)
            .run("rich.Main");
    // Σ (i + (−i) + i + (i + 1 + 2) + (i + 1)) over i < 200
    assertThat(result.out()).isEqualTo("sum " + (3 * 19_900.0 + 4 * 200) + "\n");
    assertThat(result.agentLines())
        .as(result.err())
        .noneMatch(line -> line.contains("ERROR"))
        .anyMatch(line -> line.contains("Rich#stream: parameter x is no feature"))
        .anyMatch(line -> line.contains("Rich#iterable") && line.contains("read only once"));

    Metrics metrics = Metrics.ofFile(run);
    for (String row : TABLE.split("\n")) {
      String[] cells = row.split("\\|");
      var seen = new Seen(metrics, cells[0].strip());
      assertThat(seen.number("ml.predictions")).as(row).isEqualTo(200);
      String[] features = cells[1].strip().split(" ");
      assertThat(
              metrics.series("ml.feature.bin", "ml.model.name", seen.model()).stream()
                  .map(series -> series.get("ml.feature.name"))
                  .distinct())
          .as(row)
          .containsExactlyInAnyOrder(
              Arrays.stream(features).map(f -> f.split("=")[0]).toArray(String[]::new));
      for (String feature : features) {
        String[] nameAndBins = feature.split("=");
        if (nameAndBins[1].equals("ALL")) {
          assertThat(seen.number("ml.feature.bin", "ml.feature.name", nameAndBins[0]))
              .as(row)
              .isEqualTo(200);
        } else {
          assertThat(seen.bins("ml.feature.bin", nameAndBins[0]))
              .as(row + ": " + nameAndBins[0])
              .isEqualTo(bins(nameAndBins[1]));
        }
      }
    }
    assertThat(new Seen(metrics, "optional").number("ml.output.bin", "ml.output.name", "value"))
        .isEqualTo(200);
    assertThat(new Seen(metrics, "optional").bins("ml.output.bin", "value"))
        .contains("missing:150");
    assertThat(metrics.series("ml.output.bin", "ml.model.name", "stream")).isEmpty();
    assertThat(Files.readString(run)).doesNotContain("secret", "order-1", "request-1");

    for (String model : new String[] {"traced", "carried", "logged"}) {
      assertThat(new Seen(metrics, model).labels()).as(model).contains("joined:200");
    }
    var huge = new Seen(metrics, "huge");
    assertThat(huge.number("ml.predictions")).isEqualTo(200_000);
    assertThat(huge.number("hindcast.rows.captured") + huge.number("hindcast.rows.dropped"))
        .isEqualTo(200_000);
    assertThat(huge.histogram("ml.prediction.duration").count()).isLessThanOrEqualTo(16);
  }

  private static String bins(String name) {
    return switch (name) {
      case "EVEN" -> EVEN;
      case "HALF" -> HALF;
      case "LETTERS" -> "c0:100 c1:100 missing:0 new:0 other:0";
      case "SPARSE" -> "c0:25 c4:25 missing:150 new:0 other:0";
      case "EMPTY" -> "false:180 missing:0 new:0 other:0 true:20";
      default -> throw new IllegalArgumentException(name);
    };
  }
}
