package io.hindcast.core.receipt;

import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a version, of whose records from before somebody else is told, too. Owned by the
 * monitor thread.
 */
record RestoredOutcomes(OutcomeSink version, Consumer<PendingRecord> told) implements OutcomeSink {
  @Override
  public void restored(PendingRecord record) {
    version.restored(record);
    told.accept(record);
  }

  @Override
  public void predicted(PendingRecord prediction) {
    version.predicted(prediction);
  }

  @Override
  public void pending(int change) {
    version.pending(change);
  }

  @Override
  public void lost(LostReason reason, long predictions) {
    version.lost(reason, predictions);
  }

  @Override
  public List<String> classes() {
    return version.classes();
  }

  @Override
  public List<String> probabilityClasses() {
    return version.probabilityClasses();
  }

  @Override
  public @Nullable Double actualOf(Object label) {
    return version.actualOf(label);
  }

  @Override
  public @Nullable Double wouldBe(Object label) {
    return version.wouldBe(label);
  }

  @Override
  public int compare(double actual, double other) {
    return version.compare(actual, other);
  }

  @Override
  public void add(PendingRecord record, double actual) {
    version.add(record, actual);
  }

  @Override
  public void retract(PendingRecord record, double actual) {
    version.retract(record, actual);
  }

  @Override
  public void unknowable(PendingRecord record, boolean isSo) {
    version.unknowable(record, isSo);
  }

  @Override
  public int delay(long millis) {
    return version.delay(millis);
  }

  @Override
  public void count(LabelOutcome outcome) {
    version.count(outcome);
  }
}
