package io.hindcast.cli;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A JVM on this machine.
 *
 * @param mainClass its main class or jar, without arguments; {@code ?} if it does not say
 */
record JvmProcess(long pid, String mainClass) {
  /*
   * Nothing here touches the other process. To ask it for a system property one has to attach, which
   * sends it a signal and starts a thread in it: too much for a look around. Its threads have names,
   * though, and Linux shows them to everybody.
   */
  private static final String OUR_THREADS = "hindcast";

  /** All but this one, by process id. */
  static List<JvmProcess> all() throws CommandException {
    var all = new ArrayList<JvmProcess>();
    try {
      for (VirtualMachineDescriptor jvm : VirtualMachine.list()) {
        if (jvm.id().chars().allMatch(Character::isDigit)) {
          all.add(new JvmProcess(Long.parseLong(jvm.id()), mainClass(jvm.displayName())));
        }
      }
    } catch (NoClassDefFoundError e) {
      throw noAttachModule();
    }
    all.removeIf(jvm -> jvm.pid() == ProcessHandle.current().pid());
    all.sort(Comparator.comparingLong(JvmProcess::pid));
    return all;
  }

  /** This Java is a runtime without the module that speaks to other JVMs. */
  static CommandException noAttachModule() {
    return CommandException.impossible(
        "this Java has no jdk.attach module: " + System.getProperty("java.home"),
        "run the command with the java of a JDK");
  }

  /** The first word of a command line, without the directory of a jar. */
  static String mainClass(String commandLine) {
    if (commandLine.isBlank()) {
      return "?";
    }
    // A jar's path may hold blanks, and then nothing tells it from its arguments but its ending.
    int jar = commandLine.indexOf(".jar");
    int blank = commandLine.indexOf(' ');
    String main =
        commandLine.startsWith("/") && jar >= 0
            ? commandLine.substring(0, jar + 4)
            : blank < 0 ? commandLine : commandLine.substring(0, blank);
    return main.substring(main.lastIndexOf('/') + 1);
  }

  /** {@code yes}, {@code no}, or {@code ?} where it cannot be told from outside. */
  String agentState() {
    return agentState(Path.of("/proc", String.valueOf(pid), "task"));
  }

  /**
   * @param tasks the directory in which Linux shows the threads of a process
   */
  static String agentState(Path tasks) {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        if (name(thread).startsWith(OUR_THREADS)) {
          return "yes";
        }
      }
      return "no";
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return "?";
    }
  }

  private static String name(Path thread) throws IOException {
    try {
      return Files.readString(thread.resolve("comm"));
    } catch (NoSuchFileException ended) {
      return "";
    }
  }
}
