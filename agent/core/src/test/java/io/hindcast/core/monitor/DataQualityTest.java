package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.Row;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What closed windows say of the data, from rows to the alarm. */
class DataQualityTest {
  private static final int ROWS = 1000;

  private final SplittableRandom random = new SplittableRandom(20261124);
  private final Play play =
      new Play(Play.model(new ModelConfig.Reference.Learn(3000)))
          .features("income", "age", "rate", "country");

  private interface Values {
    Object[] of(int row);
  }

  private Object[] usual(int row) {
    return new Object[] {
      20_000 + 80_000 * random.nextDouble(),
      40 + 10 * random.nextGaussian(),
      random.nextDouble() < 0.3 ? 0.0 : random.nextDouble(),
      random.nextInt(10) < 7 ? "de" : "fr"
    };
  }

  /** The reference, and four windows in which nothing is wrong. */
  private void begin() {
    for (int window = 0; window < 7; window++) {
      window(this::usual);
    }
    AlarmSnapshot alarms = play.snapshot().alarms();
    assertThat(alarms.active()).containsEntry("data_quality", false);
    assertThat(alarms.raised()).containsEntry("data_quality", 0L);
  }

  private void window(Values values) {
    for (int i = 0; i < ROWS; i++) {
      play.values(values.of(i)).score(random.nextDouble());
    }
    play.pass(Duration.ofHours(1));
  }

