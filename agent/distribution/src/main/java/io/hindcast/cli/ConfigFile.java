package io.hindcast.cli;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ConfigException;
import io.hindcast.core.config.ConfigReader;
import io.hindcast.core.config.Problem;
import java.nio.file.Path;

/** A configuration file that a command is given. */
final class ConfigFile {
  private ConfigFile() {}

  /**
   * What the file says.
   *
   * @throws CommandException with exit code 1 and every problem, or 3 where it cannot be read
   */
  static AgentConfig read(Path file) throws CommandException {
    try {
      return ConfigReader.read(file);
    } catch (ConfigException e) {
      throw failed(file, e);
    }
  }

  /** As {@link #read}; the reference files that it names need not be there yet. */
  static AgentConfig readBeforeReferences(Path file) throws CommandException {
    try {
      return ConfigReader.readBeforeReferences(file);
    } catch (ConfigException e) {
      throw failed(file, e);
    }
  }

  private static CommandException failed(Path file, ConfigException e) {
    Problem first = e.problems().get(0);
    if (first.line() > 0) {
      return CommandException.no(e.getMessage());
    }
    int remedy = first.message().indexOf("; ");
    return CommandException.impossible(
        file + ": " + first.message().substring(0, remedy), first.message().substring(remedy + 2));
  }
}
