package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file whose numbers follow the hour of the day, from reference to alarm. */
class SeasonCommandTest {
  private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");

  @TempDir Path directory;
  private final SplittableRandom random = new SplittableRandom(20261124);
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  /** Rows of consecutive hours; in the last few of them x is higher than its hour lets expect. */
  private Path csv(String name, Instant from, int hours, int rows, int changed, boolean isTimed)
      throws IOException {
    var text = new StringBuilder(isTimed ? "time,x\n" : "x\n");
    for (int hour = 0; hour < hours; hour++) {
      double mean = (hour % 24 < 12 ? 0 : 2) + (hour >= hours - changed ? 1 : 0);
      for (int i = 0; i < rows; i++) {
        if (isTimed) {
          text.append(from.plusSeconds(3600L * hour)).append(',');
        }
        text.append(mean + random.nextGaussian()).append('\n');
      }
    }
    return Files.writeString(directory.resolve(name), text);
  }

  private Path config(String times) throws IOException {
    return Files.writeString(
        directory.resolve("hindcast.yaml"),
        "models:\n  - name: m\n    reference: { file: r.json" + times + " }\n");
  }

  private int hindcast(Object... arguments) throws IOException {
    out = new StringWriter();
    err = new StringWriter();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    return Main.run(
        words,
        OtherJvm.agentJar(directory).toFile(),
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }

  private void build(Path data, Path config) throws IOException {
    int exit =
        hindcast(
            "reference",
            "build",
            data,
            "--config",
            config,
            "--output",
            directory.resolve("r.json"));
    assertThat(exit).as(err.toString()).isZero();
  }

  private String backtest(Path history, Path config) throws IOException {
    assertThat(hindcast("backtest", history, "--config", config)).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void dayAndNight_areSilentByTheHour_andAChangeIsNot() throws Exception {
    Path seasonal = config(", season: hour-of-week");
    build(csv("training.csv", MONDAY, 24 * 14, 80, 0, true), seasonal);
    Instant later = MONDAY.plusSeconds(86_400 * 28);
    Path same = csv("same.csv", later, 48, 320, 0, true);
    Path other = csv("other.csv", later, 48, 320, 2, true);
    assertThat(backtest(same, seasonal)).contains("\nAlarms: none\n");
    assertThat(err.toString()).doesNotContain("too few rows");
    assertThat(backtest(other, seasonal))
        .contains("2026-03-31T23:00:00Z  input_drift, since about 2026-03-31T22:00:00Z");
    assertThat(backtest(same, config(""))).contains("input_drift");
  }

  @Test
  void aRollingReference_standsInTheTableBesideThePinnedOne() throws Exception {
    Path config = config(", rolling: 7d, season: hour-of-week");
    build(csv("training.csv", MONDAY, 24 * 14, 80, 0, true), config);
    String said = backtest(csv("same.csv", MONDAY, 48, 320, 0, true), config);
    assertThat(said).containsPattern("jsd +psi .* wasserstein +rolling_jsd +rolling_psi +rows");
  }

  @Test
  void dataWithoutTimes_makesAReferenceWithoutHours_whichIsSaid() throws Exception {
    Path config = config(", season: hour-of-week");
    build(csv("training.csv", MONDAY, 24, 80, 0, false), config);
    assertThat(err.toString())
        .contains("training.csv does not say when its rows were predicted")
        .contains("--time COLUMN");
    assertThat(Files.readString(directory.resolve("r.json"))).doesNotContain("hour-of-week");
    backtest(csv("same.csv", MONDAY, 4, 320, 0, true), config);
    assertThat(err.toString())
        .containsOnlyOnce("too few rows for 48 of the 48 hours of weekdays and weekends");
  }

  @Test
  void aTimeThatIsNone_isNamed() throws Exception {
    Path config = config(", season: hour-of-week");
    Path data =
        Files.write(
            directory.resolve("bad.csv"), List.of("time,x", "2026-03-02T00:00:00Z,1", "noon,2"));
    int exit =
        hindcast(
            "reference",
            "build",
            data,
            "--config",
            config,
            "--output",
            directory.resolve("r.json"));
    assertThat(exit).isEqualTo(3);
    assertThat(err.toString()).contains("has no time but 'noon'");
  }
}
