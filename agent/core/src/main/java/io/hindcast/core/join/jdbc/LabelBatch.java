package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.LabelMachine;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.LabelTrial;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.PendingRecord.State;
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
  private RowChanges changes;

  /** The row that labels of a key are for. */
  private record Picked(
      @Nullable StoredRow row, JdbcLabelStore.@Nullable Stream stream, boolean hasExpired) {
    static final Picked NOTHING = new Picked(null, null, false);
  }

  /**
   * What a label has done.
   *
   * @param stream null if it found nothing
   * @param told what changed, in order
   * @param hasToWait it has done nothing, because others of its key come first
   */
  private record Effect(
      JdbcLabelStore.Label label,
      @Nullable LabelOutcome outcome,
      JdbcLabelStore.@Nullable Stream stream,
      List<RowChanges.Told> told,
      boolean hasToWait) {
    static Effect nothing(JdbcLabelStore.Label label, boolean hasToWait) {
      return new Effect(label, null, null, List.of(), hasToWait);
    }

    static Effect only(
        JdbcLabelStore.Label label, LabelOutcome outcome, JdbcLabelStore.Stream stream) {
      return new Effect(label, outcome, stream, List.of(), false);
    }
  }

  LabelBatch(JdbcLabelStore store, Handover handover, long instance) {
    this.store = store;
    this.handover = handover;
    this.instance = instance;
    this.changes = new RowChanges(instance);
  }

  void add(JdbcLabelStore.Label label) {
    labels.add(label);
  }

  @Override
  List<JdbcLabelStore.Label> given() {
    return labels;
  }

  @Override
  void write(Tables tables) throws SQLException, InterruptedException {
    rows.clear();
    picked.clear();
    effects.clear();
    changes = new RowChanges(instance);
    Set<UUID> keys = new LinkedHashSet<>();
    labels.forEach(label -> keys.add(label.key()));
    for (StoredRow row : tables.find(keys, true)) {
      rows.computeIfAbsent(row.key, key -> new ArrayList<>(1)).add(row);
    }
    handover.now(() -> labels.forEach(this::decide));
    changes.write(tables);
  }

  @Override
  boolean hasChanged() {
    return !changes.isEmpty();
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
    OutcomeSink.Absence absence = stream.sink.absence();
    boolean isImplied =
        absence != null
            && record.state == State.PENDING
            && label.nowMillis() - row.predictedAtMillis >= absence.afterMillis();
    if (event.isDryRun()) {
      PendingRecord copy = Records.copyOf(record, Integer.MAX_VALUE);
      if (isImplied && absence != null) {
        copy.state = State.LABELLED;
        copy.actual = absence.actual();
      }
      LabelOutcome would = LabelTrial.of(copy, event, arrived, stream.sink);
      return Effect.only(label, would, stream);
    }
    var told = new ArrayList<RowChanges.Told>(1);
    if (isImplied && absence != null) {
      // What comes now is a correction.
      told.add(changes.implied(row, stream, record, absence.actual()));
    }
    PendingRecord.Truth was = record.truth();
    LabelOutcome outcome = LabelMachine.apply(record, event, arrived, stream.sink);
    switch (outcome) {
      case JOINED, CORRECTED, RETRACTED, NULL ->
          told.add(changes.labelled(row, stream, record, was, arrived));
      case DUPLICATE -> changes.moved(row, stream, record);
      default -> {}
    }
    return new Effect(label, outcome, stream, told, false);
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
      effect.told.forEach(each -> each.tell(effect.label.label().arrivedMillis()));
      LabelOutcome outcome = effect.outcome;
      if (outcome != null && !effect.label.label().event().isDryRun()) {
        stream.sink.count(outcome);
      }
      store.answer(effect.label, outcome, outcome != null);
      store.done(effect.label);
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
}
