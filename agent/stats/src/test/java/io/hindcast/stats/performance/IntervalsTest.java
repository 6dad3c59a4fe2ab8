package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class IntervalsTest {
  @Test
  void wilson_golden() {
    expect(WilsonInterval.of(4, 6), 0.299993, 0.903229);
    expect(WilsonInterval.of(0, 10), 0, 0.277533);
    expect(WilsonInterval.of(870, 1000), 0.847732, 0.889436);
    expect(WilsonInterval.of(87, 100), 0.790196, 0.922428);
    expect(WilsonInterval.of(10, 10), 0.722467, 1);
  }

  @Test
  void wilson_withoutFailuresOrSuccesses_endsExactly() {
    for (int n = 1; n < 200; n++) {
      assertThat(WilsonInterval.of(0, n).lower()).isZero();
      assertThat(WilsonInterval.of(n, n).upper()).isEqualTo(1);
    }
  }

  @Test
  void wilson_ofWeightedRows_takesTheirEffectiveNumber() {
    // Weights 1, 1, 4, 4 and x 1, 0, 1, 1: Hájek 0.9, n_eff 100/34.
    double n = 100 / 34.0;
    expect(WilsonInterval.of(0.9 * n, n), 0.353615, 0.993291);
  }

  @Test
  void wilson_ofNothing_isNone() {
    assertThat(WilsonInterval.of(0, 0).isDefined()).isFalse();
  }

  @Test
  void wilson_ofMoreSuccessesThanRows_isRefused() {
    assertThatThrownBy(() -> WilsonInterval.of(2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WilsonInterval.of(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WilsonInterval.of(Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void f1_golden() {
    Interval interval = F1Interval.of(2, 1, 1);
    assertThat(interval.lower()).isCloseTo(0.2609, within(5e-5));
    assertThat(interval.upper()).isCloseTo(0.9189, within(5e-5));
  }

  @Test
  void f1_withoutPositives_isNone() {
    assertThat(F1Interval.of(0, 0, 0).isDefined()).isFalse();
  }

  @Test
  void sequence_golden() {
    expect(MeanSequence.ofShare(870, 1000), 0.827922, 0.905522);
    expect(MeanSequence.ofShare(4, 6), 0.147241, 0.980781);
    expect(MeanSequence.ofShare(0, 10), 0, 0.376987);
    assertThat(MeanSequence.ofShare(10, 10).upper()).isEqualTo(1);
    assertThat(MeanSequence.ofShare(0, 0).isDefined()).isFalse();
  }

  @Test
  void sequence_ofAMean_isWiderThanItsInterval_andNarrowsWithTheRows() {
    // s = 2, n = 1000: ρ² = (2 ln 20 + ln(2 ln 20) + 1)/1000 = .0087817.
    double rho2 = (2 * Math.log(20) + Math.log(2 * Math.log(20)) + 1) / 1000;
    double scale = 1000 * rho2 + 1;
    double half = 2 * Math.sqrt(2 * scale / (1e6 * rho2) * Math.log(Math.sqrt(scale) / 0.05));
    Interval sequence = MeanSequence.of(7, 4, 1000);
    expect(sequence, 7 - half, 7 + half);
    assertThat(half).isBetween(2 * 1.96 / Math.sqrt(1000), 4 * 1.96 / Math.sqrt(1000));
    assertThat(MeanSequence.of(7, 4, 100_000).upper()).isLessThan(sequence.upper());
    assertThat(MeanSequence.of(7, 4, 49).isDefined()).isFalse();
  }

  @Test
  void mean_ofFewerThanTwoRows_isNone() {
    assertThat(MeanInterval.of(1, 0, 1)).isEqualTo(Interval.NONE);
    // 1, 2, 3: s²/n = 1/3, t_2 = 4.3026527
    expect(
        MeanInterval.of(2, 2 / 3.0, 3), 2 - 4.3026527 / Math.sqrt(3), 2 + 4.3026527 / Math.sqrt(3));
  }

  @Test
  void correlation_withFewErrorsOrASmallMargin_hasNone() {
    assertThat(new BinaryMeasures(50, 2, 2, 50).mcc().interval().isDefined()).isFalse();
    assertThat(new BinaryMeasures(50, 3, 2, 50).mcc().interval().isDefined()).isTrue();
    assertThat(new BinaryMeasures(9, 0, 0, 200).kappa().interval().isDefined()).isFalse();
    assertThat(new BinaryMeasures(7, 5, 2, 200).kappa().interval().isDefined()).isFalse();
    assertThat(new BinaryMeasures(9, 20, 0, 200).balancedAccuracy().interval().isDefined())
        .isFalse();
    assertThat(new BinaryMeasures(10, 20, 0, 200).balancedAccuracy().interval().isDefined())
        .isTrue();
  }

  @Test
  void lift_needsTenRowsOnWhichTheModelAndTheMajorityDiffer() {
    assertThat(new BinaryMeasures(6, 3, 40, 200).lift().interval().isDefined()).isFalse();
    // 7 right alone, 3 wrong alone, of 250: mean 4/250, mean square 10/250.
    Measured lift = new BinaryMeasures(7, 3, 40, 200).lift();
    double half = StudentT.quantile(249) * Math.sqrt((10 / 250.0 - 16 / 62_500.0) / 249);
    expect(lift.interval(), 4 / 250.0 - half, 4 / 250.0 + half);
  }

  private static void expect(Interval interval, double lower, double upper) {
    assertThat(interval.lower()).isCloseTo(lower, within(5e-7));
    assertThat(interval.upper()).isCloseTo(upper, within(5e-7));
  }
}
