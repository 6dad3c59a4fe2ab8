package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.StreamKey;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The SQL of the store, on one connection that does not commit by itself. Store thread only. */
final class Tables implements AutoCloseable {
  /*
   * All values of a batch travel in arrays, one for each column, so that a batch is one statement
   * whatever its size. Rows are locked in the order of their keys, by every instance; so are the
   * sums of windows, after them.
   */
  private static final String PUT =
      """
      INSERT INTO hindcast_prediction AS p (k, week, ts, stream, payload, maker, flags)
      SELECT k, week, to_timestamp(ms / 1000.0), stream, payload, ?, ?
      FROM unnest(?::uuid[], ?::date[], ?::bigint[], ?::smallint[], ?::bytea[])
        AS v (k, week, ms, stream, payload)
      ON CONFLICT (k, week) DO UPDATE SET ts = excluded.ts, stream = excluded.stream,
        payload = excluded.payload, maker = excluded.maker, teller = NULL, label = NULL,
        label_class = NULL, label_ts = NULL, rev = 0, delay_ms = NULL, flags = excluded.flags
      WHERE p.ts < excluded.ts - ? * interval '1 millisecond'
      RETURNING k
      """;

  private static final String FIND =
      StoredRow.SELECT + " JOIN unnest(?::uuid[]) AS l (k) USING (k) ORDER BY k, p.week";

  private static final String LOCK = FIND + " FOR UPDATE OF p";

  private static final String UPDATE =
      """
      UPDATE hindcast_prediction p SET teller = l.teller, label = l.label, label_class = l.label_class,
        label_ts = to_timestamp(l.s), rev = l.rev, flags = l.flags, delay_ms = l.delay_ms
      FROM unnest(?::uuid[], ?::date[], ?::float8[], ?::text[], ?::bigint[], ?::integer[],
        ?::smallint[], ?::bigint[], ?::bigint[])
        AS l (k, week, label, label_class, s, rev, flags, teller, delay_ms)
      WHERE p.k = l.k AND p.week = l.week
      """;

  private static final String ADD =
      """
      INSERT INTO hindcast_window AS w (stream, day, segment, actual, predicted, bin, n, w, e, ae, se)
      SELECT * FROM unnest(?::smallint[], ?::date[], ?::text[], ?::text[], ?::text[], ?::smallint[],
        ?::bigint[], ?::float8[], ?::float8[], ?::float8[], ?::float8[])
      ON CONFLICT (stream, day, segment, actual, predicted, bin) DO UPDATE SET
        n = w.n + excluded.n, w = w.w + excluded.w, e = w.e + excluded.e, ae = w.ae + excluded.ae,
        se = w.se + excluded.se
      """;

  private static final String OVER =
      StoredRow.SELECT
          + """
          WHERE p.maker = ? AND p.stream = ? AND p.week >= ?::date AND p.week <= ?::date
            AND (p.ts, p.k) > (to_timestamp(? / 1000.0), ?::uuid) AND p.ts < to_timestamp(? / 1000.0)
          ORDER BY p.ts, p.k LIMIT ?
          """;

  private static final String OPEN =
      """
      SELECT k, (extract(epoch FROM ts) * 1000)::bigint FROM hindcast_prediction
      WHERE stream = ? AND week >= ?::date AND week <= ?::date AND ts >= to_timestamp(? / 1000.0)
        AND ts <= to_timestamp(? / 1000.0) AND flags & 3 = 0
      ORDER BY ts, k LIMIT ?
      """;

  private final Connection connection;
  private final StoredStreams streams;
  private final long instance;
  private final SecureRandom marks = new SecureRandom();

  /** One batch's worth of a stream's predictions, by column. */
  record NewRow(UUID key, String week, long predictedAtMillis, int streamId, byte[] payload) {}

  /**
   * @param instance a number of this process
   */
  Tables(Connection connection, long instance) throws SQLException {
    this.connection = connection;
    this.instance = instance;
    this.streams = new StoredStreams(connection);
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    try (Statement statement = connection.createStatement()) {
      // A label that was answered as durable has to be.
      statement.execute("SET synchronous_commit TO on");
      statement.execute("SET TimeZone TO 'UTC'");
      // What one that was cut off has locked, others wait for.
      statement.execute("SET tcp_keepalives_idle TO 20");
      statement.execute("SET tcp_keepalives_interval TO 10");
      statement.execute("SET tcp_keepalives_count TO 3");
    }
    connection.commit();
    Schema.check(connection);
    // So that it is there to be waited for.
    mark();
    connection.commit();
  }

  /** A stream that is written to, made if there is none. Commits. */
  StoredStreams.Stored stream(StreamKey key, List<String> probabilityClasses) throws SQLException {
    return streams.of(key, probabilityClasses);
  }

  List<StoredStreams.Stored> allStreams() throws SQLException {
    return streams.all();
  }

