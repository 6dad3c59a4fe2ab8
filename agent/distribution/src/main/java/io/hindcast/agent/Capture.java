package io.hindcast.agent;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.capture.CapturePlanner;
import io.hindcast.core.capture.ExemplarFilter;
import io.hindcast.core.capture.LabelQueue;
import io.hindcast.core.capture.PoolBudget;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.AgentOptions;
import io.hindcast.core.config.ConfigException;
import io.hindcast.core.config.ConfigReader;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.receipt.Receipts;
import io.hindcast.instrumentation.FirstMatch;
import io.hindcast.instrumentation.Weaver;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.time.Clock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * From the configuration to woven methods and the queues that their rows wait in. Made at once, or
 * when the first class loads that may match, or at the latest when {@link Housekeeping} asks.
 */
final class Capture {
  /**
   * What there is once it is made.
   *
   * @param intake where sites announce their rows
   * @param receipts null if none are made
   */
  record Parts(
      AgentConfig config,
      LabelQueue labels,
      Intake intake,
      Weaver weaver,
      Clock clock,
      @Nullable Receipts receipts) {}

  private final AgentOptions options;
  private final Instrumentation instrumentation;
  private final AgentJar jar;
  private final Clock clock;
  private final CaptureFaults faults;
  private final AgentLog log;
  private final Intake intake = new Intake();

  private @Nullable ConfigReader reader;
  private @Nullable Parts parts;
  private @Nullable Throwable failure;
  private boolean isSaid;

  Capture(
      AgentOptions options,
      Instrumentation instrumentation,
      AgentJar jar,
      Clock clock,
      CaptureFaults faults,
      AgentLog log) {
    this.options = options;
    this.instrumentation = instrumentation;
    this.jar = jar;
    this.clock = clock;
    this.faults = faults;
    this.log = log;
    reader = options.config() == null ? null : ConfigReader.open(options.config());
  }

  /** Where sites announce themselves, known before there is one. */
  Intake intake() {
    return intake;
  }

  /**
   * Weaves what matches: what is loaded before this returns, and what loads from now on.
   *
   * @param atOnce not with the first class that may match
   * @return false if there is a reason not to, which was said then
   */
  boolean begin(boolean atOnce) {
    ConfigReader text = reader;
    if (atOnce || text != null && !text.spellsNamesOut()) {
      FirstMatch.atOnce(instrumentation, this::weaver, faults);
      return parts() != null;
    }
    Predicate<String> isMentioned = text == null ? name -> false : text::mentions;
    FirstMatch.await(instrumentation, isMentioned, this::weaver, faults);
    return true;
  }

  /** Null if the agent is inactive. */
  @Nullable Parts parts() {
    Parts made = made();
    if (made == null) {
      sayWhyNot();
    }
    return made;
  }

  private @Nullable Weaver weaver() {
    Parts made = parts();
    return made == null ? null : made.weaver();
  }

  private synchronized @Nullable Parts made() {
    if (parts == null && failure == null) {
      try {
        parts = make();
      } catch (Throwable fault) {
        failure = fault;
      }
      reader = null;
    }
    return parts;
  }

  private Parts make() throws ConfigException, ReflectiveOperationException, IOException {
    AgentConfig config = reader == null ? AgentConfig.EMPTY : reader.parse();
    LabelQueue labels = LabelQueue.besideRowsOf(config.queueBytes());
    Receipts receipts = config.doors().receipts() == null ? null : Receipts.of(config, log);
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
            new ModuleOpener(instrumentation),
            ExemplarFilter.ofThisJvm(),
            receipts);
    Weaver weaver = Weaver.prepare(instrumentation, jar.version(), config, planner, faults, log);
    return new Parts(config, labels, intake, weaver, clock, receipts);
  }

  /** Outside the lock: the application may have made standard error its own. */
  private void sayWhyNot() {
    Throwable reason;
    synchronized (this) {
      reason = isSaid ? null : failure;
      isSaid = true;
    }
    if (reason != null) {
      AgentStatus.inactive(reason, log);
    }
  }
}
