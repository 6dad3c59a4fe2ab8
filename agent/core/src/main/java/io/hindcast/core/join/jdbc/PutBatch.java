package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.OutcomeSink.LostReason;
import io.hindcast.core.join.PendingStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Predictions on their way into the database, each key once. */
final class PutBatch extends Work {
  /** As PostgreSQL orders them: all instances lock rows in one order. */
  private static final Comparator<JdbcLabelStore.Put> BY_KEY =
      Comparator.comparing(
          JdbcLabelStore.Put::key,
          (a, b) -> {
            int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
            return high != 0
                ? high
                : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
          });

  private final JdbcLabelStore store;
  private final long instance;
  private final List<JdbcLabelStore.Put> puts = new ArrayList<>();
  private final Map<UUID, PendingStore.Put> outcomes = new HashMap<>();

  PutBatch(JdbcLabelStore store, long instance) {
    this.store = store;
    this.instance = instance;
  }

  void add(JdbcLabelStore.Put put) {
    puts.add(put);
  }

  @Override
  List<JdbcLabelStore.Put> given() {
    return puts;
  }

  @Override
  void write(Tables tables) throws SQLException {
    outcomes.clear();
    Map<Long, List<Tables.NewRow>> byTimeToLive = new HashMap<>();
    Map<UUID, StoredStreams.Stored> streams = new HashMap<>();
    Map<UUID, Change> changes = new LinkedHashMap<>();
    for (JdbcLabelStore.Put put : puts.stream().sorted(BY_KEY).toList()) {
      StoredStreams.Stored stream = tables.stream(put.stream().key, put.probabilityClasses());
      streams.put(put.key(), stream);
      long at = put.record().predictedAtMillis;
      Payload payload =
          stream.probabilityClasses().equals(put.probabilityClasses())
              ? put.payload()
              : put.payload().withoutProbabilities();
      byTimeToLive
          .computeIfAbsent(put.stream().key.timeToLiveMillis(), ttl -> new ArrayList<>())
          .add(new Tables.NewRow(put.key(), Weeks.of(at), at, stream.id(), payload.bytes()));
      changes.put(put.key(), Change.predicted(stream.id(), at, payload));
    }
    Set<UUID> added = new HashSet<>();
    for (Map.Entry<Long, List<Tables.NewRow>> each : byTimeToLive.entrySet()) {
      added.addAll(tables.put(each.getValue(), instance, each.getKey()));
    }
    changes.keySet().retainAll(added);
    tables.log(List.copyOf(changes.values()));
    Map<UUID, JdbcLabelStore.Put> others = new HashMap<>();
    for (JdbcLabelStore.Put put : puts) {
      if (added.contains(put.key())) {
        outcomes.put(put.key(), PendingStore.Put.ADDED);
      } else {
        others.put(put.key(), put);
      }
    }
    if (others.isEmpty()) {
      return;
    }
    for (StoredRow row : tables.find(others.keySet(), false)) {
      JdbcLabelStore.Put put = others.get(row.key);
      if (put != null && row.week.equals(Weeks.of(put.record().predictedAtMillis))) {
        boolean isSame =
            row.stream.id() == Objects.requireNonNull(streams.get(row.key)).id()
                && row.payload.sameAnswer(put.payload());
        outcomes.put(row.key, isSame ? PendingStore.Put.RETRY : PendingStore.Put.CONFLICT);
      }
    }
  }

  @Override
  void done() {
    for (JdbcLabelStore.Put put : puts) {
      store.answered(put);
      switch (outcomes.getOrDefault(put.key(), PendingStore.Put.CONFLICT)) {
        case ADDED -> put.stream().sink.pending(1);
        case CONFLICT -> put.stream().sink.lost(LostReason.ID_CONFLICT, 1);
        default -> {
          // Known already, and counted by whoever sent it first.
          continue;
        }
      }
      put.stream().sink.predicted(put.record());
    }
  }

  @Override
  void refused() {
    for (JdbcLabelStore.Put put : puts) {
      store.answered(put);
      put.stream().sink.lost(LostReason.DISK, 1);
      put.stream().sink.predicted(put.record());
    }
  }

  @Override
  void givenUp() {
    puts.forEach(store::drop);
  }
}
