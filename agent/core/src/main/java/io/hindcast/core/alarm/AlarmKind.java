package io.hindcast.core.alarm;

/** Why an alarm fires. */
public enum AlarmKind {
  INPUT_DRIFT("input_drift"),
  OUTPUT_DRIFT("output_drift"),
  ERROR_DRIFT("error_drift"),
  DATA_QUALITY("data_quality"),
  PERFORMANCE("performance");

  private final String value;

  AlarmKind(String value) {
    this.value = value;
  }

  /** As in the metric catalogue. */
  public String value() {
    return value;
  }
}
