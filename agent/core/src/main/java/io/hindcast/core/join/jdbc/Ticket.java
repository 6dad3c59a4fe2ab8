package io.hindcast.core.join.jdbc;

/**
 * What becomes of a prediction or a label on its way to the database. Owned by the monitor thread.
 */
final class Ticket {
  private static final long NONE = -1;

  /** The number of its frame in the spool. */
  private long frame = NONE;

  /** It was read from there. */
  boolean isRead;

  boolean isAnswered;

  boolean isOnDisk() {
    return frame != NONE;
  }

  void is(long number) {
    frame = number;
  }

  long frame() {
    return frame;
  }
}
