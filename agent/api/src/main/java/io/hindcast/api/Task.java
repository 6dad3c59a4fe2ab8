package io.hindcast.api;

/** What a model answers. */
public enum Task {
  /** Derived from what the method returns. */
  AUTO,
  /** One of two classes, usually by a score that is compared with a threshold. */
  BINARY,
  /** One of several classes. */
  MULTICLASS,
  /** A number. */
  REGRESSION
}
