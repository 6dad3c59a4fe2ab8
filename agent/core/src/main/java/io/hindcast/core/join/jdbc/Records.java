package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.PendingRecord.State;
import io.hindcast.core.model.Task;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Rows as records of this process, and back. Monitor thread. */
final class Records {
  private Records() {}

  /**
   * A record of its own.
   *
   * @param probabilities at most; with more it has none
   */
  static PendingRecord copyOf(PendingRecord from, int probabilities) {
    var to = new PendingRecord();
    to.keyHigh = from.keyHigh;
    to.keyLow = from.keyLow;
    to.isUnique = from.isUnique;
    to.predictedAtMillis = from.predictedAtMillis;
    to.weight = from.weight;
    to.segmentCodes = from.segmentCodes;
    to.stream = from.stream;
    to.predictedClass = from.predictedClass;
    to.score = from.score;
    to.probabilityCount = from.probabilityCount <= probabilities ? from.probabilityCount : 0;
    to.probabilities = Arrays.copyOf(from.probabilities, to.probabilityCount);
    to.state = from.state;
    to.actual = from.actual;
    to.revision = from.revision;
    to.eventSeconds = from.eventSeconds;
    to.byArrival = from.byArrival;
    to.actedOn = from.actedOn;
    to.isFromBefore = from.isFromBefore;
    to.delay = from.delay;
    return to;
  }

  /**
   * What was predicted.
   *
   * @return null if the version here cannot have such a class
   */
  static @Nullable PendingRecord of(
      Payload payload, StoredStreams.Stored stream, long predictedAtMillis, OutcomeSink sink) {
    var record = new PendingRecord();
    record.predictedAtMillis = predictedAtMillis;
    record.weight = payload.weight();
    record.segmentCodes = payload.segmentCodes();
    record.score = payload.score();
    if (payload.className() != null) {
      Double number = sink.actualOf(payload.className());
      if (number == null) {
        return null;
      }
      record.predictedClass = number.intValue();
    }
    if (stream.probabilityClasses().equals(sink.probabilityClasses())) {
      record.probabilities = payload.probabilities();
      record.probabilityCount = record.probabilities.length;
    }
    return record;
  }

  /**
   * @return null if the version here cannot have such classes
   */
  static @Nullable PendingRecord of(StoredRow row, JdbcLabelStore.Stream stream, long instance) {
    OutcomeSink sink = stream.sink;
    PendingRecord record = of(row.payload, row.stream, row.predictedAtMillis, sink);
    if (record == null) {
      return null;
    }
    record.keyHigh = row.key.getMostSignificantBits();
    record.keyLow = row.key.getLeastSignificantBits();
    record.stream = stream.number;
    record.state = row.state();
    if (record.state == State.LABELLED) {
      Double actual =
          row.labelClass == null ? Double.valueOf(row.label) : sink.actualOf(row.labelClass);
      if (actual == null) {
        return null;
      }
      record.actual = actual;
    }
    record.revision = row.revision;
    record.eventSeconds = row.labelSeconds;
    record.byArrival = (row.flags & StoredRow.BY_ARRIVAL) != 0;
    record.actedOn = (row.flags & StoredRow.ACTED_ON) != 0;
    record.isFromBefore = row.teller != null && row.teller != instance;
    return record;
  }

  /** Writes the label of a record into its row. */
  static void write(
      PendingRecord record, StoredRow row, JdbcLabelStore.Stream stream, long instance) {
    boolean waits = row.maker == instance ? record.isOpen() : (row.flags & StoredRow.WAITS) != 0;
    row.flags =
        record.state.ordinal()
            | (record.byArrival ? StoredRow.BY_ARRIVAL : 0)
            | (record.actedOn ? StoredRow.ACTED_ON : 0)
            | (waits ? StoredRow.WAITS : 0);
    row.revision = record.revision;
    row.labelSeconds = record.eventSeconds;
    row.label = record.actual;
    row.labelClass = record.state == State.LABELLED ? className(record.actual, stream) : null;
  }

  /** Null if labels are values. */
  static @Nullable String className(double actual, JdbcLabelStore.Stream stream) {
    return stream.key.task() == Task.REGRESSION ? null : stream.sink.classes().get((int) actual);
  }
}