  private String expectAlarm() {
    AlarmSnapshot alarms = play.snapshot().alarms();
    assertThat(alarms.active()).containsEntry("data_quality", true);
    assertThat(alarms.raised()).containsEntry("data_quality", 1L);
    return alarms.events().stream()
        .filter(event -> event.kind().equals("data_quality"))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private long violations(String feature, String kind) {
    return Play.feature(play.snapshot(), feature).violations().getOrDefault(kind, 0L);
  }

  @Test
  void nothingWrong_isNothingSaid_inAHundredWindows() {
    begin();
    for (int window = 0; window < 100; window++) {
      window(this::usual);
    }
    assertThat(play.snapshot().alarms().raised()).containsEntry("data_quality", 0L);
    assertThat(violations("age", "duplicate") + violations("age", "stale")).isZero();
  }

  @Test
  void aConstantColumn_isNamed_andEndsWithTheWindow() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          values[1] = 40.0;
          return values;
        });
    assertThat(expectAlarm()).contains("age constant (one value in the whole window)");
    assertThat(violations("age", "constant")).isEqualTo(ROWS);
    assertThat(violations("income", "constant")).isZero();
    window(this::usual);
    assertThat(play.snapshot().alarms().active()).containsEntry("data_quality", false);
    assertThat(violations("age", "constant")).isEqualTo(ROWS);
  }

  @Test
  void aColumnThatFreezes_isNamed() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          values[0] = row < ROWS / 2 ? values[0] : 55_555.0;
          return values;
        });
    assertThat(expectAlarm()).contains("income frozen (one value in the last");
    assertThat(violations("income", "frozen")).isBetween(400L, 600L);
    assertThat(violations("income", "constant")).isZero();
  }

  @Test
  void aRareCategoryThatStays_isConstant_aCommonOneIsNot() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          values[3] = "fr";
          return values;
        });
    assertThat(expectAlarm()).contains("country constant");
  }

  @Test
  void cents_areRecognised() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          values[0] = (Double) values[0] * 100;
          return values;
        });
    assertThat(expectAlarm()).contains("income unit_change (×100)");
    assertThat(violations("income", "unit_change")).isBetween(900L, 1000L);
    assertThat(violations("age", "unit_change")).isZero();
  }

  @Test
  void thousands_areRecognised_inPartOfTheRowsToo() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          values[0] = row % 2 == 0 ? values[0] : (Double) values[0] / 1000;
          return values;
        });
    assertThat(expectAlarm()).contains("income unit_change (÷1000)");
    assertThat(violations("income", "unit_change")).isBetween(400L, 600L);
  }

  @Test
  void largerValues_areNoOtherUnit() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          values[0] = 150_000 + 10_000_000 * random.nextDouble();
          return values;
        });
    assertThat(violations("income", "unit_change")).isZero();
  }

  @Test
  void swappedColumns_areBothNamed() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          Object income = values[0];
          values[0] = values[1];
          values[1] = income;
          return values;
        });
    assertThat(expectAlarm())
        .contains("income column_order (holds the values of age)")
        .contains("age column_order (holds the values of income)");
    assertThat(violations("income", "column_order")).isEqualTo(ROWS);
    assertThat(violations("rate", "column_order")).isZero();
  }

  @Test
  void rowsSentTwice_areDuplicates() {
    begin();
    Object[][] last = {usual(0)};
    window(
        row -> {
          if (row % 2 == 0) {
            last[0] = usual(row);
          }
          return last[0];
        });
    assertThat(expectAlarm()).contains("duplicate (");
    assertThat(violations("age", "duplicate")).isBetween(400L, 600L);
    assertThat(violations("income", "duplicate")).isEqualTo(violations("age", "duplicate"));
  }

  @Test
  void theRowsOfTheWindowBefore_areStale() {
    begin();
    Object[][] rows = new Object[ROWS][];
    window(row -> rows[row] = usual(row));
    assertThat(play.snapshot().alarms().active()).containsEntry("data_quality", false);
    window(row -> rows[row]);
    assertThat(expectAlarm()).contains("stale (100 % of the rows are the same");
    assertThat(violations("age", "stale")).isEqualTo(ROWS);
  }

  @Test
  void missingValues_beyondTheUsual_areSaid() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          values[1] = row % 4 == 0 ? null : values[1];
          return values;
        });
    assertThat(expectAlarm()).contains("age missing (missing in 25.0 %");
  }

  @Test
  void aModelThatAnswersOneThing_isFrozen() {
    begin();
    for (int i = 0; i < ROWS; i++) {
      play.values(usual(i)).score(0.25);
    }
    play.pass(Duration.ofHours(1));
    assertThat(expectAlarm()).contains("output score frozen");
  }

  @Test
  void oneLongBatchOfOneCustomer_isNotFrozen() {
    begin();
    Object[] customer = usual(0);
    for (int i = 0; i < ROWS; i++) {
      Object[] values = usual(i);
      if (i >= ROWS - 400) {
        values[0] = customer[0];
        values[1] = customer[1];
      }
      play.row.callRows = i < ROWS - 400 ? 1 : i == ROWS - 400 ? 400 : 0;
      play.values(values).score(random.nextDouble());
    }
    play.row.callRows = 1;
    play.pass(Duration.ofHours(1));
    assertThat(play.snapshot().alarms().events())
        .noneMatch(event -> event.kind().equals("data_quality"));
  }

  @ParameterizedTest
  @CsvSource({"100, ×100", "1000, ×1000", "0.01, ÷100", "0.001, ÷1000"})
  void everyUnit_isRecognisedByName(double factor, String name) {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          values[1] = (Double) values[1] * factor;
          return values;
        });
    assertThat(expectAlarm()).contains("age unit_change (" + name + ")");
    assertThat(violations("income", "unit_change")).isZero();
  }

  @Test
  void valuesOfAnotherType_areNotCalledMissing() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          values[1] = row % 4 == 0 ? Row.WRONG_TYPE : values[1];
          return values;
        });
    assertThat(expectAlarm())
        .contains("age wrong_type (of another type in 25.0 %, in the reference 0.0 %)")
        .doesNotContain("age missing");
    assertThat(violations("age", "wrong_type")).isEqualTo(ROWS / 4);
    assertThat(violations("age", "missing")).isZero();
  }

  /** As a file of history has them. */
  @Test
  void textAmongNumbers_isOfAnotherType() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          values[1] = row % 4 == 0 ? "old" : values[1];
          return values;
        });
    assertThat(expectAlarm()).contains("age wrong_type (of another type in 25.0 %");
    assertThat(violations("age", "wrong_type")).isEqualTo(ROWS / 4);
  }

  @Test
  void threeColumnsInACircle_areAllNamed() {
    begin();
    window(
        row -> {
          Object[] values = usual(row);
          return new Object[] {values[1], values[2], values[0], values[3]};
        });
    assertThat(expectAlarm())
        .contains("income column_order (holds the values of age)")
        .contains("age column_order (holds the values of rate)")
        .contains("rate column_order (holds the values of income)");
  }

  /** These are counted value by value, and alarm as what they are: another distribution. */
  @ParameterizedTest
  @CsvSource({
    "0, income, above_range, above the reference",
    "1, age, below_range, below the reference",
    "3, country, new_category, new 0.0 %"
  })
  void valuesBeyondTheRange_andNewCategories_areCounted_andNamedByTheAlarmOnInputs(
      int place, String feature, String kind, String text) {
    begin();
    for (int window = 0; window < 2; window++) {
      window(
          row -> {
            Object[] values = usual(row);
            Object[] odd = {200_000 + 50_000 * random.nextDouble(), -40.0 - row, null, "it"};
            values[place] = row % 3 == 0 ? odd[place] : values[place];
            return values;
          });
    }
    assertThat(violations(feature, kind)).isBetween(668L, 672L);
    AlarmSnapshot alarms = play.snapshot().alarms();
    assertThat(
            alarms.events().stream()
                .filter(event -> event.kind().equals("input_drift"))
                .findFirst()
                .orElseThrow()
                .text())
        .contains("inputs have drifted: " + feature, text);
    assertThat(alarms.raised()).containsEntry("data_quality", 0L);
  }
}
