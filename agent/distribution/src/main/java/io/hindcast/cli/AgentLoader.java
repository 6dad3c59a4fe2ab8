package io.hindcast.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.hindcast.agent.AgentStatus;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Loads the agent into another JVM, and says in plain words why that did not work. */
final class AgentLoader {
  /*
   * Everything that can go wrong arrives as an exception whose message was not written for the user:
   * each is told by its type, by a few words of it, or by what the system says of the process.
   * Seen on HotSpot 17 and 25:
   *   AgentLoadException "… Dynamic agent loading is not enabled …"   -XX:-EnableDynamicAgentLoading
   *   AttachNotSupportedException "… not support the attach …"        -XX:+DisableAttachMechanism
   *   AttachNotSupportedException "… doesn't respond …"               stopped, or another /tmp
   *   IOException "Operation not permitted"                           another user's process
   */

  /** HotSpot reads no more than this of an attach request's argument. */
  private static final int LONGEST_ARGUMENT = 1024;

  private static final int OLDEST_JAVA = 17;
  private static final long PATIENCE_SECONDS = 60;

  private final long pid;

  AgentLoader(long pid) {
    this.pid = pid;
  }

  /**
   * Loads the jar as an agent, and waits until it has started.
   *
   * @return the other JVM's main class
   */
  String load(File jar, String arguments) throws CommandException {
    checkLength(jar, arguments);
    checkProcess();
    var task = new FutureTask<>(new Attempt(jar, arguments));
    // A daemon, so that a JVM that never answers does not keep this one.
    var thread = new Thread(task, "attach");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw CommandException.impossible(
          "process " + pid + " did not finish loading the agent in " + PATIENCE_SECONDS + " s",
          "see what its standard error says; it may be stopped or very busy");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.impossible("interrupted", "try again");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw explained(cause == null ? e : cause);
    }
  }

  private void checkProcess() throws CommandException {
    if (pid == ProcessHandle.current().pid()) {
      throw CommandException.impossible(
          "process " + pid + " is this command itself",
          "name another: java -jar hindcast.jar list");
    }
    if (ProcessHandle.of(pid).isEmpty()) {
      throw CommandException.impossible(
          "there is no process " + pid, "see which JVMs run: java -jar hindcast.jar list");
    }
    if (!isJvm()) {
      CommandException owned = otherOwner();
      throw owned != null
          ? owned
          : CommandException.impossible(
              "process " + pid + " is not a JVM", "see which are: java -jar hindcast.jar list");
    }
  }

  /**
   * Whether it is certain to be one, where that can be known: the request to attach begins with a
   * signal that ends a process that is no JVM.
   */
  private boolean isJvm() throws CommandException {
    for (JvmProcess jvm : JvmProcess.all()) {
      if (jvm.pid() == pid) {
        return true;
      }
    }
    // With -XX:-UsePerfData a JVM is in no list.
    Path process = Path.of("/proc", String.valueOf(pid));
    try {
      return !Files.exists(process)
          || Files.readString(process.resolve("maps"), StandardCharsets.ISO_8859_1)
              .contains("libjvm");
    } catch (IOException e) {
      return false;
    }
  }

  private static void checkLength(File jar, String arguments) throws CommandException {
    String request = jar.getAbsolutePath() + "=" + arguments;
    if (request.getBytes(StandardCharsets.UTF_8).length > LONGEST_ARGUMENT) {
      throw CommandException.impossible(
          "the paths are too long together: a JVM takes " + LONGEST_ARGUMENT + " bytes",
          "copy hindcast.jar and the configuration to shorter paths");
    }
  }

  private final class Attempt implements Callable<String> {
    private final File jar;
    private final String arguments;

    Attempt(File jar, String arguments) {
      this.jar = jar;
      this.arguments = arguments;
    }

    @Override
    public String call() throws Exception {
      VirtualMachine jvm = VirtualMachine.attach(String.valueOf(pid));
      try {
        checkTarget(jvm.getSystemProperties());
        jvm.loadAgent(jar.getAbsolutePath(), arguments);
        Properties after = jvm.getSystemProperties();
        checkStarted(after.getProperty(AgentStatus.PROPERTY));
        return JvmProcess.mainClass(after.getProperty("sun.java.command", ""));
      } finally {
        jvm.detach();
      }
    }
  }

  private void checkTarget(Properties target) throws CommandException {
    int java = Runtime.Version.parse(target.getProperty("java.version", "17")).feature();
    if (java < OLDEST_JAVA) {
      throw CommandException.impossible(
          "process " + pid + " runs Java " + java, "the agent needs Java 17 or newer");
    }
    String running = AgentStatus.startedVersion(target.getProperty(AgentStatus.PROPERTY));
    if (running != null) {
      throw CommandException.impossible(
          "an agent runs in process " + pid + " already: version " + running,
          "restart the process to change it; detach comes with a later release");
    }
  }

  private void checkStarted(@Nullable String status) throws CommandException {
    String reason = AgentStatus.inactiveReason(status);
    if (reason != null) {
      throw CommandException.impossible(
          "the agent did not start in process "
              + pid
              + ": "
              + reason.lines().findFirst().orElse("it does not say why"),
          "mend that and attach again; the application was not touched");
    }
    if (AgentStatus.startedVersion(status) == null) {
      throw CommandException.impossible(
          "the agent in process " + pid + " does not say whether it started",
          "see the standard error of that process");
    }
  }

  private CommandException explained(Throwable fault) {
    if (fault instanceof CommandException said) {
      return said;
    }
    if (fault instanceof NoClassDefFoundError) {
      return JvmProcess.noAttachModule();
    }
    String message = String.valueOf(fault.getMessage());
    if (fault instanceof AgentLoadException && message.contains("Dynamic agent loading")) {
      return CommandException.impossible(
          "process " + pid + " was started with -XX:-EnableDynamicAgentLoading",
          "start it without that flag, or with -javaagent:hindcast.jar");
    }
    if (fault instanceof AgentLoadException || fault instanceof AgentInitializationException) {
      return CommandException.impossible(
          "process " + pid + " could not load the agent: " + message,
          "see its standard error; can its user read hindcast.jar, and does it have the"
              + " java.instrument module?");
    }
    CommandException owned = otherOwner();
    if (owned != null) {
      return owned;
    }
    if (message.contains("does not support the attach mechanism")) {
      return CommandException.impossible(
          "process " + pid + " was started with -XX:+DisableAttachMechanism",
          "start it without that flag, or with -javaagent:hindcast.jar");
    }
    if (fault instanceof AttachNotSupportedException) {
      return CommandException.impossible(
          "process " + pid + " does not answer: " + message,
          "it must be a JVM that is not stopped and sees the same /tmp, not another container's");
    }
    if (fault instanceof IOException) {
      return CommandException.impossible(
          "process " + pid + " cannot be attached to: " + message,
          "is it alive, and of the same user and container?");
    }
    return CommandException.impossible(
        "unexpected: " + fault, "this is a fault of hindcast; please report it");
  }

  /** What to say of a process of another user; null if it is of ours, or nobody can tell. */
  private @Nullable CommandException otherOwner() {
    String mine = ProcessHandle.current().info().user().orElse(null);
    String its = ProcessHandle.of(pid).flatMap(p -> p.info().user()).orElse(null);
    return its == null || its.equals(mine)
        ? null
        : CommandException.impossible(
            "process " + pid + " belongs to user " + its,
            "run this command as that user: sudo -u "
                + its
                + " java -jar hindcast.jar attach "
                + pid);
  }
}
