package io.hindcast.core.join;

import io.hindcast.core.join.PendingRecord.State;
import io.hindcast.core.model.LabelEvent;
import java.util.Objects;

/**
 * What a label does to the record of its prediction: the only place that decides it, for every
 * store. No state of its own; any thread.
 *
 * <pre>
 * before \ event   value            the same value   "cannot be known"   retraction
 * PENDING          joined           –                null                retracted
 * LABELLED         corrected        duplicate        null                retracted
 * NULL             corrected        –                duplicate           retracted
 * RETRACTED        joined           –                null                duplicate
 * </pre>
 *
 * An event that is smaller in the order than the last one is {@code stale} instead; one that is no
 * label of this model is {@code rejected}. Both change nothing.
 */
public final class LabelMachine {
  /*
   * The order of events is (revision, event time in seconds, value), and the state of a record is
   * its largest event; so it does not depend on the order in which they come, nor on how often. No
   * revision is 0, no event time is the arrival. Among values, "cannot be known" is the smallest
   * and a retraction the largest. Events with neither revision nor time (`byArrival`) are ordered
   * among themselves by their arrival alone, and are the only ones for which that matters.
   *
   * The same value with a larger place in the order moves the record to that place: what lies
   * between is stale from then on.
   *
   * Labels.retract(id) says neither revision nor time, and means whatever was sent before: it takes
   * the record's own revision and the later of its time and now.
   */
  /** Larger revisions are as this one: a record keeps 23 bits of it. */
  public static final int LARGEST_REVISION = (1 << 23) - 1;

  /** The event time of one that is older than all others, and the first of which counts. */
  public static final long EARLIEST_MILLIS = Long.MIN_VALUE;

  private static final long FUTURE_MILLIS = 5 * 60_000;
  private static final long LARGEST_SECONDS = 0xFFFF_FFFFL;

  private LabelMachine() {}

  /**
   * Moves the record to where the event takes it.
   *
   * @param arrivedMillis when the event came
   * @return {@code JOINED}, {@code CORRECTED}, {@code RETRACTED} or {@code NULL}: the truth of the
   *     record is another one now; {@code DUPLICATE}: at most its place in the order; {@code STALE}
   *     or {@code REJECTED}: nothing of it
   */
  public static LabelOutcome apply(
      PendingRecord record, LabelEvent event, long arrivedMillis, TruthValues values) {
    State next = stateOf(event);
    double actual = 0;
    if (next == State.LABELLED) {
      Double named = values.actualOf(Objects.requireNonNull(event.actual()));
      if (named == null) {
        return LabelOutcome.REJECTED;
      }
      actual = named;
    }
    boolean byArrival = event.revision() == 0 && event.atMillis() == null;
    boolean takesBackAll = next == State.RETRACTED && byArrival;
    int revision = Math.min(event.revision(), LARGEST_REVISION);
    long seconds = secondsOf(event, record.predictedAtMillis, arrivedMillis);
    if (takesBackAll) {
      revision = record.revision;
      seconds = Math.max(record.eventSeconds, seconds);
    }
    boolean isLater =
        takesBackAll
            || record.state == State.PENDING
            || isLater(record, revision, seconds, byArrival, next, actual, values);
    boolean isSame = record.state == next && (next != State.LABELLED || record.actual == actual);
    if (!isSame && !isLater) {
      return LabelOutcome.STALE;
    }
    LabelOutcome outcome = isSame ? LabelOutcome.DUPLICATE : outcomeOf(record.state, next);
    if (!isSame) {
      record.state = next;
      record.actual = actual;
      record.actedOn = event.actedOn();
    }
    if (isLater) {
      record.revision = revision;
      record.eventSeconds = seconds;
      record.byArrival = byArrival;
    }
    return outcome;
  }

  private static State stateOf(LabelEvent event) {
    if (event.retracted()) {
      return State.RETRACTED;
    }
    return event.actual() == null ? State.NULL : State.LABELLED;
  }

  /** Not before the prediction, and not in the future but for skewed clocks. */
  private static long secondsOf(LabelEvent event, long predictedAtMillis, long arrivedMillis) {
    Long at = event.atMillis();
    if (at != null && at == EARLIEST_MILLIS) {
      return 0;
    }
    long latest = arrivedMillis + FUTURE_MILLIS;
    long millis = at == null ? arrivedMillis : Math.max(predictedAtMillis, Math.min(at, latest));
    return Math.max(0, Math.min(Math.floorDiv(millis, 1000), LARGEST_SECONDS));
  }

  private static boolean isLater(
      PendingRecord record,
      int revision,
      long seconds,
      boolean byArrival,
      State next,
      double actual,
      TruthValues values) {
    if (revision != record.revision) {
      return revision > record.revision;
    }
    if (byArrival && record.byArrival) {
      return true;
    }
    if (seconds == 0) {
      return false;
    }
    if (seconds != record.eventSeconds) {
      return seconds > record.eventSeconds;
    }
    if (next == State.LABELLED && record.state == State.LABELLED) {
      return values.compare(actual, record.actual) > 0;
    }
    return rank(next) > rank(record.state);
  }

  private static int rank(State state) {
    return switch (state) {
      case PENDING -> -1;
      case NULL -> 0;
      case LABELLED -> 1;
      case RETRACTED -> 2;
    };
  }

  private static LabelOutcome outcomeOf(State before, State next) {
    return switch (next) {
      case NULL -> LabelOutcome.NULL;
      case RETRACTED -> LabelOutcome.RETRACTED;
      default ->
          before == State.PENDING || before == State.RETRACTED
              ? LabelOutcome.JOINED
              : LabelOutcome.CORRECTED;
    };
  }
}
