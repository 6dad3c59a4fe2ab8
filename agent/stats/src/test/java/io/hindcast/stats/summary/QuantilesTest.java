package io.hindcast.stats.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.Oracle;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class QuantilesTest {
  @Test
  void of_fourValues_isLinearBetweenOrderStatistics() {
    double[] sorted = {1, 2, 4, 8};
    assertThat(Quantiles.of(sorted, 0, 4)).isEqualTo(1);
    // (4 − 1)·¼ = 0.75: three quarters of the way from 1 to 2.
    assertThat(Quantiles.of(sorted, 1, 4)).isEqualTo(1.75);
    assertThat(Quantiles.of(sorted, 1, 2)).isEqualTo(3);
    assertThat(Quantiles.of(sorted, 3, 4)).isEqualTo(5);
    assertThat(Quantiles.of(sorted, 4, 4)).isEqualTo(8);
  }

  @Test
  void of_aRange_looksAtNothingElse() {
    assertThat(Quantiles.of(new double[] {-9, 1, 3, 99}, 1, 3, 1, 2)).isEqualTo(2);
  }

  @Test
  void of_nothing_isNaN() {
    assertThat(Quantiles.of(new double[0], 1, 2)).isNaN();
  }

  @Test
  void of_valuesFurtherApartThanTheDoubles_doesNotOverflow() {
    double[] sorted = {-Double.MAX_VALUE, Double.MAX_VALUE};
    assertThat(Quantiles.of(sorted, 1, 2)).isZero();
    assertThat(Quantiles.of(sorted, 1, 4)).isCloseTo(-Double.MAX_VALUE / 2, within(1e300));
  }

  @Test
  void of_aFractionOutsideItsRange_isRefused() {
    assertThatThrownBy(() -> Quantiles.of(new double[] {1}, 3, 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void of_randomSamples_isNumpysQuantile() {
    for (Oracle.Case c : Oracle.cases("quantiles")) {
      double[] sorted = c.numbers("values");
      Arrays.sort(sorted);
      double[] deciles = c.numbers("deciles");
      for (int k = 1; k < 10; k++) {
        assertThat(Quantiles.of(sorted, k, 10))
            .isCloseTo(deciles[k - 1], within(1e-9 * Math.max(1, Math.abs(deciles[k - 1]))));
      }
    }
  }
}
