package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.StreamKey;
import io.hindcast.core.model.Task;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of {@code hindcast_stream}, read once on a connection. Owned by its thread. */
final class StoredStreams {
  private static final String COLUMNS =
      "id, model, version, output, task, time_to_live_ms, probability_classes";

  private final Connection connection;
  private final Map<StreamKey, Stored> byKey = new HashMap<>();
  private final Map<Integer, Stored> byId = new HashMap<>();

  /**
   * A row.
   *
   * @param probabilityClasses names of the classes of its predictions' probabilities, by place
   */
  record Stored(int id, StreamKey key, List<String> probabilityClasses) {}

  StoredStreams(Connection connection) {
    this.connection = connection;
  }

  /** A stream that is written to, made if there is none. Commits. */
  Stored of(StreamKey key, List<String> probabilityClasses) throws SQLException {
    Stored known = byKey.get(key);
    if (known == null || known.probabilityClasses.isEmpty() && !probabilityClasses.isEmpty()) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO hindcast_stream AS s (model, version, output, task, time_to_live_ms,"
                  + " probability_classes) VALUES (?, ?, ?, ?, ?, ?)"
                  + " ON CONFLICT (model, version, output) DO UPDATE SET"
                  + " time_to_live_ms = excluded.time_to_live_ms,"
                  + " probability_classes = CASE WHEN s.probability_classes = '{}'"
                  + " THEN excluded.probability_classes ELSE s.probability_classes END"
                  + " WHERE s.time_to_live_ms <> excluded.time_to_live_ms"
                  + " OR s.probability_classes = '{}' AND excluded.probability_classes <> '{}'")) {
        insert.setString(1, key.model());
        insert.setString(2, key.version());
        insert.setString(3, key.output());
        insert.setString(4, key.task().name());
        insert.setLong(5, key.timeToLiveMillis());
        insert.setArray(6, connection.createArrayOf("text", probabilityClasses.toArray()));
        insert.executeUpdate();
      }
      known = find(key);
      connection.commit();
      byKey.put(key, known);
      byId.put(known.id, known);
    }
    return known;
  }

  private Stored find(StreamKey key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM hindcast_stream WHERE model = ? AND version = ? AND output = ?")) {
      select.setString(1, key.model());
      select.setString(2, key.version());
      select.setString(3, key.output());
      Stored found = read(select);
      if (found == null) {
        throw new SQLException("hindcast_stream does not keep what is inserted");
      }
      return found;
    }
  }

  /** The stream that a row names. */
  Stored of(int id) throws SQLException {
    Stored known = byId.get(id);
    if (known == null) {
      try (PreparedStatement select =
          connection.prepareStatement("SELECT " + COLUMNS + " FROM hindcast_stream WHERE id = ?")) {
        select.setInt(1, id);
        known = read(select);
      }
      if (known == null) {
        known = new Stored(id, new StreamKey("", "", "", Task.INPUTS_ONLY, 0), List.of());
      }
      byId.put(id, known);
    }
    return known;
  }

  /** All that there are. */
  List<Stored> all() throws SQLException {
    var ids = new ArrayList<Integer>();
    try (PreparedStatement select = connection.prepareStatement("SELECT id FROM hindcast_stream");
        ResultSet in = select.executeQuery()) {
      while (in.next()) {
        ids.add(in.getInt(1));
      }
    }
    var all = new ArrayList<Stored>();
    for (int id : ids) {
      all.add(of(id));
    }
    return all;
  }

  private static @Nullable Stored read(PreparedStatement select) throws SQLException {
    try (ResultSet found = select.executeQuery()) {
      if (!found.next()) {
        return null;
      }
      var key =
          new StreamKey(
              found.getString("model"),
              found.getString("version"),
              found.getString("output"),
              taskOf(found.getString("task")),
              found.getLong("time_to_live_ms"));
      Array classes = found.getArray("probability_classes");
      return new Stored(found.getInt("id"), key, List.of((String[]) classes.getArray()));
    }
  }

  private static Task taskOf(String name) {
    for (Task task : Task.values()) {
      if (task.name().equals(name)) {
        return task;
      }
    }
    return Task.INPUTS_ONLY;
  }
}
