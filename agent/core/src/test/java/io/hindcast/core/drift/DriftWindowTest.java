package io.hindcast.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.config.ReferenceTimes;
import io.hindcast.core.reference.CategoryBinning;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.core.window.BinnedValues;
import io.hindcast.stats.summary.NumericBins;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftWindowTest {
  private static final long HOUR = 3_600_000;

  /** Four bins: 30 × 4 < 200 rows are needed. */
  private final Distribution reference =
      new Distribution(
          new NumericBinning(new NumericBins(new double[] {0, 1, 2, 3, 4})),
          new long[] {0, 250, 250, 250, 250, 0, 0},
          2,
          1);

  private final BinnedValues values = new BinnedValues(reference);
  private final DriftColumn column = new DriftColumn("x", values, false);
  private final DriftWindow window = windowOf(column);

  private static DriftWindow windowOf(DriftColumn... columns) {
    var window = new DriftWindow(HOUR, new DriftEvaluator(0.02), ReferenceTimes.NONE);
    for (DriftColumn column : columns) {
      window.add(column);
    }
    return window;
  }

  private void add(long atMillis, int rows, double value) {
    window.roll(atMillis);
    for (int i = 0; i < rows; i++) {
      window.begin(atMillis, 1);
      values.add(value, null, 1);
    }
  }

  @Test
  void aWindow_closesAtItsEndAndNotBefore() {
    add(10 * HOUR + 5, 200, 0.5);
    window.roll(11 * HOUR - 1);
    assertThat(column.last()).isNull();
    window.roll(11 * HOUR);
    assertThat(column.last().samples()).isEqualTo(200);
    // All in the first of four equal bins: TV ¾, KS ¾.
    assertThat(column.last().scores().get("total_variation")).isCloseTo(.75, within(1e-12));
    assertThat(column.last().scores().get("ks")).isCloseTo(.75, within(1e-12));
    // ∫|F_p − F_q| = ¾/2 + ¾/2 + ½/2 … : ½·¾ + ½(¾+½) + ½(½+¼) + ½·¼ = 1.5, over sd 1.
    assertThat(column.last().scores().get("wasserstein")).isCloseTo(1.5, within(1e-12));
  }

  @Test
  void aRowAtTheLimit_isInTheNextWindow() {
    add(10 * HOUR, 200, 0.5);
    add(11 * HOUR, 200, 1.5);
    assertThat(column.last().samples()).isEqualTo(200);
    window.roll(12 * HOUR);
    assertThat(column.last().scores().get("ks")).isCloseTo(.5, within(1e-12));
  }

  @Test
  void windowsAreDisjoint_alsoForRowsThatComeLate() {
    add(10 * HOUR, 200, 0.5);
    window.roll(11 * HOUR);
    add(10 * HOUR + 1, 200, 1.5);
    window.roll(12 * HOUR - 1);
    assertThat(column.last().scores().get("total_variation")).isCloseTo(.75, within(1e-12));
    assertThat(column.last().scores().get("ks")).isCloseTo(.75, within(1e-12));
    window.roll(12 * HOUR);
    assertThat(column.last().scores().get("ks")).isCloseTo(.5, within(1e-12));
  }

  @Test
  void tooFewRows_waitForMore_atMostSevenWindows() {
    add(10 * HOUR, 199, 0.5);
    window.roll(16 * HOUR + 30);
    assertThat(column.last()).isNull();
    window.roll(17 * HOUR);
    assertThat(column.last().samples()).isEqualTo(199);
    assertThat(column.last().scores()).isEmpty();

    add(20 * HOUR, 199, 0.5);
    add(22 * HOUR + 1, 1, 0.5);
    assertThat(column.last().samples()).isEqualTo(199);
    window.roll(23 * HOUR);
    assertThat(column.last().samples()).isEqualTo(200);
    assertThat(column.last().scores()).isNotEmpty();
  }

  @Test
  void aTimeWithoutRows_leavesTheLastWindowInSight() {
    add(10 * HOUR, 200, 0.5);
    window.roll(11 * HOUR);
    window.roll(1000 * HOUR);
    assertThat(column.last().samples()).isEqualTo(200);
    assertThat(window.end()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void fewRowsBeyondTheEdges_areNoDrift_manyAre() {
    add(0, 500, 0.5);
    window.roll(HOUR);
    double before = column.last().scores().get("total_variation");
    add(HOUR, 496, 0.5);
    add(HOUR, 4, -7);
    window.roll(2 * HOUR);
    // ln 1000/ln(1 + 1000/500) = 6.3 rows.
    assertThat(column.last().scores().get("total_variation")).isEqualTo(before);
    add(2 * HOUR, 400, 0.5);
    add(2 * HOUR, 100, -7);
    window.roll(3 * HOUR);
    assertThat(column.last().scores().get("total_variation")).isCloseTo(.75, within(1e-12));
    assertThat(column.last().scores().get("jsd")).isGreaterThan(0.2);
    assertThat(column.last().samples()).isEqualTo(500);
  }

  @Test
  void brief_isTwoMeasures_andCategoriesHaveFour() {
    var brief = new DriftColumn("x", values, true);
    DriftWindow few = windowOf(brief);
    few.begin(0, 1);
    for (int i = 0; i < 200; i++) {
      values.add(0.5, null, 1);
    }
    few.roll(HOUR);
    assertThat(brief.last().scores()).containsOnlyKeys("jsd", "psi");

    var categories =
        new Distribution(
            new CategoryBinning(List.of("a", "b"), new long[0]),
            new long[] {60, 40, 0, 0, 0},
            Double.NaN,
            Double.NaN);
    // New category: cur 55, 35, 10 against ref 60, 40, 0.
    assertThat(
            new DriftEvaluator(0.02)
                .evaluate("c", categories, new long[] {55, 35, 0, 10, 0}, 100, 1, false)
                .scores())
        .containsOnlyKeys("jsd", "psi", "hellinger", "total_variation")
        .hasEntrySatisfying("psi", v -> assertThat(v).isCloseTo(.3106933, within(1e-6)))
        .hasEntrySatisfying("hellinger", v -> assertThat(v).isCloseTo(.2266671, within(1e-6)));
    assertThat(DriftEvaluator.leastRows(categories.binning())).isEqualTo(200);
  }
}
