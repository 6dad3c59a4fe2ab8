package io.hindcast.core.join;

import java.util.Locale;

/** What became of a label: values of {@code ml.label.outcome}. */
public enum LabelOutcome {
  /** The first value of its prediction, or the first after a retraction. */
  JOINED,
  /** Another value, later in the order: took the place of the one before. */
  CORRECTED,
  /** The value that the prediction has already. */
  DUPLICATE,
  /** Another value, earlier in the order: no effect. */
  STALE,
  /** Took the value back. */
  RETRACTED,
  /** Came before its prediction and waits; counted in addition to what becomes of it. */
  PARKED,
  /** No prediction of this id came in time. */
  UNKNOWN,
  /** Its prediction is older than the time to live. */
  EXPIRED,
  /** Its prediction is not among those that were kept, as far as can be told. */
  NOT_SAMPLED,
  /** "Cannot be known": resolved, and in no measure. */
  NULL,
  /** None came, and the configuration says what that means; a later one is a correction. */
  IMPLIED,
  /** Found the queue full. */
  DROPPED,
  /** No label, or none that this model can have. */
  REJECTED;

  private final String value = name().toLowerCase(Locale.ROOT);

  /** As in the metric catalogue. */
  public String value() {
    return value;
  }

  /** May a version of a model count it? The others belong to none. */
  public boolean hasRecord() {
    return switch (this) {
      case PARKED, UNKNOWN, NOT_SAMPLED, DROPPED -> false;
      default -> true;
    };
  }
}
