package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.BinnedErrors;
import io.hindcast.stats.summary.NumericBins;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers of a model that answers with a number, by the reference's bins of them. As long as there
 * is no reference nothing is counted.
 */
final class NumberBins implements AnswerBins {
  private final Supplier<@Nullable NumericBins> bins;
  private long @Nullable [] predictions;
  private long squaredWeights;
  private @Nullable BinnedErrors labelled;

  /**
   * @param bins null until there are some; then they stay
   */
  NumberBins(Supplier<@Nullable NumericBins> bins) {
    this.bins = bins;
  }

  @Override
  public void predicted(PendingRecord prediction) {
    NumericBins of = bins.get();
    if (of != null && Double.isFinite(prediction.score)) {
      predictions(of)[of.cellOf(prediction.score)] += prediction.weight;
      squaredWeights += prediction.weight * prediction.weight;
    }
  }

  @Override
  public void change(PendingRecord prediction, double actual, long times) {
    change(prediction.score, actual, times);
  }

  void change(double predicted, double actual, long times) {
    NumericBins of = bins.get();
    if (of != null && Double.isFinite(predicted)) {
      labelled(of).change(of.cellOf(predicted), predicted - actual, times);
    }
  }

  @Override
  public void merge(AnswerBins other) {
    var numbers = (NumberBins) other;
    NumericBins of = bins.get();
    if (of == null) {
      return;
    }
    if (numbers.predictions != null) {
      squaredWeights += numbers.squaredWeights;
      for (int i = 0; i < numbers.predictions.length; i++) {
        predictions(of)[i] += numbers.predictions[i];
      }
    }
    if (numbers.labelled != null) {
      labelled(of).merge(numbers.labelled);
    }
  }

  private long[] predictions(NumericBins of) {
    if (predictions == null) {
      predictions = new long[of.cells()];
    }
    return predictions;
  }

  private BinnedErrors labelled(NumericBins of) {
    if (labelled == null) {
      labelled = new BinnedErrors(of.cells());
    }
    return labelled;
  }

  /** By bin; null if there are none. */
  long @Nullable [] predictions() {
    return predictions;
  }

  /** Σw²/Σw of the predictions: 1 without weights. */
  double effect() {
    long total = 0;
    for (int i = 0; predictions != null && i < predictions.length; i++) {
      total += predictions[i];
    }
    return total == 0 ? 1 : (double) squaredWeights / total;
  }

  /** Null if there are none. */
  @Nullable BinnedErrors labelled() {
    return labelled;
  }
}
