package io.hindcast.agent;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.config.AgentArguments;
import io.hindcast.core.config.AgentOptions;
import io.hindcast.core.log.AgentLog;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Starts the agent: the stations that a prediction passes, in order. What the application would
 * wait for is done at once; what it would not (the OpenTelemetry SDK) later, by {@link
 * Housekeeping}.
 */
public final class AgentStarter {
  private AgentStarter() {}

  /** Called by the launcher, by name. Whatever is wrong, the application starts. */
  public static void start(
      @Nullable String arguments, Instrumentation instrumentation, File jar, boolean attached) {
    AgentLog log = new AgentLog(System.err, AgentLog.Level.WARN);
    try {
      AgentOptions options =
          AgentArguments.resolve(
              arguments, System.getProperties(), System.getenv(), Path.of("").toAbsolutePath());
      if (!options.enabled()) {
        AgentStatus.inactive("hindcast.enabled is false");
        return;
      }
      log = log(options);
      run(options, instrumentation, AgentJar.of(jar), attached, log);
    } catch (Throwable fault) {
      AgentStatus.inactive(fault, log);
    }
  }

  /**
   * What the application must not overtake: when this returns, every method that matches is woven
   * as it loads, or is woven already.
   */
  private static void run(
      AgentOptions options,
      Instrumentation instrumentation,
      AgentJar jar,
      boolean attached,
      AgentLog log) {
    if (!jar.isItself()) {
      log.error(
          "not started: the agent was merged into "
              + jar.file()
              + ", where it is no agent; name the hindcast.jar of the release after -javaagent:");
      AgentStatus.inactive("merged into another jar");
      return;
    }
    CaptureFaults faults = new CaptureFaults(log::fault);
    Capture capture = new Capture(options, instrumentation, jar, Clock.systemUTC(), faults, log);
    if (!capture.begin(attached)) {
      return;
    }
    AgentStatus.started(jar.version());
    new Housekeeping(capture, options, jar, attached, faults, log).start();
  }

  private static AgentLog log(AgentOptions options) throws IOException {
    Path file = options.logFile();
    PrintStream out =
        file == null
            ? System.err
            : new PrintStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true);
    return new AgentLog(out, options.logLevel());
  }
}
