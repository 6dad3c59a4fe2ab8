package io.hindcast.core.join.directory;

import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.join.Truths;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * A process that puts, labels, corrects and retracts until it is killed, and says how many of its
 * steps are durable. What a step is follows from the round and its number.
 */
public final class CrashingProcess {
  /** Sixteen segments of 8,192 records less a header: a round fills one or two. */
  static final long SIZE = 8 << 20;

  /** Of a round, so that eight rounds find room. */
  private static final int MOST_IDS = 12_000;

  static final StreamKey KEY =
      new StreamKey("m", "1", "", Task.MULTICLASS, Duration.ofDays(1).toMillis());
  private static final int STEPS_PER_BATCH = 40;

  private CrashingProcess() {}

  /** One step: the first of an id puts it, the others are events of rising revision. */
  public record Step(long id, int revision, PendingRecord.State state, int actual) {}

  /** Steps of a round, one after the other. */
  public static final class Steps {
    private final Random random;
    private final long first;
    private final int[] revisions = new int[MOST_IDS];
    private int ids;

    public Steps(int round) {
      random = new Random(round);
      first = round * 100_000_000L;
    }

    public Step next() {
      if (ids == 0 || ids < revisions.length && random.nextInt(3) == 0) {
        return new Step(first + ids++, 0, PendingRecord.State.PENDING, 0);
      }
      // Mostly a young one: many labels change records that are not written yet.
      int back = random.nextBoolean() ? random.nextInt(Math.min(ids, 30)) : random.nextInt(ids);
      int id = ids - 1 - back;
      PendingRecord.State state =
          switch (random.nextInt(8)) {
            case 0 -> PendingRecord.State.RETRACTED;
            case 1 -> PendingRecord.State.NULL;
            default -> PendingRecord.State.LABELLED;
          };
      int actual = state == PendingRecord.State.LABELLED ? random.nextInt(2) : 0;
      return new Step(first + id, ++revisions[id], state, actual);
    }
  }

  static long keyHigh(long id) {
    return id * 0x9E3779B97F4A7C15L;
  }

  static long keyLow(long id) {
    return id * 0xD1B54A32D192ED03L;
  }

  static DirectoryLabelStore open(Path directory, boolean isSynced) throws Exception {
    return DirectoryLabelStore.open(
        directory,
        SIZE,
        isSynced ? Duration.ofMillis(2) : null,
        task -> {
          var thread = new Thread(task);
          thread.setDaemon(true);
          return thread;
        },
        new AgentLog(System.err, AgentLog.Level.WARN));
  }

  /** Directory, round, whether it is synced. */
  public static void main(String[] args) throws Exception {
    int round = Integer.parseInt(args[1]);
    var steps = new Steps(round);
    var truths = new Truths();
    int[] stream = {-1};
    try (LabelStore store = open(Path.of(args[0]), Boolean.parseBoolean(args[2]))) {
      store.restore(
          (number, key, classes, probabilities, last) -> {
            stream[0] = number;
            return truths;
          },
          System.currentTimeMillis());
      if (stream[0] < 0) {
        stream[0] = store.open(KEY, truths);
      }
      var record = new PendingRecord();
      record.stream = stream[0];
      for (long done = 0; ; ) {
        long now = System.currentTimeMillis();
        for (int i = 0; i < STEPS_PER_BATCH; i++, done++) {
          take(store, steps.next(), record, now);
        }
        long answered = done;
        store.whenDurable(durability -> System.out.println(answered));
        store.turn(now);
      }
    }
  }

  private static void take(LabelStore store, Step step, PendingRecord record, long now) {
    if (step.revision == 0) {
      record.keyHigh = keyHigh(step.id);
      record.keyLow = keyLow(step.id);
      record.predictedAtMillis = now;
      record.predictedClass = (int) (step.id & 1);
      record.score = step.id;
      record.weight = 1;
      store.put(record, now);
      return;
    }
    boolean isRetraction = step.state == PendingRecord.State.RETRACTED;
    Object actual = step.state == PendingRecord.State.LABELLED ? String.valueOf(step.actual) : null;
    var event = new LabelEvent("m", "x", actual, null, step.revision, isRetraction, false, null);
    store.label(
        new AddressedLabel(
            event, "m", keyHigh(step.id), keyLow(step.id), now, (label, outcome, by) -> {}),
        now);
  }
}
