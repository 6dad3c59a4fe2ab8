package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Situation 32: very many virtual threads, in a heap that has no room for what any of them would
 * leave behind. {@code agent/benchmarks/virtual-threads} is the long form of it.
 */
class VirtualThreadsTest {
  private static final int THREADS = 100_000;

  @TempDir Path directory;

  @Test
  void s32_aHundredThousandVirtualThreads_areAllAccountedFor_andLeaveNothing() throws Exception {
    List<Path> jdks = Jdks.all();
    Path jdk = jdks.get(jdks.size() - 1);
    String release = Files.readString(jdk.resolve("release"));
    org.junit.jupiter.api.Assumptions.assumeTrue(release.contains("JAVA_VERSION=\"25"));
    Path classes = App.compile("threads", Files.createDirectories(directory.resolve("classes")));
    Path config =
        Files.writeString(
            directory.resolve("threads.yaml"),
            """
            models: [{ name: m, methods: ["threads.Main#score"] }]
            store: { memory: 1MiB }
            """);
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        new Jvm(jdk)
            .agent("config=" + config + ",output=" + run)
            .option("-Xmx128m", "-cp", "" + classes)
            .run("threads.Main", "" + THREADS);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("called " + THREADS + ", heap grown by MiB: ");
    // A hundred bytes that eighty thousand threads left would be eight.
    String grown = result.out().substring(result.out().lastIndexOf(' ') + 1).trim();
    assertThat(Integer.parseInt(grown)).as(result.out()).isLessThan(8);

    Metrics metrics = Metrics.ofFile(run);
    Seen model = new Seen(metrics, "m");
    assertThat(model.number("ml.predictions")).isEqualTo(THREADS);
    double dropped = 0;
    for (String reason : List.of("queue_full", "budget", "error")) {
      dropped += model.number("hindcast.rows.dropped", "hindcast.drop.reason", reason);
    }
    assertThat(model.number("hindcast.rows.captured") + dropped).isEqualTo(THREADS);
    assertThat(model.number("hindcast.rows.dropped", "hindcast.drop.reason", "error")).isZero();
  }
}
