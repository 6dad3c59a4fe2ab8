package io.hindcast.core.join;

import io.hindcast.core.model.GeneratedId;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Row;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Joins labels to the predictions of one model, all versions of it: who learns the truth does not
 * know the version. Owned by the monitor thread.
 */
public final class ModelJoin {
  /*
   * The state of an id is the maximum of its events in the order (revision, event time in seconds,
   * value), so it does not depend on the order in which they arrive, nor on how often. No revision
   * is 0, no event time is the arrival. Two events that have neither, and only those, are ordered
   * by their arrival alone. "Cannot be known" is the smallest value, a retraction the largest.
   *
   * An id is known by 128 bits of SHA-256 over a secret of this process and the id. Those that were
   * generated say nothing of anybody, and there is one a prediction: their numbers are mixed, which
   * takes a hundredth of the time, and gives the same bits for a text that reads like one of them.
   */
  private static final long ODD = 0x9E3779B97F4A7C15L;

  private static final long FUTURE_MILLIS = 5 * 60_000;

  /** Probabilities of a record; models with more classes have no log loss. */
  private static final int MOST_PROBABILITIES = 50;

  private final String model;
  private final byte[] secret;
  private final long bytes;
  private final long timeToLiveMillis;
  private final MessageDigest digest = sha256();
  private final long generatedSecret;
  private final GeneratedId parsed = new GeneratedId();

  /** Numbers are not given twice: a record may outlive the version that it belongs to. */
  private final Map<Integer, OutcomeSink> streams = new HashMap<>();

  private int nextStream;
  private @Nullable PendingStore store;
  private long share = 1;

  private final PendingRecord record = new PendingRecord();
  private long keyHigh;
  private long keyLow;

