package io.hindcast.core.join;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the outcomes of one version of a model go. Monitor thread only. */
public interface OutcomeSink extends TruthValues {
  /** A prediction was made; kept or not, it is to be labelled. */
  void predicted(PendingRecord prediction);

  /** A prediction of an earlier process, with what is known of its truth. */
  void restored(PendingRecord record);

  /** Names of the classes, by number; grows at its end. Empty where labels are values. */
  List<String> classes();

  /** Names of the classes of {@link PendingRecord#probabilities}, by place. */
  List<String> probabilityClasses();

  /** A prediction has got a truth, or another one. */
  void add(PendingRecord record, double actual);

  /** A truth was taken back. */
  void retract(PendingRecord record, double actual);

  /** A prediction turned out to have no truth that can be known, or to have one after all. */
  void unknowable(PendingRecord record, boolean isSo);

  /**
   * The first label of a prediction came.
   *
   * @return the delay in a form that {@link PendingRecord#delay} keeps
   */
  int delay(long millis);

  /** A label for one of the predictions came to this. */
  void count(LabelOutcome outcome);

  /** A prediction is waiting for a label, or waits no longer. */
  void pending(int change);

  /** A prediction of which nothing is known waits from now on, or no longer. */
  default void waits(PendingRecord record, boolean isSo) {}

  /**
   * The class or value that a prediction of which nothing is known has by now, because no label
   * came; it is counted as its outcome then.
   *
   * @param nowMillis {@code Long.MAX_VALUE} at the end of its time to live
   * @return null if it has none
   */
  default @Nullable Double implied(PendingRecord record, long nowMillis) {
    return null;
  }

  /** What it means that no label comes, for a store that sees to it itself; null: nothing. */
  default @Nullable Absence absence() {
    return null;
  }

  /**
   * No label by then is this one.
   *
   * @param actual the class
   * @param afterMillis from the prediction
   */
  record Absence(double actual, long afterMillis) {}

  /**
   * As {@link #actualOf} and of no effect.
   *
   * @return −1 for a class that was not met yet
   */
  default @Nullable Double wouldBe(Object label) {
    return actualOf(label);
  }

  /** As {@link #implied} and of no effect. */
  default @Nullable Double wouldImply(PendingRecord record, long nowMillis) {
    return null;
  }

  /** Predictions left without a label: a reason of {@code hindcast.pending.lost}. */
  void lost(LostReason reason, long predictions);

  /** Why a prediction left without a label. */
  enum LostReason {
    UNLABELLED("unlabelled"),
    EVICTED("evicted"),
    DISK("disk"),
    TORN("torn"),
    ID_CONFLICT("id_conflict");

    private final String value;

    LostReason(String value) {
      this.value = value;
    }

    /** As in the metric catalogue. */
    public String value() {
      return value;
    }
  }
}
