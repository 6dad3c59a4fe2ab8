package io.hindcast.cli;

import io.hindcast.core.config.NearMiss;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code java -jar hindcast.jar}: finds the command and runs it. */
@Command(
    name = "hindcast",
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows how the models inside a running JVM service really do.",
    footer = {
      "",
      "To watch a service from its start: java -javaagent:hindcast.jar=config=F.yaml -jar service.jar",
      "Exit codes: 0 done, 1 the answer is no, 2 wrong use, 3 could not be done."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--version", versionHelp = true, description = "Prints the version.")
  private boolean version;

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  /** Called by the launcher, by name. Ends the JVM. */
  public static void main(String[] arguments, File jar) {
    var out = new PrintWriter(System.out, true);
    var err = new PrintWriter(System.err, true);
    int exitCode = run(arguments, jar, out, err);
    out.flush();
    err.flush();
    System.exit(exitCode);
  }

  /**
   * Runs a command.
   *
   * @param jar the {@code hindcast.jar} that the command line runs from
   * @return the exit code
   */
  static int run(String[] arguments, File jar, PrintWriter out, PrintWriter err) {
    var commands = new CommandLine(new Main());
    commands.addSubcommand(new ListCommand());
    commands.addSubcommand(new AttachCommand(jar));
    commands.addSubcommand(new ValidateCommand());
    commands.addSubcommand(new ReferenceCommand());
    commands.addSubcommand(new BacktestCommand(jar, Clock.systemUTC()));
    commands.addSubcommand(new LabelsCommand());
    for (String later : LaterCommand.NAMES) {
      commands.addSubcommand(later, new LaterCommand());
    }
    commands.getCommandSpec().versionProvider(new Version(jar));
    commands.setOut(out);
    commands.setErr(err);
    commands.setParameterExceptionHandler(Main::wrongUse);
    commands.setExecutionExceptionHandler(Main::failed);
    return commands.execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command");
  }

  private static int wrongUse(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(cause(e));
    err.println("see how it is used: java -jar hindcast.jar " + path(command) + "--help");
    return ExitCodes.WRONG_USE;
  }

  private static String cause(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().get(0);
      boolean isCommand = e.getCommandLine().getParent() == null && !word.startsWith("-");
      String nearest =
          NearMiss.of(
              word,
              isCommand
                  ? e.getCommandLine().getSubcommands().keySet()
                  : e.getCommandLine().getCommandSpec().optionsMap().keySet());
      return "unknown "
          + (isCommand ? "command" : word.startsWith("-") ? "option" : "argument")
          + " '"
          + word
          + "'"
          + (nearest == null ? "" : "; did you mean '" + nearest + "'?");
    }
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end).stripTrailing();
  }

  /** The names of a command after the root's. */
  private static String path(CommandLine command) {
    CommandLine parent = command.getParent();
    return parent == null ? "" : path(parent) + command.getCommandName() + " ";
  }

  private static int failed(Exception e, CommandLine command, @Nullable ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (e instanceof CommandException failure) {
      err.println(failure.getMessage());
      return failure.exitCode();
    }
    err.println("unexpected: " + e);
    err.println(
        "this is a fault of hindcast; report it with the stack that HINDCAST_LOG=debug shows");
    if ("debug".equalsIgnoreCase(System.getenv("HINDCAST_LOG"))) {
      e.printStackTrace(err);
    }
    return ExitCodes.IMPOSSIBLE;
  }

  /** Reads the version from the jar's manifest. */
  private record Version(File jar) implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      try (var file = new JarFile(jar)) {
        Manifest manifest = file.getManifest();
        return new String[] {
          "hindcast " + manifest.getMainAttributes().getValue("Implementation-Version")
        };
      }
    }
  }
}
