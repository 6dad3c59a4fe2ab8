package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.ConfusionMatrix;

/**
 * How many outcomes of a model with several classes were right, and no more: for the parts of
 * cohorts, where a matrix of fifty classes would be too large.
 */
final class ShareOutcomes implements OutcomeSums {
  /** Right or wrong, as if there were two classes of which all rows are one. */
  private final ConfusionMatrix outcomes = new ConfusionMatrix(2);

  @Override
  public void change(PendingRecord prediction, double actual, long times) {
    outcomes.change(1, prediction.predictedClass == (int) actual ? 1 : 0, times);
  }

  @Override
  public void merge(OutcomeSums other) {
    outcomes.merge(((ShareOutcomes) other).outcomes);
  }

  @Override
  public long total() {
    return outcomes.total();
  }

  @Override
  public void measure(MeasureList measures) {
    measures.add("accuracy", outcomes.binary(1).accuracy());
  }

  @Override
  public void sequences(MeasureList measures) {
    measures.sequence("accuracy", outcomes.binary(1).accuracy());
  }
}
