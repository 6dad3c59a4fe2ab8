package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.ForwardedOutcomes;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.PendingRecord.State;
import io.hindcast.core.join.RecordJoin;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What one transaction changes in locked rows, and what is told of it once it has been committed.
 * Filled by the monitor thread, written by the store thread.
 */
final class RowChanges {
  private final long instance;
  private final Set<StoredRow> rows = new LinkedHashSet<>();
  private final WindowSums windows = new WindowSums();
  private final List<Change> changes = new ArrayList<>();

  RowChanges(long instance) {
    this.instance = instance;
  }

  /**
   * A truth that is another one now.
   *
   * @param after a copy of the record
   * @param pending change of what waits, in the books of this process
   * @param isNews the books of this process do not have the record as it was
   * @param isImplied no label came
   */
  record Told(
      JdbcLabelStore.Stream stream,
      PendingRecord after,
      PendingRecord.Truth was,
      int pending,
      boolean isNews,
      boolean isImplied) {

    /**
     * Tells the version of it. Monitor thread.
     *
     * @param arrivedMillis when the label came
     */
    void tell(long arrivedMillis) {
      OutcomeSink sink = stream.sink;
      if (isNews) {
        // Others made or labelled it: the version hears of it as of one from before a restart.
        PendingRecord before = Records.copyOf(after, Integer.MAX_VALUE);
        before.state = was.state();
        before.actual = was.actual();
        before.actedOn = was.actedOn();
        sink.restored(before);
        if (before.isOpen()) {
          sink.pending(-1);
        }
      }
      // What is implied has no delay.
      PendingRecord.Truth from =
          isImplied ? new PendingRecord.Truth(State.RETRACTED, 0, false) : was;
      RecordJoin.tell(new WithoutPending(sink), after, from, arrivedMillis);
      if (isImplied) {
        sink.count(LabelOutcome.IMPLIED);
      }
      if (pending != 0) {
        sink.pending(pending);
      }
    }
  }

  /**
   * A label has given the record of a row another truth.
   *
   * @param arrivedMillis when it came
   */
  Told labelled(
      StoredRow row,
      JdbcLabelStore.Stream stream,
      PendingRecord record,
      PendingRecord.Truth was,
      long arrivedMillis) {
    boolean isFirst = was.state() == State.PENDING && record.state == State.LABELLED;
    long delay = isFirst ? Math.max(0, arrivedMillis - row.predictedAtMillis) : -1;
    if (isFirst) {
      row.delayMillis = delay;
    }
    return changed(row, stream, record, was, delay, false);
  }

  /** No label has come by now, which means something. */
  Told implied(StoredRow row, JdbcLabelStore.Stream stream, PendingRecord record, double actual) {
    PendingRecord.Truth was = record.truth();
    record.state = State.LABELLED;
    record.actual = actual;
    return changed(row, stream, record, was, -1, true);
  }

  private Told changed(
      StoredRow row,
      JdbcLabelStore.Stream stream,
      PendingRecord record,
      PendingRecord.Truth was,
      long delayMillis,
      boolean isImplied) {
    boolean waited = (row.flags & StoredRow.WAITS) != 0;
    PendingRecord after = Records.copyOf(record, Integer.MAX_VALUE);
    record.isFromBefore = false;
    if (was.state() == State.LABELLED) {
      sum(row, stream, record, was.actual(), was.actedOn(), -1);
    }
    if (record.state == State.LABELLED) {
      sum(row, stream, record, record.actual, record.actedOn, 1);
    }
    moved(row, stream, record);
    changes.add(
        new Change(
            row.stream.id(),
            row.predictedAtMillis,
            row.payload,
            Change.Known.of(was, stream),
            Change.Known.of(record.truth(), stream),
            delayMillis));
    boolean isNews = row.teller == null ? row.maker != instance : row.teller != instance;
    row.teller = instance;
    boolean waits = (row.flags & StoredRow.WAITS) != 0;
    return new Told(stream, after, was, waited == waits ? 0 : waits ? 1 : -1, isNews, isImplied);
  }

  /** At most its place in the order is another one. Whoever told its label goes on to have it. */
  void moved(StoredRow row, JdbcLabelStore.Stream stream, PendingRecord record) {
    Records.write(record, row, stream, instance);
    rows.add(row);
  }

  private void sum(
      StoredRow row,
      JdbcLabelStore.Stream stream,
      PendingRecord record,
      double actual,
      boolean actedOn,
      int sign) {
    String name = Records.className(actual, stream);
    windows.add(row, name, record.score - actual, actedOn, sign);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void write(Tables tables) throws SQLException {
    if (!rows.isEmpty()) {
      tables.update(List.copyOf(rows));
      tables.add(windows);
      tables.log(changes);
    }
  }

  /** A sink that leaves alone what the instance that made a prediction counts as waiting. */
  private record WithoutPending(OutcomeSink to) implements ForwardedOutcomes {
    @Override
    public void pending(int change) {}

    @Override
    public void waits(PendingRecord record, boolean isSo) {}
  }
}
