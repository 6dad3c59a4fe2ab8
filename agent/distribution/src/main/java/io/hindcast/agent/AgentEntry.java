package io.hindcast.agent;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the launcher comes in: it finds this class by name and knows it as a {@link Consumer}. It
 * hands over the arguments (a String or null), the {@link Instrumentation}, the agent's jar (a
 * {@link File}) and whether it was attached to a running JVM (a {@link Boolean}).
 */
public final class AgentEntry implements Consumer<@Nullable Object[]> {
  @Override
  public void accept(@Nullable Object[] given) {
    AgentStarter.start(
        (String) given[0], (Instrumentation) given[1], (File) given[2], (Boolean) given[3]);
  }
}
