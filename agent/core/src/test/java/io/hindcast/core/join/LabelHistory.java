package io.hindcast.core.join;

import io.hindcast.core.model.LabelEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Some predictions and everything that is ever said about their truth, which may be told in any
 * order, and the truth itself, in a plain map: what {@code label-join.md} calls the maximum of the
 * events of each id. The oracle of every test of order; knows nothing of how labels are joined.
 */
public final class LabelHistory {
  /*
   * What is in a history: predictions that are sent again, or again with another answer; labels with
   * and without revision or time, with the same place in the order and different values; "cannot be
   * known"; retractions with a place in the order; ids without prediction and without label; and, for
   * some ids, a plain Labels.retract(id) after everything else, with repetitions behind it.
   *
   * A label with neither revision nor time takes its place from its arrival, so an id has at most
   * one such value, and none where a plain retraction follows: there, arrival would decide.
   */
  /** Seconds from the prediction to the earliest and the latest time that a label names. */
  private static final int EARLIEST = 2;

  private static final int LATEST = 5;

  /** Nothing may arrive before: the times that labels name are over by then. */
  public static final long LABELS_FROM_MILLIS = 10_000;

  private static final int IDS = 8;
  private static final List<String> CLASSES = List.of("a", "b", "c");

  private final List<Prediction> predictions = new ArrayList<>();
  private final List<Prediction> conflicts = new ArrayList<>();
  private final List<Label> labels = new ArrayList<>();
  private final Map<String, List<Label>> lastWords = new LinkedHashMap<>();

  /** Something that is sent. */
  public sealed interface Step {
    String id();
  }

  /** A prediction, by one of two versions of the model. */
  public record Prediction(String id, String version, String predicted, long atMillis)
      implements Step {}

  /**
   * A label.
   *
   * @param value null if it cannot be known, and for a retraction
   */
  public record Label(
      String id,
      @Nullable String value,
      int revision,
      @Nullable Long atMillis,
      boolean isRetraction)
      implements Step {

    /**
     * As it comes to the join.
     *
     * @param idOrReceipt how it names its prediction
     */
    public LabelEvent event(String idOrReceipt, LabelEvent.@Nullable Batch batch) {
      return new LabelEvent(
          null, idOrReceipt, value, atMillis, revision, isRetraction, false, batch);
    }
  }

  /**
   * Any history.
   *
   * @param prefix of its ids, which no other history has
   * @param atMillis of its predictions
   */
  public LabelHistory(Random random, String prefix, long atMillis) {
    this(random, prefix, atMillis, true);
  }

  /**
   * Any history that can be written down.
   *
   * @param knowsNull whether labels may say that the truth cannot be known, which CSV cannot
   */
  public LabelHistory(Random random, String prefix, long atMillis, boolean knowsNull) {
    for (int i = 0; i < IDS; i++) {
      String id = prefix + i;
      boolean isPredicted = random.nextInt(10) > 0;
      if (isPredicted) {
        var first =
            new Prediction(id, random.nextBoolean() ? "1" : "2", any(random), atMillis + i * 7);
        for (int n = 1 + random.nextInt(8) / 6; n > 0; n--) {
          predictions.add(first);
        }
        if (random.nextInt(6) == 0) {
          String other = CLASSES.get((CLASSES.indexOf(first.predicted) + 1) % CLASSES.size());
          conflicts.add(new Prediction(id, first.version, other, first.atMillis + 1));
        }
      }
      boolean hasLastWord = random.nextInt(8) == 0;
      var events = new ArrayList<Label>();
      for (int n = random.nextInt(6); n > 0; n--) {
        Label event = event(random, id, atMillis, knowsNull);
        for (int copies = 1 + random.nextInt(4) / 2; copies > 0; copies--) {
          events.add(event);
        }
      }
      if (!hasLastWord && random.nextInt(3) == 0) {
        var plain =
            new Label(id, knowsNull && random.nextInt(8) == 0 ? null : any(random), 0, null, false);
        for (int copies = 1 + random.nextInt(3); copies > 0; copies--) {
          events.add(plain);
        }
      }
      labels.addAll(events);
      if (hasLastWord) {
        var last = new ArrayList<Label>();
        last.add(new Label(id, null, 0, null, true));
        for (int n = events.isEmpty() ? 0 : random.nextInt(3); n > 0; n--) {
          last.add(events.get(random.nextInt(events.size())));
        }
        lastWords.put(id, last);
      }
    }
  }

