package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reference from a file, and windows that are compared with it in a running application. */
class DriftTest {
  private static final String CONFIG =
      """
      models:
        - name: d
          version: "1"
          methods: ["drift.Main#score"]
          output: { score: return }
          reference: { file: d.reference.json }
          drift: { window: %ds }
      capture: { cpu: unlimited }
      """;

  @TempDir Path directory;

  @Test
  void theReferencesOwnRows_haveNoDrift_andHalfOfThemWhatIsWorkedByHand() throws Exception {
    Path classes = App.compile("drift", Files.createDirectories(directory.resolve("classes")));
    Path config = Files.writeString(directory.resolve("drift.yaml"), CONFIG.formatted(5));
    List<String> rows =
        IntStream.range(0, 1000)
            .mapToObj(i -> i + "," + (i % 4 == 0 ? "a" : "b") + "," + i / 1000.0)
            .toList();
    Path csv =
        Files.writeString(
            directory.resolve("training.csv"), "x,letter,score\n" + String.join("\n", rows));
    Path reference = directory.resolve("d.reference.json");
    Jvm.Result built =
        Jvm.current()
            .option("-jar", "" + Jvm.AGENT)
            .run(
                "reference",
                "build",
                "" + csv,
                "--config",
                "" + config,
                "--output",
                "" + reference);
    assertThat(built.exit()).as(built.err()).isZero();

    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result = watched(classes, config, run, 5);
    // A thousand rows have to fit into a window, however slow the machine is.
    for (int seconds = 15; result.out().equals("too slow\n") && seconds <= 25; seconds += 10) {
      Files.delete(run);
      result = watched(classes, config, run, seconds);
    }
    assertThat(result.out()).as(result.err()).isEqualTo("done\n");

    // The first window that has a score is the one with the reference's own rows.
    var first = new Seen(firstWithDrift(run), "d");
    for (String feature : List.of("x", "letter")) {
      assertThat(
              first.by("ml.drift.measure", "ml.drift.score", "ml.feature.name", feature).split(" "))
          .as(feature)
          .allMatch(score -> score.endsWith(":0"))
          .hasSize(feature.equals("x") ? 6 : 4);
      assertThat(first.number("ml.drift.samples", "ml.feature.name", feature)).isEqualTo(1000);
    }
    // Shares 0.2 five times and 0 five times against 0.1 ten times.
    var last = new Seen(Catalogue.check(run), "d");
    Map.of(
            "jsd",
            0.5 * Math.log(0.2 / 0.15) + 0.25 * Math.log(0.1 / 0.15) + 0.25 * Math.log(2),
            "total_variation",
            0.5,
            "hellinger",
            Math.sqrt(1 - 5 * Math.sqrt(0.02)),
            "ks",
            0.5)
        .forEach(
            (measure, value) ->
                assertThat(
                        last.number(
                            "ml.drift.score", "ml.feature.name", "x", "ml.drift.measure", measure))
                    .as(measure)
                    .isCloseTo(value, within(1e-12)));
    assertThat(last.by("ml.drift.measure", "ml.drift.score", "ml.feature.name", "letter"))
        .isEqualTo("hellinger:0 jsd:0 psi:0 total_variation:0");
    assertThat(last.number("ml.reference.size")).isEqualTo(1000);
    String id = Files.readString(reference).split("\"id\": \"")[1].substring(0, 12);
    assertThat(last.metrics().series("ml.feature.bin", "ml.reference.id", id)).isNotEmpty();
    assertThat(last.metrics().series("ml.feature.bin"))
        .allMatch(series -> id.equals(series.get("ml.reference.id")));
  }

  private static Jvm.Result watched(Path classes, Path config, Path run, int windowSeconds)
      throws Exception {
    Files.writeString(config, CONFIG.formatted(windowSeconds));
    return Jvm.current()
        .agent("config=" + config + ",output=" + run)
        .env("OTEL_METRIC_EXPORT_INTERVAL", "400")
        .option("-cp", "" + classes)
        .run("drift.Main", "" + run, "" + windowSeconds);
  }

  private Metrics firstWithDrift(Path run) throws Exception {
    for (String line : Files.readAllLines(run)) {
      if (line.contains("\"ml.drift.score\"")) {
        return Metrics.ofFile(Files.writeString(directory.resolve("first.jsonl"), line + "\n"));
      }
    }
    throw new AssertionError("no window was ever scored");
  }
}
