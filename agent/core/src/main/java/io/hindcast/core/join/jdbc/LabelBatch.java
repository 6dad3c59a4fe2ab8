package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.ForwardedOutcomes;
import io.hindcast.core.join.LabelMachine;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.LabelTrial;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.PendingRecord.State;
import io.hindcast.core.join.RecordJoin;
import io.hindcast.core.model.LabelEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Labels on their way into the database: one transaction. */
final class LabelBatch extends Work {
  /*
   * 1. The store thread reads and locks the rows of all keys, in the order of the keys.
   * 2. The monitor thread lets each label, in order, move the record of its key: LabelMachine alone
   *    decides what it does. Nothing is told to anybody.
   * 3. The store thread writes each row that has changed once, and the sums of windows; commits.
   * 4. The monitor thread tells sinks and senders.
   * While one instance is between 1 and 3 another that has labels of the same keys waits at 1, and
   * then reads what this one wrote: so each label counts once, wherever it is sent.
   */
  private final JdbcLabelStore store;
  private final Handover handover;
  private final long instance;
  private final List<JdbcLabelStore.Label> labels = new ArrayList<>();

  private final Map<UUID, List<StoredRow>> rows = new HashMap<>();
  private final Map<UUID, Picked> picked = new HashMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private WindowSums windows = new WindowSums();

  /** The row that labels of a key are for. */
  private record Picked(
      @Nullable StoredRow row, JdbcLabelStore.@Nullable Stream stream, boolean hasExpired) {
    static final Picked NOTHING = new Picked(null, null, false);
  }

  /**
   * What a label has done.
   *
   * @param stream null if it found nothing
   * @param after a copy of the record, if its truth is another one now
   * @param pending change of what waits, in the books of this process
   * @param isNews the books of this process do not have the record as it was
   * @param hasToWait it has done nothing, because others of its key come first
   */
  private record Effect(
      JdbcLabelStore.Label label,
      @Nullable LabelOutcome outcome,
      JdbcLabelStore.@Nullable Stream stream,
      @Nullable PendingRecord after,
      PendingRecord.@Nullable Truth was,
      int pending,
      boolean isNews,
      boolean hasToWait) {
    static Effect nothing(JdbcLabelStore.Label label, boolean hasToWait) {
      return new Effect(label, null, null, null, null, 0, false, hasToWait);
    }

    static Effect only(
        JdbcLabelStore.Label label, LabelOutcome outcome, JdbcLabelStore.Stream stream) {
      return new Effect(label, outcome, stream, null, null, 0, false, false);
    }
  }

  LabelBatch(JdbcLabelStore store, Handover handover, long instance) {
    this.store = store;
    this.handover = handover;
    this.instance = instance;
  }

  void add(JdbcLabelStore.Label label) {
    labels.add(label);
  }

  int size() {
    return labels.size();
  }

  @Override
  void write(Tables tables) throws SQLException, InterruptedException {
    rows.clear();
    picked.clear();
    effects.clear();
    changes.clear();
    windows = new WindowSums();
    Set<UUID> keys = new LinkedHashSet<>();
    labels.forEach(label -> keys.add(label.key()));
    for (StoredRow row : tables.find(keys, true)) {
      rows.computeIfAbsent(row.key, key -> new ArrayList<>(1)).add(row);
    }
    handover.now(() -> labels.forEach(this::decide));
    List<StoredRow> changed =
        picked.values().stream()
            .map(Picked::row)
            .filter(row -> row != null && row.hasChanged)
            .toList();
    if (!changed.isEmpty()) {
      tables.update(changed);
      tables.add(windows);
      tables.log(changes);
    }
  }

  @Override
  boolean hasChanged() {
    return picked.values().stream().anyMatch(each -> each.row != null && each.row.hasChanged);
  }

  private void decide(JdbcLabelStore.Label label) {
    if (store.hasToWait(label)) {
      effects.add(Effect.nothing(label, true));
      return;
    }
    Picked of = picked.computeIfAbsent(label.key(), key -> pick(key, label.nowMillis()));
    StoredRow row = of.row;
    JdbcLabelStore.Stream stream = of.stream;
    if (row == null || stream == null) {
      effects.add(Effect.nothing(label, false));
      return;
    }
    if (of.hasExpired) {
      effects.add(Effect.only(label, LabelOutcome.EXPIRED, stream));
      return;
    }
    PendingRecord record = row.record;
    if (record == null) {
      record = Records.of(row, stream, instance);
      if (record == null) {
        effects.add(Effect.only(label, LabelOutcome.REJECTED, stream));
        return;
      }
      row.record = record;
    }
    effects.add(apply(label, row, stream, record));
  }

