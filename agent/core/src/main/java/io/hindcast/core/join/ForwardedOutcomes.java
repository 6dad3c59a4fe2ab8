package io.hindcast.core.join;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells another sink everything but what its implementations keep back. Monitor thread only. */
public interface ForwardedOutcomes extends OutcomeSink {
  OutcomeSink to();

  @Override
  default void predicted(PendingRecord prediction) {
    to().predicted(prediction);
  }

  @Override
  default void restored(PendingRecord record) {
    to().restored(record);
  }

  @Override
  default List<String> classes() {
    return to().classes();
  }

  @Override
  default List<String> probabilityClasses() {
    return to().probabilityClasses();
  }

  @Override
  default void add(PendingRecord record, double actual) {
    to().add(record, actual);
  }

  @Override
  default void retract(PendingRecord record, double actual) {
    to().retract(record, actual);
  }

  @Override
  default void unknowable(PendingRecord record, boolean isSo) {
    to().unknowable(record, isSo);
  }

  @Override
  default int delay(long millis) {
    return to().delay(millis);
  }

  @Override
  default void count(LabelOutcome outcome) {
    to().count(outcome);
  }

  @Override
  default void pending(int change) {
    to().pending(change);
  }

  @Override
  default void waits(PendingRecord record, boolean isSo) {
    to().waits(record, isSo);
  }

  @Override
  default @Nullable Double implied(PendingRecord record, long nowMillis) {
    return to().implied(record, nowMillis);
  }

  @Override
  default @Nullable Absence absence() {
    return to().absence();
  }

  @Override
  default @Nullable Double wouldBe(Object label) {
    return to().wouldBe(label);
  }

  @Override
  default @Nullable Double wouldImply(PendingRecord record, long nowMillis) {
    return to().wouldImply(record, nowMillis);
  }

  @Override
  default void lost(LostReason reason, long predictions) {
    to().lost(reason, predictions);
  }

  @Override
  default @Nullable Double actualOf(Object label) {
    return to().actualOf(label);
  }

  @Override
  default int compare(double actual, double other) {
    return to().compare(actual, other);
  }
}
