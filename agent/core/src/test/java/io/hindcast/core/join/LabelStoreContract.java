package io.hindcast.core.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import io.hindcast.core.model.Durability;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What every store does. A store's own test extends this and adds its own cases. */
public abstract class LabelStoreContract {
  protected static final long T0 = 1_800_057_600_000L;
  protected static final long TIME_TO_LIVE = 3_600_000;
  protected static final StreamKey KEY = new StreamKey("m", "1", "", Task.MULTICLASS, TIME_TO_LIVE);

  protected LabelStore store;
  protected Truths truths = new Truths();
  protected int stream;
  protected long now = T0;

  /** Opens the store; again with what an earlier one has left. */
  protected abstract LabelStore open();

  /** Opens an empty one with room for about so many predictions; null if it has no bound. */
  protected @Nullable LabelStore openSmall(int predictions) throws IOException {
    return null;
  }

  /** Whether that is anything. */
  protected abstract boolean survives();

  /** Whether sinks are told of it; else only labels find it. */
  protected boolean tellsWhatSurvived() {
    return survives();
  }

  /** What an answered label survives. */
  protected abstract Durability durability();

  /** Ends the store without a word, as a crash would; a clean end where that cannot be played. */
  protected void crash() {
    store.close();
  }

  @BeforeEach
  void begin() {
    stream = -1;
    start();
  }

  @AfterEach
  void end() {
    store.close();
  }

  protected void start() {
    start(open());
  }

  private void start(LabelStore opened) {
    truths = new Truths();
    stream = -1;
    store = opened;
    store.restore(
        (number, key, classes, probabilityClasses, lastMillis) -> {
          assertThat(key).isEqualTo(KEY);
          truths.begin(classes);
          stream = number;
          return truths;
        },
        now);
    if (stream < 0) {
      stream = store.open(KEY, truths);
    }
  }

  /** Ends, and begins with what was left. */
  protected void restart() {
    store.close();
    start();
  }

  protected static PendingRecord prediction(long id, long at, int predicted, double score) {
    var record = new PendingRecord();
    record.keyHigh = id * 0x9E3779B97F4A7C15L;
    record.keyLow = id * 0xD1B54A32D192ED03L;
    record.predictedAtMillis = at;
    record.predictedClass = predicted;
    record.score = score;
    return record;
  }

  protected void predict(long id, int predicted) {
    put(prediction(id, now, predicted, predicted));
  }

  protected void put(PendingRecord prediction) {
    prediction.stream = stream;
    store.put(prediction, now);
  }

  protected static LabelEvent event(@Nullable Object actual, int revision, @Nullable Long at) {
    return new LabelEvent("m", "not stored", actual, at, revision, false, false, null);
  }

  protected static LabelEvent retraction(int revision, @Nullable Long at) {
    return new LabelEvent("m", "not stored", null, at, revision, true, false, null);
  }

  /** What became of a label. */
  protected @Nullable LabelOutcome label(long id, LabelEvent event) {
    var answer = new AtomicReference<List<@Nullable LabelOutcome>>();
    send(id, event, outcome -> answer.set(Collections.singletonList(outcome)));
    until(() -> answer.get() != null);
    return answer.get().get(0);
  }

  protected @Nullable LabelOutcome label(long id, @Nullable Object actual) {
    return label(id, event(actual, 0, null));
  }

  private void send(
      long id, LabelEvent event, java.util.function.Consumer<@Nullable LabelOutcome> to) {
    PendingRecord key = prediction(id, 0, 0, 0);
    store.label(
        new AddressedLabel(
            event,
            "m",
            key.keyHigh,
            key.keyLow,
            now,
            (label, outcome, byVersion) -> to.accept(outcome)),
        now);
  }

  /** Turns until it is so. */
  protected void until(java.util.function.BooleanSupplier isSo) {
    long deadline = System.nanoTime() + 20_000_000_000L;
    store.turn(now);
    while (!isSo.getAsBoolean()) {
      assertThat(System.nanoTime()).as("an answer in time").isLessThan(deadline);
      Thread.onSpinWait();
      store.turn(now);
    }
  }

  /** Everything that was given has been done. */
  protected void settle() {
    var durable = new AtomicReference<Durability>();
    store.whenDurable(durable::set);
    until(() -> durable.get() != null);
  }

