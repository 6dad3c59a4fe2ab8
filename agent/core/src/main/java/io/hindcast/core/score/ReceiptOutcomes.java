package io.hindcast.core.score;

import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a version, for labels that came with receipts: their predictions were counted
 * when they were made, here or elsewhere, and none of them waits. Owned by the monitor thread.
 */
record ReceiptOutcomes(ModelOutcomes of) implements OutcomeSink {
  @Override
  public void predicted(PendingRecord prediction) {}

  @Override
  public void pending(int change) {}

  @Override
  public void lost(LostReason reason, long predictions) {}

  @Override
  public void restored(PendingRecord record) {
    of.restoredLabel(record);
  }

  @Override
  public List<String> classes() {
    return of.classes();
  }

  @Override
  public List<String> probabilityClasses() {
    return List.of();
  }

  @Override
  public @Nullable Double actualOf(Object label) {
    return of.actualOf(label);
  }

  @Override
  public @Nullable Double wouldBe(Object label) {
    return of.wouldBe(label);
  }

  @Override
  public int compare(double actual, double other) {
    return of.compare(actual, other);
  }

  @Override
  public void add(PendingRecord record, double actual) {
    of.add(record, actual);
  }

  @Override
  public void retract(PendingRecord record, double actual) {
    of.retract(record, actual);
  }

  @Override
  public void unknowable(PendingRecord record, boolean isSo) {
    of.unknowable(record, isSo);
  }

  @Override
  public int delay(long millis) {
    return of.delay(millis);
  }

  @Override
  public void count(LabelOutcome outcome) {
    of.count(outcome);
  }
}
