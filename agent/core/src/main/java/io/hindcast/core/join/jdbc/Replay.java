package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.OutcomeSink.LostReason;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.directory.FrameLog;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Predictions and labels that are on disk and not in memory: of an earlier process, or more than
 * there was room for. Owned by the monitor thread.
 */
final class Replay {
  /*
   * Nobody waits for these labels, and their ids are not known, so what the join does with others has
   * to be done here: where a label is for several models and some do not have it, it counts once; one
   * whose prediction another instance has not written yet is tried again, for as long as one that is
   * parked.
   */
  private static final long PATIENCE_MILLIS = 10 * 60_000;
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final int MOST_WAITING = 65_536;

  private final JdbcLabelStore store;
  private final PriorityQueue<Again> again =
      new PriorityQueue<>(Comparator.comparingLong(Again::atMillis));

  /** Of the label that was read last; more of it may come. */
  private @Nullable Sender last;

  private long nowMillis;

  /** A label that found nothing. */
  private record Again(JdbcLabelStore.Label label, long atMillis) {}

  Replay(JdbcLabelStore store) {
    this.store = store;
  }

  /** Whoever it was: counts one label, whatever number of models it is for. */
  private final class Sender implements AddressedLabel.Answer {
    /** Models that have not answered, and one more while others may follow. */
    private int open = 1;

    private String model;
    private boolean isCounted;
    private @Nullable LabelOutcome guess;
    private long sinceMillis = Long.MIN_VALUE;
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    Sender(String model) {
      this.model = model;
    }

    @Override
    public void answered(AddressedLabel label, @Nullable LabelOutcome outcome, boolean byVersion) {
      isCounted |= byVersion;
      if (!byVersion && guess == null) {
        guess = outcome;
        model = label.model();
      }
      close();
    }

    void close() {
      open--;
      if (open == 0 && !isCounted) {
        store.replayed(model, Objects.requireNonNullElse(guess, LabelOutcome.UNKNOWN));
      }
    }
  }

  /** Nothing more will be read for now. */
  void end() {
    if (last != null) {
      last.close();
      last = null;
    }
  }

  /**
   * What a frame says.
   *
   * @return null if nobody needs it any more
   */
  JdbcLabelStore.@Nullable Given read(FrameLog.Frame frame, long now) {
    nowMillis = now;
    var ticket = new Ticket();
    ticket.is(frame.number());
    ticket.isRead = true;
    SpoolFormat.Entry entry = SpoolFormat.read(frame.content());
    if (entry instanceof SpoolFormat.Prediction prediction) {
      end();
      return put(prediction, ticket);
    }
    return entry instanceof SpoolFormat.Report report ? label(report, ticket) : null;
  }

  private JdbcLabelStore.@Nullable Put put(SpoolFormat.Prediction of, Ticket ticket) {
    var stored = new StoredStreams.Stored(-1, of.stream(), of.probabilityClasses());
    JdbcLabelStore.Stream known = store.streamOf(stored, of.predictedAtMillis());
    // Nobody here counts it, but others may get its label.
    JdbcLabelStore.Stream stream =
        known == null ? new JdbcLabelStore.Stream(-1, of.stream(), new Unheard()) : known;
    PendingRecord record = Records.of(of.payload(), stored, of.predictedAtMillis(), stream.sink);
    if (record == null) {
      return null;
    }
    record.keyHigh = of.key().getMostSignificantBits();
    record.keyLow = of.key().getLeastSignificantBits();
    record.stream = stream.number;
    if (nowMillis - of.predictedAtMillis() > of.stream().timeToLiveMillis()) {
      stream.sink.predicted(record);
      stream.sink.lost(LostReason.UNLABELLED, 1);
      return null;
    }
    return new JdbcLabelStore.Put(
        stream, of.key(), record, of.payload(), of.probabilityClasses(), ticket);
  }

  private JdbcLabelStore.Label label(SpoolFormat.Report of, Ticket ticket) {
    Sender sender = last;
    if (sender == null || !of.continues()) {
      end();
      sender = new Sender(of.model());
      last = sender;
    }
    sender.open++;
    var label =
        new AddressedLabel(
            of.event(),
            of.model(),
            of.key().getMostSignificantBits(),
            of.key().getLeastSignificantBits(),
            of.arrivedMillis(),
            sender);
    return new JdbcLabelStore.Label(label, of.key(), of.givenMillis(), false, ticket);
  }

  /** Whether a label that found nothing waits for its prediction. */
  boolean waits(JdbcLabelStore.Label label) {
    if (!(label.label().answer() instanceof Sender sender) || again.size() >= MOST_WAITING) {
      return false;
    }
    if (sender.sinceMillis == Long.MIN_VALUE) {
      sender.sinceMillis = nowMillis;
    }
    if (sender.isCounted || nowMillis - sender.sinceMillis > PATIENCE_MILLIS) {
      return false;
    }
    again.add(new Again(label, nowMillis + sender.pauseMillis));
    sender.pauseMillis *= 2;
    return true;
  }

  /** Lets labels try again whose time has come. */
  void turn(long now) {
    nowMillis = now;
    for (Again first = again.peek(); first != null && first.atMillis <= now; first = again.peek()) {
      again.remove();
      store.enqueueAgain(first.label);
    }
  }

  /** Nobody. */
  private static final class Unheard implements OutcomeSink {
    @Override
    public Double actualOf(Object label) {
      return 0.0;
    }

    @Override
    public int compare(double actual, double other) {
      return Double.compare(actual, other);
    }

    @Override
    public List<String> classes() {
      return List.of();
    }

    @Override
    public List<String> probabilityClasses() {
      return List.of();
    }

    @Override
    public int delay(long millis) {
      return 0;
    }

    @Override
    public void predicted(PendingRecord prediction) {}

    @Override
    public void restored(PendingRecord record) {}

    @Override
    public void add(PendingRecord record, double actual) {}

    @Override
    public void retract(PendingRecord record, double actual) {}

    @Override
    public void unknowable(PendingRecord record, boolean isSo) {}

    @Override
    public void count(LabelOutcome outcome) {}

    @Override
    public void pending(int change) {}

    @Override
    public void lost(LostReason reason, long predictions) {}
  }
}
