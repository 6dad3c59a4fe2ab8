package io.hindcast.cli;

import io.hindcast.core.config.AgentConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "validate", description = "Says every problem of a configuration.")
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "F.yaml", description = "The configuration file.")
  private Path file;

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  @Override
  public Integer call() throws CommandException {
    AgentConfig config = ConfigFile.check(file);
    int models = config.models().size();
    spec.commandLine()
        .getOut()
        .println("OK " + file + ": " + models + (models == 1 ? " model" : " models"));
    return ExitCodes.DONE;
  }
}
