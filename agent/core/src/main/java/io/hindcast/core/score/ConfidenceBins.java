package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.BinnedConfidences;

/** Answers of a model with several classes, by class and largest probability. */
final class ConfidenceBins implements AnswerBins {
  /** All predictions; nobody knows which of them are right. */
  final BinnedConfidences predictions = new BinnedConfidences();

  final BinnedConfidences labelled = new BinnedConfidences();

  @Override
  public void predicted(PendingRecord prediction) {
    change(predictions, prediction, false, prediction.weight);
  }

  @Override
  public void change(PendingRecord prediction, double actual, long times) {
    change(labelled, prediction, prediction.predictedClass == (int) actual, times);
  }

  private static void change(
      BinnedConfidences to, PendingRecord prediction, boolean isRight, long times) {
    double confidence = confidence(prediction);
    if (prediction.predictedClass != PendingRecord.NO_CLASS && !Double.isNaN(confidence)) {
      to.change(prediction.predictedClass, confidence, isRight, times);
    }
  }

  /** NaN without probabilities. */
  private static double confidence(PendingRecord prediction) {
    double largest = Double.NaN;
    for (int i = 0; i < prediction.probabilityCount; i++) {
      double each = prediction.probabilities[i];
      largest = each <= largest ? largest : each;
    }
    return largest;
  }

  @Override
  public void merge(AnswerBins other) {
    var bins = (ConfidenceBins) other;
    predictions.merge(bins.predictions);
    labelled.merge(bins.labelled);
  }
}
