package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.RegressionSums;

/** Outcomes of a model that answers with a number. */
final class RegressionOutcomes implements OutcomeSums {
  private final RegressionSums sums = new RegressionSums();

  @Override
  public void change(PendingRecord prediction, double actual, long times) {
    sums.change(prediction.score, actual, times);
  }

  @Override
  public void merge(OutcomeSums other) {
    sums.merge(((RegressionOutcomes) other).sums);
  }

  @Override
  public long total() {
    return sums.support();
  }

  @Override
  public void measure(MeasureList measures) {
    measures.add("mae", sums.measuredMae());
    measures.add("mse", sums.measuredMse());
    measures.add("rmse", sums.measuredRmse());
    measures.add("bias", sums.measuredBias());
    measures.add("r2", sums.measuredR2());
    measures.add("explained_variance", sums.measuredExplainedVariance());
    measures.add("mape", sums.measuredMape());
    measures.add("weighted_mape", sums.measuredWeightedMape());
  }

  @Override
  public void sequences(MeasureList measures) {
    measures.add("mae", sums.measuredMae(), sums.maeSequence());
    measures.add("mse", sums.measuredMse(), sums.mseSequence());
    measures.add("bias", sums.measuredBias(), sums.biasSequence());
  }
}
