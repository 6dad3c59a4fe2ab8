package io.hindcast.core.join;

import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Row;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings labels to the models that hold their id; those that come before their prediction wait for
 * it. Every label is counted under exactly one outcome for each model that holds its id, or under
 * one where none does. Owned by the monitor thread.
 */
public final class Joiner {
  /*
   * A label goes to the store once for each model that it may be for, and is on its way until the
   * last of them has answered: at once, where the records are at hand. Who sent a batch is told of
   * a label when the store says that what it has answered is durable; asked once a turn, for all
   * labels of the turn.
   */
  /** Models whose unjoined labels are counted by name; others are counted without one. */
  private static final int NAMED_MODELS = 100;

  private static final String NO_MODEL = "";

  private final LabelStore store;
  private final Supplier<byte[]> secret;
  private @Nullable PredictionKeys keys;
  private final Set<String> models = new LinkedHashSet<>();
  private final VersionsApart apart = new VersionsApart();
  private final Map<String, SamplingHistory> sampling = new LinkedHashMap<>();
  private final Map<String, LabelCounts> unbound = new TreeMap<>();
  private final ParkedLabels parked = new ParkedLabels(this::giveUp);
  private Map<LabelEvent.Batch, Integer> unsettled = new IdentityHashMap<>();
  private long unknownLabels;
  private long now = Long.MIN_VALUE;
  private boolean saidRejected;
  private final BiConsumer<String, Object> rejected;

  /**
   * @param secret asked once, when the first id comes
   * @param rejected told, once, of a model and a label that it cannot have
   */
  public Joiner(LabelStore store, Supplier<byte[]> secret, BiConsumer<String, Object> rejected) {
    this.store = store;
    this.secret = secret;
    this.rejected = rejected;
    unbound.put(NO_MODEL, new LabelCounts());
  }

