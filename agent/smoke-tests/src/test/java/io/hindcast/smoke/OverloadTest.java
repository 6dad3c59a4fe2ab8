package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is called far faster than the agent may watch, in a small JVM. */
class OverloadTest {
  private static final String CONFIG =
      """
      models:
        - name: f
          version: "1"
          methods: ["flood.Main#score"]
          id: args[0]
          features: { from: "args[1]" }
          output: { value: return }
          # A full store leaves out predictions, too: here it forgets them within seconds.
          labels: { time-to-live: 5s }
      """;

  @TempDir Path directory;

  /** Situation 76: a heap of 64 MB, one processor that the application wants for itself. */
  @Test
  void smallHeapAndProcessor_shedRowsWithinTheBudget_countAllOfThem_andRecover() throws Exception {
    Path run = flood("capture: { cpu: 1% }\n", 24, 30);
    List<Moment> moments = moments(run);
    Moment last = moments.get(moments.size() - 1);
    assertThat(last.rows).isEqualTo(called);
    assertThat(last.captured + last.queueFull + last.budget + last.error).isEqualTo(last.rows);
    assertThat(last.budget).isGreaterThan(last.rows / 2);
    assertThat(last.ratio).as("it ends by itself").isEqualTo(1);
    assertThat(moments).anyMatch(moment -> moment.ratio < 0.5);
    // Those that were kept stand for those that were not, also for those that found no room.
    assertThat((double) last.bins).isCloseTo(last.rows, within(0.1 * last.rows));
    assertThat(said.stream().filter(line -> line.contains("within capture.cpu"))).hasSize(1);
    assertThat(said.stream().filter(line -> line.contains("every row is kept again"))).hasSize(1);

    // Between the end of the flood and five seconds before it; an export every two seconds
    // included.
    Moment end = null;
    Moment before = null;
    for (Moment moment : moments) {
      if (end == null || moment.rows > end.rows + 10_000) {
        end = moment;
      }
    }
    for (Moment moment : moments) {
      if (end != null && moment.seconds < end.seconds - 5) {
        before = moment;
      }
    }
    assertThat(before).isNotNull();
    assertThat((end.cpu - before.cpu) / (end.seconds - before.seconds)).isLessThan(0.04);
  }

  /** Situation 76: a quota of a quarter of a processor, as the kernel enforces one. */
  @Test
  void aQuarterOfAProcessor_isEnough_rowsAreShed_andAllAreCounted() throws Exception {
    quota = new Quota(25, 75);
    Path run = flood("capture: { cpu: 1% }\n", 20, 0);
    List<Moment> moments = moments(run);
    Moment last = moments.get(moments.size() - 1);
    assertThat(last.rows).isEqualTo(called).isPositive();
    assertThat(last.captured + last.queueFull + last.budget + last.error).isEqualTo(last.rows);
    assertThat(last.error).isZero();
    assertThat(last.captured).isPositive();
    assertThat(last.budget + last.queueFull).isPositive();
    // The start included: the first ten seconds above the budget are free.
    assertThat(last.cpu / (last.seconds - moments.get(0).seconds)).isLessThan(0.1);
  }

  @Test
  void whereEveryRowIsWanted_noneIsSampled() throws Exception {
    Path run = flood("capture: { cpu: unlimited }\n", 3, 0);
    List<Moment> moments = moments(run);
    Moment last = moments.get(moments.size() - 1);
    assertThat(last.rows).isEqualTo(called);
    assertThat(last.captured + last.queueFull).isEqualTo(last.rows);
    assertThat(last.budget).isZero();
    assertThat(last.bins).isEqualTo(last.captured);
    // Not by the ratio: a fast machine fills the store in these seconds, and then it speaks of the
    // store.
    assertThat(said).noneMatch(line -> line.contains("capture.cpu"));
  }

  private long called;
  private Quota quota;
  private List<String> said;

  private Path flood(String capture, int seconds, int trickle) throws Exception {
    Path classes = App.compile("flood", Files.createDirectories(directory.resolve("classes")));
    Path config = Files.writeString(directory.resolve("flood.yaml"), CONFIG + capture);
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Jvm.current()
            .within(quota)
            .agent("config=" + config + ",output=" + run)
            .option("-Xmx64m", "-XX:ActiveProcessorCount=1", "-cp", "" + classes)
            .env("OTEL_METRIC_EXPORT_INTERVAL", "2000")
            .run("flood.Main", "" + seconds, "" + trickle, "2");
    assertThat(result.exit()).as(result.err()).isZero();
    called = Long.parseLong(result.out().strip());
    said = result.agentLines();
    return run;
  }

  /** What one export says. */
  private record Moment(
      double seconds,
      long rows,
      long captured,
      long queueFull,
      long budget,
      long error,
      long bins,
      double ratio,
      double cpu) {}

  private List<Moment> moments(Path run) throws Exception {
    List<Moment> moments = new ArrayList<>();
    for (String line : Files.readAllLines(run)) {
      if (!line.startsWith("{\"resourceMetrics\"") || !line.contains("hindcast.sampling.ratio")) {
        continue;
      }
      Path one = Files.writeString(directory.resolve("one.jsonl"), line + "\n");
      Metrics metrics = Metrics.ofFile(one);
      long bins = 0;
      for (Object count : metrics.all("ml.feature.bin", "ml.feature.name", "f0").values()) {
        bins += ((Number) count).longValue();
      }
      moments.add(
          new Moment(
              millis(line) / 1e3,
              (long) (double) metrics.number("ml.predictions", "ml.model.name", "f"),
              (long) (double) metrics.number("hindcast.rows.captured", "ml.model.name", "f"),
              dropped(metrics, "queue_full"),
              dropped(metrics, "budget"),
              dropped(metrics, "error"),
              bins,
              metrics.number("hindcast.sampling.ratio", "ml.model.name", "f"),
              metrics.number("hindcast.cpu.time")));
    }
    return moments;
  }

  private static long dropped(Metrics metrics, String reason) {
    return (long) (double) metrics.number("hindcast.rows.dropped", "hindcast.drop.reason", reason);
  }

  private static long millis(String line) {
    String key = "\"timeUnixNano\":\"";
    int from = line.indexOf(key) + key.length();
    return Long.parseLong(line.substring(from, line.indexOf('"', from))) / 1_000_000;
  }
}
