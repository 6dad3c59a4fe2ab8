package io.hindcast.cli;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ConfigException;
import io.hindcast.core.config.ConfigReader;
import java.nio.file.Path;

/** A configuration file that a command is given. */
final class ConfigFile {
  private ConfigFile() {}

  /**
   * What the file says, for a command whose answer is whether it is right.
   *
   * @throws CommandException with exit code 1 and every problem, or 3 where it cannot be read
   */
  static AgentConfig check(Path file) throws CommandException {
    try {
      return ConfigReader.read(file);
    } catch (ConfigException e) {
      throw isReadable(e) ? CommandException.no(e.getMessage()) : unreadable(file, e);
    }
  }

  /**
   * What the file says, for a command that cannot do its work without.
   *
   * @throws CommandException with exit code 3 and every problem
   */
  static AgentConfig read(Path file) throws CommandException {
    try {
      return ConfigReader.read(file);
    } catch (ConfigException e) {
      throw unusable(file, e);
    }
  }

  /** As {@link #read}; the reference files that it names need not be there yet. */
  static AgentConfig readBeforeReferences(Path file) throws CommandException {
    try {
      return ConfigReader.readBeforeReferences(file);
    } catch (ConfigException e) {
      throw unusable(file, e);
    }
  }

  private static boolean isReadable(ConfigException e) {
    return e.problems().get(0).line() > 0;
  }

  private static CommandException unusable(Path file, ConfigException e) {
    return isReadable(e)
        ? CommandException.impossible(e.getMessage(), "nothing was done; mend the file first")
        : unreadable(file, e);
  }

  private static CommandException unreadable(Path file, ConfigException e) {
    String message = e.problems().get(0).message();
    int remedy = message.indexOf("; ");
    return remedy < 0
        ? CommandException.impossible(file + ": " + message, "check the file")
        : CommandException.impossible(
            file + ": " + message.substring(0, remedy), message.substring(remedy + 2));
  }
}