  /** A secret that ends with the process. */
  public static byte[] passingSecret() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    return secret;
  }

  /** Makes a model known, which labels may be for. */
  public void model(String name) {
    if (models.add(name)) {
      countsOf(name);
    }
  }

  /** Versions of this model predict the same rows under the same ids. */
  public void versionsApart(String model) {
    apart.add(model);
  }

  /** How the rows of a model are and were sampled. */
  public SamplingHistory sampling(String model, long timeToLiveMillis) {
    return sampling.computeIfAbsent(model, name -> new SamplingHistory(timeToLiveMillis));
  }

  /** Adds a version of a model; returns its number. */
  public int open(StreamKey key, OutcomeSink sink) {
    int stream = store.open(key, sink);
    apart.opened(stream, key);
    return stream;
  }

  /** Forgets a version; its records find nobody any more. */
  public void forget(int stream) {
    store.forget(stream);
    apart.forgotten(stream);
  }

  /**
   * What survived a restart. Called once, first.
   *
   * @param configured models, whose predictions others may have put into a store that is shared
   */
  public void restore(LabelStore.Restoring into, Collection<String> configured, long nowMillis) {
    if (store.isShared()) {
      configured.forEach(this::model);
    }
    store.restore(
        new LabelStore.Restoring() {
          @Override
          public @Nullable OutcomeSink stream(
              int stream,
              StreamKey key,
              List<String> classes,
              List<String> probabilityClasses,
              long lastMillis) {
            apart.opened(stream, key);
            return into.stream(stream, key, classes, probabilityClasses, lastMillis);
          }

          @Override
          public void replayed(String model, LabelOutcome outcome) {
            countsOf(model).add(outcome);
          }
        },
        nowMillis);
  }

  /** Where the predictions and labels of all processes that share the store are told of. */
  public void fleet(FleetBooks books) {
    store.fleet(books);
  }

  /** Predictions of a model that find room. */
  public long limit(String model) {
    return store.limit(model);
  }

  /** Of 2^n predictions of a model that come now, the store keeps one. */
  public int samplingLevel(String model) {
    return store.samplingLevel(model);
  }

  private PredictionKeys keys() {
    PredictionKeys known = keys;
    if (known == null) {
      known = new PredictionKeys(secret.get());
      keys = known;
    }
    return known;
  }

  /**
   * Gives a prediction to the store, and the labels that have waited for it.
   *
   * @param row that was predicted, with its id
   */
  public void predicted(String model, Row row, PendingRecord prediction, long nowMillis) {
    PredictionKeys key = keys();
    String part = apart.partOf(model, row.key.version());
    if (row.generatedId != null) {
      key.of(model, row.generatedId, part);
    } else {
      key.of(model, row.id, part);
    }
    prediction.isUnique = row.generatedId != null;
    prediction.keyHigh = key.high();
    prediction.keyLow = key.low();
    store.put(prediction, nowMillis);
    if (parked.isEmpty()) {
      return;
    }
    if (store.isShared()) {
      tryAgain(row.idText(), nowMillis);
      return;
    }
    for (ParkedLabels.Parked waiting : parked.take(row.idText(), model)) {
      new OnItsWay(waiting.event, waiting, 1).to(model, part, waiting.arrivedMillis, nowMillis);
    }
  }

  /**
   * Asks a store that is shared again for the prediction of parked labels, which another instance
   * may have put there. In their order, and all of an id: what is said of it later comes behind.
   */
  private void tryAgain(String id, long nowMillis) {
    for (ParkedLabels.Parked waiting : parked.trying(id)) {
      send(waiting.event, waiting, waiting.arrivedMillis, nowMillis);
    }
  }

  /** Its time is over, or others need its place. */
  private void giveUp(ParkedLabels.Parked waiting) {
    if (!store.isShared()) {
      unknown(waiting.event);
    } else if (!waiting.isTried) {
      waiting.isTried = true;
      send(waiting.event, waiting, waiting.arrivedMillis, now);
    }
  }

  public void label(LabelEvent event, long nowMillis) {
    if (store.isShared() && !parked.isEmpty() && !event.isDryRun()) {
      tryAgain(event.id(), nowMillis);
    }
    send(event, null, nowMillis, nowMillis);
  }

  /** To every model that a label may be for. */
  private void send(
      LabelEvent event, ParkedLabels.@Nullable Parked waiting, long arrivedMillis, long nowMillis) {
    String named = event.model();
    Collection<String> to = models;
    if (named != null) {
      to = models.contains(named) || store.isShared() ? List.of(named) : List.of();
    }
    int places = 0;
    for (String model : to) {
      places += apart.partsOf(model).size();
    }
    var label = new OnItsWay(event, waiting, places);
    for (String model : to) {
      for (String part : apart.partsOf(model)) {
        label.to(model, part, arrivedMillis, nowMillis);
      }
    }
    if (places == 0) {
      label.done(arrivedMillis);
    }
  }

  /** A label of which not every model has answered. */
  private final class OnItsWay implements AddressedLabel.Answer {
    final LabelEvent event;
    final ParkedLabels.@Nullable Parked waiting;
    private int open;

    /** Of a version that has the record. */
    private @Nullable LabelOutcome first;

    /** Of a model that has none, and can tell why: no more than a guess where another has one. */
    private @Nullable LabelOutcome guess;

    private @Nullable String guessedBy;

    /**
     * @param waiting if it was parked
     * @param places that have to answer
     */
    OnItsWay(LabelEvent event, ParkedLabels.@Nullable Parked waiting, int places) {
      this.event = event;
      this.waiting = waiting;
      this.open = places;
    }

    /**
     * @param part see {@link VersionsApart}
     */
    void to(String model, String part, long arrivedMillis, long nowMillis) {
      PredictionKeys key = keys();
      key.of(model, event.id(), part);
      store.label(
          new AddressedLabel(event, model, key.high(), key.low(), arrivedMillis, this), nowMillis);
    }

    @Override
    public void answered(AddressedLabel label, @Nullable LabelOutcome outcome, boolean byVersion) {
      if (outcome == LabelOutcome.REJECTED && !event.isDryRun()) {
        sayRejected(label.model(), event);
      }
      if (byVersion) {
        first = first == null ? outcome : first;
      } else if (guess == null) {
        guess = outcome;
        guessedBy = label.model();
      }
      open--;
      if (open == 0) {
        done(label.arrivedMillis());
      }
    }

    void done(long arrivedMillis) {
      if (event.isDryRun()) {
        LabelOutcome found = first == null ? guess : first;
        tried(event, found != null ? found : wouldWait(event));
        return;
      }
      if (waiting != null && first == null && !isSettled(waiting)) {
        return;
      }
      if (first == null && guess != null) {
        first = guess;
        countsOf(guessedBy).add(guess);
      }
      if (waiting != null) {
        parked.remove(waiting);
        if (first == null) {
          unknown(event);
        }
        return;
      }
      LabelOutcome outcome = first == null ? withoutRecord(arrivedMillis) : first;
      if (event.batch() != null) {
        event.batch().known(outcome.value());
        unsettled.merge(event.batch(), 1, Integer::sum);
      }
    }

    /** Whether a parked label that found no record waits no longer. */
    private boolean isSettled(ParkedLabels.Parked of) {
      boolean isToldWhy = guess != null && guess != LabelOutcome.DROPPED;
      return isToldWhy || !parked.waitsOn(of);
    }

    /** Where its prediction would be left out anyway, there is nothing to wait for. */
    private LabelOutcome withoutRecord(long arrivedMillis) {
      LabelOutcome outcome = wouldWait(event);
      countsOf(event.model()).add(outcome);
      if (outcome == LabelOutcome.PARKED) {
        parked.park(event, arrivedMillis);
      }
      return outcome;
    }
  }

  private LabelOutcome wouldWait(LabelEvent event) {
    return isLeftOut(event) ? LabelOutcome.NOT_SAMPLED : LabelOutcome.PARKED;
  }

  /** Tells the sender of a dry run, and nobody else. */
  private static void tried(LabelEvent event, LabelOutcome outcome) {
    if (event.batch() != null) {
      event.batch().refused(outcome.value());
    }
  }

  /** Whether every model that may hold this id leaves it out now. */
  private boolean isLeftOut(LabelEvent event) {
    if (event.model() != null) {
      SamplingHistory named = sampling.get(event.model());
      return named != null && named.leavesOut(event.id());
    }
    for (SamplingHistory each : sampling.values()) {
      if (!each.leavesOut(event.id())) {
        return false;
      }
    }
    return !sampling.isEmpty();
  }

  private boolean mayHaveBeenLeftOut(LabelEvent event) {
    for (Map.Entry<String, SamplingHistory> each : sampling.entrySet()) {
      boolean isMeant = event.model() == null || event.model().equals(each.getKey());
      if (isMeant && each.getValue().mayHaveLeftOut(event.id(), now)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Counts a label that was joined otherwise than by an id.
   *
   * @param byVersion whether a version of the model has counted it
   */
  public void joined(
      LabelEvent event, @Nullable String model, LabelOutcome outcome, boolean byVersion) {
    if (event.isDryRun()) {
      tried(event, outcome);
      return;
    }
    if (!byVersion) {
      countsOf(model).add(outcome);
    }
    if (event.batch() != null) {
      event.batch().known(outcome.value());
      unsettled.merge(event.batch(), 1, Integer::sum);
    }
  }

  private void sayRejected(String model, LabelEvent event) {
    if (!saidRejected) {
      saidRejected = true;
      rejected.accept(model, String.valueOf(event.actual()));
    }
  }

  /** Lets the time pass: answers, expiry, and who waits for either. */
  public void turn(long nowMillis) {
    now = nowMillis;
    store.turn(nowMillis);
    parked.expire(nowMillis);
    if (store.isShared() && !parked.isEmpty()) {
      for (String id : parked.due(nowMillis)) {
        tryAgain(id, nowMillis);
      }
    }
    if (!unsettled.isEmpty()) {
      Map<LabelEvent.Batch, Integer> answered = unsettled;
      unsettled = new IdentityHashMap<>();
      store.whenDurable(
          durability -> answered.forEach((batch, labels) -> batch.settled(labels, durability)));
    }
  }

  /** No prediction will come any more: what is parked is unknown. */
  public void finish() {
    parked.clear();
  }

  /** Nothing will come any more. */
  public void close() {
    store.close();
  }

  private void unknown(LabelEvent event) {
    boolean isLeftOut = mayHaveBeenLeftOut(event);
    unknownLabels += isLeftOut ? 0 : 1;
    countsOf(event.model()).add(isLeftOut ? LabelOutcome.NOT_SAMPLED : LabelOutcome.UNKNOWN);
  }

  /** Counts labels that never came to the join, by the model they named; "" for none. */
  public void neverCame(String model, LabelOutcome outcome, long labels) {
    countsOf(model).add(outcome, labels);
  }

  private LabelCounts countsOf(@Nullable String model) {
    String name = model == null ? NO_MODEL : model;
    LabelCounts counts = unbound.get(name);
    if (counts == null) {
      // One more than the models: the entry for labels that name none.
      boolean hasRoom = unbound.size() <= NAMED_MODELS || models.contains(name);
      counts = unbound.computeIfAbsent(hasRoom ? name : NO_MODEL, n -> new LabelCounts());
    }
    return counts;
  }

  /** Labels that waited for their prediction in vain. */
  public long unknownLabels() {
    return unknownLabels;
  }

  /** Labels parked now. */
  public int parkedNow() {
    return parked.size();
  }

  /** Outcomes that belong to no version, by the model that was named; null for none. */
  public List<Unbound> unbound() {
    var all = new ArrayList<Unbound>();
    unbound.forEach(
        (name, counts) ->
            all.add(
                new Unbound(
                    name.equals(NO_MODEL) ? null : name,
                    counts.snapshot(
                        outcome -> isAlwaysShown(outcome) || counts.count(outcome) > 0))));
    return all;
  }

  private static boolean isAlwaysShown(LabelOutcome outcome) {
    return !outcome.hasRecord() || outcome == LabelOutcome.REJECTED;
  }

  /** Outcomes of labels without a record. */
  public record Unbound(@Nullable String model, Map<String, Long> labels) {}
}
