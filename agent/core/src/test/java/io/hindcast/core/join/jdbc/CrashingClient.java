package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.join.Truths;
import io.hindcast.core.join.directory.CrashingProcess.Step;
import io.hindcast.core.join.directory.CrashingProcess.Steps;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A process that puts, labels, corrects and retracts in a database until it is killed, and says how
 * many of its steps are durable, and how many have left it: committed, or kept in a directory while
 * the server is away. What a step is follows from the round and its number.
 */
final class CrashingClient {
  static final StreamKey KEY =
      new StreamKey("m", "1", "", Task.MULTICLASS, Duration.ofDays(1).toMillis());
  private static final int STEPS_PER_BATCH = 40;
  private static final int MOST_OPEN = 4000;

  private CrashingClient() {}

  /** URL, round, where a directory may be made. */
  public static void main(String[] args) {
    var steps = new Steps(Integer.parseInt(args[1]));
    // What is said is not of interest: the server is killed, too.
    var log = new AgentLog(System.err, AgentLog.Level.ERROR);
    JdbcLabelStore store =
        JdbcStores.open(args[0], List.of(Path.of(args[2])), Spool.MOST_BYTES, log);
    store.restore((number, key, classes, probabilities, last) -> null, 0);
    store.fleet(new Books());
    int stream = store.open(KEY, new Truths());
    long[] answered = {0};
    long[] kept = {0};
    for (long done = 0; ; ) {
      long now = System.currentTimeMillis();
      for (int i = 0; i < STEPS_PER_BATCH && done - answered[0] < MOST_OPEN; i++, done++) {
        take(store, steps.next(), stream, now);
      }
      long all = done;
      store.whenDurable(
          durability -> {
            if (all > answered[0]) {
              answered[0] = all;
              kept[0] = Math.max(kept[0], all);
              say(all, kept[0]);
            }
          });
      do {
        store.turn(now);
        if (store.isSpooling() && done > kept[0]) {
          kept[0] = done;
          say(answered[0], done);
        }
        Thread.onSpinWait();
      } while (done - answered[0] >= MOST_OPEN);
    }
  }

  private static void say(long durable, long kept) {
    System.out.println(durable + " " + kept);
  }

  private static void take(LabelStore store, Step step, int stream, long now) {
    long keyHigh = step.id() * 0x9E3779B97F4A7C15L;
    long keyLow = step.id() * 0xD1B54A32D192ED03L;
    if (step.revision() == 0) {
      var record = new PendingRecord();
      record.stream = stream;
      record.keyHigh = keyHigh;
      record.keyLow = keyLow;
      record.predictedAtMillis = now;
      record.predictedClass = (int) (step.id() & 1);
      record.score = step.id();
      store.put(record, now);
      return;
    }
    boolean isRetraction = step.state() == PendingRecord.State.RETRACTED;
    Object actual =
        step.state() == PendingRecord.State.LABELLED ? String.valueOf(step.actual()) : null;
    var event = new LabelEvent("m", "x", actual, null, step.revision(), isRetraction, false, null);
    store.label(
        new AddressedLabel(event, "m", keyHigh, keyLow, now, (label, outcome, by) -> {}), now);
  }
}
