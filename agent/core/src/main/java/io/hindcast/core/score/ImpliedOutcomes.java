package io.hindcast.core.score;

import io.hindcast.core.drift.ErrorDrift;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.ConfusionMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of predictions whose label did not come, where the configuration says what that means.
 * Owned by the monitor thread.
 */
final class ImpliedOutcomes implements AbsentLabels.Due {
  private final AbsentLabels absent;
  private final OutcomeCounters counters;
  private final OutcomeWindows windows;
  private final FleetHistograms histograms;
  private final EarlyOutcomes early;
  private final Outcome outcome;
  private @Nullable ErrorDrift errors;

  /** Where an implied outcome goes that is told by itself. */
  interface Outcome {
    void change(PendingRecord record, double actual, long times);
  }

  ImpliedOutcomes(
      AbsentLabels absent,
      OutcomeCounters counters,
      OutcomeWindows windows,
      FleetHistograms histograms,
      EarlyOutcomes early,
      Outcome outcome) {
    this.absent = absent;
    this.counters = counters;
    this.windows = windows;
    this.histograms = histograms;
    this.early = early;
    this.outcome = outcome;
  }

  void errors(ErrorDrift alarm) {
    errors = alarm;
  }

  /** A prediction of which nothing is known waits from now on, or no longer. */
  void waits(PendingRecord record, boolean isSo) {
    if (!absent.hasBegun()) {
      letPass(record.predictedAtMillis);
    }
    if (isSo && absent.isImplied(record)) {
      imply(record);
    } else {
      wait(record, isSo ? 1 : -1);
    }
  }

  /** A prediction of an earlier process waits. */
  void restored(PendingRecord record) {
    wait(record, 1).restored.predicted(record);
  }

  private AbsentLabels.Slot wait(PendingRecord record, int sign) {
    AbsentLabels.Slot slot = absent.change(record, sign);
    if (slot.outcomes.outcomes instanceof BinaryOutcomes && Double.isFinite(record.score)) {
      early.add(record, absent.means(), sign * record.weight, slot);
    }
    return slot;
  }

  /** As {@link ModelOutcomes#implied}. */
  @Nullable Double implied(PendingRecord record, long nowMillis) {
    long now = nowMillis == Long.MAX_VALUE ? absent.dueMillis(record) : nowMillis;
    letPass(now);
    if (absent.isImplied(record)) {
      record.isFromBefore |= absent.isImpliedBefore(record);
      return absent.means();
    }
    if (now < absent.dueMillis(record)) {
      return null;
    }
    // Old enough itself, though not the youngest of its slot.
    wait(record, -1);
    imply(record);
    return absent.means();
  }

  @Nullable Double wouldImply(PendingRecord record, long nowMillis) {
    boolean isDue = absent.isImplied(record) || nowMillis >= absent.dueMillis(record);
    return isDue ? (Double) absent.means() : null;
  }

  private void imply(PendingRecord record) {
    counters.pending(-1);
    counters.label(LabelOutcome.IMPLIED, 1);
    outcome.change(record, absent.means(), record.weight);
  }

  void letPass(long nowMillis) {
    absent.letPass(nowMillis, this);
  }

  @Override
  public void outcomes(AbsentLabels.Slot slot) {
    counters.pending(-slot.records);
    Cohort cohort = windows.cohorts.at(slot.newestMillis);
    if (cohort != null) {
      cohort.merge(slot.outcomes);
    }
    if (slot.isFromBefore) {
      return;
    }
    windows.all.merge(slot.outcomes);
    counters.label(LabelOutcome.IMPLIED, slot.records);
    if (slot.outcomes.outcomes instanceof MulticlassOutcomes multiclass) {
      tell(slot.newestMillis, multiclass.confusion());
    } else if (slot.outcomes.outcomes instanceof BinaryOutcomes binary) {
      tell(slot.newestMillis, binary.confusion());
      histograms.add(binary);
    }
  }

  @Override
  public void restored(AbsentLabels.Slot slot) {
    windows.all.merge(slot.restored);
  }

  private void tell(long predictedAtMillis, ConfusionMatrix outcomes) {
    counters.pairs(outcomes);
    if (errors != null) {
      long right = outcomes.correct();
      errors.add(predictedAtMillis, right, outcomes.total() - right);
    }
  }

  /** The edges of the bins of scores are known: begins those of what waits again. */
  void beginScores() {
    absent.waiting().forEach(slot -> windows.begin(slot.outcomes));
  }
}
