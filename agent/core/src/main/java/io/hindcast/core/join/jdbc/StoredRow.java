package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.StreamKey;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code hindcast_prediction}, locked by the transaction that read it. Handed from the
 * store thread to the monitor thread and back.
 */
final class StoredRow {
  static final int STATE = 3;
  static final int BY_ARRIVAL = 4;
  static final int ACTED_ON = 8;

  /** The instance that made the prediction counts it as waiting. */
  static final int WAITS = 16;

  static final PendingRecord.State[] STATES = PendingRecord.State.values();

  final UUID key;

  /** A Monday, as ISO text. */
  final String week;

  final int streamId;

  /** Its time to live is that of whoever opened it last. */
  final StreamKey stream;

  final long predictedAtMillis;
  final Payload payload;
  final long maker;
  @Nullable Long teller;
  double label;
  @Nullable String labelClass;
  long labelSeconds;
  int revision;
  int flags;

  /** As the versions of this process number it; null until a label is applied to it. */
  @Nullable PendingRecord record;

  boolean hasChanged;

  StoredRow(
      UUID key,
      String week,
      int streamId,
      StreamKey stream,
      long predictedAtMillis,
      Payload payload,
      long maker,
      @Nullable Long teller) {
    this.key = key;
    this.week = week;
    this.streamId = streamId;
    this.stream = stream;
    this.predictedAtMillis = predictedAtMillis;
    this.payload = payload;
    this.maker = maker;
    this.teller = teller;
  }

  /** Null unless its label is a value. */
  @Nullable Double value() {
    return state() == PendingRecord.State.LABELLED && labelClass == null ? label : null;
  }

  PendingRecord.State state() {
    return STATES[flags & STATE];
  }
}
