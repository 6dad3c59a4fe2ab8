package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairedComparisonTest {
  private final PairedComparison pair = new PairedComparison();

  @Test
  void accuracy_isOfTheRowsOnWhichOneAloneIsRight() {
    add(true, true, 700);
    add(true, false, 100);
    add(false, true, 40);
    add(false, false, 160);
    Measured difference = pair.accuracy();
    assertThat(difference.value()).isCloseTo(0.06, within(1e-15));
    // 140 of 1000 apart, 100 of 140 for this one, each at 97.5 %.
    Interval apart = MeanSequence.ofShare(140, 1000, Math.log(40));
    Interval ofThis = MeanSequence.ofShare(100, 140, Math.log(40));
    assertThat(difference.interval().lower())
        .isCloseTo(apart.lower() * (2 * ofThis.lower() - 1), within(1e-12));
    assertThat(difference.interval().upper())
        .isCloseTo(apart.upper() * (2 * ofThis.upper() - 1), within(1e-12));
    assertThat(difference.interval().lower()).isPositive();
  }

  @Test
  void equalModels_differByNothing_andTheBoundsHoldThat() {
    add(true, true, 90);
    add(false, false, 10);
    assertThat(pair.accuracy().value()).isZero();
    assertThat(pair.accuracy().interval().lower()).isNegative();
    assertThat(pair.accuracy().interval().upper()).isPositive();
    assertThat(new PairedComparison().accuracy().value()).isNaN();
  }

  @Test
  void whatIsTakenBack_wasNeverThere() {
    add(true, false, 10);
    pair.classes(false, true, 1);
    pair.classes(false, true, -1);
    assertThat(pair.accuracy().value()).isEqualTo(1);
    assertThat(pair.rows()).isEqualTo(10);
    pair.errors(1, 2, 1);
    pair.errors(3, -1, 1);
    pair.errors(1, 2, -1);
    assertThat(pair.absoluteError().value()).isEqualTo(2);
    assertThat(pair.squaredError().value()).isEqualTo(8);
    assertThat(pair.lossRows()).isEqualTo(1);
  }

  private void add(boolean isThisRight, boolean isOtherRight, int rows) {
    for (int i = 0; i < rows; i++) {
      pair.classes(isThisRight, isOtherRight, 1);
    }
  }
}
