package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes from before the bounds of histograms were known, one by one, until they are. Owned by
 * the monitor thread.
 */
final class EarlyOutcomes {
  /*
   * The bounds of ml.outcome.score and ml.regression.absolute_error come from the reference, which
   * may be learnt only after the first labels have come. Until then the histograms are not shown;
   * the measures over scores use 50 equal bins meanwhile.
   */
  private static final int MOST = 1 << 17;

  private final Runnable whenFull;
  private @Nullable List<Outcome> outcomes = new ArrayList<>();

  /**
   * @param whenFull to end it: the histograms begin with whatever bounds there are
   */
  EarlyOutcomes(Runnable whenFull) {
    this.whenFull = whenFull;
  }

  /**
   * @param slot of a prediction that waits, where its outcome is that it has no label
   * @param isOfAll false if only its cohort has it: it is from an earlier process
   */
  private record Outcome(
      long predictedAtMillis,
      double predicted,
      double actual,
      long times,
      AbsentLabels.@Nullable Slot slot,
      boolean isOfAll) {
    boolean isPositive() {
      return (int) actual == BinaryOutcomes.POSITIVE;
    }
  }

  /** Whether the bounds are known: then nothing is remembered. */
  boolean isOver() {
    return outcomes == null;
  }

  /**
   * @param isOfAll false if only its cohort has it
   */
  void add(PendingRecord record, double actual, long times, boolean isOfAll) {
    add(record, actual, times, null, isOfAll);
  }

  /** A prediction that waits in a slot, as if it had the label that absence means. */
  void add(PendingRecord record, double actual, long times, AbsentLabels.Slot slot) {
    add(record, actual, times, slot, true);
  }

  private void add(
      PendingRecord record,
      double actual,
      long times,
      AbsentLabels.@Nullable Slot slot,
      boolean isOfAll) {
    if (outcomes != null) {
      outcomes.add(
          new Outcome(record.predictedAtMillis, record.score, actual, times, slot, isOfAll));
      if (outcomes.size() == MOST) {
        whenFull.run();
      }
    }
  }

  /** Into histograms whose bounds are now known, and into the bins of scores. */
  void enter(FleetHistograms histograms, OutcomeWindows windows, boolean areScores) {
    List<Outcome> remembered = outcomes == null ? List.of() : outcomes;
    outcomes = null;
    for (Outcome outcome : remembered) {
      if (outcome.slot != null) {
        enterAbsent(outcome, outcome.slot, histograms, windows);
        continue;
      }
      if (outcome.times > 0 && outcome.isOfAll) {
        histograms.add(outcome.predicted, outcome.actual, outcome.times);
      }
      if (areScores) {
        windows.changeScore(
            outcome.predictedAtMillis,
            outcome.predicted,
            outcome.isPositive(),
            outcome.times,
            outcome.isOfAll);
      } else {
        windows.changeAnswer(
            outcome.predictedAtMillis, outcome.predicted, outcome.actual, outcome.times);
      }
    }
  }

  private static void enterAbsent(
      Outcome outcome, AbsentLabels.Slot slot, FleetHistograms histograms, OutcomeWindows windows) {
    if (!slot.isOutcomes) {
      ((BinaryOutcomes) slot.outcomes.outcomes)
          .changeScore(outcome.predicted, outcome.isPositive(), outcome.times);
      return;
    }
    // Those that were taken out of their slot in time take back what was counted just before.
    if (!slot.isFromBefore) {
      histograms.expectScores();
      histograms.add(outcome.predicted, outcome.actual, outcome.times);
    }
    windows.changeScore(
        outcome.predictedAtMillis,
        outcome.predicted,
        outcome.isPositive(),
        outcome.times,
        !slot.isFromBefore);
  }
}
