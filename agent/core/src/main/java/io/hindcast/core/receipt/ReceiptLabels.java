package io.hindcast.core.receipt;

import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.LabelMachine;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.model.LabelEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Joins labels to the predictions that their receipts describe, whichever instance made these.
 * Owned by the monitor thread.
 */
public final class ReceiptLabels {
  /*
   * The first label of a receipt puts the record into the store that a prediction with an id would
   * have had, under a key made of the nonce; then the label goes the way of all labels. So what was
   * said of duplicates, corrections and retractions holds here too, for as long as the store has the
   * record. Where it has none any more (memory keeps few), SpentReceipts still tells a repetition,
   * and another value comes too late.
   *
   * A receipt may be shown by whoever holds it: another value needs a revision, or the time of its
   * event. A label that has neither is older than any that has; among such labels of one receipt
   * the first one counts.
   */
  /** The output of streams of such records. */
  public static final String OUTPUT = "receipt";

  private static final long LONGEST_MILLIS = 90L * 24 * 3600 * 1000;
  private static final int STREAMS = 64;
  private static final long ODD = 0x9E3779B97F4A7C15L;

  private static final int NO_LABEL = 0;
  private static final int RETRACTED = 1;
  private static final int UNKNOWABLE = 2;
  private static final int VALUES_FROM = 3;

  private final Receipts receipts;
  private final LabelStore store;
  private final ToLongFunction<String> timesToLive;
  private final Versions versions;
  private final SpentReceipts spent;
  private final PendingRecord record = new PendingRecord();
  private long longestMillis = LONGEST_MILLIS;

  /** By version; the one not used for longest goes first, since a model may name ever new ones. */
  private final Map<String, Stream> streams = new LinkedHashMap<>(16, 0.75f, true);

  /** A version's place in the store. */
  private record Stream(int number, OutcomeSink sink) {}

  /** The versions of models that are scored here. */
  public interface Versions {
    /** Where labels of receipts of a version go; null if it does not answer as the receipt says. */
    @Nullable OutcomeSink outcomes(Receipt receipt, long nowMillis);

    /** The same of a version that is known already; null if it is not. */
    @Nullable OutcomeSink known(Receipt receipt);
  }

  /** Told once what became of a label. */
  @FunctionalInterface
  public interface Answer {
    /**
     * @param model that the receipt names; null if it is no receipt
     * @param byVersion whether a version of the model has counted it; else nobody has
     */
    void answered(@Nullable String model, LabelOutcome outcome, boolean byVersion);
  }

  /**
   * @param store of the records
   * @param spentBytes for what is remembered of receipts beside it
   * @param timesToLive of a model's receipts, in milliseconds
   */
  public ReceiptLabels(
      Receipts receipts,
      LabelStore store,
      long spentBytes,
      ToLongFunction<String> timesToLive,
      Versions versions) {
    this.receipts = receipts;
    this.store = store;
    this.timesToLive = timesToLive;
    this.versions = versions;
    this.spent = new SpentReceipts(spentBytes, LONGEST_MILLIS);
  }

  /** Applies a label whose id is a receipt; the answer comes now, or when the store is turned. */
  public void label(LabelEvent event, long nowMillis, Answer answer) {
    Receipt receipt = receipts.open(event.id());
    if (receipt == null || (event.model() != null && !event.model().equals(receipt.model()))) {
      answer.answered(null, LabelOutcome.REJECTED, false);
      return;
    }
    long timeToLive = timeToLive(receipt.model());
    if (nowMillis - receipt.predictedAtMillis() > timeToLive
        || spent.mayBeForgotten(receipt.predictedAtMillis())) {
      answer.answered(receipt.model(), LabelOutcome.EXPIRED, false);
      return;
    }
    if (event.isDryRun()) {
      tryOut(receipt, event, nowMillis, answer);
      return;
    }
    OutcomeSink sink = versions.outcomes(receipt, nowMillis);
    int said = sink == null ? NO_LABEL : summary(event, sink::actualOf);
    if (sink == null || said == NO_LABEL || !describe(receipt, nowMillis, sink::actualOf)) {
      answer.answered(receipt.model(), LabelOutcome.REJECTED, false);
      return;
    }
    int before = spent.labelOf(receipt.nonce(), receipt.predictedAtMillis());
    boolean hasNeither = event.revision() == 0 && event.atMillis() == null;
    if (before != 0 && before != said && hasNeither && !event.retracted()) {
      sink.count(LabelOutcome.STALE);
      answer.answered(receipt.model(), LabelOutcome.STALE, true);
      return;
    }
    record.stream = stream(receipt, sink, timeToLive).number;
    if (before == 0) {
      if (!spent.put(receipt.nonce(), receipt.predictedAtMillis(), said)) {
        answer.answered(receipt.model(), LabelOutcome.DROPPED, false);
        return;
      }
      store.put(record, nowMillis);
    }
    var label =
        new AddressedLabel(
            hasNeither && !event.retracted() ? asEarliest(event) : event,
            receipt.model(),
            record.keyHigh,
            record.keyLow,
            nowMillis,
            (addressed, outcome, byVersion) -> {
              if (outcome == null) {
                outcome = before == said ? LabelOutcome.DUPLICATE : LabelOutcome.STALE;
                sink.count(outcome);
                byVersion = true;
              } else if (outcome != LabelOutcome.DUPLICATE && outcome != LabelOutcome.STALE) {
                spent.put(receipt.nonce(), receipt.predictedAtMillis(), said);
              }
              answer.answered(receipt.model(), outcome, byVersion);
            });
    store.label(label, nowMillis);
  }

