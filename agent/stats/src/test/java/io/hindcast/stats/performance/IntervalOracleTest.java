package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.stats.Oracle;
import io.hindcast.stats.summary.NumericBins;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Intervals against those that SciPy makes of the rows themselves. */
class IntervalOracleTest {
  @Test
  void quantilesOfStudent() {
    for (Oracle.Case c : Oracle.cases("students")) {
      c.expect("quantile", StudentT.quantile(c.number("freedom")));
    }
  }

  @Test
  void meansAndAreas_fromSums() {
    double[] edges = IntStream.rangeClosed(1, 50).mapToDouble(i -> i / 50.0).toArray();
    for (Oracle.Case c : Oracle.cases("means")) {
      int[] actual = c.classes("actual");
      double[] score = c.numbers("score");
      double[] truth = c.numbers("truth");
      double[] value = c.numbers("value");
      var losses = new ProbabilityLosses();
      var regression = new RegressionSums();
      var bins = new ScoreBins(new NumericBins(edges));
      for (int i = 0; i < actual.length; i++) {
        losses.add(score[i], actual[i] == 1);
        bins.add(score[i], actual[i] == 1);
        regression.add(value[i], truth[i]);
      }
      expect(c, "log_loss", losses.measuredLogLoss().interval());
      expect(c, "brier", losses.measuredBrier().interval());
      expect(c, "bias", regression.measuredBias().interval());
      expect(c, "mae", regression.measuredMae().interval());
      expect(c, "mse", regression.measuredMse().interval());
      expect(c, "weighted_mape", regression.measuredWeightedMape().interval());
      expect(c, "r2", regression.measuredR2().interval());
      expect(c, "explained_variance", regression.measuredExplainedVariance().interval());
      expect(c, "mape", regression.measuredMape().interval());
      expect(c, "roc_auc", RankingIntervals.deLong(bins, 1));
      Interval mse = regression.measuredMse().interval();
      Interval rmse = regression.measuredRmse().interval();
      assertThat(rmse.lower()).isEqualTo(Math.sqrt(mse.lower()));
      assertThat(rmse.upper()).isEqualTo(Math.sqrt(mse.upper()));
      Interval auc = bins.measuredRocAuc().interval();
      assertThat(auc.lower()).isLessThan(c.number("roc_auc_lower"));
      assertThat(auc.upper()).isGreaterThan(c.number("roc_auc_upper"));
    }
  }

  @Test
  void areas_fromBins() {
    double[] edges = IntStream.rangeClosed(1, 50).mapToDouble(i -> i / 50.0).toArray();
    for (Oracle.Case c : Oracle.cases("areas")) {
      int[] actual = c.classes("actual");
      double[] score = c.numbers("score");
      var bins = new ScoreBins(new NumericBins(edges));
      for (int i = 0; i < actual.length; i++) {
        bins.add(score[i], actual[i] == 1);
      }
      expect(c, "roc_auc", bins.measuredRocAuc().interval());
      expect(c, "average_precision", bins.measuredAveragePrecision().interval());
    }
  }

  @Test
  void measuresOfCells_byTheDeltaMethod() {
    for (Oracle.Case c : Oracle.cases("cells")) {
      ConfusionMatrix matrix = matrix(c.integer("classes"), c.counts("counts"));
      MulticlassMeasures measures = matrix.multiclass();
      expect(c, "mcc", measures.mcc().interval());
      expect(c, "kappa", measures.kappa().interval());
      expect(c, "macro_f1", measures.macroF1().interval());
      expect(c, "weighted_f1", measures.weightedF1().interval());
      expect(c, "weighted_precision", measures.weightedPrecision().interval());
      expect(c, "macro_recall", measures.macroRecall().interval());
      expect(c, "macro_recall", measures.balancedAccuracy().interval());
      expect(c, "macro_precision", measures.macroPrecision().interval());
      assertThat(measures.weightedRecall().interval()).isEqualTo(measures.accuracy().interval());
      if (matrix.classes() == 2) {
        expect(c, "macro_recall", matrix.binary(1).balancedAccuracy().interval());
      }
    }
  }

  @Test
  void measuresOfTwoClasses_fromTheLimitsOfTheirRates() {
    for (Oracle.Case c : Oracle.cases("rates")) {
      var measures =
          new BinaryMeasures(c.integer("tp"), c.integer("fp"), c.integer("fn"), c.integer("tn"));
      expect(c, "mcc", measures.mcc().interval());
      expect(c, "kappa", measures.kappa().interval());
      expect(c, "lift", measures.lift().interval());
      expect(c, "balanced_accuracy", measures.balancedAccuracy().interval());
    }
  }

  @Test
  void costs_fromTheLimitsOfTheSharesOfEachPrice() {
    for (Oracle.Case c : Oracle.cases("costs")) {
      int classes = c.integer("classes");
      double[] prices = c.numbers("prices");
      var costs = new CostMatrix((actual, predicted) -> prices[actual * classes + predicted]);
      Measured cost = costs.mean(matrix(classes, c.counts("counts")));
      c.expect("cost", cost.value());
      expect(c, "cost", cost.interval());
    }
  }

  @Test
  void majority_amongSeveralThatMayHaveIt() {
    for (Oracle.Case c : Oracle.cases("majorities")) {
      MulticlassMeasures measures = matrix(c.integer("classes"), c.counts("counts")).multiclass();
      expect(c, "majority_baseline", measures.majorityBaseline().interval());
      expect(c, "lift", measures.lift().interval());
    }
  }

  @Test
  void confidenceSequencesOfShares() {
    for (Oracle.Case c : Oracle.cases("sequences")) {
      Interval interval = MeanSequence.ofShare(c.number("successes"), c.number("n"));
      c.expect("lower", interval.lower());
      c.expect("upper", interval.upper());
    }
  }

  @Test
  void calibration() {
    for (Oracle.Case c : Oracle.cases("calibration")) {
      int[] actual = c.classes("actual");
      double[] score = c.numbers("score");
      var calibration = new Calibration();
      for (int i = 0; i < actual.length; i++) {
        calibration.add(score[i], actual[i] == 1);
      }
      c.expect("raw", calibration.rawError());
      c.expect("ece", calibration.correctedError());
      c.expect("spiegelhalter", calibration.spiegelhalter());
      c.expect("in_the_large", calibration.inTheLarge());
      expect(c, "ece", calibration.measuredError().interval());
      expect(c, "z", calibration.measuredSpiegelhalter().interval());
    }
  }

  @Test
  void topFive() {
    for (Oracle.Case c : Oracle.cases("top")) {
      int classes = c.integer("classes");
      int[] actual = c.classes("actual");
      double[] all = c.numbers("probabilities");
      var top = new TopHits(5);
      for (int i = 0; i < actual.length; i++) {
        double[] row = Arrays.copyOfRange(all, i * classes, (i + 1) * classes);
        top.change(row, classes, actual[i], 1);
      }
      c.expect("top_5_accuracy", top.accuracy().value());
    }
  }

  private static ConfusionMatrix matrix(int classes, long[] counts) {
    var matrix = new ConfusionMatrix(classes);
    for (int i = 0; i < counts.length; i++) {
      for (long row = 0; row < counts[i]; row++) {
        matrix.add(i / classes, i % classes);
      }
    }
    return matrix;
  }

  private static void expect(Oracle.Case c, String measure, Interval interval) {
    c.expect(measure + "_lower", interval.lower());
    c.expect(measure + "_upper", interval.upper());
  }
}
