package io.hindcast.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "attach",
    description = {
      "Starts the agent in a JVM that runs already.",
      "On Java 21 and newer that JVM prints a warning about dynamically loaded agents."
    })
final class AttachCommand implements Callable<Integer> {
  private final File jar;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PID", description = "Its process id: see 'list'.")
  private String process;

  @Option(names = "--config", paramLabel = "F", description = "The configuration file.")
  private @Nullable Path config;

  @Option(
      names = "--output",
      paramLabel = "RUN.jsonl",
      description = "A file for the telemetry, written by that JVM.")
  private @Nullable Path output;

  @Option(names = "--for", hidden = true)
  private @Nullable String duration;

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  /**
   * @param jar that the other JVM loads
   */
  AttachCommand(File jar) {
    this.jar = jar;
  }

  @Override
  public Integer call() throws CommandException {
    if (duration != null) {
      throw CommandException.impossible(
          "not yet: '--for' comes with a later release",
          "leave it out; the agent stays until the JVM ends");
    }
    long pid = pid();
    if (config != null) {
      ConfigFile.read(config);
    }
    checkOutput();
    String main = new AgentLoader(pid).load(jar, arguments());
    spec.commandLine().getOut().println("attached to " + pid + " (" + main + ")");
    return ExitCodes.DONE;
  }

  private long pid() {
    try {
      long pid = Long.parseLong(process);
      if (pid > 0) {
        return pid;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new ParameterException(spec.commandLine(), "'" + process + "' is no process id");
  }

  /** The other JVM writes the file, but what is wrong with its name is better said here. */
  private void checkOutput() throws CommandException {
    if (output == null) {
      return;
    }
    Path directory = output.toAbsolutePath().getParent();
    if (Files.isDirectory(output)) {
      throw CommandException.impossible(output + " is a directory", "name a file in it");
    }
    if (directory != null && !Files.isDirectory(directory)) {
      throw CommandException.impossible(
          "there is no directory " + directory, "make it, or name another file for --output");
    }
  }

  /** The other JVM has its own working directory, so every path is absolute. */
  private String arguments() {
    var arguments = new StringBuilder("jar=").append(jar.getAbsolutePath());
    if (config != null) {
      arguments.append(",config=").append(config.toAbsolutePath());
    }
    if (output != null) {
      arguments.append(",output=").append(output.toAbsolutePath());
    }
    return arguments.toString();
  }
}
