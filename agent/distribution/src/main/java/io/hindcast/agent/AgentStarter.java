package io.hindcast.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** Starts the agent: the stations in order, one line each. */
public final class AgentStarter {
  private AgentStarter() {}

  /** Called by the launcher, by name. */
  public static void start(
      @Nullable String arguments, Instrumentation instrumentation, File jar, boolean attached) {}
}
