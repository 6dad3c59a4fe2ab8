package io.hindcast.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two weeks of five seconds from 1 000 s on, written by hand. Week 1 ends at 1 005 s, its drift is
 * read half a week later, its cohort has matured at 1 015 s; week 2 likewise, five seconds later.
 *
 * <pre>
 * week 1: 100 predictions, 90 labelled: tp 50, fp 4, fn 6, tn 30, accuracy 80/90
 * week 2: 100 predictions, 80 labelled: tp 40, fp 20, fn 4, tn 16, accuracy 56/80
 * </pre>
 */
final class WeeklyTableTest {
  private static final Truth TRUTH =
      new Truth(
          1_000_000,
          5_000,
          3,
          200,
          new Truth.Labels(170, 9, 5),
          List.of(
              new Truth.Cell("0", "0", 48, 2),
              new Truth.Cell("0", "1", 25, 1),
              new Truth.Cell("1", "0", 10, 0),
              new Truth.Cell("1", "1", 92, 2)),
          List.of(
              new Truth.Week(1, "clean", 100, new Confusion(50, 4, 6, 30)),
              new Truth.Week(2, "unit bug", 100, new Confusion(40, 20, 4, 16))));

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void copyFixture() throws IOException {
    file = directory.resolve("weeks.jsonl");
    try (var fixture = WeeklyTableTest.class.getResourceAsStream("weeks.jsonl")) {
      Files.copy(fixture, file);
    }
  }

  @Test
  void eachWeek_isReadFromTheExportsThatKnowIt() throws IOException {
    Telemetry telemetry = Telemetry.read(file);

    SeenWeek first = SeenWeek.of(1, telemetry, TRUTH);
    assertThat(first.accuracy()).isEqualTo(80 / 90.0);
    assertThat(first.support()).isEqualTo(90);
    assertThat(first.drifted()).isEqualTo("car");
    assertThat(first.agreesWith(TRUTH.weeks().get(0))).isTrue();

    SeenWeek second = SeenWeek.of(2, telemetry, TRUTH);
    assertThat(second.recall()).isEqualTo(40 / 44.0);
    assertThat(second.drifted()).isEqualTo("salary");
    assertThat(second.divergence()).isEqualTo(0.25);
    assertThat(second.agreesWith(TRUTH.weeks().get(1))).isTrue();
    assertThat(second.agreesWith(TRUTH.weeks().get(0))).isFalse();
  }

  @Test
  void table_fitsATerminal_andSaysWhatIsEqual() throws IOException {
    Printed printed = print(TRUTH);
    assertThat(printed.lines).allMatch(line -> line.length() <= 120);
    assertThat(printed.lines.get(2))
        .isEqualTo(
            "   1  clean            0.889 [0.807, 0.939]  0.926   0.893  0.900  car 0.004               "
                + "| 0.889 0.926  0.893    90 =");
    assertThat(printed.lines.get(3))
        .isEqualTo(
            "   2  unit bug         0.700 [0.592, 0.789]  0.667   0.909  0.800  salary 0.250      ALERT "
                + "| 0.700 0.667  0.909    80 =");
    assertThat(printed.lines).contains("All equal.");
    assertThat(printed.same).isTrue();
  }

  @Test
  void oneOutcomeOfDifference_isSaid() throws IOException {
    Truth other =
        new Truth(
            TRUTH.startMillis(),
            TRUTH.weekMillis(),
            TRUTH.lagMillis(),
            TRUTH.predictions(),
            TRUTH.labels(),
            List.of(
                TRUTH.confusion().get(0),
                TRUTH.confusion().get(1),
                TRUTH.confusion().get(2),
                new Truth.Cell("1", "1", 92, 1)),
            TRUTH.weeks());
    Printed printed = print(other);
    assertThat(printed.same).isFalse();
    assertThat(printed.lines)
        .filteredOn(line -> line.endsWith("DIFFERENT"))
        .extracting(line -> line.substring(0, 23))
        .containsExactly("actual 1, predicted 1  ", "accuracy               ");
  }

  @Test
  void alert_isLoudOnlyIfTheWholeIntervalIsBelow() {
    assertThat(WeeklyTable.alert(seen(0.879, 0.9))).isEqualTo("alert");
    assertThat(WeeklyTable.alert(seen(0.84, 0.8799))).isEqualTo("ALERT");
    assertThat(WeeklyTable.alert(seen(0.88, 0.9))).isEmpty();
    assertThat(WeeklyTable.alert(seen(Double.NaN, Double.NaN))).isEmpty();
  }

  @Test
  void aTornLastLine_isSkipped_aBrokenOneBeforeIsNot() throws IOException {
    String whole = Files.readString(file);
    Files.writeString(file, whole + "{\"resourceMetrics\": [{\"sco");
    assertThat(Telemetry.read(file).exports()).hasSize(4);

    Files.writeString(file, "{\"resourceMe\n" + whole);
    assertThatThrownBy(() -> Telemetry.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void anEmptyFile_hasNothingToSay() throws IOException {
    Files.writeString(file, "");
    Telemetry none = Telemetry.read(file);
    assertThat(none.exports()).isEmpty();
    assertThat(none.last().sum("ml.predictions", Map.of())).isZero();
    assertThat(SeenWeek.of(1, none, TRUTH).accuracy()).isNaN();
  }

  private static SeenWeek seen(double accuracy, double upper) {
    return new SeenWeek(accuracy, 0.8, upper, 0, 0, 0, 100, "", Double.NaN);
  }

  private Printed print(Truth truth) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      boolean same = new WeeklyTable(Telemetry.read(file), truth, out).print();
      return new Printed(same, bytes.toString(StandardCharsets.UTF_8).lines().toList());
    }
  }

  private record Printed(boolean same, List<String> lines) {}
}
