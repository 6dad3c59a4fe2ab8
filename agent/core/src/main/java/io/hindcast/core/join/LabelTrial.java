package io.hindcast.core.join;

import io.hindcast.core.model.LabelEvent;
import org.jspecify.annotations.Nullable;

/** What a label would do, without doing it: for dry runs, in every store. No state of its own. */
public final class LabelTrial {
  /** Of a class that the model has not met. */
  static final double NEW_CLASS = -1;

  private LabelTrial() {}

  /**
   * What {@link LabelMachine} would say; nobody is told.
   *
   * @param record a copy of the stored one, since it changes
   */
  public static LabelOutcome of(
      PendingRecord record, LabelEvent event, long arrivedMillis, OutcomeSink sink) {
    if (record.state == PendingRecord.State.PENDING) {
      Double implied = sink.wouldImply(record, arrivedMillis);
      if (implied != null) {
        record.state = PendingRecord.State.LABELLED;
        record.actual = implied;
      }
    }
    return LabelMachine.apply(record, event, arrivedMillis, new Untold(sink));
  }

  private record Untold(OutcomeSink sink) implements TruthValues {
    @Override
    public @Nullable Double actualOf(Object label) {
      return sink.wouldBe(label);
    }

    @Override
    public int compare(double actual, double other) {
      // A class without number has no name to compare; within one second either order may be right.
      return actual == NEW_CLASS ? 1 : sink.compare(actual, other);
    }
  }
}
