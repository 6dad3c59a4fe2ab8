package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;

/**
 * Sums over outcomes from which every measure follows. The sums of two sets add up to those of
 * both. Owned by the monitor thread.
 */
sealed interface OutcomeSums
    permits BinaryOutcomes, MulticlassOutcomes, PartOutcomes, RegressionOutcomes {
  /** Adds an outcome that stands for {@code times}; takes it back where that is negative. */
  void change(PendingRecord prediction, double actual, long times);

  /** Adds another of the same kind. */
  void merge(OutcomeSums other);

  /** Outcomes that count, those that were not seen included. */
  long total();

  /** Writes every measure. */
  void measure(MeasureList measures);

  /** Writes the bounds that hold at all times at once. */
  void sequences(MeasureList measures);
}
