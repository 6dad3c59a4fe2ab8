package io.hindcast.core.join.jdbc;

import io.hindcast.core.log.AgentLog;
import java.nio.file.Path;
import java.util.List;

/** Stores on a server of the tests, that follow it closely. */
public final class JdbcStores {
  private static final long FOLLOW_MILLIS = 20;
  private static final long ASK_MILLIS = 50;

  private JdbcStores() {}

  public static JdbcLabelStore open(PostgresServer server, AgentLog log) {
    return open(server.url(), log);
  }

  static JdbcLabelStore open(String url, AgentLog log) {
    return open(url, List.of(), 0, log);
  }

  /** With a place for what the server does not take. */
  static JdbcLabelStore open(String url, List<Path> places, long spoolBytes, AgentLog log) {
    return new JdbcLabelStore(
        url,
        "agent",
        null,
        places,
        spoolBytes,
        () -> List.of(JdbcStores.class.getClassLoader()),
        task -> {
          var thread = new Thread(task, "store");
          thread.setDaemon(true);
          return thread;
        },
        log,
        FOLLOW_MILLIS,
        ASK_MILLIS);
  }

  /** Ends without a word. */
  public static void abandon(JdbcLabelStore store) throws InterruptedException {
    store.abandon();
  }

  /** Empties all tables. */
  public static void clear(PostgresServer server) throws Exception {
    server.execute(
        "TRUNCATE hindcast_prediction, hindcast_window, hindcast_stream, hindcast_change");
  }
}
