package io.hindcast.agent;

import io.hindcast.core.config.ConfigException;
import io.hindcast.core.log.AgentLog;
import org.jspecify.annotations.Nullable;

/**
 * What became of the agent in this JVM. It stands in one system property, since that is what
 * whoever attaches can read back from another process.
 */
public final class AgentStatus {
  /** Name of the system property; absent where no agent was started. */
  public static final String PROPERTY = "hindcast.status";

  private static final String STARTED = "started ";
  private static final String INACTIVE = "inactive: ";

  private AgentStatus() {}

  /** The agent runs. */
  public static void started(String version) {
    System.setProperty(PROPERTY, STARTED + version);
  }

  /** The agent did not start, or has given up. */
  public static void inactive(String reason) {
    System.setProperty(PROPERTY, INACTIVE + reason);
  }

  /** The same, and says it: problems that the user can mend, or a fault of ours. */
  static void inactive(Throwable reason, AgentLog log) {
    if (reason instanceof ConfigException) {
      String message = String.valueOf(reason.getMessage());
      message.lines().forEach(log::error);
      log.error("inactive until this is mended; the application is not touched");
      inactive(message);
    } else {
      log.fault("inactive, the application is not touched", reason);
      inactive(reason.toString());
    }
  }

  /** The version that runs, by the property's value; null if none does. */
  public static @Nullable String startedVersion(@Nullable String status) {
    return status != null && status.startsWith(STARTED) ? status.substring(STARTED.length()) : null;
  }

  /** Why no agent runs, by the property's value; null if it does not say. */
  public static @Nullable String inactiveReason(@Nullable String status) {
    return status != null && status.startsWith(INACTIVE)
        ? status.substring(INACTIVE.length())
        : null;
  }
}