  @Test
  void aLabel_joinsThePredictionPutBeforeIt() {
    predict(1, 0);
    now += 5000;
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
    assertThat(truths.net).isEqualTo(Map.of("1 0", 1L));
    assertThat(truths.predicted).isEqualTo(1);
    assertThat(truths.pending).isZero();
    assertThat(truths.delays).containsExactly(5000L);
    assertThat(truths.labels).isEqualTo(Map.of(LabelOutcome.JOINED, 1L));
  }

  @Test
  void aLabel_forNoPrediction_isAnsweredWithNothing() {
    predict(1, 0);
    assertThat(label(2, "1")).isNull();
    assertThat(truths.labels).isEmpty();
    assertThat(truths.pending).isEqualTo(1);
  }

  @Test
  void aJoinedRecord_staysAndKnowsItsLabel() {
    predict(1, 0);
    assertThat(label(1, event("1", 3, null))).isEqualTo(LabelOutcome.JOINED);
    assertThat(label(1, event("1", 3, null))).isEqualTo(LabelOutcome.DUPLICATE);
    assertThat(label(1, event("0", 2, null))).isEqualTo(LabelOutcome.STALE);
    assertThat(label(1, event("0", 4, null))).isEqualTo(LabelOutcome.CORRECTED);
    assertThat(label(1, event("none of ours", 5, null))).isEqualTo(LabelOutcome.REJECTED);
    assertThat(truths.net).isEqualTo(Map.of("0 0", 1L));
    assertThat(label(1, retraction(0, null))).isEqualTo(LabelOutcome.RETRACTED);
    assertThat(truths.pending).isEqualTo(1);
    assertThat(truths.net).isEmpty();
    assertThat(label(1, event(null, 9, null))).isEqualTo(LabelOutcome.NULL);
    assertThat(truths.unknowable).isEqualTo(1);
    assertThat(truths.pending).isZero();
  }

  @Test
  void aDryRun_isAnsweredAsTheLabelWouldBe_andChangesNothing() {
    predict(1, 0);
    settle();
    List<LabelEvent> events =
        List.of(
            event("1", 3, null),
            event("1", 3, null),
            event("0", 2, null),
            event("0", 4, null),
            event("none of ours", 5, null),
            retraction(0, null),
            event("1", 6, null),
            event(null, 9, null));
    List<LabelOutcome> expected =
        List.of(
            LabelOutcome.JOINED,
            LabelOutcome.DUPLICATE,
            LabelOutcome.STALE,
            LabelOutcome.CORRECTED,
            LabelOutcome.REJECTED,
            LabelOutcome.RETRACTED,
            LabelOutcome.JOINED,
            LabelOutcome.NULL);
    for (int i = 0; i < events.size(); i++) {
      var before = Map.of("net", truths.net.toString(), "labels", truths.labels.toString());
      long pending = truths.pending;
      assertThat(label(2, dry(events.get(i)))).isNull();
      assertThat(label(1, dry(events.get(i)))).isEqualTo(expected.get(i));
      assertThat(label(1, dry(events.get(i)))).isEqualTo(expected.get(i));
      assertThat(Map.of("net", truths.net.toString(), "labels", truths.labels.toString()))
          .isEqualTo(before);
      assertThat(truths.pending).isEqualTo(pending);
      assertThat(label(1, events.get(i))).isEqualTo(expected.get(i));
    }
    now += TIME_TO_LIVE + 1;
    assertThat(label(1, dry(events.get(0)))).isEqualTo(LabelOutcome.EXPIRED);
    assertThat(truths.labels).doesNotContainKey(LabelOutcome.EXPIRED);
  }

  private static LabelEvent dry(LabelEvent event) {
    return event.of(new LabelEvent.Batch(1, (byOutcome, durability) -> {}, true));
  }

  @Test
  void thePredictionAgain_isARetryOrAConflict_andTheFirstStays() {
    put(prediction(1, now, 1, .75));
    put(prediction(1, now + 1, 1, .75));
    settle();
    assertThat(truths.predicted).isEqualTo(1);
    put(prediction(1, now + 2, 0, .25));
    settle();
    assertThat(truths.lost).isEqualTo(Map.of(OutcomeSink.LostReason.ID_CONFLICT, 1L));
    assertThat(truths.pending).isEqualTo(1);
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
    assertThat(truths.net).isEqualTo(Map.of("1 1", 1L));
  }

