package io.hindcast.core.join.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The SQL of {@link Leader}, on a connection that holds the lock. Its thread only. */
final class LeaderTables implements AutoCloseable {
  /*
   * Rows are read in one snapshot, and after that the changes of transactions that it did not see,
   * again in one snapshot, and so on. So each transaction is told of once, in whatever order they
   * were numbered and committed.
   */
  private static final int ROWS = 4096;
  private static final int BODIES = 16;
  private static final int LOCK_CLASS = 0x48434153;

  private final Connection connection;
  private final StoredStreams streams;

  /** A change and the stream that it is of. */
  record Told(StoredStreams.Stored stream, Change change) {}

  /** Takes them a page at a time. */
  interface Page {
    void take(List<Told> changes) throws SQLException, InterruptedException;
  }

  LeaderTables(Connection connection) throws SQLException {
    this.connection = connection;
    this.streams = new StoredStreams(connection);
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone TO 'UTC'");
      // A leader that was cut off must not keep the lock.
      statement.execute("SET tcp_keepalives_idle TO 20");
      statement.execute("SET tcp_keepalives_interval TO 10");
      statement.execute("SET tcp_keepalives_count TO 3");
    }
    connection.commit();
    Schema.check(connection);
  }

  /** Whether this connection is the one that holds the lock, as long as it lasts. */
  boolean lead() throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT pg_try_advisory_lock(?, 'hindcast_prediction'::regclass::oid::int)")) {
      select.setInt(1, LOCK_CLASS);
      try (ResultSet in = select.executeQuery()) {
        in.next();
        return in.getBoolean(1);
      }
    } finally {
      connection.commit();
    }
  }

  /** Lets go of changes from before, whoever may have left them. */
  void clear() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // The others were restored from a backup of another server.
      statement.execute(
          "DELETE FROM hindcast_change WHERE xid < pg_snapshot_xmin(pg_current_snapshot())"
              + " OR xid >= pg_snapshot_xmax(pg_current_snapshot())");
      // Of processes that are long gone.
      statement.execute("DELETE FROM hindcast_commit WHERE at < now() - interval '30 days'");
    }
    connection.commit();
  }

  /**
   * Tells of all predictions and their labels.
   *
   * @return up to which transactions
   */
  String tellAll(Page to) throws SQLException, InterruptedException {
    String seen = snapshot();
    try (Statement select = connection.createStatement()) {
      select.setFetchSize(ROWS);
      try (ResultSet in = select.executeQuery(StoredRow.SELECT)) {
        var page = new ArrayList<Told>();
        while (in.next()) {
          StoredRow row = StoredRow.read(in, streams);
          if (row != null) {
            page.add(new Told(row.stream, Change.whole(row)));
          }
          if (page.size() == ROWS) {
            to.take(List.copyOf(page));
            page.clear();
          }
        }
        to.take(page);
      }
    }
    connection.commit();
    return seen;
  }

  /**
   * Tells of the changes of transactions that were not seen yet.
   *
   * @return up to which transactions now
   */
  String tellChanges(String seen, Page to) throws SQLException, InterruptedException {
    String now = snapshot();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT body FROM hindcast_change WHERE xid >= pg_snapshot_xmin(?::pg_snapshot)"
                + " AND NOT pg_visible_in_snapshot(xid, ?::pg_snapshot) ORDER BY n")) {
      select.setFetchSize(BODIES);
      select.setString(1, seen);
      select.setString(2, seen);
      try (ResultSet in = select.executeQuery()) {
        while (in.next()) {
          var told = new ArrayList<Told>();
          for (Change change : Change.read(in.getBytes(1))) {
            told.add(new Told(streams.of(change.streamId()), change));
          }
          to.take(told);
        }
      }
    }
    connection.commit();
    return now;
  }

  /** Lets go of what was told. */
  void forget(String seen) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM hindcast_change WHERE xid < pg_snapshot_xmin(?::pg_snapshot)")) {
      delete.setString(1, seen);
      delete.executeUpdate();
    }
    connection.commit();
  }

  private String snapshot() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet in = statement.executeQuery("SELECT pg_current_snapshot()::text")) {
      in.next();
      return in.getString(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