  /**
   * @param secret of this process
   * @param bytes for the predictions of all models
   */
  public ModelJoin(String model, byte[] secret, long bytes, long timeToLiveMillis) {
    this.model = model;
    this.secret = secret.clone();
    this.generatedSecret = longAt(digest.digest(secret), 0);
    this.bytes = bytes;
    this.timeToLiveMillis = timeToLiveMillis;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  public String model() {
    return model;
  }

  /** Adds a version; returns its number. */
  public int open(OutcomeSink sink) {
    streams.put(nextStream, sink);
    return nextStream++;
  }

  /** Forgets a version; its records find nobody any more. */
  public void close(int stream) {
    streams.remove(stream);
  }

  /** The memory is shared evenly by so many models. */
  public void share(int models) {
    share = Math.max(1, models);
    if (store != null) {
      store.limit(bytes / share / store.recordBytes());
    }
  }

  /** Records at most. */
  public long limit() {
    return store != null
        ? store.limit()
        : bytes / share / (MemoryPendingStore.FIXED_BYTES + MemoryPendingStore.INDEX_BYTES);
  }

  /**
   * Keeps a prediction whose key fields are set by this.
   *
   * @param row that was predicted, with its id
   */
  public PendingStore.Put put(Row row, PendingRecord prediction, long nowMillis) {
    if (row.generatedId != null) {
      key(row.generatedId);
    } else {
      key(row.id);
    }
    prediction.keyHigh = keyHigh;
    prediction.keyLow = keyLow;
    prediction.clearLabel();
    PendingStore.Put put = store(prediction.probabilityCount).put(prediction, nowMillis);
    OutcomeSink sink = Objects.requireNonNull(streams.get(prediction.stream));
    if (put == PendingStore.Put.ADDED) {
      sink.pending(1);
    } else if (put == PendingStore.Put.CONFLICT) {
      sink.lost(OutcomeSink.LostReason.ID_CONFLICT);
    }
    return put;
  }

  private PendingStore store(int probabilities) {
    if (store == null) {
      int kept = probabilities <= MOST_PROBABILITIES ? probabilities : 0;
      store =
          new MemoryPendingStore(
              bytes,
              timeToLiveMillis,
              PendingStore.recognisedMillis(timeToLiveMillis),
              kept,
              this::left);
      store.limit(bytes / share / store.recordBytes());
    }
    return store;
  }

  private void left(PendingRecord gone, boolean evicted) {
    OutcomeSink sink = streams.get(gone.stream);
    if (sink != null && gone.isOpen()) {
      sink.pending(-1);
      sink.lost(evicted ? OutcomeSink.LostReason.EVICTED : OutcomeSink.LostReason.UNLABELLED);
    }
  }

  /** Lets go of predictions that are too old. */
  public void expire(long nowMillis) {
    if (store != null) {
      store.expire(nowMillis);
    }
  }

  /**
   * Applies a label and counts what became of it.
   *
   * @param arrivedMillis when it came; the past for one that was parked
   * @return null if there is no prediction of this id
   */
  public @Nullable LabelOutcome label(LabelEvent event, long arrivedMillis, long nowMillis) {
    if (store == null) {
      return null;
    }
    key(event.id());
    PendingStore.Found found = store.find(keyHigh, keyLow, record, nowMillis);
    OutcomeSink sink = found == PendingStore.Found.ABSENT ? null : streams.get(record.stream);
    if (sink == null) {
      return null;
    }
    LabelOutcome outcome =
        found == PendingStore.Found.EXPIRED
            ? LabelOutcome.EXPIRED
            : apply(store, sink, event, arrivedMillis);
    sink.count(outcome);
    return outcome;
  }

  private LabelOutcome apply(
      PendingStore store, OutcomeSink sink, LabelEvent event, long arrivedMillis) {
    PendingRecord.State next = stateOf(event);
    double actual = 0;
    if (next == PendingRecord.State.LABELLED) {
      Double named = sink.actualOf(Objects.requireNonNull(event.actual()));
      if (named == null) {
        return LabelOutcome.REJECTED;
      }
      actual = named;
    }
    boolean hasNeither = event.revision() == 0 && event.atMillis() == null;
    int revision = event.revision();
    long seconds = secondsOf(event, arrivedMillis);
    if (next == PendingRecord.State.RETRACTED && hasNeither) {
      // Whatever was sent before is older than this.
      revision = record.revision;
      seconds = Math.max(record.eventSeconds, seconds);
    }
    if (isSame(next, actual)) {
      if (isLater(sink, revision, seconds, hasNeither, next, actual)) {
        order(revision, seconds, hasNeither);
        store.update(record);
      }
      return LabelOutcome.DUPLICATE;
    }
    boolean isRetraction = next == PendingRecord.State.RETRACTED && hasNeither;
    if (record.state != PendingRecord.State.PENDING
        && !isRetraction
        && !isLater(sink, revision, seconds, hasNeither, next, actual)) {
      return LabelOutcome.STALE;
    }
    LabelOutcome outcome = outcomeOf(record.state, next);
    change(sink, next, actual, arrivedMillis);
    order(revision, seconds, hasNeither);
    store.update(record);
    return outcome;
  }

  private static PendingRecord.State stateOf(LabelEvent event) {
    if (event.retracted()) {
      return PendingRecord.State.RETRACTED;
    }
    return event.actual() == null ? PendingRecord.State.NULL : PendingRecord.State.LABELLED;
  }

  /** Not before the prediction, and not in the future but for skewed clocks. */
  private long secondsOf(LabelEvent event, long arrivedMillis) {
    Long at = event.atMillis();
    long millis =
        at == null
            ? arrivedMillis
            : Math.max(record.predictedAtMillis, Math.min(at, arrivedMillis + FUTURE_MILLIS));
    return Math.floorDiv(millis, 1000);
  }

  private boolean isSame(PendingRecord.State next, double actual) {
    return record.state == next
        && (next != PendingRecord.State.LABELLED || record.actual == actual);
  }

  private boolean isLater(
      OutcomeSink sink,
      int revision,
      long seconds,
      boolean hasNeither,
      PendingRecord.State next,
      double actual) {
    if (revision != record.revision) {
      return revision > record.revision;
    }
    if (hasNeither && record.byArrival) {
      return true;
    }
    if (seconds != record.eventSeconds) {
      return seconds > record.eventSeconds;
    }
    if (next == PendingRecord.State.LABELLED && record.state == PendingRecord.State.LABELLED) {
      return sink.compare(actual, record.actual) > 0;
    }
    return rank(next) > rank(record.state);
  }

  private static int rank(PendingRecord.State state) {
    return switch (state) {
      case PENDING -> -1;
      case NULL -> 0;
      case LABELLED -> 1;
      case RETRACTED -> 2;
    };
  }

  private static LabelOutcome outcomeOf(PendingRecord.State before, PendingRecord.State next) {
    return switch (next) {
      case NULL -> LabelOutcome.NULL;
      case RETRACTED -> LabelOutcome.RETRACTED;
      default ->
          before == PendingRecord.State.PENDING || before == PendingRecord.State.RETRACTED
              ? LabelOutcome.JOINED
              : LabelOutcome.CORRECTED;
    };
  }

  private void change(
      OutcomeSink sink, PendingRecord.State next, double actual, long arrivedMillis) {
    boolean wasOpen = record.isOpen();
    switch (record.state) {
      case LABELLED -> sink.retract(record, record.actual);
      case NULL -> sink.unknowable(record, false);
      case PENDING -> {
        if (next == PendingRecord.State.LABELLED) {
          sink.delay(Math.max(0, arrivedMillis - record.predictedAtMillis));
        }
      }
      case RETRACTED -> {}
    }
    record.state = next;
    record.actual = actual;
    switch (next) {
      case LABELLED -> sink.add(record, actual);
      case NULL -> sink.unknowable(record, true);
      default -> {}
    }
    if (wasOpen != record.isOpen()) {
      sink.pending(wasOpen ? -1 : 1);
    }
  }

  private void order(int revision, long seconds, boolean hasNeither) {
    record.revision = revision;
    record.eventSeconds = seconds;
    record.byArrival = hasNeither;
  }

  private void key(String id) {
    if (parsed.parse(id)) {
      key(parsed);
      return;
    }
    digest.update(secret);
    byte[] hash = digest.digest(id.getBytes(StandardCharsets.UTF_8));
    keyHigh = longAt(hash, 0);
    keyLow = longAt(hash, 8);
  }

  /** No two ids of a process have the same low bits; those of others have them by chance. */
  private void key(GeneratedId id) {
    long origin = mixed(id.process ^ generatedSecret) + id.pool * ODD;
    long row = mixed(origin + id.row);
    keyLow = mixed(row + id.number);
    keyHigh = mixed(origin ^ keyLow);
  }

  /** The finalizer of SplitMix64: one to one, and every bit depends on all. */
  private static long mixed(long x) {
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }

  private static long longAt(byte[] bytes, int from) {
    long value = 0;
    for (int i = from; i < from + 8; i++) {
      value = value << 8 | (bytes[i] & 0xFF);
    }
    return value;
  }
}
