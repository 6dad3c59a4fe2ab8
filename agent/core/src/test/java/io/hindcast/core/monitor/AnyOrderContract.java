package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ModelFixture;
import io.hindcast.core.join.LabelHistory;
import io.hindcast.core.join.LabelHistory.Label;
import io.hindcast.core.join.LabelHistory.Prediction;
import io.hindcast.core.join.LabelHistory.Step;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.receipt.Receipt;
import io.hindcast.core.receipt.Receipts;
import io.hindcast.core.reference.ReferenceStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Predictions, labels, corrections, retractions and repetitions in any order, over one or several
 * instances that may end in between, end in exactly the confusion counts of the truth.
 */
public abstract class AnyOrderContract {
  /*
   * All histories go through the same instances, each with ids of its own, so what one leaves behind
   * would disturb the next. Whoever sends behaves as label-join.md asks: what was answered `parked`
   * is not durable, so where instances end, or several share a store, it is sent again in the end,
   * with all that was said of that id after it.
   *
   * Several histories may be played side by side, their steps shuffled into each other: where steps
   * have to wait until all has been heard, they wait together, which is what costs time.
   */
  protected static final byte[] SECRET = new byte[32];
  private static final Duration TIME_TO_LIVE = Duration.ofDays(30);

  private final List<Instance> instances = new ArrayList<>();
  private final Map<String, Long> ended = new TreeMap<>();
  private final Map<String, Long> expected = new TreeMap<>();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  protected final AgentLog log = new AgentLog(new PrintStream(said, true), AgentLog.Level.WARN);
  protected long now = Play.T0;
  private long endedCounted;
  private long endedReceived;

  /**
   * Opens a store, again with what an earlier one has left; or hands out the one that is shared.
   */
  protected abstract LabelStore openStore() throws Exception;

  protected int instances() {
    return 1;
  }

  /** Histories, each in an order of its own; the number of each is its seed. */
  protected int histories() {
    return 2_000;
  }

  /** Of them, played at once. */
  protected int sideBySide() {
    return 1;
  }

  /** Of so many steps one is the end of an instance, which begins anew; 0: never. */
  protected int stepsToARestart() {
    return 0;
  }

  /** Ends a store without a word, as a crash would, after what was answered became durable. */
  protected void crash(LabelStore store) throws Exception {
    store.close();
  }

  /** Signs and opens receipts; null where labels come by id. */
  protected @Nullable Receipts receipts() {
    return null;
  }

  /** Whether any instance may be sent any label. */
  protected boolean sharesRecords() {
    return true;
  }

  private boolean sendsAgain() {
    return receipts() == null && (stepsToARestart() > 0 || instances() > 1);
  }

  /** One process. */
  private final class Instance {
    final LabelStore store;
    final Engine engine;
    final Row row = new Row();
    long received;
    int open;

    Instance() throws Exception {
      store = openStore();
      engine =
          new Engine(
              new AgentConfig(
                  null,
                  List.of(model()),
                  AgentConfig.DEFAULT_STORE_BYTES,
                  AgentConfig.DEFAULT_QUEUE_BYTES),
              ReferenceStore.NONE,
              store,
              () -> SECRET,
              receipts(),
              log,
              now);
      engine.restore(now);
      engine.register(new ModelKey("m", "1"), Task.MULTICLASS, now);
      row.task = Task.MULTICLASS;
      row.isRow = true;
      row.callRows = 1;
      row.durationNanos = 1_500;
      row.score = Double.NaN;
      row.confidence = Double.NaN;
    }

    void predict(Prediction prediction) {
      row.key = new ModelKey("m", prediction.version());
      row.id = prediction.id();
      row.predicted = prediction.predicted();
      row.predictedAtMillis = prediction.atMillis();
      engine.accept(row, now);
    }

    void label(Label label, String idOrReceipt, Set<String> parked) {
      open++;
      received++;
      var batch =
          new LabelEvent.Batch(
              1,
              (outcomes, durability) -> {
                open--;
                if (outcomes.containsKey("parked")) {
                  parked.add(label.id());
                }
              });
      engine.label(label.event(idOrReceipt, batch), now);
    }

