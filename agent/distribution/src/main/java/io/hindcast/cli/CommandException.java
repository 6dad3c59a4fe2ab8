package io.hindcast.cli;

/**
 * Ends a command. What it says goes to standard error: one line of cause and one of remedy, or,
 * where an input has many problems, all of them.
 */
final class CommandException extends Exception {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  private CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The answer is no: exit code 1. */
  static CommandException no(String message) {
    return new CommandException(ExitCodes.NO, message);
  }

  /** Wrong use: exit code 2. */
  static CommandException wrongUse(String cause, String remedy) {
    return new CommandException(ExitCodes.WRONG_USE, cause + "\n" + remedy);
  }

  /** It could not be done: exit code 3. */
  static CommandException impossible(String cause, String remedy) {
    return new CommandException(ExitCodes.IMPOSSIBLE, cause + "\n" + remedy);
  }

  int exitCode() {
    return exitCode;
  }
}
