package io.hindcast.core.join;

import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Row;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings labels to the models that hold their id; those that come before their prediction wait for
 * it. Every label is counted under exactly one outcome for each model that holds its id, or under
 * one where none does. Owned by the monitor thread.
 */
public final class Joiner {
  /** Models whose unjoined labels are counted by name; others are counted without one. */
  private static final int NAMED_MODELS = 100;

  private static final String NO_MODEL = "";

  private byte @Nullable [] secret;
  private final long bytes;
  private final Map<String, ModelJoin> models = new LinkedHashMap<>();
  private final Map<String, LabelCounts> unbound = new TreeMap<>();
  private final ParkedLabels parked = new ParkedLabels(this::unknown);
  private long unknownLabels;
  private boolean saidRejected;
  private final BiConsumer<String, Object> rejected;

  /**
   * @param bytes for the pending predictions of all models
   * @param rejected told, once, of a model and a label that it cannot have
   */
  public Joiner(long bytes, BiConsumer<String, Object> rejected) {
    this.bytes = bytes;
    this.rejected = rejected;
    unbound.put(NO_MODEL, new LabelCounts());
  }

  /** The join of a model, made if it is new. */
  public ModelJoin model(String name, long timeToLiveMillis) {
    ModelJoin model = models.get(name);
    if (model == null) {
      model = new ModelJoin(name, secret(), bytes, timeToLiveMillis);
      models.put(name, model);
      countsOf(name);
      for (ModelJoin each : models.values()) {
        each.share(models.size());
      }
    }
    return model;
  }

  private byte[] secret() {
    if (secret == null) {
      secret = new byte[32];
      new SecureRandom().nextBytes(secret);
    }
    return secret;
  }

  /** Keeps a prediction, and applies the labels that have waited for it. */
  public PendingStore.Put predicted(
      ModelJoin model, Row row, PendingRecord prediction, long nowMillis) {
    PendingStore.Put put = model.put(row, prediction, nowMillis);
    if (!parked.isEmpty()) {
      for (ParkedLabels.Parked waiting : parked.take(row.idText(), model.model())) {
        LabelOutcome outcome = model.label(waiting.event(), waiting.arrivedMillis(), nowMillis);
        if (outcome == LabelOutcome.REJECTED) {
          sayRejected(model, waiting.event());
        } else if (outcome == null) {
          unknown(waiting.event());
        }
      }
    }
    return put;
  }

  public void label(LabelEvent event, long nowMillis) {
    LabelOutcome first = null;
    if (event.model() != null) {
      ModelJoin named = models.get(event.model());
      first = named == null ? null : labelOf(named, event, nowMillis);
    } else {
      for (ModelJoin model : models.values()) {
        LabelOutcome outcome = labelOf(model, event, nowMillis);
        first = first == null ? outcome : first;
      }
    }
    if (first == null) {
      first = LabelOutcome.PARKED;
      countsOf(event.model()).add(first);
      parked.park(event, nowMillis);
    }
    if (event.batch() != null) {
      event.batch().count(first.value());
    }
  }

  private @Nullable LabelOutcome labelOf(ModelJoin model, LabelEvent event, long nowMillis) {
    LabelOutcome outcome = model.label(event, nowMillis, nowMillis);
    if (outcome == LabelOutcome.REJECTED) {
      sayRejected(model, event);
    }
    return outcome;
  }

  private void sayRejected(ModelJoin model, LabelEvent event) {
    if (!saidRejected) {
      saidRejected = true;
      rejected.accept(model.model(), String.valueOf(event.actual()));
    }
  }

  /** Expires predictions and parked labels. */
  public void tick(long nowMillis) {
    for (ModelJoin model : models.values()) {
      model.expire(nowMillis);
    }
    parked.expire(nowMillis);
  }

  /** No prediction will come any more: what is parked is unknown. */
  public void finish() {
    parked.clear();
  }

  private void unknown(LabelEvent event) {
    unknownLabels++;
    countsOf(event.model()).add(LabelOutcome.UNKNOWN);
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
      boolean hasRoom = unbound.size() <= NAMED_MODELS || models.containsKey(name);
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
                        outcome -> !outcome.hasRecord() || outcome == LabelOutcome.REJECTED))));
    return all;
  }

  /** Outcomes of labels without a record. */
  public record Unbound(@Nullable String model, Map<String, Long> labels) {}
}
