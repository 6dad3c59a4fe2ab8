package io.hindcast.core.config;

import io.hindcast.core.log.AgentLog;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was asked of the agent when it was started. Paths are absolute.
 *
 * @param config the configuration file; null: annotations alone
 * @param output the telemetry file; null: none
 * @param enabled false: the agent shall not start
 * @param logFile null: standard error
 */
public record AgentOptions(
    @Nullable Path config,
    @Nullable Path output,
    boolean enabled,
    AgentLog.Level logLevel,
    @Nullable Path logFile) {
  /** Nothing was asked. */
  public static final AgentOptions DEFAULT =
      new AgentOptions(null, null, true, AgentLog.Level.WARN, null);
}
