package io.hindcast.cli;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.reference.ReferenceFile;
import io.hindcast.core.reference.ReferenceFileException;
import java.nio.file.Path;
import java.util.StringJoiner;
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
    checkReferences(config);
    int models = config.models().size();
    spec.commandLine()
        .getOut()
        .println("OK " + file + ": " + models + (models == 1 ? " model" : " models"));
    return ExitCodes.DONE;
  }

  /** At start-up a broken reference is no reason to stand down, so the reader leaves it unread. */
  private void checkReferences(AgentConfig config) throws CommandException {
    var problems = new StringJoiner("\n");
    for (ModelConfig model : config.models()) {
      if (model.reference() instanceof ModelConfig.Reference.FromFile from) {
        try {
          ReferenceFile.read(from.file());
        } catch (ReferenceFileException e) {
          problems.add(file + ": model '" + model.name() + "': " + e.getMessage());
        }
      }
    }
    if (problems.length() > 0) {
      throw CommandException.no(problems.toString());
    }
  }
}
