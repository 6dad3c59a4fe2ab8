package io.hindcast.core.join;

import org.jspecify.annotations.Nullable;

/** Where the outcomes of one version of a model go. Monitor thread only. */
public interface OutcomeSink {
  /**
   * The class or value that a label says.
   *
   * @param label a Boolean, Number or String
   * @return null if this model can have no such label
   */
  @Nullable Double actualOf(Object label);

  /** Order of two such values that does not depend on which was seen first. */
  int compare(double actual, double other);

  /** A prediction has got a truth, or another one. */
  void add(PendingRecord record, double actual);

  /** A truth was taken back. */
  void retract(PendingRecord record, double actual);

  /** A prediction turned out to have no truth that can be known, or to have one after all. */
  void unknowable(PendingRecord record, boolean isSo);

  /** The first label of a prediction came. */
  void delay(long millis);

  /** A label for one of the predictions came to this. */
  void count(LabelOutcome outcome);

  /** A prediction is waiting for a label, or waits no longer. */
  void pending(int change);

  /** A prediction left without a label: a reason of {@code hindcast.pending.lost}. */
  void lost(LostReason reason);

  /** Why a prediction left without a label. */
  enum LostReason {
    UNLABELLED("unlabelled"),
    EVICTED("evicted"),
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
