package io.hindcast.core.model;

/** A model and its version: what every measured value belongs to. */
public record ModelKey(String model, String version) {
  /** The version of a model that has none. */
  public static final String UNKNOWN_VERSION = "unknown";
}
