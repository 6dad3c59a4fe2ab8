package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.window.Histogram;
import io.hindcast.stats.performance.BinaryMeasures;
import io.hindcast.stats.performance.Calibration;
import io.hindcast.stats.performance.ConfusionMatrix;
import io.hindcast.stats.performance.CostMatrix;
import io.hindcast.stats.performance.Interval;
import io.hindcast.stats.performance.Measured;
import io.hindcast.stats.performance.ProbabilityLosses;
import io.hindcast.stats.performance.ScoreBins;
import io.hindcast.stats.summary.NumericBins;
import org.jspecify.annotations.Nullable;

/** Outcomes of a model with two classes. */
final class BinaryOutcomes implements OutcomeSums {
  static final int NEGATIVE = 0;
  static final int POSITIVE = 1;

  private final ConfusionMatrix confusion = new ConfusionMatrix(2);
  private final ProbabilityLosses losses = new ProbabilityLosses();

  /* Null where they would be too large. */
  private final @Nullable Calibration calibration;
  private final @Nullable CostMatrix costs;
  private @Nullable ScoreBins scores;

  /**
   * @param scoreBins null for sums that take a tenth of the room: without measures of ranking and
   *     calibration
   * @param costs null if no outcome has a cost
   */
  BinaryOutcomes(@Nullable NumericBins scoreBins, @Nullable CostMatrix costs) {
    this.scores = scoreBins == null ? null : new ScoreBins(scoreBins);
    this.calibration = scoreBins == null ? null : new Calibration();
    this.costs = costs;
  }

  @Override
  public void change(PendingRecord prediction, double actual, long times) {
    int truth = (int) actual;
    confusion.change(truth, prediction.predictedClass, times);
    if (Double.isFinite(prediction.score)) {
      changeScore(prediction.score, truth == POSITIVE, times);
      losses.change(prediction.score, truth == POSITIVE, times);
      if (calibration != null) {
        calibration.change(prediction.score, truth == POSITIVE, times);
      }
    }
  }

  /** Only the bins of scores: for those that were counted before the bins were known. */
  void changeScore(double score, boolean isPositive, long times) {
    if (scores != null) {
      scores.change(score, isPositive, times);
    }
  }

  /** Begins the bins of scores again, with others. */
  void scoreBins(NumericBins bins) {
    scores = new ScoreBins(bins);
  }

  @Override
  public void merge(OutcomeSums other) {
    var binary = (BinaryOutcomes) other;
    confusion.merge(binary.confusion);
    losses.merge(binary.losses);
    if (scores != null && binary.scores != null) {
      scores.merge(binary.scores);
    }
    if (calibration != null && binary.calibration != null) {
      calibration.merge(binary.calibration);
    }
  }

  @Override
  public long total() {
    return confusion.total();
  }

  @Override
  public void measure(MeasureList measures) {
    BinaryMeasures of = confusion.binary(POSITIVE);
    measures.add("accuracy", of.accuracy());
    measures.add("balanced_accuracy", of.balancedAccuracy());
    measures.add("precision", of.precision());
    measures.add("recall", of.recall());
    measures.add("specificity", of.specificity());
    measures.add("f1", of.f1());
    measures.add("mcc", of.mcc());
    measures.add("kappa", of.kappa());
    measures.add("majority_baseline", of.majorityBaseline());
    measures.add("lift", of.lift());
    if (costs != null) {
      measures.add("cost", costs.mean(confusion));
    }
    if (scores != null && scores.support() > 0) {
      measures.add("roc_auc", scores.measuredRocAuc());
      measures.add("average_precision", scores.measuredAveragePrecision());
    }
    if (losses.support() + losses.invalid() == 0) {
      return;
    }
    // Some scores are no probabilities: those that could be are no better.
    boolean areProbabilities = losses.invalid() == 0;
    measures.add("log_loss", areProbabilities ? losses.measuredLogLoss() : noLoss());
    measures.add("brier", areProbabilities ? losses.measuredBrier() : noLoss());
    if (calibration != null) {
      Measured none = new Measured(Double.NaN, Interval.NONE, calibration.support());
      measures.add("ece", areProbabilities ? calibration.measuredError() : none);
      measures.add("calibration_z", areProbabilities ? calibration.measuredSpiegelhalter() : none);
    }
  }

  private Measured noLoss() {
    return new Measured(Double.NaN, Interval.NONE, losses.support());
  }

  @Override
  public void sequences(MeasureList measures) {
    BinaryMeasures of = confusion.binary(POSITIVE);
    measures.sequence("accuracy", of.accuracy());
    measures.sequence("precision", of.precision());
    measures.sequence("recall", of.recall());
    measures.sequence("specificity", of.specificity());
    if (losses.invalid() == 0) {
      measures.add("log_loss", losses.measuredLogLoss(), losses.logLossSequence());
      measures.add("brier", losses.measuredBrier(), losses.brierSequence());
    }
  }

  /** The threshold at which the scores would have cost least; null without costs or scores. */
  CostMatrix.@Nullable Threshold bestThreshold() {
    return costs == null || scores == null ? null : costs.best(scores);
  }

  Measured recall() {
    return confusion.binary(POSITIVE).recall();
  }

  ConfusionMatrix confusion() {
    return confusion;
  }

  /** Adds the scores to histograms over the same bounds. */
  void addScores(Histogram ofPositives, Histogram ofNegatives) {
    if (scores != null) {
      ofPositives.add(scores.counts(true), scores.sum(true));
      ofNegatives.add(scores.counts(false), scores.sum(false));
    }
  }

  boolean hasScores() {
    return scores != null && scores.support() > 0;
  }

  /** Null in sums without room for them. */
  @Nullable ScoreBins scores() {
    return scores;
  }

  double accuracy() {
    return confusion.binary(POSITIVE).accuracy().value();
  }
}
