package io.hindcast.api;

import java.time.Instant;

/**
 * A label with what is known about it beside its value. Immutable; each method returns a changed
 * copy.
 *
 * <pre>{@code
 * Labels.report(LabelReport.of(id, "fraud").model("m").at(eventTime).revision(3));
 * }</pre>
 */
public final class LabelReport {
  private final String id;
  private final Object actual;
  private final String model;
  private final Instant at;
  private final int revision;
  private final boolean actedOn;
  private final String reason;

  private LabelReport(
      String id,
      Object actual,
      String model,
      Instant at,
      int revision,
      boolean actedOn,
      String reason) {
    this.id = id;
    this.actual = actual;
    this.model = model;
    this.at = at;
    this.revision = revision;
    this.actedOn = actedOn;
    this.reason = reason;
  }

  /**
   * The truth about one prediction.
   *
   * @param id of the prediction
   * @param actual a {@link Boolean}, {@link Number} or {@link String}; null if it cannot be known
   */
  public static LabelReport of(String id, Object actual) {
    return new LabelReport(id, actual, null, null, 0, false, null);
  }

  /** For this model alone; by default for every model that holds the id. */
  public LabelReport model(String name) {
    return new LabelReport(id, actual, name, at, revision, actedOn, reason);
  }

  /** When the event happened; by default when the label arrives. */
  public LabelReport at(Instant time) {
    return new LabelReport(id, actual, model, time, revision, actedOn, reason);
  }

  /** Larger revisions win over smaller ones, in whatever order they arrive. From 1. */
  public LabelReport revision(int number) {
    return new LabelReport(id, actual, model, at, number, actedOn, reason);
  }

  /** The prediction was acted on, so that the outcome is no longer what it would have been. */
  public LabelReport actedOn(boolean yes) {
    return new LabelReport(id, actual, model, at, revision, yes, reason);
  }

  /** Free text for those who read logs. Never exported. */
  public LabelReport reason(String text) {
    return new LabelReport(id, actual, model, at, revision, actedOn, text);
  }

  /** JDK types only: what may cross from the application's class loader to the agent's. */
  Object[] toArray() {
    return new Object[] {
      id, actual, model, at == null ? null : at.toEpochMilli(), revision, actedOn, reason
    };
  }
}