    /** All that was given has been done, and is as durable as it will be. */
    void settle() {
      boolean[] done = {false};
      boolean[] durable = {false};
      var batch = new LabelEvent.Batch(1, (outcomes, durability) -> done[0] = true, true);
      engine.label(new LabelEvent("m", "nobody", "a", null, 0, false, false, batch), now);
      store.whenDurable(durability -> durable[0] = true);
      until(() -> done[0] && durable[0] && open == 0);
    }

    private void until(BooleanSupplier isSo) {
      long deadline = System.nanoTime() + 180_000_000_000L;
      engine.turn(now);
      while (!isSo.getAsBoolean()) {
        assertThat(System.nanoTime()).as("answers in time").isLessThan(deadline);
        Thread.onSpinWait();
        // All of them: one may have locked what another waits for.
        instances.forEach(each -> each.engine.turn(now));
      }
    }

    Map<String, Long> net() {
      var net = new TreeMap<String, Long>();
      for (ModelSnapshot model : engine.snapshot(now).models()) {
        for (ModelSnapshot.Confusion cell : model.confusion()) {
          String name = model.key().version() + " " + cell.actual() + ">" + cell.predicted();
          add(net, name, cell.joined() - cell.retracted());
        }
      }
      return net;
    }

    /** Labels in {@code ml.labels}, each once. */
    long counted() {
      EngineSnapshot snapshot = engine.snapshot(now);
      long counted = engine.parkedLabels();
      for (ModelSnapshot model : snapshot.models()) {
        counted += sum(model.labels());
      }
      for (EngineSnapshot.UnboundLabels unbound : snapshot.unboundLabels()) {
        counted += sum(unbound.labels());
      }
      return counted;
    }

    private static long sum(Map<String, Long> labels) {
      return labels.entrySet().stream()
          .filter(each -> !each.getKey().equals("parked") && !each.getKey().equals("implied"))
          .mapToLong(Map.Entry::getValue)
          .sum();
    }
  }

  private static ModelConfig model() {
    return ModelFixture.named("m").learn(1000).labels(TIME_TO_LIVE, null).config();
  }

  private static void add(Map<String, Long> to, String name, long n) {
    to.merge(name, n, (a, b) -> a + b == 0 ? null : a + b);
    to.remove(name, 0L);
  }

  @AfterEach
  void close() {
    instances.forEach(each -> each.store.close());
  }

  @Test
  void anyOrder_endsInTheTruth() throws Exception {
    for (int i = 0; i < instances(); i++) {
      instances.add(new Instance());
    }
    int steps = 0;
    for (int seed = 1; seed <= histories(); seed += sideBySide()) {
      steps += play(seed, Math.min(sideBySide(), histories() + 1 - seed));
    }
    assertThat(expected).as("cells of the truth").hasSize(2 * 3 * 3);
    assertThat(steps).as("steps played").isGreaterThan(10 * histories());
    assertThat(endedCounted + instances.stream().mapToLong(Instance::counted).sum())
        .as("labels, each counted once")
        .isEqualTo(endedReceived + instances.stream().mapToLong(each -> each.received).sum());
    // Labels of ids without prediction are unknown at the end of an instance.
    assertThat(said.toString().lines().filter(line -> !line.contains("counted as 'unknown'")))
        .isEmpty();
  }

  /** A history, and how far it has come. */
  private final class Played {
    final LabelHistory history;
    final Map<String, Prediction> predictions;
    final List<Step> steps;
    int next;

    /** All that was given has to be heard first. */
    boolean isWaiting;

    /** It has been. */
    boolean isHeard;

    Played(int seed, Random random) {
      history = new LabelHistory(random, "s" + seed + "/", now);
      predictions = history.predictions();
      steps = history.shuffled(random);
    }

    boolean isOver() {
      return next == steps.size() && !isWaiting;
    }

    /** Whether its next step is not to meet what comes before it on the way. */
    boolean hasToWait() {
      Step step = steps.get(next);
      if (step instanceof Prediction prediction) {
        // "The first wins": it must be the first for all.
        return !prediction.equals(predictions.get(step.id()));
      }
      return step instanceof Label label && isLastWord(label);
    }
  }

  /** It is of what was said before, so that must have been heard. */
  private static boolean isLastWord(Label label) {
    return label.isRetraction() && label.revision() == 0 && label.atMillis() == null;
  }