  private Picked pick(UUID key, long nowMillis) {
    Picked best = Picked.NOTHING;
    for (StoredRow row : rows.getOrDefault(key, List.of())) {
      JdbcLabelStore.Stream stream = store.streamOf(row);
      if (stream == null || !JdbcLabelStore.isRecognised(row, stream, nowMillis)) {
        continue;
      }
      boolean hasExpired = nowMillis - row.predictedAtMillis > stream.key.timeToLiveMillis();
      // The older of those that live; of the others the younger.
      if (best.row == null || best.hasExpired) {
        best = new Picked(row, stream, hasExpired);
      }
    }
    return best;
  }

  private Effect apply(
      JdbcLabelStore.Label label,
      StoredRow row,
      JdbcLabelStore.Stream stream,
      PendingRecord record) {
    LabelEvent event = label.label().event();
    long arrived = label.label().arrivedMillis();
    if (event.isDryRun()) {
      PendingRecord copy = Records.copyOf(record, Integer.MAX_VALUE);
      LabelOutcome would = LabelTrial.of(copy, event, arrived, stream.sink);
      return Effect.only(label, would, stream);
    }
    PendingRecord.Truth was = record.truth();
    boolean waited = (row.flags & StoredRow.WAITS) != 0;
    LabelOutcome outcome = LabelMachine.apply(record, event, arrived, stream.sink);
    switch (outcome) {
      case JOINED, CORRECTED, RETRACTED, NULL -> {
        PendingRecord after = Records.copyOf(record, Integer.MAX_VALUE);
        record.isFromBefore = false;
        if (was.state() == State.LABELLED) {
          sum(row, stream, record, was.actual(), was.actedOn(), -1);
        }
        if (record.state == State.LABELLED) {
          sum(row, stream, record, record.actual, record.actedOn, 1);
        }
        Records.write(record, row, stream, instance);
        boolean isFirst = was.state() == State.PENDING && record.state == State.LABELLED;
        if (isFirst) {
          row.delayMillis = Math.max(0, arrived - row.predictedAtMillis);
        }
        changes.add(
            new Change(
                row.stream.id(),
                row.predictedAtMillis,
                row.payload,
                Change.Known.of(was, stream),
                Change.Known.of(record.truth(), stream),
                isFirst && row.delayMillis != null ? row.delayMillis : -1));
        boolean isNews = row.teller == null ? row.maker != instance : row.teller != instance;
        row.teller = instance;
        boolean waits = (row.flags & StoredRow.WAITS) != 0;
        int pending = waited == waits ? 0 : waits ? 1 : -1;
        return new Effect(label, outcome, stream, after, was, pending, isNews, false);
      }
      // Whoever told its label first has counted it, and goes on to have.
      case DUPLICATE -> Records.write(record, row, stream, instance);
      default -> {}
    }
    return Effect.only(label, outcome, stream);
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

  @Override
  void done() {
    for (Effect effect : effects) {
      JdbcLabelStore.Stream stream = effect.stream;
      if (stream == null) {
        if (effect.hasToWait || store.isUnderWay(effect.label.key())) {
          store.hold(effect.label);
        } else {
          store.answer(effect.label, null, false);
        }
        store.done(effect.label);
        continue;
      }
      if (effect.after != null && effect.was != null) {
        tell(effect, stream.sink, effect.after, effect.was);
      }
      LabelOutcome outcome = effect.outcome;
      if (outcome != null && !effect.label.label().event().isDryRun()) {
        stream.sink.count(outcome);
      }
      store.answer(effect.label, outcome, outcome != null);
      store.done(effect.label);
    }
  }

  private static void tell(
      Effect effect, OutcomeSink sink, PendingRecord after, PendingRecord.Truth was) {
    if (effect.isNews) {
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
    RecordJoin.tell(new WithoutPending(sink), after, was, effect.label.label().arrivedMillis());
    if (effect.pending != 0) {
      sink.pending(effect.pending);
    }
  }

  @Override
  void refused() {
    for (JdbcLabelStore.Label label : labels) {
      store.answer(label, LabelOutcome.REJECTED, false);
      store.done(label);
    }
  }

  @Override
  void givenUp() {
    labels.forEach(store::drop);
  }

  /** A sink that leaves alone what the instance that made a prediction counts as waiting. */
  private record WithoutPending(OutcomeSink to) implements ForwardedOutcomes {
    @Override
    public void pending(int change) {}

    @Override
    public void waits(PendingRecord record, boolean isSo) {}
  }
}
