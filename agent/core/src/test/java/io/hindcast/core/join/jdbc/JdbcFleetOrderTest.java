package io.hindcast.core.join.jdbc;

/** Three instances: any of them predicts, and is sent any label. */
class JdbcFleetOrderTest extends JdbcOrderTest {
  @Override
  protected int instances() {
    return 3;
  }
}
