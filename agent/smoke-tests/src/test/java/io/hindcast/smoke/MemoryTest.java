package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the agent holds of two models: less than 32 MiB and the store. Rows of 200 features, words
 * and ids that never come twice.
 */
class MemoryTest {
  private static final int MODELS = 2;
  private static final int ROWS = 1_500;
  private static final long MIB = 1 << 20;
  private static final long STORE = 4 * MIB;

  @TempDir Path directory;
  private Path classes;

  private long memory(Jvm jvm) throws Exception {
    Jvm.Result result =
        jvm.option("-Xmx512m", "-cp", classes.toString())
            .run("budget.Main", "" + MODELS, "" + ROWS);
    assertThat(result.exit()).as(result.err()).isZero();
    String last = result.out().lines().reduce((a, b) -> b).orElseThrow();
    assertThat(last).startsWith("memory ");
    String[] numbers = last.substring("memory ".length()).split(" ");
    return Long.parseLong(numbers[0]) + Long.parseLong(numbers[1]);
  }

  @Test
  void wideRowsOfSeveralModels_stayWithinTheBudget() throws Exception {
    classes = App.compile("budget", Files.createDirectories(directory.resolve("classes")));
    Path first = classes.resolve("budget/M000.class");
    String bytes = new String(Files.readAllBytes(first), StandardCharsets.ISO_8859_1);
    var config = new StringBuilder("models:\n");
    for (int i = 0; i < MODELS; i++) {
      String name = String.format("M%03d", i);
      byte[] copy = bytes.replace("M000", name).getBytes(StandardCharsets.ISO_8859_1);
      Files.write(classes.resolve("budget/" + name + ".class"), copy);
      config.append("  - { name: m" + i + ", id: \"args[0]\", methods: [\"budget." + name);
      config.append("#score\"] }\n");
    }
    config.append("store: { memory: 4MiB }\ncapture: { cpu: unlimited, queue: 8MiB }\n");
    Path file = Files.writeString(directory.resolve("budget.yaml"), config);
    Path run = directory.resolve("RUN.jsonl");

    long bare = memory(Jvm.current());
    long watched = memory(Jvm.current().agent("config=" + file + ",output=" + run));
    assertThat(watched - bare).isBetween(MIB, 32 * MIB + STORE);

    Metrics metrics = Metrics.ofFile(run);
    for (int i = 0; i < MODELS; i++) {
      assertThat(new Seen(metrics, "m" + i).number("ml.predictions")).isEqualTo(ROWS);
      assertThat(new Seen(metrics, "m" + i).number("hindcast.rows.captured")).isPositive();
    }
  }
}
