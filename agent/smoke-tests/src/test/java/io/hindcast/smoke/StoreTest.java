package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions that outlive the process that made them. */
class StoreTest {
  private static final String CONFIG =
      """
      models:
        - name: keeper
          methods: ["keeper.Main#score"]
          id: "args[0]"
          features: { from: "args[1]", names: [x] }
          output: { score: return }
          labels: { maturity: 0s }
          performance: { windows: [10m] }
      store: { directory: store, size: 4MiB, sync: 100ms }
      capture: { cpu: unlimited }
      """;

  @TempDir Path directory;
  private String classPath;
  private Path config;

  @BeforeEach
  void compile() throws Exception {
    Path api = Path.of(System.getProperty("hindcast.api.classes")).toAbsolutePath().normalize();
    Path classes = Files.createDirectories(directory.resolve("classes"));
    classPath = App.compile("keeper", classes, "" + api) + File.pathSeparator + api;
    config = Files.writeString(directory.resolve("keeper.yaml"), CONFIG);
  }

  private Jvm jvm(Path run) {
    return Jvm.current().agent("config=" + config + ",output=" + run).option("-cp", classPath);
  }

  @Test
  void labels_joinPredictionsOfAProcessThatWasKilled_andWindowsAreRebuilt() throws Exception {
    Path out = directory.resolve("first.out");
    Path err = directory.resolve("first.err");
    Process first = jvm(directory.resolve("first.jsonl")).start(out, err, "keeper.Main", "first");
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result beside;
    try {
      Jvm.awaitText(out, "ready");
      assertThat(Files.readString(out)).isEqualTo("{joined=100}\nready\n");
      beside = jvm(directory.resolve("beside.jsonl")).run("keeper.Main", "second");
    } finally {
      // SIGKILL: no shutdown hook, nothing written any more.
      first.destroyForcibly().waitFor();
    }
    assertThat(beside.out()).as("the directory is another's").contains("{parked=50}");
    assertThat(beside.agentLines())
        .filteredOn(line -> line.contains("another process uses it"))
        .hasSize(1);

    // A window holds whole buckets of prediction time: wait for the end of the last one.
    Thread.sleep(5_500);
    Jvm.Result second = jvm(run).run("keeper.Main", "second");
    assertThat(second.out())
        .as(second.err())
        .isEqualTo("{duplicate=50}\n{corrected=10}\n{joined=100}\n{parked=10}\n");
    assertThat(second.agentLines()).noneMatch(line -> line.contains("WARN store"));

    // Not Catalogue.check: the first export shows what waits from before, and that is not zero.
    var seen = new Seen(Metrics.ofFile(run), "keeper");
    assertThat(seen.labels()).isEqualTo("corrected:10 duplicate:50 joined:100");
    assertThat(seen.confusion("ml.confusion")).isEqualTo("0>0:5 0>1:5 1>0:50 1>1:50");
    assertThat(seen.confusion("ml.confusion.retracted")).isEqualTo("1>0:5 1>1:5");
    assertThat(seen.number("hindcast.pending.count")).isZero();
    // 90 of the first hundred stand as they were, half of them hits, and 10 are false now.
    assertThat(measure(seen, "ml.performance.support", "10m")).isEqualTo(200);
    assertThat(measure(seen, "ml.performance", "10m")).isCloseTo(0.5, within(1e-9));
    assertThat(measure(seen, "ml.performance.support", "all")).isEqualTo(110);
    assertThat(seen.exactly("ml.performance.coverage", "ml.performance.window", "10m"))
        .isEqualTo(1);
    nobodyElseMayRead(List.of("customer-1"));
  }

  @Test
  void aStoreOfAnotherVersion_isMovedAside_andTheApplicationDoesNotNotice() throws Exception {
    Path store = Files.createDirectory(directory.resolve("store"));
    String ofAnotherVersion = "hindcast-streams\t2\tffff\n";
    Files.writeString(store.resolve("streams"), ofAnotherVersion);
    Files.write(store.resolve("segment-0000000001"), new byte[5000]);
    Jvm.Result result = jvm(directory.resolve("RUN.jsonl")).run("keeper.Main", "second");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).isEqualTo("{parked=50}\n{parked=10}\n{parked=100}\n{parked=10}\n");
    assertThat(result.agentLines())
        .filteredOn(line -> line.contains("WARN store"))
        .singleElement()
        .asString()
        .contains("it is of another version", "moved to");
    try (Stream<Path> all = Files.list(store)) {
      List<Path> aside =
          all.filter(file -> file.getFileName().toString().startsWith("aside-")).toList();
      assertThat(aside).hasSize(1);
      assertThat(aside.get(0).resolve("streams")).hasContent(ofAnotherVersion);
      assertThat(aside.get(0).resolve("segment-0000000001")).hasSize(5000);
    }
  }

  private static Double measure(Seen seen, String metric, String window) {
    return seen.number(
        metric, "ml.performance.metric", "accuracy", "ml.performance.window", window);
  }

  private void nobodyElseMayRead(List<String> never) throws Exception {
    try (Stream<Path> files = Files.list(directory.resolve("store"))) {
      for (Path file : files.toList()) {
        assertThat(Files.getPosixFilePermissions(file)).as(file.toString()).hasSize(2);
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(never).as(file.toString()).noneMatch(content::contains);
      }
    }
  }
}
