package io.hindcast.stats.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WassersteinTest {
  private static final double[] EDGES = {0, 1, 3};

  @Test
  void between_oneBinAndTheNext_isTheDistanceOfTheirMiddles() {
    // All of (0, 1] moves to (1, 3]: the middles are 0.5 and 2, so 1.5, over sd 0.5.
    assertThat(new Wasserstein(EDGES, 0.5).between(counts(0, 8, 0, 0), counts(0, 0, 3, 0)))
        .isCloseTo(3, within(1e-15));
  }

  @Test
  void between_lowAndHigh_isTheDistanceOfTheOuterEdges() {
    assertThat(new Wasserstein(EDGES, 1).between(counts(2, 0, 0, 0), counts(0, 0, 0, 5)))
        .isEqualTo(3);
  }

  @Test
  void between_crossingDistributions_addsBothSides() {
    /*
     * F_p − F_q at 0, 1, 3 is 0, ½, −¼:
     * p has ½ in (0,1] and ¼ in (1,3], ¼ high; q has 0, 1, 0. In (0,1]: ¼. In (1,3] the difference
     * runs from ½ to −¼ and is 0 after 4/3: ½·½·4/3 + ½·¼·2/3 = 5/12.
     */
    assertThat(new Wasserstein(EDGES, 1).between(counts(0, 2, 1, 1), counts(0, 0, 4, 0)))
        .isCloseTo(0.25 + 5 / 12.0, within(1e-15));
  }

  @Test
  void between_equalProportions_isExactlyZero() {
    var measure = new Wasserstein(EDGES, 0.3);
    assertThat(measure.between(counts(1, 7, 11, 3), counts(1, 7, 11, 3))).isZero();
    assertThat(measure.between(counts(1, 7, 11, 3), counts(3, 21, 33, 9))).isZero();
  }

  @Test
  void between_withoutRowsOrSpread_isNaN() {
    assertThat(new Wasserstein(EDGES, 1).between(counts(0, 0, 0, 0), counts(1, 0, 0, 0))).isNaN();
    assertThat(new Wasserstein(EDGES, 1).between(counts(1, 0, 0, 0), counts(0, 0, 0, 0))).isNaN();
    assertThat(new Wasserstein(EDGES, 0).between(counts(1, 2, 0, 0), counts(1, 0, 0, 0))).isNaN();
    assertThat(new Wasserstein(EDGES, Double.NaN).between(counts(1, 2, 0, 0), counts(1, 0, 0, 0)))
        .isNaN();
  }

  @Test
  void between_aRangeWiderThanTheDoubles_staysFinite() {
    double[] edges = {-Double.MAX_VALUE, Double.MAX_VALUE};
    assertThat(new Wasserstein(edges, Double.MAX_VALUE).between(counts(1, 0, 0), counts(0, 0, 1)))
        .isEqualTo(2);
  }

  @Test
  void between_cellsThatDoNotFitTheEdges_isRefused() {
    assertThatThrownBy(() -> new Wasserstein(EDGES, 1).between(counts(1, 2), counts(1, 2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static long[] counts(long... counts) {
    return counts;
  }
}
