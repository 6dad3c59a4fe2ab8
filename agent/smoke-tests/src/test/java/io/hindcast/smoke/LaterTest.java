package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers that come later, calls inside calls, faults and the end of the stack: the application
 * does what it does without us, and every call is accounted for. Situations 22 to 24, 28 to 31.
 */
class LaterTest {
  private static final String CONFIG =
      """
      models:
        - { name: score, methods: ["later.Main#score"], reference: { learn: 5 } }
        - { name: word, methods: ["later.Main#word"] }
        - { name: untyped, methods: ["later.Main#untyped"] }
        - { name: none, methods: ["later.Main#none"] }
        - { name: mono, methods: ["later.Main#mono"] }
        - { name: iterator, methods: ["later.Main#iterator"] }
        - { name: stream, methods: ["later.Main#stream"] }
        - { name: future, methods: ["later.Main#future"] }
        - { name: suspending, methods: ["later.Main#suspending"] }
        - { name: ensemble, methods: ["later.Main#ensemble"] }
        - { name: member, methods: ["later.Main#member"] }
        - { name: recursive, methods: ["later.Main#recursive"] }
        - { name: rated, methods: ["later.Main#rated"], features: { paths: { rating: "args[0].rating" } } }
        - { name: careless, methods: ["later.Main#careless"], features: { paths: { age: "args[0].age" } } }
        - { name: down, methods: ["later.Main#down"] }
        - { name: bottom, methods: ["later.Main#bottom"] }
      """;

  /** Model, rows, calls that were timed, without error and beside it. */
  private static final String TABLE =
      """
      score      | 8  | java.lang.IllegalStateException:1 java.util.concurrent.CancellationException:1
      word       | 10 | -
      untyped    | 10 | -
      none       | 10 | -
      mono       | 5  | -
      iterator   | 5  | -
      stream     | 5  | -
      future     | 5  | -
      suspending | 5  | -
      ensemble   | 10 | -
      member     | 20 | -
      recursive  | 10 | -
      rated      | 10 | -
      """;

  @TempDir Path directory;

  static List<Path> jdks() {
    return Jdks.all();
  }

  private Jvm.Result run(Path jdk, String config, String more) throws Exception {
    Path classes = directory.resolve("classes");
    if (!Files.exists(classes)) {
      App.compile("later", Files.createDirectories(classes));
    }
    Jvm jvm = new Jvm(jdk);
    if (config != null) {
      Path file = Files.writeString(directory.resolve("later.yaml"), config);
      jvm.agent("config=" + file + ",output=" + directory.resolve("RUN.jsonl") + more);
    }
    return jvm.option("-cp", "" + classes).run("later.Main");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void whatComesLater_isRecordedWhenItComes_andNothingElseChanges(Path jdk) throws Exception {
    Jvm.Result bare = run(jdk, null, "");
    Path log = directory.resolve("agent.log");
    Jvm.Result watched = run(jdk, CONFIG + "capture: { cpu: unlimited }\n", ",log=" + log);
    // What the JVM says of any agent when a class is loaded at the end of the stack.
    assertThat(watched.err().lines().filter(l -> !l.contains("!errorOutstanding"))).isEmpty();
    assertThat(watched.out()).isEqualTo(bare.out()).contains("overflows 20", "done");

    Metrics metrics = Metrics.ofFile(directory.resolve("RUN.jsonl"));
    for (String line : TABLE.split("\n")) {
      String[] cells = line.split(" *\\| *");
      var seen = new Seen(metrics, cells[0]);
      int rows = Integer.parseInt(cells[1]);
      assertThat(seen.number("ml.predictions")).as(line).isEqualTo(rows);
      if (cells[2].equals("-")) {
        assertThat(seen.histogram("ml.prediction.duration").count()).as(line).isEqualTo(rows);
      }
      assertThat(seen.by("error.type", "ml.predictions"))
          .as(line)
          .isEqualTo(cells[2].equals("-") ? "" : cells[2]);
    }
    var score = new Seen(metrics, "score");
    // 0 … 0.4 made the reference, 0.5 lies above it.
    assertThat(score.histogram("ml.output.value").sum()).isEqualTo(1.5);
    assertThat(new Seen(metrics, "careless").number("ml.predictions")).isEqualTo(50);
    assertThat(new Seen(metrics, "careless").number("hindcast.rows.captured")).isEqualTo(50);
    assertThat(
            metrics.number(
                "hindcast.capture.errors", "error.type", "java.lang.UnsupportedOperationException"))
        .isEqualTo(10);
    assertThat(new Seen(metrics, "down").number("ml.predictions")).isEqualTo(10);

    String said = Files.readString(log);
    for (String quiet : List.of("#mono", "#iterator", "#stream", "#future", "#suspending")) {
      assertThat(said.lines().filter(l -> l.contains(quiet) && l.contains("not followed")))
          .as(quiet + said)
          .hasSize(1);
    }
    assertThat(said.lines().filter(l -> l.contains("#careless: ") && l.contains("no longer read")))
        .hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void nestedEach_countsEveryCall(Path jdk) throws Exception {
    run(jdk, CONFIG + "capture: { cpu: unlimited, nested: each, queue: 32MiB }\n", "");
    Metrics metrics = Metrics.ofFile(directory.resolve("RUN.jsonl"));
    assertThat(new Seen(metrics, "recursive").number("ml.predictions")).isEqualTo(40);
    assertThat(new Seen(metrics, "member").number("ml.predictions")).isEqualTo(20);
    assertThat(new Seen(metrics, "ensemble").number("ml.predictions")).isEqualTo(10);
    assertThat(new Seen(metrics, "down").number("ml.predictions")).isGreaterThan(1_000);
  }
}
