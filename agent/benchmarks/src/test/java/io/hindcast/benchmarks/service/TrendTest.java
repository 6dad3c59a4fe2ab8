package io.hindcast.benchmarks.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrendTest {
  @Test
  void of_aLine_isItsSlope() {
    assertThat(trend(12, i -> 7 - 3.0 * i)).isEqualTo(new Trend(-3, -3, -3));
  }

  @Test
  void of_oneWildPoint_isStillTheSlopeOfTheOthers() {
    assertThat(trend(12, i -> i == 5 ? 1e9 : 2.0 * i).slope()).isCloseTo(2, within(1e-9));
  }

  @Test
  void of_fivePoints_isUnknown() {
    assertThat(trend(5, i -> i).slope()).isNaN();
  }

  @Test
  void interval_ofNoiseOnALine_holdsTheSlopeNineteenTimesInTwenty() {
    var random = new SplittableRandom(7);
    int held = 0;
    for (int run = 0; run < 2000; run++) {
      Trend trend = trend(20, i -> 0.3 * i + random.nextGaussian());
      held += trend.lower() <= 0.3 && 0.3 <= trend.upper() ? 1 : 0;
    }
    // 2000 draws of 0.95: ± 3 standard deviations of 0.0049. The ranks are rounded outwards.
    assertThat(held / 2000.0).isBetween(0.935, 0.98);
  }

  private static Trend trend(int n, java.util.function.IntToDoubleFunction y) {
    double[] xs = new double[n];
    double[] ys = new double[n];
    for (int i = 0; i < n; i++) {
      xs[i] = i;
      ys[i] = y.applyAsDouble(i);
    }
    return Trend.of(xs, ys);
  }
}
