package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.Oracle;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProbabilityLossesTest {
  private final ProbabilityLosses losses = new ProbabilityLosses();

  @Test
  void golden_fourScores() {
    losses.add(0.1, false);
    losses.add(0.4, false);
    losses.add(0.35, true);
    losses.add(0.8, true);
    assertThat(losses.logLoss()).isCloseTo(0.4722880, within(1e-7));
    assertThat(losses.brier()).isCloseTo(0.158125, within(1e-15));
    assertThat(losses.support()).isEqualTo(4);
    assertThat(losses.clipped()).isZero();
  }

  @Test
  void withoutRows_isNaN() {
    assertThat(losses.logLoss()).isNaN();
    assertThat(losses.brier()).isNaN();
    losses.add(0.3, true);
    losses.subtract(0.3, true);
    assertThat(losses.logLoss()).isNaN();
  }

  @Test
  void certainty_isClippedAndCounted() {
    losses.add(1, false);
    assertThat(losses.logLoss()).isCloseTo(52 * Math.log(2), within(1e-12));
    assertThat(losses.brier()).isEqualTo(1);
    assertThat(losses.clipped()).isEqualTo(1);
    losses.add(0, false);
    assertThat(losses.clipped()).isEqualTo(2);
    assertThat(losses.logLoss()).isCloseTo(26 * Math.log(2), within(1e-12));
    losses.subtract(1, false);
    assertThat(losses.clipped()).isEqualTo(1);
    assertThat(losses.logLoss()).isCloseTo(0, within(1e-15)).isGreaterThanOrEqualTo(0);
  }

  @Test
  void whatIsNoProbability_entersNothing() {
    for (double p : new double[] {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThat(losses.add(p, true)).isFalse();
    }
    assertThat(losses.invalid()).isEqualTo(4);
    assertThat(losses.support()).isZero();
  }

  @Test
  void multiclass_byHand() {
    losses.add(new double[] {0.2, 0.5, 0.3}, 3, 1);
    losses.add(new double[] {0.1, 0.2, 0.7, 99}, 3, 0);
    assertThat(losses.logLoss()).isCloseTo(-(Math.log(0.5) + Math.log(0.1)) / 2, within(1e-15));
    // 0.04 + 0.25 + 0.09 and 0.81 + 0.04 + 0.49
    assertThat(losses.brier()).isCloseTo((0.38 + 1.34) / 2, within(1e-15));
    losses.subtract(new double[] {0.1, 0.2, 0.7}, 3, 0);
    assertThat(losses.brier()).isCloseTo(0.38, within(1e-15));
    assertThat(losses.support()).isEqualTo(1);
  }

  @Test
  void multiclass_rowsThatAreNoDistribution_areInvalidAndNotRenormalised() {
    assertThat(losses.add(new double[] {0.5, 0.4}, 2, 0)).isFalse();
    assertThat(losses.add(new double[] {1.2, -0.2}, 2, 0)).isFalse();
    assertThat(losses.add(new double[] {Double.NaN, 1}, 2, 1)).isFalse();
    assertThat(losses.add(new double[] {0.5, 0.5}, 2, -1)).isFalse();
    assertThat(losses.add(new double[] {0.5, 0.5, 0}, 2, 2)).isFalse();
    assertThat(losses.add(new double[0], 0, 0)).isFalse();
    assertThat(losses.invalid()).isEqualTo(6);
    assertThat(losses.support()).isZero();
  }

  @Test
  void multiclass_rowsOfFloats_areValid() {
    float third = 1 / 3f;
    assertThat(losses.add(new double[] {third, third, third}, 3, 0)).isTrue();
    assertThat(losses.add(new double[] {0.5, 0.4991}, 2, 0)).isTrue();
    assertThat(losses.add(new double[] {0.5, 0.4989}, 2, 0)).isFalse();
  }

  @Test
  void merge_isTheLossesOfAllRows() {
    var other = new ProbabilityLosses();
    losses.add(0.3, true);
    other.add(0.9, true);
    other.add(1, true);
    other.add(7, true);
    losses.merge(other);
    assertThat(losses.support()).isEqualTo(3);
    assertThat(losses.invalid()).isEqualTo(1);
    assertThat(losses.clipped()).isEqualTo(1);
    assertThat(losses.brier()).isCloseTo((0.49 + 0.01) / 3, within(1e-15));
  }

  @Test
  void randomRows_areAsScikitLearnHasThem() {
    for (Oracle.Case c : Oracle.cases("scores")) {
      var binary = new ProbabilityLosses();
      int[] actual = c.classes("actual");
      double[] score = c.numbers("score");
      for (int i = 0; i < actual.length; i++) {
        binary.add(score[i], actual[i] == 1);
      }
      c.expect("log_loss", binary.logLoss());
      c.expect("brier", binary.brier());
    }
    for (Oracle.Case c : Oracle.cases("probabilities")) {
      var multiclass = new ProbabilityLosses();
      int classes = c.integer("classes");
      int[] actual = c.classes("actual");
      double[] all = c.numbers("probabilities");
      for (int i = 0; i < actual.length; i++) {
        multiclass.add(Arrays.copyOfRange(all, i * classes, (i + 1) * classes), classes, actual[i]);
      }
      c.expect("log_loss", multiclass.logLoss());
      c.expect("brier", multiclass.brier());
    }
  }
}