  /**
   * Inserts what is not there, and takes the place of what is older than the time to live.
   *
   * @param rows in the order of their keys, each key once
   * @return the keys that are there now because of this
   */
  Set<UUID> put(List<NewRow> rows, long maker, long timeToLiveMillis) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(PUT)) {
      insert.setLong(1, maker);
      insert.setShort(2, (short) StoredRow.WAITS);
      array(insert, 3, "uuid", rows.stream().map(NewRow::key).toArray());
      array(insert, 4, "text", rows.stream().map(NewRow::week).toArray());
      array(insert, 5, "int8", rows.stream().map(NewRow::predictedAtMillis).toArray());
      array(insert, 6, "int4", rows.stream().map(NewRow::streamId).toArray());
      array(insert, 7, "bytea", rows.stream().map(NewRow::payload).toArray(byte[][]::new));
      insert.setLong(8, timeToLiveMillis);
      var added = new HashSet<UUID>();
      try (ResultSet keys = insert.executeQuery()) {
        while (keys.next()) {
          added.add(keys.getObject(1, UUID.class));
        }
      }
      return added;
    }
  }

  /** Rows of these keys, which may be in several weeks; the older first. */
  List<StoredRow> find(Collection<UUID> keys, boolean lock) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(lock ? LOCK : FIND)) {
      array(select, 1, "uuid", keys.toArray());
      return rows(select);
    }
  }

  /**
   * A page of the predictions that this process made and whose time is over, by time and key.
   *
   * @param after none of this time and key, or before
   */
  List<StoredRow> over(
      long maker, int streamId, long afterMillis, UUID after, long beforeMillis, int limit)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OVER)) {
      select.setLong(1, maker);
      select.setInt(2, streamId);
      select.setString(3, Weeks.of(afterMillis));
      select.setString(4, Weeks.of(beforeMillis));
      select.setLong(5, afterMillis);
      select.setObject(6, after);
      select.setLong(7, beforeMillis);
      select.setInt(8, limit);
      return rows(select);
    }
  }

  /**
   * Keys of predictions of which nothing is known.
   *
   * @param lastMillis when the last of them was predicted
   */
  record Open(List<UUID> keys, long lastMillis) {}

  /** Those that were predicted from a moment to another, the oldest first. */
  Open open(int streamId, long fromMillis, long toMillis, int limit) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OPEN)) {
      long from = Math.max(fromMillis, 0);
      select.setInt(1, streamId);
      select.setString(2, Weeks.of(from));
      select.setString(3, Weeks.of(toMillis));
      select.setLong(4, from);
      select.setLong(5, toMillis);
      select.setInt(6, limit);
      var keys = new ArrayList<UUID>();
      long last = from;
      try (ResultSet in = select.executeQuery()) {
        while (in.next()) {
          keys.add(in.getObject(1, UUID.class));
          last = in.getLong(2);
        }
      }
      return new Open(keys, last);
    }
  }

  private List<StoredRow> rows(PreparedStatement select) throws SQLException {
    var rows = new ArrayList<StoredRow>();
    try (ResultSet in = select.executeQuery()) {
      while (in.next()) {
        StoredRow row = StoredRow.read(in, streams);
        if (row != null) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  /** Writes the labels of locked rows. */
  void update(List<StoredRow> rows) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      array(update, 1, "uuid", rows.stream().map(row -> row.key).toArray());
      array(update, 2, "text", rows.stream().map(row -> row.week).toArray());
      array(update, 3, "float8", rows.stream().map(StoredRow::value).toArray());
      array(update, 4, "text", rows.stream().map(row -> row.labelClass).toArray());
      array(update, 5, "int8", rows.stream().map(row -> row.labelSeconds).toArray());
      array(update, 6, "int4", rows.stream().map(row -> row.revision).toArray());
      array(update, 7, "int4", rows.stream().map(row -> row.flags).toArray());
      array(update, 8, "int8", rows.stream().map(row -> row.teller).toArray());
      array(update, 9, "int8", rows.stream().map(row -> row.delayMillis).toArray());
      update.executeUpdate();
    }
  }

  void add(WindowSums windows) throws SQLException {
    List<Map.Entry<WindowSums.Cell, double[]>> cells = List.copyOf(windows.sums().entrySet());
    if (cells.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(ADD)) {
      array(insert, 1, "int4", cells.stream().map(cell -> cell.getKey().stream()).toArray());
      array(insert, 2, "text", cells.stream().map(cell -> cell.getKey().day()).toArray());
      array(insert, 3, "text", cells.stream().map(cell -> cell.getKey().segment()).toArray());
      array(insert, 4, "text", cells.stream().map(cell -> cell.getKey().actual()).toArray());
      array(insert, 5, "text", cells.stream().map(cell -> cell.getKey().predicted()).toArray());
      array(insert, 6, "int4", cells.stream().map(cell -> cell.getKey().bin()).toArray());
      array(insert, 7, "int8", cells.stream().map(cell -> (long) cell.getValue()[0]).toArray());
      for (int i = 1; i < 5; i++) {
        int sum = i;
        array(insert, 7 + i, "float8", cells.stream().map(cell -> cell.getValue()[sum]).toArray());
      }
      insert.executeUpdate();
    }
  }

  /** Tells whoever speaks for all instances. */
  void log(List<Change> changes) throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO hindcast_change (body) VALUES (?)")) {
      insert.setBytes(1, Change.bytes(changes));
      insert.executeUpdate();
    }
  }

  private void array(PreparedStatement statement, int index, String type, Object[] values)
      throws SQLException {
    statement.setArray(index, connection.createArrayOf(type, values));
  }

  /** Makes the transaction that goes on one that {@link #hasCommitted} knows. */
  long mark() throws SQLException {
    long mark = marks.nextLong();
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO hindcast_commit AS c (instance, mark) VALUES (?, ?) ON CONFLICT (instance)"
                + " DO UPDATE SET mark = excluded.mark, at = now()")) {
      insert.setLong(1, instance);
      insert.setLong(2, mark);
      insert.executeUpdate();
    }
    return mark;
  }

  /** What became of a transaction whose end was not heard of; waits for one that still goes on. */
  boolean hasCommitted(long mark) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT mark FROM hindcast_commit WHERE instance = ? FOR UPDATE")) {
      select.setLong(1, instance);
      try (ResultSet in = select.executeQuery()) {
        return in.next() && in.getLong(1) == mark;
      }
    } finally {
      connection.rollback();
    }
  }

  void commit() throws SQLException {
    connection.commit();
  }

  void rollback() throws SQLException {
    connection.rollback();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
