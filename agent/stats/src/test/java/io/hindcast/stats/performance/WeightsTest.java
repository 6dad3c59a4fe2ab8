package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.Oracle;
import io.hindcast.stats.summary.NumericBins;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rows that stand for several: what was sampled counts for what was not. */
class WeightsTest {
  private static final double[] EDGES = {0.2, 0.4, 0.5, 0.6, 0.8};

  private static final class Sums {
    final ConfusionMatrix matrix = new ConfusionMatrix(2);
    final ProbabilityLosses losses = new ProbabilityLosses();
    final ScoreBins scores = new ScoreBins(new NumericBins(EDGES));
    final RegressionSums errors = new RegressionSums();
    final RegressionSums ratios = new RegressionSums();
    final Calibration calibration = new Calibration();

    void change(double p, boolean y, long weight) {
      matrix.change(y ? 1 : 0, p > 0.5 ? 1 : 0, weight);
      losses.change(p, y, weight);
      scores.change(p, y, weight);
      errors.change(p, y ? 1 : 0, weight);
      ratios.change(p, y ? 1 : 0.5, weight);
      calibration.change(p, y, weight);
    }
  }

  private static final CostMatrix COSTS =
      new CostMatrix((actual, predicted) -> actual == predicted ? 0 : actual == 1 ? 7 : 2);

  private static final List<Function<Sums, Measured>> MEASURES =
      List.of(
          s -> s.matrix.binary(1).accuracy(),
          s -> s.matrix.binary(1).precision(),
          s -> s.matrix.binary(1).recall(),
          s -> s.matrix.binary(1).f1(),
          s -> s.matrix.binary(1).balancedAccuracy(),
          s -> s.matrix.binary(1).mcc(),
          s -> s.matrix.binary(1).kappa(),
          s -> s.matrix.binary(1).lift(),
          s -> s.matrix.multiclass().lift(),
          s -> s.losses.measuredLogLoss(),
          s -> s.losses.measuredBrier(),
          s -> s.scores.measuredRocAuc(),
          s -> s.scores.measuredAveragePrecision(),
          s -> s.errors.measuredMae(),
          s -> s.errors.measuredRmse(),
          s -> s.errors.measuredBias(),
          s -> s.errors.measuredWeightedMape(),
          s -> s.errors.measuredMse(),
          s -> s.errors.measuredR2(),
          s -> s.errors.measuredExplainedVariance(),
          s -> s.ratios.measuredMape(),
          s -> COSTS.mean(s.matrix),
          s -> s.matrix.multiclass().majorityBaseline(),
          s -> s.calibration.measuredError(),
          s -> s.calibration.measuredSpiegelhalter());

  private final long seed = Long.getLong("hindcast.test.seed", 20_261_124);
  private final Random random = new Random(seed);

  @Test
  void equalWeights_changeNothing() {
    var once = new Sums();
    var fourfold = new Sums();
    for (int i = 0; i < 400; i++) {
      double p = random.nextInt(11) / 10.0;
      boolean y = random.nextDouble() < p;
      once.change(p, y, 1);
      fourfold.change(p, y, 4);
    }
    for (Function<Sums, Measured> measure : MEASURES) {
      same(measure.apply(fourfold), measure.apply(once));
    }
  }

  @Test
  void unequalWeights_areSampleWeights() {
    double[] edges = IntStream.rangeClosed(1, 50).mapToDouble(i -> i / 50.0).toArray();
    for (Oracle.Case c : Oracle.cases("weighted")) {
      int[] weight = c.classes("weight");
      int[] actual = c.classes("actual");
      double[] score = c.numbers("score");
      var matrix = new ConfusionMatrix(2);
      var losses = new ProbabilityLosses();
      var scores = new ScoreBins(new NumericBins(edges));
      var errors = new RegressionSums();
      var above = new RegressionSums();
      for (int i = 0; i < weight.length; i++) {
        boolean isPositive = actual[i] == 1;
        matrix.change(actual[i], score[i] > 0.5 ? 1 : 0, weight[i]);
        losses.change(score[i], isPositive, weight[i]);
        scores.change(score[i], isPositive, weight[i]);
        errors.change(score[i], actual[i], weight[i]);
        above.change(1 + score[i], 1 + actual[i], weight[i]);
      }
      BinaryMeasures binary = matrix.binary(1);
      c.expect("accuracy", binary.accuracy().value());
      c.expect("balanced_accuracy", binary.balancedAccuracy().value());
      c.expect("precision", binary.precision().value());
      c.expect("recall", binary.recall().value());
      c.expect("specificity", binary.specificity().value());
      c.expect("f1", binary.f1().value());
      c.expect("mcc", binary.mcc().value());
      c.expect("kappa", binary.kappa().value());
      c.expect("roc_auc", scores.rocAuc());
      c.expect("average_precision", scores.averagePrecision());
      c.expect("log_loss", losses.logLoss());
      c.expect("brier", losses.brier());
      c.expect("mae", errors.mae());
      c.expect("mse", errors.mse());
      c.expect("rmse", errors.rmse());
      c.expect("r2", errors.measuredR2().value());
      c.expect("explained_variance", errors.measuredExplainedVariance().value());
      c.expect("mape_above_1", above.measuredMape().value());
    }
  }

  @Test
  void golden_unequalWeights() {
    // Weights 1, 1, 4, 4 and right, wrong, right, right: Hájek .9, 100/34 effective rows.
    var matrix = new ConfusionMatrix(2);
    matrix.change(1, 1, 1);
    matrix.change(1, 0, 1);
    matrix.change(0, 0, 4);
    matrix.change(0, 0, 4);
    Measured accuracy = matrix.binary(1).accuracy();
    assertThat(accuracy.value()).isEqualTo(0.9);
    assertThat(10 / matrix.designEffect()).isCloseTo(2.9411765, within(5e-8));
    assertThat(accuracy.interval().lower()).isCloseTo(0.353615, within(5e-7));
    assertThat(accuracy.interval().upper()).isCloseTo(0.993291, within(5e-7));
    assertThat(accuracy.support()).isEqualTo(3);
  }

  @Test
  void whatIsTakenBack_wasNeverThere() {
    var kept = new Sums();
    var changed = new Sums();
    for (int i = 0; i < 500; i++) {
      double p = random.nextInt(11) / 10.0;
      boolean y = random.nextDouble() < p;
      long weight = 1L << random.nextInt(4);
      kept.change(p, y, weight);
      changed.change(p, y, weight);
      changed.change(1 - p, y, 8);
      changed.change(1 - p, y, -8);
    }
    for (Function<Sums, Measured> measure : MEASURES) {
      same(measure.apply(changed), measure.apply(kept));
    }
  }

  private void same(Measured one, Measured other) {
    assertThat(one.support()).as("seed %d", seed).isEqualTo(other.support());
    double[] numbers = {one.value(), one.interval().lower(), one.interval().upper()};
    double[] others = {other.value(), other.interval().lower(), other.interval().upper()};
    for (int i = 0; i < 3; i++) {
      assertThat(others[i]).as("seed %d", seed).isNotNaN();
      assertThat(numbers[i]).as("seed %d", seed).isCloseTo(others[i], within(1e-9));
    }
  }
}
