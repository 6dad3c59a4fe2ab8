package io.hindcast.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** A command of the contract that this release does not have. */
@Command(hidden = true)
final class LaterCommand implements Callable<Integer> {
  static final List<String> NAMES = List.of("detach", "status", "doctor", "report", "gate");

  @Spec private CommandSpec spec;

  @Option(names = "--help", description = "Says that it comes later.")
  private boolean help;

  /** Whatever follows: it changes nothing. */
  @Unmatched private List<String> arguments;

  @Override
  public Integer call() throws CommandException {
    if (help) {
      spec.commandLine().getOut().println("'" + spec.name() + "' comes with a later release.");
      return ExitCodes.DONE;
    }
    throw CommandException.impossible(
        "not yet: '" + spec.name() + "' comes with a later release",
        "see what this release does: java -jar hindcast.jar --help");
  }
}
