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

  private static void expect(Interval interval, double lower, double upper) {
    assertThat(interval.lower()).isCloseTo(lower, within(5e-7));
    assertThat(interval.upper()).isCloseTo(upper, within(5e-7));
  }
}
