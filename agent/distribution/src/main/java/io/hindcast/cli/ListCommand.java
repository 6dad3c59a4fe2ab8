package io.hindcast.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = {
      "Lists the JVMs here that this user may see: process id, whether an agent runs in it, main class.",
      "A '?' stands where that cannot be told without disturbing the JVM."
    })
final class ListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  @Override
  public Integer call() throws CommandException {
    PrintWriter out = spec.commandLine().getOut();
    List<JvmProcess> jvms = JvmProcess.all();
    int widestPid = "PID".length();
    int widestMain = "MAIN".length();
    for (JvmProcess jvm : jvms) {
      widestPid = Math.max(widestPid, String.valueOf(jvm.pid()).length());
      widestMain = Math.max(widestMain, jvm.mainClass().length());
    }
    String row = "%" + widestPid + "s  %-" + widestMain + "s  %s%n";
    out.printf(row, "PID", "MAIN", "ATTACHED");
    for (JvmProcess jvm : jvms) {
      out.printf(row, jvm.pid(), jvm.mainClass(), jvm.agentState());
    }
    return ExitCodes.DONE;
  }
}
