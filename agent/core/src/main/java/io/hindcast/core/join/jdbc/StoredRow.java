package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.PendingRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code hindcast_prediction}. Where labels change it, it is locked by the transaction
 * that read it, and handed from the store thread to the monitor thread and back.
 */
final class StoredRow {
  static final int STATE = 3;
  static final int BY_ARRIVAL = 4;
  static final int ACTED_ON = 8;

  /** The instance that made the prediction counts it as waiting. */
  static final int WAITS = 16;

  static final PendingRecord.State[] STATES = PendingRecord.State.values();

  static final String SELECT =
      """
      SELECT p.k, p.week, (extract(epoch FROM p.ts) * 1000)::bigint AS ms, p.stream, p.payload,
        p.maker, p.teller, p.label, p.label_class,
        (extract(epoch FROM p.label_ts))::bigint AS label_s, p.rev, p.delay_ms, p.flags
      FROM hindcast_prediction p
      """;

  final UUID key;

  /** A Monday, as ISO text. */
  final String week;

  /** Its time to live is that of whoever opened it last. */
  final StoredStreams.Stored stream;

  final long predictedAtMillis;
  final Payload payload;
  final long maker;
  @Nullable Long teller;
  double label;
  @Nullable String labelClass;
  long labelSeconds;
  int revision;

  /** From the prediction to its first label; null without one. */
  @Nullable Long delayMillis;

  int flags;

  /** As the versions of this process number it; null until a label is applied to it. */
  @Nullable PendingRecord record;

  private StoredRow(
      UUID key,
      String week,
      StoredStreams.Stored stream,
      long predictedAtMillis,
      Payload payload,
      long maker) {
    this.key = key;
    this.week = week;
    this.stream = stream;
    this.predictedAtMillis = predictedAtMillis;
    this.payload = payload;
    this.maker = maker;
  }

  /**
   * The row that the result of {@link #SELECT} stands at.
   *
   * @return null if a newer agent wrote it; whoever knows its format may label it
   */
  static @Nullable StoredRow read(ResultSet in, StoredStreams streams) throws SQLException {
    Payload payload = Payload.read(in.getBytes("payload"));
    if (payload == null) {
      return null;
    }
    var row =
        new StoredRow(
            in.getObject("k", UUID.class),
            in.getString("week"),
            streams.of(in.getInt("stream")),
            in.getLong("ms"),
            payload,
            in.getLong("maker"));
    row.teller = in.getObject("teller", Long.class);
    row.label = in.getDouble("label");
    row.labelClass = in.getString("label_class");
    row.labelSeconds = in.getLong("label_s");
    row.revision = in.getInt("rev");
    row.delayMillis = in.getObject("delay_ms", Long.class);
    row.flags = in.getInt("flags");
    return row;
  }

  /** Null unless its label is a value. */
  @Nullable Double value() {
    return state() == PendingRecord.State.LABELLED && labelClass == null ? label : null;
  }

  PendingRecord.State state() {
    return STATES[flags & STATE];
  }
}
