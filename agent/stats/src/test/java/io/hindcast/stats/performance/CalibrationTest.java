package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private final Calibration calibration = new Calibration();

  @Test
  void golden_whatAPerfectModelShowsByChance() {
    for (int bin = 0; bin < 10; bin++) {
      for (int i = 0; i < 100; i++) {
        calibration.add(0.05 + bin / 10.0, i < 5 + 10 * bin);
      }
    }
    assertThat(calibration.errorByChance()).isCloseTo(0.0316360, within(5e-8));
    assertThat(calibration.rawError()).isCloseTo(0, within(1e-14));
    assertThat(calibration.correctedError()).isZero();
    assertThat(calibration.inTheLarge()).isCloseTo(0, within(1e-12));
    assertThat(calibration.observedShare(3)).isEqualTo(0.35);
  }

  @Test
  void golden_fourScores() {
    double[] p = {0.1, 0.4, 0.35, 0.8};
    for (int i = 0; i < 4; i++) {
      calibration.add(p[i], i >= 2);
    }
    assertThat(calibration.spiegelhalter()).isCloseTo(-0.2230096, within(5e-8));
    // Σy − Σp = 2 − 1.65; Σp(1−p) = .09 + .24 + .2275 + .16
    assertThat(calibration.inTheLarge()).isCloseTo(0.35 / Math.sqrt(0.7175), within(1e-14));
    assertThat(calibration.support()).isEqualTo(4);
  }

  @Test
  void ends_belongToTheBinBelow() {
    for (double p : new double[] {0, 0.1, Math.nextUp(0.1), 0.2, 0.3, 0.7, 1}) {
      calibration.add(p, true);
    }
    int[] rows = {2, 2, 1, 0, 0, 0, 1, 0, 0, 1};
    for (int bin = 0; bin < 10; bin++) {
      assertThat(calibration.rows(bin)).as("bin %d", bin).isEqualTo(rows[bin]);
    }
    assertThat(calibration.meanProbability(3)).isNaN();
  }

  @Test
  void withoutRows_orWithoutDoubt_isNaN() {
    assertThat(calibration.correctedError()).isNaN();
    assertThat(calibration.spiegelhalter()).isNaN();
    assertThat(calibration.inTheLarge()).isNaN();
    calibration.add(Double.NaN, true);
    calibration.add(1.5, true);
    assertThat(calibration.support()).isZero();
    calibration.add(1, true);
    calibration.add(0, true);
    assertThat(calibration.spiegelhalter()).isNaN();
    assertThat(calibration.inTheLarge()).isNaN();
    assertThat(calibration.rawError()).isEqualTo(0.5);
  }

  @Test
  void rowsTakenBack_leaveWhatWasThere_andPartsAddUp() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    var random = new Random(seed);
    var parts = new Calibration();
    var whole = new Calibration();
    for (int part = 0; part < 5; part++) {
      var one = new Calibration();
      for (int i = 0; i < 200; i++) {
        double p = random.nextDouble();
        boolean y = random.nextDouble() < p;
        whole.add(p, y);
        one.add(p, y);
        double other = random.nextDouble();
        one.add(other, !y);
        one.subtract(other, !y);
      }
      parts.merge(one);
    }
    assertThat(parts.correctedError())
        .as("seed %d", seed)
        .isCloseTo(whole.correctedError(), within(1e-12));
    assertThat(parts.spiegelhalter())
        .as("seed %d", seed)
        .isCloseTo(whole.spiegelhalter(), within(1e-9));
    assertThat(parts.inTheLarge()).as("seed %d", seed).isCloseTo(whole.inTheLarge(), within(1e-9));
    assertThat(parts.support()).isEqualTo(1000);
  }
}
