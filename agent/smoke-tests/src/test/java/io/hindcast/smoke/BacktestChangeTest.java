package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged jar plays histories: one in which a feature moves, one in which two features no
 * longer follow each other, and one in which nothing happens.
 */
class BacktestChangeTest {
  private static final String CONFIG =
      """
      models:
        - name: m
          task: binary
          reference: { file: m.reference.json }
          drift: { window: 1h }
      """;

  /** When it happens: after 20 hours. */
  private static final Instant BEGIN = Instant.parse("2026-03-02T00:00:00Z");

  private static final int HOURS = 30;
  private static final int CHANGE = 20;
  private static final int HOUR_ROWS = 600;

  private final SplittableRandom random = new SplittableRandom(20261124);

  @TempDir Path directory;

  private enum Change {
    NOTHING,
    INCOME_RISES,
    DEBT_NO_LONGER_FOLLOWS_INCOME
  }

  private Path history(String name, int hours, Change change) throws IOException {
    var text = new StringBuilder("time,age,income,debt,tenure,country,score\n");
    for (int i = 0; i < hours * HOUR_ROWS; i++) {
      boolean isAfter = i >= CHANGE * HOUR_ROWS;
      double income = random.nextGaussian();
      boolean follows = !(isAfter && change == Change.DEBT_NO_LONGER_FOLLOWS_INCOME);
      double rho = follows ? 0.8 : 0;
      double debt = rho * income + Math.sqrt(1 - rho * rho) * random.nextGaussian();
      double rise = isAfter && change == Change.INCOME_RISES ? 0.6 : 0;
      text.append(
          String.format(
              Locale.ROOT,
              "%s,%d,%.4f,%.4f,%.4f,%s,%.4f%n",
              BEGIN.plusMillis(i * 6_000L),
              20 + random.nextInt(50),
              income + rise,
              debt,
              random.nextGaussian(),
              random.nextInt(3) == 0 ? "fr" : "de",
              random.nextDouble()));
    }
    return Files.writeString(directory.resolve(name), text);
  }

  private List<String> inputAlarms(Change change) throws Exception {
    Files.writeString(directory.resolve("hindcast.yaml"), CONFIG);
    Path config = directory.resolve("hindcast.yaml");
    Path reference = directory.resolve("m.reference.json");
    run("reference", "build", history("training.csv", 10, Change.NOTHING), config, reference);
    Path history = history("history.csv", HOURS, change);
    String said = run("backtest", history.toString(), "--config", config.toString());
    return said.lines()
        .filter(line -> line.matches("2026-03-\\d\\dT.*Z  [a-z_]+.*"))
        .filter(line -> !line.contains("  performance"))
        .toList();
  }

  private static void run(String command, String word, Path data, Path config, Path output)
      throws Exception {
    run(command, word, "" + data, "--config", "" + config, "--output", "" + output);
  }

  private static String run(String... arguments) throws Exception {
    Jvm.Result result = Jvm.current().option("-jar", Jvm.AGENT.toString()).run(arguments);
    assertThat(result.exit()).as(result.err()).isZero();
    return result.out();
  }

  @Test
  void aFeatureThatMoves_isNamedFirst_withinTheHour() throws Exception {
    assertThat(inputAlarms(Change.INCOME_RISES))
        .singleElement()
        .asString()
        .startsWith("2026-03-02T21:00:00Z  input_drift, since about 2026-03-02T20:00:00Z")
        .contains("inputs have drifted: income (")
        .contains("up");
  }

  @Test
  void featuresThatNoLongerFollowEachOther_areNamedTogether_withinTheHour() throws Exception {
    assertThat(inputAlarms(Change.DEBT_NO_LONGER_FOLLOWS_INCOME))
        .singleElement()
        .asString()
        .startsWith("2026-03-02T21:00:00Z  input_drift, since about 2026-03-02T20:00:00Z")
        .contains("inputs have drifted: income with debt (");
  }

  @Test
  void withoutAChange_nothingIsSaid() throws Exception {
    assertThat(inputAlarms(Change.NOTHING)).isEmpty();
  }
}
