package io.hindcast.core.model;

import java.util.Locale;

/** What a label that was answered survives, least first. */
public enum Durability {
  /** Nothing: it is in this process alone. */
  MEMORY,
  /** The end of this process: written to the operating system, its prediction too. */
  OS,
  /** The end of the machine: forced to disk, or committed by a database. */
  DISK;

  private final String value = name().toLowerCase(Locale.ROOT);

  /** As in answers. */
  public String value() {
    return value;
  }

  /** The one that survives less. */
  public Durability least(Durability other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
