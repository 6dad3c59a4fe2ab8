package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;

/**
 * Predictions of a cohort by bin of what was answered, and how those that have a label turned out:
 * what estimates are learnt from where the bins of scores by true class do not say it. Owned by the
 * monitor thread.
 */
sealed interface AnswerBins permits ConfidenceBins, NumberBins {
  void predicted(PendingRecord prediction);

  /** Adds an outcome that stands for {@code times}; takes it back where that is negative. */
  void change(PendingRecord prediction, double actual, long times);

  /** Adds another of the same kind. */
  void merge(AnswerBins other);
}