  @Test
  void theTimeToLive_isExact_andRecognisedForAsLongAgain() {
    predict(1, 0);
    now += TIME_TO_LIVE;
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
    now += 1;
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.EXPIRED);
    now += TIME_TO_LIVE - 2;
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.EXPIRED);
    now += 2 * TIME_TO_LIVE;
    settle();
    assertThat(label(1, "1")).isNull();
  }

  @Test
  void aPredictionWithoutLabel_isCountedWhenItLeaves() {
    predict(1, 0);
    predict(2, 0);
    assertThat(label(2, "0")).isEqualTo(LabelOutcome.JOINED);
    now += TIME_TO_LIVE + TIME_TO_LIVE / 8;
    until(() -> truths.pending == 0);
    assertThat(truths.lost).isEqualTo(Map.of(OutcomeSink.LostReason.UNLABELLED, 1L));
  }

  @Test
  void anId_mayBeUsedAgainAfterItsTime() {
    predict(1, 0);
    now += TIME_TO_LIVE + 1;
    predict(1, 1);
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
    assertThat(truths.net).isEqualTo(Map.of("1 1", 1L));
  }

  @Test
  void anAnswer_becomesAsDurableAsTheStoreMakesIt() {
    predict(1, 0);
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
    var durable = new AtomicReference<Durability>();
    store.whenDurable(durable::set);
    until(() -> durable.get() != null);
    assertThat(durable.get()).isEqualTo(durability());
  }

  @Test
  void aStreamForgotten_isNoPlaceForLabels() {
    predict(1, 0);
    settle();
    store.forget(stream);
    assertThat(label(1, "1")).isNull();
    stream = store.open(KEY, truths);
    predict(2, 1);
    assertThat(label(2, "1")).isEqualTo(LabelOutcome.JOINED);
  }

  @Test
  void whatWasAnswered_isThereAfterACrash() {
    predict(1, 0);
    predict(2, 1);
    predict(3, 1);
    predict(4, 0);
    assertThat(label(1, event("a class met late", 3, null))).isEqualTo(LabelOutcome.JOINED);
    assertThat(label(2, event(null, 0, null))).isEqualTo(LabelOutcome.NULL);
    assertThat(label(3, "1")).isEqualTo(LabelOutcome.JOINED);
    assertThat(label(3, retraction(0, null))).isEqualTo(LabelOutcome.RETRACTED);
    settle();
    crash();
    start();
    if (!survives()) {
      assertThat(label(1, "0")).isNull();
      return;
    }
    if (tellsWhatSurvived()) {
      assertThat(truths.restored).hasSize(4);
      assertThat(truths.restoredNet).isEqualTo(Map.of("a class met late 0", 1L));
      assertThat(truths.unknowable).isEqualTo(1);
      assertThat(truths.pending).isEqualTo(2);
    }
    assertThat(truths.predicted).isZero();
    assertThat(label(1, event("a class met late", 3, null))).isEqualTo(LabelOutcome.DUPLICATE);
    assertThat(label(1, event("0", 2, null))).isEqualTo(LabelOutcome.STALE);
    assertThat(label(1, event("0", 4, null))).isEqualTo(LabelOutcome.CORRECTED);
    assertThat(label(3, "0")).isEqualTo(LabelOutcome.JOINED);
    assertThat(label(4, "0")).isEqualTo(LabelOutcome.JOINED);
    assertThat(truths.net).isEqualTo(Map.of("0 0", 2L, "0 1", 1L));
    put(prediction(4, now, 0, 0));
    settle();
    assertThat(truths.predicted).as("a retry across the restart").isZero();
  }

  /** Room for some 5,200 in a time to live, in which come 16,400. */
  @Test
  void whenFull_fewerIdsAreKept_eachCountsForMore_andItsLabelsShareItsFate() throws IOException {
    LabelStore small = openSmall(5200);
    if (small == null) {
      return;
    }
    store.close();
    start(small);
    int predictions = 80_000;
    for (int i = 0; i < predictions; i++) {
      now = T0 + i * 220L;
      predict(i, i % 2);
      if (i % 500 == 0) {
        settle();
      }
    }
    settle();
    assertThat(store.samplingLevel(KEY.model())).isEqualTo(2);
    assertThat(truths.lost).containsKey(OutcomeSink.LostReason.EVICTED);
    Map<LabelOutcome, Integer> first = new EnumMap<>(LabelOutcome.class);
    for (int i = predictions - 5000; i < predictions; i++) {
      LabelOutcome outcome = label(i, "1");
      first.merge(outcome, 1, Integer::sum);
      assertThat(label(i, "1"))
          .as("the next label of %d, after %s", i, outcome)
          .isEqualTo(outcome == LabelOutcome.JOINED ? LabelOutcome.DUPLICATE : outcome);
    }
    assertThat(first.get(LabelOutcome.JOINED)).isBetween(1150, 1350);
    // What a filter remembers of expired ids may take another one for one of them.
    int expired = first.getOrDefault(LabelOutcome.EXPIRED, 0);
    assertThat(expired).isLessThan(100);
    assertThat(first.get(LabelOutcome.NOT_SAMPLED))
        .isEqualTo(5000 - first.get(LabelOutcome.JOINED) - expired);
    assertThat(truths.joinedWeight).as("a label counts for those left out").isBetween(4600L, 5400L);
    assertThat(truths.weight)
        .as("what is kept stands for what is not")
        .isBetween((long) (predictions * .98), (long) (predictions * 1.02));
    // Fewer come.
    for (int i = predictions; i < predictions + 20_000; i++) {
      now += 2200;
      predict(i, i % 2);
    }
    assertThat(store.samplingLevel(KEY.model())).isZero();
    assertThat(label(predictions + 19_999, "1")).isEqualTo(LabelOutcome.JOINED);
    assertThat(label(predictions + 30_000, "1")).as("never predicted").isNull();
  }

  @Test
  void whenFullOfWhatHasItsLabel_allAreKept() throws IOException {
    LabelStore small = openSmall(5200);
    if (small == null) {
      return;
    }
    store.close();
    start(small);
    for (int i = 0; i < 20_000; i++) {
      now = T0 + i * 50L;
      predict(i, i % 2);
      assertThat(label(i, "1")).isEqualTo(LabelOutcome.JOINED);
    }
    assertThat(store.samplingLevel(KEY.model())).isZero();
    assertThat(truths.lost).isEmpty();
    assertThat(label(0, "1")).as("had to make room").isNull();
  }

  /** An event with a place of its own in the order. */
  private record Sent(long id, int revision, long second, @Nullable String value) {
    LabelEvent event() {
      return "retracted".equals(value)
          ? retraction(revision, second * 1000)
          : LabelStoreContract.event(value, revision, second * 1000);
    }
  }

  private static final Comparator<Sent> ORDER =
      Comparator.comparingInt(Sent::revision)
          .thenComparingLong(Sent::second)
          .thenComparing(Sent::value, Comparator.nullsFirst(Comparator.naturalOrder()));

  /** Shuffles of one property test. */
  protected int shuffles() {
    return 40;
  }

  /**
   * Any order of events, repetitions, batches and restarts ends in what the largest event of each
   * id says.
   */
  @RepeatedTest(5)
  void order_repetition_andRestarts_doNotMatter() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    int ids = 12;
    long first = 0;
    Map<String, Long> expected = new TreeMap<>();
    for (int shuffle = 0; shuffle < shuffles(); shuffle++, first += ids) {
      var events = new ArrayList<Sent>();
      for (int i = 0; i < 60; i++) {
        String value =
            switch (random.nextInt(6)) {
              case 0 -> null;
              case 1 -> "retracted";
              default -> "abc".substring(random.nextInt(3)).substring(0, 1);
            };
        long second = T0 / 1000 + 1 + random.nextInt(4);
        events.add(new Sent(first + random.nextInt(ids), random.nextInt(3), second, value));
      }
      Map<Long, Sent> last = new HashMap<>();
      events.forEach(e -> last.merge(e.id, e, (a, b) -> ORDER.compare(a, b) >= 0 ? a : b));
      last.values().stream()
          .filter(e -> e.value != null && !e.value.equals("retracted"))
          .forEach(e -> expected.merge(e.value + " " + e.id % 2, 1L, Long::sum));
      for (int i = 0; i < 20; i++) {
        events.add(events.get(random.nextInt(events.size())));
      }
      Collections.shuffle(events, random);
      for (long id = first; id < first + ids; id++) {
        predict(id, (int) (id % 2));
      }
      int[] answered = {0};
      int sent = 0;
      for (Sent event : events) {
        send(event.id, event.event(), outcome -> answered[0]++);
        sent++;
        if (random.nextInt(8) == 0) {
          int all = sent;
          until(() -> answered[0] == all);
        }
        if (tellsWhatSurvived() && random.nextInt(150) == 0) {
          int all = sent;
          until(() -> answered[0] == all);
          settle();
          crash();
          start();
        }
      }
      int all = sent;
      until(() -> answered[0] == all);
      assertThat(truths.net).as("seed %d", seed).isEqualTo(expected);
    }
    assertThat(expected).as("the loop ran").isNotEmpty();
  }
}
