package io.hindcast.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "reference",
    description = "Makes what inputs and outputs are compared with.",
    subcommands = ReferenceBuildCommand.class)
final class ReferenceCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "reference needs the word build");
  }
}
