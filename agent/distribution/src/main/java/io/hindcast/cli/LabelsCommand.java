package io.hindcast.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "labels",
    description = "Labels in bulk: to an agent, or scored without one.",
    subcommands = {LabelsSendCommand.class, LabelsScoreCommand.class})
final class LabelsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "labels needs the word send or score");
  }
}