  /** What {@link #label} would answer. */
  private void tryOut(Receipt receipt, LabelEvent event, long nowMillis, Answer answer) {
    OutcomeSink sink = versions.known(receipt);
    if (sink == null) {
      // The first of its version here would make the version known.
      answer.answered(receipt.model(), first(event), false);
      return;
    }
    int said = summary(event, sink::wouldBe);
    if (said == NO_LABEL || !describe(receipt, nowMillis, sink::wouldBe)) {
      answer.answered(receipt.model(), LabelOutcome.REJECTED, false);
      return;
    }
    int before = spent.labelOf(receipt.nonce(), receipt.predictedAtMillis());
    boolean hasNeither = event.revision() == 0 && event.atMillis() == null;
    if (before == 0) {
      answer.answered(receipt.model(), first(event), true);
    } else if (before != said && hasNeither && !event.retracted()) {
      answer.answered(receipt.model(), LabelOutcome.STALE, true);
    } else {
      store.label(
          new AddressedLabel(
              hasNeither && !event.retracted() ? asEarliest(event) : event,
              receipt.model(),
              record.keyHigh,
              record.keyLow,
              nowMillis,
              (addressed, outcome, byVersion) ->
                  answer.answered(
                      receipt.model(),
                      outcome != null
                          ? outcome
                          : before == said ? LabelOutcome.DUPLICATE : LabelOutcome.STALE,
                      true)),
          nowMillis);
    }
  }

  /** Of the first label of a prediction. */
  private static LabelOutcome first(LabelEvent event) {
    if (event.retracted()) {
      return LabelOutcome.RETRACTED;
    }
    return event.actual() == null ? LabelOutcome.NULL : LabelOutcome.JOINED;
  }

  private long timeToLive(String model) {
    long millis = timesToLive.applyAsLong(model);
    longestMillis = Math.max(longestMillis, millis);
    return millis;
  }

  /** The record of a receipt; false if this model knows no such class. */
  private boolean describe(
      Receipt receipt, long nowMillis, Function<Object, @Nullable Double> actualOf) {
    Double predicted = receipt.predicted() == null ? null : actualOf.apply(receipt.predicted());
    if (predicted == null && receipt.predicted() != null) {
      return false;
    }
    // Clocks of other instances may be ahead of this one's.
    record.predictedAtMillis = Math.min(receipt.predictedAtMillis(), nowMillis);
    record.weight = receipt.weight();
    record.predictedClass = predicted == null ? PendingRecord.NO_CLASS : predicted.intValue();
    record.score = receipt.score();
    record.probabilityCount = 0;
    record.keyHigh = receipt.nonce();
    record.keyLow = (receipt.nonce() ^ OUTPUT.hashCode() ^ receipt.model().hashCode()) * ODD;
    return true;
  }

  private Stream stream(Receipt receipt, OutcomeSink sink, long timeToLiveMillis) {
    String name = receipt.model() + '\n' + receipt.version();
    Stream known = streams.get(name);
    if (known == null || !known.sink.equals(sink)) {
      if (known == null && streams.size() == STREAMS) {
        String eldest = streams.keySet().iterator().next();
        store.forget(Objects.requireNonNull(streams.remove(eldest)).number);
      }
      var key =
          new StreamKey(
              receipt.model(), receipt.version(), OUTPUT, receipt.task(), timeToLiveMillis);
      known = new Stream(store.open(key, sink), sink);
      streams.put(name, known);
    }
    return known;
  }

  private static LabelEvent asEarliest(LabelEvent event) {
    return new LabelEvent(
        event.model(),
        event.id(),
        event.actual(),
        LabelMachine.EARLIEST_MILLIS,
        0,
        false,
        event.actedOn(),
        event.batch());
  }

  /** A number that two labels of one meaning share. */
  private static int summary(LabelEvent event, Function<Object, @Nullable Double> actualOf) {
    if (event.retracted()) {
      return RETRACTED;
    }
    if (event.actual() == null) {
      return UNKNOWABLE;
    }
    Double actual = actualOf.apply(event.actual());
    return actual == null ? NO_LABEL : summary(actual);
  }

  private static int summary(double actual) {
    return VALUES_FROM + Math.floorMod(Double.hashCode(actual + 0.0) * (int) ODD, 253);
  }

  /** Where records go that an earlier process made of receipts: to the version, and spent. */
  public OutcomeSink restoring(OutcomeSink version) {
    return new RestoredOutcomes(version, this::restored);
  }

  private void restored(PendingRecord known) {
    int said =
        switch (known.state) {
          case PENDING -> NO_LABEL;
          case RETRACTED -> RETRACTED;
          case NULL -> UNKNOWABLE;
          case LABELLED -> summary(known.actual);
        };
    if (said != NO_LABEL) {
      spent.put(known.keyHigh, known.predictedAtMillis, said);
    }
  }

  /** Lets go of what is too old; takes new keys in. */
  public void tick(long nowMillis) {
    receipts.tick(nowMillis);
    spent.expire(nowMillis, longestMillis);
  }
}
