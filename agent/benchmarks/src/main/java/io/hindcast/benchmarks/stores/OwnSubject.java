package io.hindcast.benchmarks.stores;

import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.MemoryLabelStore;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.join.directory.DirectoryLabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store of ours: records, the state machine, and a sink that does nothing. */
final class OwnSubject implements Subject {
  static final long T0 = 1_800_000_000_000L;
  private static final StreamKey KEY = new StreamKey("m", "1", "", Task.BINARY, 90L * 86_400_000);
  private static final LabelEvent EVENT =
      new LabelEvent("m", "id", true, null, 0, false, false, null);

  private final LabelStore store;
  private final PendingRecord record = new PendingRecord();
  private final AddressedLabel.Answer answer = (label, outcome, byVersion) -> answered = outcome;
  private @Nullable LabelOutcome answered;
  private int stream = -1;

  private OwnSubject(LabelStore store) {
    this.store = store;
    store.restore(
        (number, key, classes, probabilities, last) -> {
          stream = number;
          return new Nothing();
        },
        T0);
    if (stream < 0) {
      stream = store.open(KEY, new Nothing());
    }
  }

  static OwnSubject memory(long records) {
    return new OwnSubject(new MemoryLabelStore(records * 84));
  }

  /** With what is there. */
  static OwnSubject directory(Path directory, long records) throws IOException {
    var log = new AgentLog(System.err, AgentLog.Level.WARN);
    long bytes = records * 66 + (64 << 20);
    return new OwnSubject(DirectoryLabelStore.open(directory, bytes, null, Thread::new, log));
  }

  @Override
  public void put(long id) {
    record.stream = stream;
    record.keyHigh = Ids.high(id);
    record.keyLow = Ids.low(id);
    record.predictedAtMillis = T0;
    record.predictedClass = 1;
    record.score = .5;
    record.weight = 1;
    store.put(record, T0);
  }

  @Override
  public void settle() {
    store.turn(T0 + 100);
  }

  @Override
  public boolean join(long id) {
    answered = null;
    store.label(new AddressedLabel(EVENT, "m", Ids.high(id), Ids.low(id), T0, answer), T0);
    return answered == LabelOutcome.JOINED || answered == LabelOutcome.DUPLICATE;
  }

  @Override
  public void close() {
    store.close();
  }

  /** Costs nothing by itself. */
  private static final class Nothing implements OutcomeSink {
    @Override
    public @Nullable Double actualOf(Object label) {
      return 1.0;
    }

    @Override
    public int compare(double actual, double other) {
      return Double.compare(actual, other);
    }

    @Override
    public void predicted(PendingRecord prediction) {}

    @Override
    public void restored(PendingRecord record) {}

    @Override
    public List<String> classes() {
      return List.of("0", "1");
    }

    @Override
    public List<String> probabilityClasses() {
      return List.of();
    }

    @Override
    public void add(PendingRecord record, double actual) {}

    @Override
    public void retract(PendingRecord record, double actual) {}

    @Override
    public void unknowable(PendingRecord record, boolean isSo) {}

    @Override
    public int delay(long millis) {
      return 1;
    }

    @Override
    public void count(LabelOutcome outcome) {}

    @Override
    public void pending(int change) {}

    @Override
    public void lost(LostReason reason, long predictions) {}
  }
}
