package io.hindcast.agent;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.capture.CapturePlanner;
import io.hindcast.core.capture.LabelQueue;
import io.hindcast.core.capture.PoolBudget;
import io.hindcast.core.config.AgentArguments;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.AgentOptions;
import io.hindcast.core.config.ConfigException;
import io.hindcast.core.config.ConfigReader;
import io.hindcast.core.log.AgentLog;
import io.hindcast.instrumentation.Weaver;
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
      AgentConfig config =
          options.config() == null ? AgentConfig.EMPTY : ConfigReader.read(options.config());
      run(config, options, instrumentation, AgentJar.of(jar), attached, log);
    } catch (ConfigException e) {
      e.getMessage().lines().forEach(log::error);
      log.error("inactive until this is mended; the application is not touched");
      AgentStatus.inactive(e.getMessage());
    } catch (Throwable fault) {
      log.fault("inactive, the application is not touched", fault);
      AgentStatus.inactive(fault.toString());
    }
  }

  /** What the application must not overtake: its methods are woven when this returns. */
  private static void run(
      AgentConfig config,
      AgentOptions options,
      Instrumentation instrumentation,
      AgentJar jar,
      boolean attached,
      AgentLog log)
      throws ReflectiveOperationException, IOException {
    Clock clock = Clock.systemUTC();
    CaptureFaults faults = new CaptureFaults(log::fault);
    LabelQueue labels = LabelQueue.besideRowsOf(config.queueBytes());
    Intake intake = new Intake();
    CapturePlanner planner =
        new CapturePlanner(
            config,
            new PoolBudget(config.queueBytes(), config.models().size()),
            labels,
            intake,
            intake,
            faults,
            log,
            clock,
            new ModuleOpener(instrumentation));
    Weaver weaver = Weaver.install(instrumentation, jar.version(), config, planner, faults, log);
    new Housekeeping(config, options, jar, attached, clock, faults, labels, intake, weaver, log)
        .start();
    AgentStatus.started(jar.version());
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
