package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import java.time.Duration;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Predictions without a label, where {@code labels.absent} says what it means that none came: added
 * up as if they had that label, until they are old enough to have it. Owned by the monitor thread.
 */
final class AbsentLabels {
  /*
   * A slot holds the predictions of about a hundredth of the time, never of two cohorts. A
   * prediction whose label comes is taken out of its slot; what is left of a slot when its last
   * prediction is old enough are outcomes. So no record has to be visited at its horizon, in
   * whatever store it is, and the room does not grow with the predictions. A record is `implied` if
   * nothing is known of its truth and it is not younger than `impliedUntil`.
   *
   * Slots of an earlier process that are overdue when this one begins were outcomes of that one: they
   * go into their cohorts and not into the counters.
   */
  private static final int SLOTS = 100;
  private static final long[] WIDTHS = {
    1,
    10,
    100,
    1_000,
    5_000,
    15_000,
    60_000,
    300_000,
    900_000,
    3_600_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000
  };

  private final double means;
  private final long afterMillis;
  private final long width;
  private final Supplier<Cohort> empty;
  private final TreeMap<Long, Slot> slots = new TreeMap<>();
  private long impliedUntil = Long.MIN_VALUE;
  private long impliedBefore = Long.MIN_VALUE;
  private boolean hasBegun;

  /**
   * @param means the class
   * @param cohortMillis what a cohort covers
   */
  AbsentLabels(double means, Duration after, long cohortMillis, Supplier<Cohort> empty) {
    this.means = means;
    this.afterMillis = after.toMillis();
    this.empty = empty;
    long chosen = WIDTHS[0];
    for (long each : WIDTHS) {
      if (each <= afterMillis / SLOTS && each <= cohortMillis) {
        chosen = each;
      }
    }
    this.width = chosen;
  }

  /** What the predictions of a short stretch of time would be. */
  static final class Slot {
    final Cohort outcomes;

    /** Those of an earlier process, as predictions. */
    final Cohort restored;

    long newestMillis = Long.MIN_VALUE;
    long records;
    boolean isOutcomes;
    boolean isFromBefore;

    Slot(Cohort outcomes, Cohort restored) {
      this.outcomes = outcomes;
      this.restored = restored;
    }
  }

  /** Told what time makes of slots. */
  interface Due {
    /** Its predictions are old enough. */
    void outcomes(Slot slot);

    /** Its predictions of an earlier process wait on in this one. */
    void restored(Slot slot);
  }

  /** The class that a missing label means. */
  double means() {
    return means;
  }

  /** Whether its missing label is an outcome by now, if it has none. */
  boolean isImplied(PendingRecord record) {
    return record.predictedAtMillis <= impliedUntil;
  }

  /** Whether that was so before this process. */
  boolean isImpliedBefore(PendingRecord record) {
    return record.predictedAtMillis <= impliedBefore;
  }

  /** When that is so. */
  long dueMillis(PendingRecord record) {
    return record.predictedAtMillis + afterMillis;
  }

  /** Adds a prediction that waits, or takes it out. */
  Slot change(PendingRecord record, int sign) {
    long start = Math.floorDiv(record.predictedAtMillis, width) * width;
    Slot slot = slots.computeIfAbsent(start, at -> new Slot(empty.get(), empty.get()));
    slot.newestMillis = Math.max(slot.newestMillis, record.predictedAtMillis);
    slot.records += sign;
    slot.outcomes.change(record, means, sign * record.weight);
    return slot;
  }

  /** Hands over what has become old enough, the oldest first. */
  void letPass(long nowMillis, Due due) {
    while (!slots.isEmpty()) {
      long start = slots.firstKey();
      Slot slot = slots.firstEntry().getValue();
      if (nowMillis - slot.newestMillis < afterMillis) {
        break;
      }
      slots.remove(start);
      slot.isOutcomes = true;
      slot.isFromBefore = !hasBegun;
      impliedUntil = Math.max(impliedUntil, start + width - 1);
      due.outcomes(slot);
    }
    if (!hasBegun) {
      hasBegun = true;
      impliedBefore = impliedUntil;
      slots.values().forEach(due::restored);
    }
  }

  /** Whether this process has predicted anything. */
  boolean hasBegun() {
    return hasBegun;
  }

  Iterable<Slot> waiting() {
    return slots.values();
  }
}
