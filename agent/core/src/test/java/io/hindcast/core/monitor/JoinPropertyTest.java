package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.Seed;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.LabelEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The join against a plain oracle: the state of an id is the maximum of its events. */
class JoinPropertyTest {
  private static final ModelConfig MODEL = Play.model(new ModelConfig.Reference.Learn(1000));
  private static final int IDS = 60;
  private static final List<String> CLASSES = List.of("b", "c", "a");

  private final long seed = Seed.ofTests();
  private final Random random = new Random(seed);

  /** What a retraction is, in the order of values: the last. */
  private static final String RETRACTED = "￿";

  /**
   * @param value null for "cannot be known"
   */
  private record Event(String id, int revision, long second, @Nullable String value) {
    LabelEvent label() {
      boolean isRetraction = RETRACTED.equals(value);
      return new LabelEvent(
          random(id) ? "m" : null,
          id,
          isRetraction ? null : value,
          second * 1000,
          revision,
          isRetraction,
          false,
          null);
    }

    private static boolean random(String id) {
      return id.hashCode() % 2 == 0;
    }
  }

  private static final Comparator<Event> ORDER =
      Comparator.comparingInt(Event::revision)
          .thenComparingLong(Event::second)
          .thenComparing(Event::value, Comparator.nullsFirst(Comparator.naturalOrder()));

