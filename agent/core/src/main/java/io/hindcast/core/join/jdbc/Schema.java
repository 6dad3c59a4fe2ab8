package io.hindcast.core.join.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Which {@code schema.sql} made the tables. */
final class Schema {
  /** Raised with every change of it that an agent from before would not understand. */
  static final int VERSION = 1;

  /** SQLSTATE of a function that is not there. */
  static final String OLDER = "42883";

  /** SQLSTATE of what is not supported. */
  static final String NEWER = "0A000";

  private Schema() {}

  /**
   * Asks a function, which anybody may call, so that it needs no right. Commits.
   *
   * @throws SQLException if tables are of another version, with {@link #OLDER} or {@link #NEWER}
   */
  static void check(Connection connection) throws SQLException {
    int version;
    try (Statement statement = connection.createStatement();
        ResultSet in = statement.executeQuery("SELECT hindcast_schema_version()")) {
      in.next();
      version = in.getInt(1);
    }
    connection.commit();
    if (version != VERSION) {
      throw new SQLException(
          "its tables are of schema " + version + ", this agent knows " + VERSION,
          version < VERSION ? OLDER : NEWER);
    }
  }
}
