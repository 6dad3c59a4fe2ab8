package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.OutcomeSink.LostReason;
import io.hindcast.core.join.PendingRecord;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * Tells of the predictions of one stream that this process made and whose time is over: those
 * without a label are lost, those that another instance labelled wait no longer.
 */
final class Sweep extends Work {
  private static final UUID FIRST = new UUID(0, 0);

  private final JdbcLabelStore store;
  private final Handover handover;
  private final JdbcLabelStore.Stream stream;
  private final long instance;
  private final long beforeMillis;

  /** How far it has come. */
  private long afterMillis;

  private UUID after = FIRST;

  Sweep(
      JdbcLabelStore store,
      Handover handover,
      JdbcLabelStore.Stream stream,
      long instance,
      long beforeMillis) {
    this.store = store;
    this.handover = handover;
    this.stream = stream;
    this.instance = instance;
    this.beforeMillis = beforeMillis;
    this.afterMillis = stream.sweptMillis;
  }

  @Override
  boolean hasChanged() {
    return false;
  }

  @Override
  void write(Tables tables) throws SQLException, InterruptedException {
    int streamId = tables.stream(stream.key, List.of()).id();
    List<StoredRow> page;
    do {
      page =
          tables.over(instance, streamId, afterMillis, after, beforeMillis, JdbcLabelStore.BATCH);
      tables.commit();
      List<StoredRow> over = page;
      handover.now(() -> over.forEach(this::tell));
      if (!page.isEmpty()) {
        StoredRow last = page.get(page.size() - 1);
        afterMillis = last.predictedAtMillis;
        after = last.key;
      }
    } while (page.size() == JdbcLabelStore.BATCH);
  }

  private void tell(StoredRow row) {
    if ((row.flags & StoredRow.WAITS) != 0) {
      stream.sink.pending(-1);
    }
    if (row.state() == PendingRecord.State.PENDING
        || row.state() == PendingRecord.State.RETRACTED) {
      stream.sink.lost(LostReason.UNLABELLED, 1);
    }
  }

  @Override
  void done() {
    store.swept(stream, beforeMillis);
  }

  @Override
  void refused() {
    store.swept(stream, beforeMillis);
  }
}