  private static String any(Random random) {
    return CLASSES.get(random.nextInt(CLASSES.size()));
  }

  /** With a revision, a time, or both. */
  private static Label event(Random random, String id, long fromMillis, boolean knowsNull) {
    int kind = random.nextInt(8);
    String value = kind == 1 || kind == 0 && knowsNull ? null : any(random);
    int revision = random.nextInt(4);
    long second = fromMillis / 1000 + EARLIEST + random.nextInt(LATEST - EARLIEST + 1);
    return new Label(id, value, revision, second * 1000, kind == 1);
  }

  /** Everything that is sent, in an order of chance. */
  public List<Step> shuffled(Random random) {
    var steps = new ArrayList<Step>(predictions);
    steps.addAll(labels);
    Collections.shuffle(steps, random);
    for (Prediction conflict : conflicts) {
      int first = 0;
      while (!(steps.get(first) instanceof Prediction one && one.id.equals(conflict.id))) {
        first++;
      }
      steps.add(first + 1 + random.nextInt(steps.size() - first), conflict);
    }
    lastWords.forEach(
        (id, words) -> {
          int after = 0;
          for (int i = 0; i < steps.size(); i++) {
            after = steps.get(i) instanceof Label label && label.id.equals(id) ? i + 1 : after;
          }
          for (Label word : words) {
            after += random.nextInt(steps.size() - after + 1);
            steps.add(after, word);
            after++;
          }
        });
    return steps;
  }

  /** The predictions that count, by id: the first of each. */
  public Map<String, Prediction> predictions() {
    var first = new HashMap<String, Prediction>();
    predictions.forEach(each -> first.putIfAbsent(each.id, each));
    return first;
  }

  /** Ids that labels name and nobody has predicted. */
  public Set<String> foreign() {
    var foreign = new LinkedHashSet<String>();
    labels.forEach(label -> foreign.add(label.id));
    foreign.addAll(lastWords.keySet());
    foreign.removeAll(predictions().keySet());
    return foreign;
  }

  /** What a label with neither revision nor time is to those of its id that have one. */
  public enum Plain {
    /** It came after what the others tell of: by id. */
    LATEST,
    /** Whoever holds a receipt could say so: by receipt. */
    EARLIEST
  }

  /** How many predictions of each {@code version actual>predicted} there are in the end. */
  public Map<String, Long> truth(Plain plain) {
    Comparator<Label> order =
        Comparator.comparingInt(Label::revision)
            .thenComparingLong(
                label ->
                    label.atMillis != null
                        ? label.atMillis / 1000
                        : plain == Plain.LATEST ? Long.MAX_VALUE : Long.MIN_VALUE)
            .thenComparing(LabelHistory::rank)
            .thenComparing(Label::value, Comparator.nullsFirst(Comparator.naturalOrder()));
    var largest = new HashMap<String, Label>();
    labels.forEach(
        label -> largest.merge(label.id, label, (a, b) -> order.compare(a, b) >= 0 ? a : b));
    var truth = new TreeMap<String, Long>();
    largest.forEach(
        (id, label) -> {
          Prediction of = predictions().get(id);
          if (of != null && label.value != null && !lastWords.containsKey(id)) {
            truth.merge(of.version + " " + label.value + ">" + of.predicted, 1L, Long::sum);
          }
        });
    return truth;
  }

  private static int rank(Label label) {
    return label.isRetraction ? 2 : label.value == null ? 0 : 1;
  }
}
