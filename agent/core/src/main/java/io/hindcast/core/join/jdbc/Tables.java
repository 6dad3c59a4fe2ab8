package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.StreamKey;
import io.hindcast.core.model.Task;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
        label_class = NULL, label_ts = NULL, rev = 0, flags = excluded.flags
      WHERE p.ts < excluded.ts - ? * interval '1 millisecond'
      RETURNING k
      """;

  private static final String COLUMNS =
      """
      p.k, p.week, (extract(epoch FROM p.ts) * 1000)::bigint AS ms, p.stream, p.payload, p.maker,
        p.teller, p.label, p.label_class, (extract(epoch FROM p.label_ts))::bigint AS label_s, p.rev,
        p.flags
      """;

  private static final String FIND =
      "SELECT "
          + COLUMNS
          + "FROM hindcast_prediction p JOIN unnest(?::uuid[]) AS l (k) USING (k) ORDER BY p.k, p.week";

  private static final String LOCK = FIND + " FOR UPDATE OF p";

  private static final String UPDATE =
      """
      UPDATE hindcast_prediction p SET teller = l.teller, label = l.label, label_class = l.label_class,
        label_ts = to_timestamp(l.s), rev = l.rev, flags = l.flags
      FROM unnest(?::uuid[], ?::date[], ?::float8[], ?::text[], ?::bigint[], ?::integer[],
        ?::smallint[], ?::bigint[]) AS l (k, week, label, label_class, s, rev, flags, teller)
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
      "SELECT "
          + COLUMNS
          + """
          FROM hindcast_prediction p
          WHERE p.maker = ? AND p.stream = ? AND p.week >= ?::date AND p.week <= ?::date
            AND (p.ts, p.k) > (to_timestamp(? / 1000.0), ?::uuid) AND p.ts < to_timestamp(? / 1000.0)
          ORDER BY p.ts, p.k LIMIT ?
          """;

  private final Connection connection;
  private final Map<StreamKey, Integer> ids = new HashMap<>();
  private final Map<Integer, StreamKey> streams = new HashMap<>();

  /** One batch's worth of a stream's predictions, by column. */
  record NewRow(UUID key, String week, long predictedAtMillis, int streamId, byte[] payload) {}

  Tables(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    try (Statement statement = connection.createStatement()) {
      // A label that was answered as durable has to be.
      statement.execute("SET synchronous_commit TO on");
      statement.execute("SET TimeZone TO 'UTC'");
    }
    connection.commit();
  }

  /** The number of a stream, made if there is none. Commits. */
  int streamId(StreamKey key) throws SQLException {
    Integer known = ids.get(key);
    if (known == null) {
      known = findStream(key);
      if (known == null) {
        try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO hindcast_stream (model, version, output, task, time_to_live_ms)"
                    + " VALUES (?, ?, ?, ?, ?)"
                    + " ON CONFLICT DO NOTHING")) {
          insert.setString(1, key.model());
          insert.setString(2, key.version());
          insert.setString(3, key.output());
          insert.setString(4, key.task().name());
          insert.setLong(5, key.timeToLiveMillis());
          insert.executeUpdate();
        }
        known = findStream(key);
      }
      try (PreparedStatement update =
          connection.prepareStatement(
              "UPDATE hindcast_stream SET time_to_live_ms = ? WHERE id = ? AND time_to_live_ms <> ?")) {
        update.setLong(1, key.timeToLiveMillis());
        update.setInt(2, known == null ? -1 : known);
        update.setLong(3, key.timeToLiveMillis());
        update.executeUpdate();
      }
      connection.commit();
      if (known == null) {
        throw new SQLException("hindcast_stream does not keep what is inserted");
      }
      ids.put(key, known);
    }
    return known;
  }

  private @Nullable Integer findStream(StreamKey key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id FROM hindcast_stream WHERE model = ? AND version = ? AND output = ?")) {
      select.setString(1, key.model());
      select.setString(2, key.version());
      select.setString(3, key.output());
      try (ResultSet found = select.executeQuery()) {
        return found.next() ? found.getInt(1) : null;
      }
    }
  }

  private StreamKey stream(int id) throws SQLException {
    StreamKey known = streams.get(id);
    if (known == null) {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT model, version, output, task, time_to_live_ms FROM hindcast_stream"
                  + " WHERE id = ?")) {
        select.setInt(1, id);
        try (ResultSet found = select.executeQuery()) {
          known =
              found.next()
                  ? new StreamKey(
                      found.getString(1),
                      found.getString(2),
                      found.getString(3),
                      taskOf(found.getString(4)),
                      found.getLong(5))
                  : new StreamKey("", "", "", Task.INPUTS_ONLY, 0);
        }
      }
      streams.put(id, known);
    }
    return known;
  }

  private static Task taskOf(String name) {
    for (Task task : Task.values()) {
      if (task.name().equals(name)) {
        return task;
      }
    }
    return Task.INPUTS_ONLY;
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

  private List<StoredRow> rows(PreparedStatement select) throws SQLException {
    var rows = new ArrayList<StoredRow>();
    var streamIds = new ArrayList<Integer>();
    var partial = new ArrayList<Object[]>();
    try (ResultSet in = select.executeQuery()) {
      while (in.next()) {
        streamIds.add(in.getInt("stream"));
        partial.add(
            new Object[] {
              in.getObject("k", UUID.class),
              in.getString("week"),
              in.getLong("ms"),
              in.getBytes("payload"),
              in.getLong("maker"),
              in.getObject("teller"),
              in.getDouble("label"),
              in.getString("label_class"),
              in.getLong("label_s"),
              in.getInt("rev"),
              in.getInt("flags")
            });
      }
    }
    for (int i = 0; i < partial.size(); i++) {
      Object[] of = partial.get(i);
      Payload payload = Payload.read((byte[]) of[3]);
      if (payload == null) {
        // Of a newer agent: whoever knows the format may label it.
        continue;
      }
      var row =
          new StoredRow(
              (UUID) of[0],
              (String) of[1],
              streamIds.get(i),
              stream(streamIds.get(i)),
              (Long) of[2],
              payload,
              (Long) of[4],
              (Long) of[5]);
      row.label = (Double) of[6];
      row.labelClass = (String) of[7];
      row.labelSeconds = (Long) of[8];
      row.revision = (Integer) of[9];
      row.flags = (Integer) of[10];
      rows.add(row);
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

  private void array(PreparedStatement statement, int index, String type, Object[] values)
      throws SQLException {
    statement.setArray(index, connection.createArrayOf(type, values));
  }

  /** The number of the transaction that goes on, by which {@link #hasCommitted} knows it. */
  String transaction() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet in = statement.executeQuery("SELECT pg_current_xact_id()::text")) {
      in.next();
      return in.getString(1);
    }
  }

  /** What became of a transaction whose end was not heard of. */
  boolean hasCommitted(String transaction) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("SELECT pg_xact_status(?::xid8)")) {
      select.setString(1, transaction);
      try (ResultSet in = select.executeQuery()) {
        in.next();
        String status = in.getString(1);
        if ("in progress".equals(status)) {
          throw new SQLException("a transaction of a lost connection is still going on");
        }
        return "committed".equals(status);
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
