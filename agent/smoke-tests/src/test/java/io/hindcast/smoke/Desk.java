package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The application {@code src/test/apps/desk}, which does what its arguments say: a model of two
 * features, and labels for it.
 */
final class Desk {
  static final String MAIN = "desk.Main";
  static final String RULE = "desk.Risk#score";

  static final String CONFIG =
      """
      models:
        - name: risk
          version: "1"
          methods: ["desk.Risk#score"]
          id: args[0]
          features: { from: "args[1]", names: [income, balance] }
          output: { score: return }
          labels: { methods: ["desk.Outcomes#record"], id: "args[0]", actual: "args[1]" }
      capture: { cpu: unlimited }
      """;

  private static final Map<List<String>, Jvm.Result> BARE = new ConcurrentHashMap<>();
  private static Path classes;

  private Desk() {}

  /** Compiled once; one class that another needs is not there any more. */
  static synchronized Path classes() throws IOException {
    if (classes == null) {
      Path directory = Files.createDirectories(Path.of("target/apps/desk").toAbsolutePath());
      App.compile("desk", directory);
      Files.delete(directory.resolve("desk/Gone.class"));
      classes = directory;
    }
    return classes;
  }

  static Path config(Path directory) throws IOException {
    return Files.writeString(directory.resolve("desk.yaml"), CONFIG);
  }

  /** A JVM that knows the application, and nothing of an agent yet. */
  static Jvm on(Path jdk) throws IOException {
    return new Jvm(jdk).option("-cp", classes().toString());
  }

  /** What the application says and how it ends, without an agent. */
  static Jvm.Result bare(String... steps) throws Exception {
    Jvm.Result known = BARE.get(List.of(steps));
    if (known == null) {
      known = on(Path.of(System.getProperty("java.home"))).option(MAIN).run(steps);
      assertThat(known.err()).isEmpty();
      BARE.put(List.of(steps), known);
    }
    return known;
  }

  /**
   * Runs it, and makes sure that the agent has left no trace but its own lines on standard error.
   */
  static Jvm.Result unharmed(Jvm jvm, String... steps) throws Exception {
    Jvm.Result bare = bare(steps);
    Jvm.Result result = jvm.option(MAIN).run(steps);
    assertThat(result.out()).as(result.err()).isEqualTo(bare.out());
    assertThat(result.exit()).as(result.err()).isEqualTo(bare.exit());
    assertThat(result.err().lines()).allMatch(line -> line.startsWith("hindcast "));
    return result;
  }

  /** That {@code predict=rows} has been counted, and nothing else. */
  static void counted(Metrics metrics, int rows) {
    counted(metrics, 0, rows);
  }

  /** The same, where rows before {@code from} were predicted unseen. */
  static void counted(Metrics metrics, int from, int to) {
    double rows = to - from;
    assertThat(metrics.number("ml.predictions", "ml.model.name", "risk"))
        .as(metrics.toString())
        .isEqualTo(rows);
    assertThat(metrics.number("hindcast.rows.captured", "ml.model.name", "risk")).isEqualTo(rows);
    assertThat(metrics.number("ml.labels", "ml.model.name", "risk")).isEqualTo(rows);
    assertThat(metrics.number("ml.labels", "ml.label.outcome", "joined")).isEqualTo(rows);
    double right =
        metrics.number("ml.confusion", "ml.class.actual", "0", "ml.class.predicted", "0")
            + metrics.number("ml.confusion", "ml.class.actual", "1", "ml.class.predicted", "1");
    assertThat(metrics.number("ml.confusion")).isEqualTo(rows);
    // Every third row, from the first on, comes true otherwise than predicted.
    assertThat(right).isEqualTo(IntStream.range(from, to).filter(row -> row % 3 != 0).count());
  }
}
