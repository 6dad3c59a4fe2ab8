package io.hindcast.core.model;

/** What a model answers. */
public enum Task {
  /** One of two classes, usually by a score that is compared with a threshold. */
  BINARY,
  /** One of several classes. */
  MULTICLASS,
  /** A number. */
  REGRESSION,
  /** Something that is not measured: only the inputs are. */
  INPUTS_ONLY
}
