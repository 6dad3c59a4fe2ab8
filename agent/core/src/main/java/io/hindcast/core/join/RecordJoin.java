package io.hindcast.core.join;

import io.hindcast.core.join.PendingRecord.State;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts and joins in a store that has its records at hand, and tells their sinks. Owned by the
 * monitor thread.
 */
public final class RecordJoin {
  /** Numbers are not given twice: a record may outlive the version that it belongs to. */
  private final Map<Integer, OutcomeSink> sinks = new HashMap<>();

  private final PendingRecord record = new PendingRecord();

  /* Of the last prediction: the next one is mostly of the same version. */
  private int lastStream;
  private @Nullable OutcomeSink lastSink;

  public void open(int stream, OutcomeSink sink) {
    sinks.put(stream, sink);
    lastSink = null;
  }

  public void forget(int stream) {
    sinks.remove(stream);
    lastSink = null;
  }

  public @Nullable OutcomeSink sink(int stream) {
    return sinks.get(stream);
  }

  public void put(PendingStore records, PendingRecord prediction, long nowMillis) {
    OutcomeSink sink = lastSink;
    if (sink == null || prediction.stream != lastStream) {
      sink = sinks.get(prediction.stream);
      if (sink == null) {
        return;
      }
      lastStream = prediction.stream;
      lastSink = sink;
    }
    prediction.clearLabel();
    PendingStore.Put put = records.put(prediction, nowMillis);
    switch (put) {
      case ADDED -> {
        sink.pending(1);
        sink.waits(prediction, true);
      }
      case CONFLICT -> sink.lost(OutcomeSink.LostReason.ID_CONFLICT, 1);
      case LOST -> sink.lost(OutcomeSink.LostReason.DISK, 1);
      case RETRY, NOT_SAMPLED -> {
        // The one is known already; for the other, those that are kept count for more.
        return;
      }
    }
    sink.predicted(prediction);
  }

  /**
   * @param records where the prediction would be; null if there are none
   */
  public void label(@Nullable PendingStore records, AddressedLabel label, long nowMillis) {
    if (records == null) {
      label.answer().answered(label, null, false);
      return;
    }
    PendingStore.Found found = records.find(label.keyHigh(), label.keyLow(), record, nowMillis);
    boolean isDryRun = label.event().isDryRun();
    switch (found) {
      case ABSENT -> label.answer().answered(label, null, false);
      case FORGOTTEN -> label.answer().answered(label, LabelOutcome.EXPIRED, false);
      case NOT_SAMPLED -> label.answer().answered(label, LabelOutcome.NOT_SAMPLED, false);
      case EXPIRED, LIVE -> {
        OutcomeSink sink = sinks.get(record.stream);
        if (sink == null) {
          label.answer().answered(label, null, false);
          return;
        }
        LabelOutcome outcome =
            found == PendingStore.Found.EXPIRED
                ? LabelOutcome.EXPIRED
                : isDryRun
                    ? LabelTrial.of(record, label.event(), label.arrivedMillis(), sink)
                    : apply(records, label, sink, nowMillis);
        if (!isDryRun) {
          sink.count(outcome);
        }
        label.answer().answered(label, outcome, true);
      }
    }
  }

  private LabelOutcome apply(
      PendingStore records, AddressedLabel label, OutcomeSink sink, long nowMillis) {
    imply(sink, record, nowMillis);
    PendingRecord.Truth was = record.truth();
    LabelOutcome outcome = LabelMachine.apply(record, label.event(), label.arrivedMillis(), sink);
    switch (outcome) {
      case JOINED, CORRECTED, RETRACTED, NULL -> {
        tell(sink, record, was, label.arrivedMillis());
        records.update(record);
      }
      case DUPLICATE -> records.update(record);
      default -> {}
    }
    return outcome;
  }

  /** Gives a record the label that its absence means by now: what comes is then a correction. */
  static void imply(OutcomeSink sink, PendingRecord record, long nowMillis) {
    if (record.state == State.PENDING) {
      Double implied = sink.implied(record, nowMillis);
      if (implied != null) {
        record.state = State.LABELLED;
        record.actual = implied;
      }
    }
  }

  /**
   * Tells what a label has changed.
   *
   * @param record as it is now; its delay is set here
   * @param was what was known before
   */
  public static void tell(
      OutcomeSink sink, PendingRecord record, PendingRecord.Truth was, long arrivedMillis) {
    boolean actedOn = record.actedOn;
    record.actedOn = was.actedOn();
    switch (was.state()) {
      case LABELLED -> sink.retract(record, was.actual());
      case NULL -> sink.unknowable(record, false);
      case PENDING -> {
        if (record.state != State.PENDING) {
          sink.waits(record, false);
        }
      }
      case RETRACTED -> {}
    }
    record.actedOn = actedOn;
    record.isFromBefore = false;
    if (was.state() == State.PENDING && record.state == State.LABELLED) {
      record.delay = sink.delay(Math.max(0, arrivedMillis - record.predictedAtMillis));
    }
    switch (record.state) {
      case LABELLED -> sink.add(record, record.actual);
      case NULL -> sink.unknowable(record, true);
      case PENDING, RETRACTED -> {}
    }
    boolean wasOpen = was.state() == State.PENDING || was.state() == State.RETRACTED;
    if (wasOpen != record.isOpen()) {
      sink.pending(wasOpen ? -1 : 1);
    }
  }

  /** A record leaves. */
  void left(PendingRecord gone, OutcomeSink.LostReason reason) {
    OutcomeSink sink = gone.stream == lastStream ? lastSink : null;
    if (sink == null) {
      sink = sinks.get(gone.stream);
    }
    if (sink == null) {
      return;
    }
    if (reason == OutcomeSink.LostReason.UNLABELLED) {
      imply(sink, gone, Long.MAX_VALUE);
    }
    if (gone.isOpen()) {
      if (gone.state == State.PENDING) {
        sink.waits(gone, false);
      }
      sink.pending(-1);
      sink.lost(reason, 1);
    }
  }
}
