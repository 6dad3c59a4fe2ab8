package io.hindcast.core.join.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hindcast.core.join.LabelStore;
import io.hindcast.core.monitor.AnyOrderContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** One instance on a real server, which ends and is killed in between. */
class JdbcOrderTest extends AnyOrderContract {
  private static @Nullable PostgresServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.find();
    assumeTrue(server != null, "PostgreSQL is not installed here: apt-get install postgresql");
  }

  @AfterAll
  static void endServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void clear() throws Exception {
    JdbcStores.clear(server);
  }

  @Override
  protected LabelStore openStore() {
    return JdbcStores.open(server, log);
  }

  @Override
  protected int histories() {
    return Integer.getInteger("hindcast.order.histories", 200);
  }

  @Override
  protected int sideBySide() {
    return 50;
  }

  @Override
  protected int stepsToARestart() {
    return 250;
  }

  @Override
  protected void crash(LabelStore store) throws Exception {
    JdbcStores.abandon((JdbcLabelStore) store);
  }
}
