package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the agent holds: less than 32 MiB and the store, however many models there are and however
 * many rows come. Rows of 200 features, words and ids that never come twice.
 */
class MemoryTest {
  private static final long MIB = 1 << 20;
  private static final long STORE = 4 * MIB;

  @TempDir Path directory;
  private Path classes;
  private Path run;
  private List<String> said;

  /** Bytes on the heap and outside, each time that they are printed. */
  private List<Long> memory(Jvm jvm, int models, int... rows) throws Exception {
    // Serial leaves room that is dead where it is in the way of nothing: then it counts as used.
    Jvm forked =
        jvm.option("-Xmx512m", "-XX:+UseSerialGC", "-XX:MarkSweepDeadRatio=0")
            .option("-cp", classes.toString(), "budget.Main", "" + models);
    for (int each : rows) {
      forked.option("" + each);
    }
    Jvm.Result result = forked.run();
    assertThat(result.exit()).as(result.err()).isZero();
    said = result.agentLines();
    return result
        .out()
        .lines()
        .filter(line -> line.startsWith("memory "))
        .map(line -> line.split(" "))
        .map(numbers -> Long.parseLong(numbers[1]) + Long.parseLong(numbers[2]))
        .toList();
  }

  private Jvm watched(int models) throws Exception {
    classes = App.compile("budget", Files.createDirectories(directory.resolve("classes")));
    Path first = classes.resolve("budget/M000.class");
    String bytes = new String(Files.readAllBytes(first), StandardCharsets.ISO_8859_1);
    var config = new StringBuilder("models:\n");
    for (int i = 0; i < models; i++) {
      String name = String.format("M%03d", i);
      byte[] copy = bytes.replace("M000", name).getBytes(StandardCharsets.ISO_8859_1);
      Files.write(classes.resolve("budget/" + name + ".class"), copy);
      config.append("  - { name: m" + i + ", id: \"args[0]\", methods: [\"budget." + name);
      config.append("#score\"] }\n");
    }
    config.append("store: { memory: 4MiB }\ncapture: { cpu: unlimited, queue: 8MiB }\n");
    Path file = Files.writeString(directory.resolve("budget.yaml"), config);
    run = directory.resolve("RUN.jsonl");
    // No export in between: what is being written then is garbage a moment later.
    return Jvm.current()
        .agent("config=" + file + ",output=" + run)
        .env("HINDCAST_OTEL_METRIC_EXPORT_INTERVAL", "600000");
  }

  private static double number(Metrics metrics, int model, String metric) {
    return new Seen(metrics, "m" + model).number(metric);
  }

  @Test
  void aModelOf200Features_isWatched_andTenTimesTheRowsTakeNoMore() throws Exception {
    Jvm jvm = watched(1);
    long bare = memory(Jvm.current(), 1, 100).get(0);
    List<Long> held = memory(jvm, 1, 1_200, 12_000);
    assertThat(held).hasSize(2);
    assertThat(held.get(0) - bare).isBetween(MIB, 32 * MIB + STORE);
    // What is compiled meanwhile, and ids in the store, which fills up.
    assertThat(held.get(1) - held.get(0)).isLessThan(STORE + 2 * MIB);

    Metrics metrics = Metrics.ofFile(run);
    assertThat(number(metrics, 0, "ml.predictions")).isEqualTo(13_200);
    assertThat(number(metrics, 0, "hindcast.cardinality.overflow")).isZero();
    assertThat(number(metrics, 0, "ml.reference.size")).isEqualTo(1_000);
  }

  @Test
  void aHundredModelsOf200Features_stayWithinTheBudget_andSaySo() throws Exception {
    int models = 100;
    int rows = 60;
    Jvm jvm = watched(models);
    long bare = memory(Jvm.current(), models, 10).get(0);
    long held = memory(jvm, models, rows).get(0);
    assertThat(held - bare).isBetween(MIB, 32 * MIB + STORE);

    List<String> refused =
        said.stream().filter(line -> line.contains("only calls, durations and errors")).toList();
    assertThat(refused).isNotEmpty();
    assertThat(refused)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "its 200 features take", " MiB for all models", "name fewer features"));
    Metrics metrics = Metrics.ofFile(run);
    for (int i = 0; i < models; i++) {
      assertThat(number(metrics, i, "ml.predictions")).isEqualTo(rows);
      boolean isRefused = said.stream().anyMatch(new Refused(i)::isSaidIn);
      double overflow = number(metrics, i, "hindcast.cardinality.overflow");
      assertThat(overflow > 0).as("m" + i + " " + overflow).isEqualTo(isRefused);
    }
  }

  private record Refused(int model) {
    boolean isSaidIn(String line) {
      return line.contains("model m" + model + " version")
          && line.contains("only calls, durations");
    }
  }
}
