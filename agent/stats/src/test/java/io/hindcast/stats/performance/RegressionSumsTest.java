package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.Oracle;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegressionSumsTest {
  private final RegressionSums sums = new RegressionSums();

  @Test
  void golden_fourRows() {
    sums.add(2.5, 3);
    sums.add(0, -0.5);
    sums.add(2, 2);
    sums.add(8, 7);
    assertThat(sums.bias()).isEqualTo(0.25);
    assertThat(sums.mae()).isEqualTo(0.5);
    assertThat(sums.mse()).isEqualTo(0.375);
    assertThat(sums.rmse()).isCloseTo(0.6123724, within(1e-7));
    assertThat(sums.r2()).isCloseTo(0.9486081, within(1e-7));
    assertThat(sums.explainedVariance()).isCloseTo(0.9571734, within(1e-7));
    assertThat(sums.mape()).isCloseTo(0.3273810, within(1e-7));
    assertThat(sums.weightedMape()).isEqualTo(0.16);
    assertThat(sums.support()).isEqualTo(4);
    assertThat(sums.mapeSupport()).isEqualTo(4);
    assertThat(sums.squaredErrorSum()).isEqualTo(1.5);
  }

  @Test
  void withoutRows_nothingIsDefined() {
    for (int i = 0; i < 2; i++) {
      assertThat(sums.bias()).isNaN();
      assertThat(sums.mae()).isNaN();
      assertThat(sums.mse()).isNaN();
      assertThat(sums.rmse()).isNaN();
      assertThat(sums.r2()).isNaN();
      assertThat(sums.explainedVariance()).isNaN();
      assertThat(sums.mape()).isNaN();
      assertThat(sums.weightedMape()).isNaN();
      sums.add(1, 0.3);
      sums.subtract(1, 0.3);
    }
  }

  @Test
  void oneRowOrEqualLabels_haveNoR2() {
    sums.add(1, 0.1);
    assertThat(sums.r2()).isNaN();
    for (int i = 0; i < 1000; i++) {
      sums.add(i, 0.1);
    }
    assertThat(sums.r2()).isNaN();
    assertThat(sums.explainedVariance()).isNaN();
    assertThat(sums.mae()).isPositive();
  }

  @Test
  void labelsOfZero_areLeftOutOfMapeAndCounted() {
    sums.add(1, 0);
    assertThat(sums.mape()).isNaN();
    assertThat(sums.weightedMape()).isNaN();
    assertThat(sums.mapeSupport()).isZero();
    sums.add(3, 2);
    sums.add(0, 0);
    sums.add(1, Double.MIN_VALUE);
    assertThat(sums.mape()).isEqualTo(0.5);
    assertThat(sums.mapeSupport()).isEqualTo(1);
    assertThat(sums.support()).isEqualTo(4);
    assertThat(sums.weightedMape()).isEqualTo(1.5);
  }

  @Test
  void whatIsNotFinite_entersNothing() {
    for (double x :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e200}) {
      assertThat(sums.add(x, 1)).isFalse();
      assertThat(sums.add(1, x)).isFalse();
    }
    assertThat(sums.invalid()).isEqualTo(8);
    assertThat(sums.support()).isZero();
  }

  @Test
  void r2_farFromZero_keepsItsDigits() {
    // Labels 1e9 ± 1, errors ±½: 1 − ¼.
    for (int i = 0; i < 1000; i++) {
      sums.add(1e9 + (i % 2 == 0 ? 1.5 : -1.5), 1e9 + (i % 2 == 0 ? 1 : -1));
    }
    assertThat(sums.r2()).isCloseTo(0.75, within(1e-12));
    assertThat(sums.explainedVariance()).isCloseTo(0.75, within(1e-12));
  }

  @Test
  void explainedVariance_exceedsR2_byTheBias() {
    sums.add(11, 1);
    sums.add(13, 3);
    assertThat(sums.explainedVariance()).isEqualTo(1);
    assertThat(sums.r2()).isEqualTo(-99);
  }

  @Test
  void mergeAndSubtract_equalThePooledRows() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var whole = new RegressionSums();
    var other = new RegressionSums();
    for (int i = 0; i < 2000; i++) {
      double actual = 1e6 + random.nextGaussian();
      double predicted = actual + random.nextGaussian();
      whole.add(predicted, actual);
      (random.nextBoolean() ? sums : other).add(predicted, actual);
      double wrong = random.nextGaussian() * 1e9;
      other.add(predicted, wrong);
      other.subtract(predicted, wrong);
    }
    sums.merge(other);
    assertThat(sums.support()).isEqualTo(2000);
    assertThat(sums.bias()).isCloseTo(whole.bias(), within(1e-12));
    assertThat(sums.mae()).isCloseTo(whole.mae(), within(1e-12));
    assertThat(sums.rmse()).isCloseTo(whole.rmse(), within(1e-12));
    assertThat(sums.r2()).isCloseTo(whole.r2(), within(1e-9));
    assertThat(sums.mape()).isCloseTo(whole.mape(), within(1e-12));
    assertThat(sums.weightedMape()).isCloseTo(whole.weightedMape(), within(1e-12));
  }

  @Test
  void randomRows_areAsScikitLearnHasThem() {
    for (Oracle.Case c : Oracle.cases("regression")) {
      double[] actual = c.numbers("actual");
      double[] predicted = c.numbers("predicted");
      var of = new RegressionSums();
      for (int i = 0; i < actual.length; i++) {
        of.add(predicted[i], actual[i]);
      }
      c.expect("bias", of.bias());
      c.expect("mae", of.mae());
      c.expect("mse", of.mse());
      c.expect("rmse", of.rmse());
      c.expect("r2", of.r2());
      c.expect("explained_variance", of.explainedVariance());
      c.expect("mape", of.mape());
      c.expect("weighted_mape", of.weightedMape());
    }
  }
}
