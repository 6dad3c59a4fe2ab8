package io.hindcast.telemetry;

import io.hindcast.core.log.AgentLog;
import io.opentelemetry.exporter.logging.LoggingMetricExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the SDK logs away from the application's {@code java.util.logging} and into the
 * agent's log: each kind of warning once. Any thread.
 */
final class SdkLogs {
  /*
   * The SDK in the agent's jar has names of its own (it is relocated), so the logger above all of
   * its loggers is ours alone; its name is taken from a class, for it is another one in tests. The
   * application may reset all of java.util.logging at any time, which removes our handler and
   * leaves useParentHandlers as it was: nothing reaches the application even then, and attach()
   * puts the handler back.
   *
   * That an export failed is known better by the exporter's wrapper, which also knows when it works
   * again. Only the cause is taken from here: the SDK's exception does not have it in words.
   */
  private static final int DISTINCT = 50;
  private static final String EXPORT_FAILED = "Failed to export";

  /** That the exporter repeats itself; here nothing is repeated. */
  private static final String THROTTLED = "Too many log messages";

  private final AgentLog log;
  // Held, since java.util.logging holds loggers weakly.
  private final Logger logger = Logger.getLogger(root());
  private final Handler handler = new IntoAgentLog();
  private final Set<String> said = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String exportFailure;

  SdkLogs(AgentLog log) {
    this.log = log;
  }

  /** {@code io.opentelemetry}, or what it was relocated to. */
  static String root() {
    String name = OpenTelemetrySdk.class.getName();
    return name.substring(0, name.indexOf(".sdk."));
  }

  /** Can be repeated. */
  synchronized void attach() {
    for (Handler present : logger.getHandlers()) {
      if (present == handler) {
        return;
      }
    }
    logger.setUseParentHandlers(false);
    logger.setLevel(Level.INFO);
    logger.addHandler(handler);
  }

  synchronized void detach() {
    logger.removeHandler(handler);
  }

  /** What the SDK said last about an export that failed, and forgets it; null if nothing. */
  @Nullable String takeExportFailure() {
    String failure = exportFailure;
    exportFailure = null;
    return failure;
  }

  static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    for (@Nullable Throwable next = thrown; next != null; next = next.getCause()) {
      root = next;
    }
    return root;
  }

  private final class IntoAgentLog extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord entry) {
      try {
        @Nullable Throwable thrown = entry.getThrown();
        String message = formatter.formatMessage(entry).replaceAll("\\s*\\R\\s*", " ");
        if (LoggingMetricExporter.class.getName().equals(entry.getLoggerName())) {
          // The console exporter: asked for, so said whatever the level.
          log.start(message);
        } else if (message.startsWith(EXPORT_FAILED)) {
          exportFailure = thrown == null ? message : message + " " + rootOf(thrown);
          log.debug(exportFailure);
        } else if (message.startsWith(THROTTLED)
            || entry.getLevel().intValue() < Level.WARNING.intValue()
            || PeriodicMetricReader.class.getName().equals(entry.getLoggerName())) {
          // The reader repeats at each tick what the exporter has said.
          log.debug(message);
        } else if (said.size() < DISTINCT && said.add(message)) {
          log.warn("OpenTelemetry: " + message + (thrown == null ? "" : ": " + thrown));
        } else {
          log.debug(message);
        }
      } catch (RuntimeException e) {
        // A handler must not throw into what it logs for.
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
