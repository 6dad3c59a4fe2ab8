package io.hindcast.stats.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorProjectionsTest {
  private final VectorProjections projections = new VectorProjections();
  private final double[] p = new double[VectorProjections.DIRECTIONS];

  @Test
  void norm_ofThreeAndFour_isFive() {
    assertThat(projections.project(new float[] {9, 3, 4, 9}, 1, 2, p)).isEqualTo(5);
    assertThat(projections.project(new float[0], 0, 0, p)).isZero();
    assertThat(p).containsOnly(0);
  }

  /** Bits of SplitMix64 at 0x48494E4443415354 + 0x9E3779B97F4A7C15, worked out apart from this. */
  @Test
  void directions_areTheSameForEver() {
    projections.project(new float[] {1}, 0, 1, p);
    assertThat(p).containsExactly(SIGNS_OF_THE_FIRST);
    double[] first = p.clone();
    // ⟨(2, 0), r⟩ / √2 = √2 r₁
    projections.project(new float[] {2, 0}, 0, 2, p);
    for (int k = 0; k < p.length; k++) {
      assertThat(p[k]).isCloseTo(Math.sqrt(2) * first[k], within(1e-15));
    }
  }

  private static final double[] SIGNS_OF_THE_FIRST = {-1, -1, 1, 1, 1, -1, 1, -1};

  @Test
  void projections_ofARandomVector_haveItsNormOnAverage() {
    // E pₖ² = ‖x‖² / d for random signs, here over 500 vectors of norm 1: mean of d·pₖ² near 1.
    var random = new Random(5);
    double sum = 0;
    for (int n = 0; n < 500; n++) {
      float[] x = new float[300];
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
        squares += x[i] * x[i];
      }
      assertThat(projections.project(x, 0, x.length, p))
          .isCloseTo(Math.sqrt(squares), within(1e-5));
      for (double each : p) {
        assertThat(Math.abs(each)).isLessThanOrEqualTo(Math.sqrt(squares));
        sum += each * each * x.length / squares;
      }
    }
    // 4000 values of variance 2: four standard errors are 0.09.
    assertThat(sum / 4000).isCloseTo(1, within(0.09));
  }

  @Test
  void cosine_isOneForTheSameDirection_andUndefinedForNone() {
    assertThat(VectorProjections.cosine(new float[] {0, 3, 4}, 1, 2, new double[] {6, 8}))
        .isEqualTo(1);
    assertThat(VectorProjections.cosine(new float[] {3, 4}, 0, 2, new double[] {-4, 3})).isZero();
    assertThat(VectorProjections.cosine(new float[] {1, 1}, 0, 2, new double[] {-1, -1}))
        .isCloseTo(-1, within(1e-15));
    // A shorter vector goes on with zeros: ⟨(1, 0), (1, 1)⟩ / √2
    assertThat(VectorProjections.cosine(new float[] {1}, 0, 1, new double[] {1, 1}))
        .isCloseTo(Math.sqrt(0.5), within(1e-15));
    assertThat(VectorProjections.cosine(new float[] {0, 0}, 0, 2, new double[] {1, 1})).isNaN();
    assertThat(VectorProjections.cosine(new float[] {Float.NaN}, 0, 1, new double[] {1})).isNaN();
  }
}
