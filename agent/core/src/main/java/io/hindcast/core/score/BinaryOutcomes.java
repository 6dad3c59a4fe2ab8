package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.BinaryMeasures;
import io.hindcast.stats.performance.ConfusionMatrix;
import io.hindcast.stats.performance.ProbabilityLosses;
import io.hindcast.stats.performance.ScoreBins;
import io.hindcast.stats.summary.NumericBins;

/** Outcomes of a model with two classes. */
final class BinaryOutcomes implements OutcomeSums {
  static final int NEGATIVE = 0;
  static final int POSITIVE = 1;

  private final ConfusionMatrix confusion = new ConfusionMatrix(2);
  private final ProbabilityLosses losses = new ProbabilityLosses();
  private ScoreBins scores;

  BinaryOutcomes(NumericBins scoreBins) {
    scores = new ScoreBins(scoreBins);
  }

  @Override
  public void change(PendingRecord prediction, double actual, long times) {
    int truth = (int) actual;
    confusion.change(truth, prediction.predictedClass, times);
    if (Double.isFinite(prediction.score)) {
      changeScore(prediction.score, truth == POSITIVE, times);
      losses.change(prediction.score, truth == POSITIVE, times);
    }
  }

  /** Only the bins of scores: for those that were counted before the bins were known. */
  void changeScore(double score, boolean isPositive, long times) {
    scores.change(score, isPositive, times);
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
    scores.merge(binary.scores);
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
    long scored = scores.total(true) + scores.total(false);
    if (scored > 0) {
      measures.add("roc_auc", scores.rocAuc(), scored);
      measures.add("average_precision", scores.averagePrecision(), scored);
      // Some scores are no probabilities: those that could be are no better.
      boolean areProbabilities = losses.invalid() == 0;
      measures.add("log_loss", areProbabilities ? losses.logLoss() : Double.NaN, losses.support());
      measures.add("brier", areProbabilities ? losses.brier() : Double.NaN, losses.support());
    }
  }
}