  @RepeatedTest(20)
  void anyOrderAndRepetition_endInTheSameState() {
    var events = new ArrayList<Event>();
    for (int i = 0; i < 400; i++) {
      String value =
          switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> RETRACTED;
            default -> CLASSES.get(random.nextInt(3));
          };
      long second = Play.T0 / 1000 + 1 + random.nextInt(5);
      events.add(new Event("id" + random.nextInt(IDS), random.nextInt(3), second, value));
    }
    for (int i = 0; i < 200; i++) {
      events.add(events.get(random.nextInt(events.size())));
    }
    Map<String, String> answers = new HashMap<>();
    for (int i = 0; i < IDS; i++) {
      answers.put("id" + i, CLASSES.get(random.nextInt(3)));
    }
    Map<String, Long> expected = oracle(events, answers);
    for (int order = 0; order < 3; order++) {
      Collections.shuffle(events, random);
      assertThat(net(play(events, answers))).as("seed %d", seed).isEqualTo(expected);
    }
  }

  private static Map<String, Long> oracle(List<Event> events, Map<String, String> answers) {
    Map<String, Event> last = new HashMap<>();
    events.forEach(e -> last.merge(e.id, e, (a, b) -> ORDER.compare(a, b) >= 0 ? a : b));
    Map<String, Long> cells = new TreeMap<>();
    last.values().stream()
        .filter(e -> e.value != null && !e.value.equals(RETRACTED))
        .forEach(e -> cells.merge(e.value + answers.get(e.id), 1L, Long::sum));
    return cells;
  }

  /** Predictions come at random moments between the labels, all in the end. */
  private Play play(List<Event> events, Map<String, String> answers) {
    var play = new Play(MODEL);
    var unseen = new ArrayList<>(answers.keySet());
    Collections.shuffle(unseen, random);
    play.row.task = io.hindcast.core.model.Task.MULTICLASS;
    long received = 0;
    for (Event event : events) {
      if (!unseen.isEmpty() && random.nextInt(8) == 0) {
        predict(play, unseen.remove(unseen.size() - 1), answers);
      }
      play.label(event.label());
      received++;
      if (random.nextInt(50) == 0) {
        assertConserved(play, received);
      }
    }
    unseen.forEach(id -> predict(play, id, answers));
    assertConserved(play, received);
    assertThat(play.engine.parkedLabels()).isZero();
    return play;
  }

  private static void predict(Play play, String id, Map<String, String> answers) {
    play.row.predicted = answers.get(id);
    play.accept(id);
  }

  private void assertConserved(Play play, long received) {
    EngineSnapshot snapshot = play.engine.snapshot(play.now);
    long counted = play.engine.parkedLabels();
    for (ModelSnapshot model : snapshot.models()) {
      counted += model.labels().values().stream().mapToLong(Long::longValue).sum();
    }
    for (EngineSnapshot.UnboundLabels unbound : snapshot.unboundLabels()) {
      counted += unbound.labels().get("unknown") + unbound.labels().get("rejected");
    }
    assertThat(counted).as("seed %d", seed).isEqualTo(received);
  }

  private static Map<String, Long> net(Play play) {
    ModelSnapshot snapshot = play.snapshot();
    Map<String, Long> cells = new TreeMap<>();
    long net = 0;
    for (ModelSnapshot.Confusion cell : snapshot.confusion()) {
      long inside = cell.joined() - cell.retracted();
      net += inside;
      if (inside != 0) {
        cells.put(cell.actual() + cell.predicted(), inside);
      }
    }
    assertThat(Play.measure(snapshot, "accuracy", "all").support()).isEqualTo(net);
    assertThat(snapshot.pending())
        .as("predictions without a truth")
        .isEqualTo(IDS - net - resolvedWithout(snapshot));
    return cells;
  }

  /** Labels "cannot be known" that still hold: what is missing in coverage's denominator. */
  private static long resolvedWithout(ModelSnapshot snapshot) {
    double coverage =
        snapshot.coverage().stream()
            .filter(c -> c.window().equals("all") && c.predictedClass() == null)
            .findFirst()
            .orElseThrow()
            .value();
    long net = Play.measure(snapshot, "accuracy", "all").support();
    return IDS - Math.round(net / coverage);
  }

  @Test
  void eventsWithNeitherRevisionNorTime_countInTheOrderOfArrival() {
    var play = new Play(MODEL);
    String id = play.score(0.9);
    for (Object label : new Object[] {true, false, true, false}) {
      play.label(id, label);
    }
    ModelSnapshot snapshot = play.snapshot();
    assertThat(Play.cell(snapshot, "0", "1"))
        .isEqualTo(new ModelSnapshot.Confusion("0", "1", 2, 1));
    assertThat(Play.cell(snapshot, "1", "1"))
        .isEqualTo(new ModelSnapshot.Confusion("1", "1", 2, 2));
  }

  @Test
  void aRetraction_isLaterThanWhatWasSentBefore() {
    var play = new Play(MODEL);
    String id = play.score(0.9);
    var label = new LabelEvent(null, id, true, play.now, 5, false, false, null);
    play.label(label);
    play.pass(Duration.ofSeconds(10));
    play.label(new LabelEvent(null, id, null, null, 0, true, false, null));
    assertThat(play.snapshot().pending()).isEqualTo(1);
    play.label(label);
    assertThat(play.snapshot().labels())
        .containsEntry("retracted", 1L)
        .containsEntry("stale", 1L)
        .containsEntry("joined", 1L);
    play.label(new LabelEvent(null, id, true, play.now, 6, false, false, null));
    assertThat(play.snapshot().labels()).containsEntry("joined", 2L);
  }

  @Test
  void thePreviousValueAgain_isADuplicateThatRemembersItsRevision() {
    var play = new Play(MODEL);
    String id = play.score(0.9);
    play.label(new LabelEvent(null, id, true, play.now, 1, false, false, null));
    play.label(new LabelEvent(null, id, true, play.now, 4, false, false, null));
    play.label(new LabelEvent(null, id, false, play.now, 3, false, false, null));
    assertThat(play.snapshot().labels())
        .containsEntry("joined", 1L)
        .containsEntry("duplicate", 1L)
        .containsEntry("stale", 1L);
  }

  @Test
  void regression_afterManyCorrections_isThatOfTheLastLabels() {
    var play = new Play(MODEL);
    double squares = 0;
    double errors = 0;
    int n = 500;
    for (int i = 0; i < n; i++) {
      double answer = 1e6 + random.nextGaussian();
      double truth = 1e6 + random.nextGaussian();
      String id = play.value(answer);
      for (int wrong = 0; wrong < 3; wrong++) {
        play.label(id, random.nextGaussian() * 1e8);
      }
      play.label(id, truth);
      squares += (answer - truth) * (answer - truth);
      errors += answer - truth;
    }
    ModelSnapshot all = play.snapshot();
    assertThat(Play.measure(all, "mse", "all").value()).isCloseTo(squares / n, within(1e-9));
    assertThat(Play.measure(all, "bias", "all").value()).isCloseTo(errors / n, within(1e-9));
    assertThat(Play.measure(all, "mse", "all").support()).isEqualTo(n);
    assertThat(all.labels()).containsEntry("corrected", 3L * n);
  }
}