  private int play(int seed, int count) throws Exception {
    var random = new Random(seed);
    var all = new ArrayList<Played>();
    for (int i = 0; i < count; i++) {
      all.add(new Played(seed + i, new Random(seed + i)));
    }
    now += LabelHistory.LABELS_FROM_MILLIS;
    Map<String, List<Label>> sent = new LinkedHashMap<>();
    Set<String> parked = new LinkedHashSet<>();
    int steps = 0;
    var playing = new ArrayList<>(all);
    while (!playing.isEmpty()) {
      int which = random.nextInt(playing.size());
      Played one = playing.get(which);
      if (one.isOver() || one.isWaiting) {
        playing.remove(which);
        if (playing.isEmpty() && all.stream().anyMatch(each -> each.isWaiting)) {
          instances.forEach(Instance::settle);
          for (Played each : all) {
            each.isHeard = each.isWaiting;
            each.isWaiting = false;
          }
          all.stream().filter(each -> !each.isOver()).forEach(playing::add);
        }
        continue;
      }
      if (instances.size() > 1 && one.hasToWait() && !one.isHeard) {
        one.isWaiting = true;
        continue;
      }
      one.isHeard = false;
      take(one, sent, parked, random);
      steps++;
      if (stepsToARestart() > 0 && random.nextInt(stepsToARestart()) == 0) {
        restart(random.nextInt(instances.size()), random.nextBoolean());
      }
    }
    instances.forEach(Instance::settle);
    if (sendsAgain()) {
      Set<String> foreign = new LinkedHashSet<>();
      all.forEach(each -> foreign.addAll(each.history.foreign()));
      sendAgain(sent, parked, foreign, random);
    }
    LabelHistory.Plain plain =
        receipts() == null ? LabelHistory.Plain.LATEST : LabelHistory.Plain.EARLIEST;
    all.forEach(each -> each.history.truth(plain).forEach((cell, n) -> add(expected, cell, n)));
    var net = new TreeMap<>(ended);
    instances.forEach(each -> each.net().forEach((cell, n) -> add(net, cell, n)));
    assertThat(net).as("seeds from %d on", seed).isEqualTo(expected);
    return steps;
  }

  private void take(Played of, Map<String, List<Label>> sent, Set<String> parked, Random random) {
    Step step = of.steps.get(of.next++);
    now += random.nextInt(3);
    Instance at = instances.get(placeOf(step.id(), random));
    Receipts receipts = receipts();
    if (step instanceof Prediction prediction) {
      at.predict(prediction);
    } else if (step instanceof Label label) {
      Prediction predicted = of.predictions.get(label.id());
      if (receipts == null || predicted != null) {
        sent.computeIfAbsent(label.id(), id -> new ArrayList<>()).add(label);
        at.label(label, receipts == null ? label.id() : receipt(receipts, predicted), parked);
        // What is said after the last word must find that it was heard.
        of.isWaiting = isLastWord(label) && instances.size() > 1;
      }
    }
    if (random.nextInt(8) == 0) {
      at.engine.turn(now);
    }
  }

  private int placeOf(String id, Random random) {
    int any = random.nextInt(instances.size());
    return sharesRecords() ? any : Math.floorMod(id.hashCode(), instances.size());
  }

  private static String receipt(Receipts receipts, Prediction of) {
    String receipt =
        receipts.sign(
            new Receipt(
                of.atMillis(),
                receipts.nonce("m", of.id()),
                "m",
                of.version(),
                Task.MULTICLASS,
                of.predicted(),
                null,
                false,
                Double.NaN,
                1,
                ""));
    assertThat(receipt).isNotNull();
    return receipt;
  }

  private void sendAgain(
      Map<String, List<Label>> sent, Set<String> parked, Set<String> foreign, Random random) {
    var parkedAgain = new LinkedHashSet<String>();
    for (String id : List.copyOf(parked)) {
      if (!foreign.contains(id)) {
        Instance at = instances.get(placeOf(id, random));
        sent.get(id).forEach(label -> at.label(label, id, parkedAgain));
      }
    }
    instances.forEach(Instance::settle);
    assertThat(parkedAgain).as("their predictions are there").isEmpty();
  }

  private void restart(int number, boolean isClean) throws Exception {
    Instance ending = instances.get(number);
    ending.settle();
    if (isClean) {
      ending.engine.finish(now);
    } else {
      crash(ending.store);
    }
    endedCounted += ending.counted();
    endedReceived += ending.received;
    ending.net().forEach((cell, n) -> add(ended, cell, n));
    instances.set(number, new Instance());
  }
}
