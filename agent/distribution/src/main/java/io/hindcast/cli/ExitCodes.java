package io.hindcast.cli;

/** What the shell is told. */
final class ExitCodes {
  static final int DONE = 0;

  /** The answer is no. */
  static final int NO = 1;

  static final int WRONG_USE = 2;

  /** It could not be done. */
  static final int IMPOSSIBLE = 3;

  private ExitCodes() {}
}
