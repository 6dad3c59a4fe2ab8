package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.PendingRecord.State;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Gives predictions of which nothing is known the label that its absence means, where they are old
 * enough: a page of them, in one transaction. Of all instances; done by the one that speaks for
 * them.
 */
final class Absences extends Work {
  private final JdbcLabelStore store;
  private final Handover handover;
  private final long instance;
  private final long nowMillis;

  /** By number of the stream, up to when its rows were looked at before. */
  private final Map<Integer, Long> looked;

  private final Map<Integer, Long> lookedNow = new HashMap<>();

  private final List<RowChanges.Told> told = new ArrayList<>();
  private RowChanges changes;
  private boolean isFull;

  Absences(
      JdbcLabelStore store,
      Handover handover,
      long instance,
      long nowMillis,
      Map<Integer, Long> looked) {
    this.store = store;
    this.handover = handover;
    this.instance = instance;
    this.nowMillis = nowMillis;
    this.looked = looked;
    this.changes = new RowChanges(instance);
  }

  @Override
  void write(Tables tables) throws SQLException, InterruptedException {
    told.clear();
    lookedNow.clear();
    changes = new RowChanges(instance);
    isFull = false;
    Map<Integer, OutcomeSink.Absence> absences = new HashMap<>();
    List<StoredStreams.Stored> streams = tables.allStreams();
    handover.now(
        () -> {
          for (StoredStreams.Stored each : streams) {
            JdbcLabelStore.Stream stream = store.streamOf(each, nowMillis);
            OutcomeSink.Absence absence = stream == null ? null : stream.sink.absence();
            if (absence != null) {
              absences.put(each.id(), absence);
            }
          }
        });
    for (Map.Entry<Integer, OutcomeSink.Absence> each : absences.entrySet()) {
      long before = nowMillis - each.getValue().afterMillis();
      Tables.Open open =
          tables.open(
              each.getKey(),
              looked.getOrDefault(each.getKey(), Long.MIN_VALUE),
              before,
              JdbcLabelStore.BATCH);
      isFull = open.keys().size() == JdbcLabelStore.BATCH;
      int toldBefore = told.size();
      imply(tables, open.keys(), each.getValue());
      // What could not be changed would be found again.
      long last = open.lastMillis() + (told.size() == toldBefore ? 1 : 0);
      lookedNow.put(each.getKey(), isFull ? last : before);
      if (isFull) {
        break;
      }
    }
    changes.write(tables);
  }

  private void imply(Tables tables, List<UUID> keys, OutcomeSink.Absence absence)
      throws SQLException, InterruptedException {
    if (keys.isEmpty()) {
      return;
    }
    // Locked in the order of their keys, as everywhere; others may have labelled them meanwhile.
    List<StoredRow> rows = tables.find(keys, true);
    handover.now(() -> rows.forEach(row -> imply(row, absence)));
  }

  private void imply(StoredRow row, OutcomeSink.Absence absence) {
    JdbcLabelStore.Stream stream = store.streamOf(row);
    boolean isDue = nowMillis - row.predictedAtMillis >= absence.afterMillis();
    if (stream == null || row.state() != State.PENDING || !isDue) {
      return;
    }
    PendingRecord record = Records.of(row, stream, instance);
    if (record != null) {
      told.add(changes.implied(row, stream, record, absence.actual()));
    }
  }

  @Override
  boolean hasChanged() {
    return !changes.isEmpty();
  }

  @Override
  void done() {
    told.forEach(each -> each.tell(nowMillis));
    looked.putAll(lookedNow);
    store.lookedForAbsences(isFull);
  }

  @Override
  void refused() {
    store.lookedForAbsences(false);
  }
}
