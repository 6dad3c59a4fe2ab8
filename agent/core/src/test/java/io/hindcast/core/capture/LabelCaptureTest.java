package io.hindcast.core.capture;

import static io.hindcast.core.capture.CaptureTest.model;
import static io.hindcast.core.capture.Woven.id;
import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.path;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.model.Durability;
import io.hindcast.core.model.LabelEvent;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LabelCaptureTest {
  private static final int ACCEPTED = 0;
  private static final int NO_AGENT = 1;
  private static final int FULL = 2;
  private static final int INVALID = 3;

  private static List<LabelEvent> drain(Woven woven) {
    var events = new ArrayList<LabelEvent>();
    woven.labels.drain(events::add);
    return events;
  }

  private static int report(Woven woven, @Nullable Object... label) {
    return (int) Woven.invoke(woven.planner.api("report"), (Object) label);
  }

  @Test
  void aReport_becomesALabelWithAllItSays() {
    var woven = new Woven();
    assertThat(report(woven, "a", true, "m", 1234L, 3, true, "chargeback")).isEqualTo(ACCEPTED);
    assertThat(report(woven, "b", null, null, null, 0, false, null)).isEqualTo(ACCEPTED);
    assertThat(Woven.invoke(woven.planner.api("retract"), "c")).isEqualTo(ACCEPTED);

    assertThat(drain(woven))
        .containsExactly(
            new LabelEvent("m", "a", true, 1234L, 3, false, true, null),
            new LabelEvent(null, "b", null, null, 0, false, false, null),
            new LabelEvent(null, "c", null, null, 0, true, false, null));
    assertThat(woven.labels.rejected()).isZero();
  }

  @Test
  void whatIsNoLabel_isInvalidAndCounted() {
    var woven = new Woven();
    for (Object[] label :
        new Object[][] {
          {null, true},
          {"", true},
          {7, true},
          {"x".repeat(257), true},
          {"é".repeat(129), true},
          {"a", Double.NaN, "m"},
          {"a", Float.NEGATIVE_INFINITY},
          {"a", new Object()},
          {"a", List.of()},
          {"a", "x".repeat(1000)},
          {},
        }) {
      assertThat(report(woven, label)).as(Arrays.toString(label)).isEqualTo(INVALID);
    }
    assertThat(Woven.invoke(woven.planner.api("retract"), (Object) null)).isEqualTo(INVALID);
    assertThat(Woven.invoke(woven.planner.api("report"), (Object) null)).isEqualTo(INVALID);
    assertThat(woven.labels.rejected()).isEqualTo(13);
    assertThat(woven.labels.rejectedByModel()).containsEntry("m", 1L).containsEntry("", 12L);
    assertThat(report(woven, "é".repeat(128), "text")).isEqualTo(ACCEPTED);
    assertThat(report(woven, "x".repeat(256), 'c')).isEqualTo(ACCEPTED);
    assertThat(drain(woven)).extracting(LabelEvent::actual).containsExactly("text", "c");
  }

  @Test
  void aFullQueue_saysSoAndCounts() {
    var woven = new Woven();
    for (int i = 0; i < LabelQueue.CAPACITY; i++) {
      assertThat(report(woven, "id" + i, 1.5)).isEqualTo(ACCEPTED);
    }
    assertThat(report(woven, "late", 1.5, "m")).isEqualTo(FULL);
    assertThat(woven.labels.dropped()).isEqualTo(1);
    assertThat(woven.labels.droppedByModel()).containsEntry("m", 1L);
    assertThat(drain(woven))
        .hasSize(LabelQueue.CAPACITY)
        .last()
        .matches(e -> e.id().equals("id" + (LabelQueue.CAPACITY - 1)));
    assertThat(report(woven, "again", 1.5)).isEqualTo(ACCEPTED);
  }

  @Test
  void whenNobodyReadsAnyMore_thereIsNoAgent_andWhatWasAcceptedIsStillThere() {
    var woven = new Woven();
    assertThat(report(woven, "a", true)).isEqualTo(ACCEPTED);
    woven.labels.close();
    assertThat(report(woven, "b", true)).isEqualTo(NO_AGENT);
    assertThat(report(woven, null, true)).isEqualTo(NO_AGENT);
    assertThat(Woven.invoke(woven.planner.api("retract"), "a")).isEqualTo(NO_AGENT);
    var counts = new CompletableFuture<Map<String, Long>>();
    List<Object[]> labels = List.of(new Object[] {"a", 1}, new Object[] {"b", 1});
    assertThat(Woven.invoke(woven.planner.api("reportAll"), labels, counts)).isEqualTo(false);
    assertThat(drain(woven)).extracting(LabelEvent::id).containsExactly("a");
    assertThat(woven.labels.rejected() + woven.labels.dropped()).isZero();
  }

  @Test
  void aLargerQueueOfRows_comesWithALargerOneOfLabels() {
    LabelQueue labels = LabelQueue.besideRowsOf(24L << 20);
    int accepted = 0;
    while (labels.offer(new LabelEvent(null, "id", 1L, null, 0, false, false, null))) {
      accepted++;
    }
    assertThat(accepted).isEqualTo(131_072); // of 128 bytes in 24 MiB, as a power of two
  }

  @Test
  void manyAtOnce_areAnsweredWhenAllAreKnown() throws Exception {
    var woven = new Woven();
    var counts = new CompletableFuture<Map<String, Long>>();
    List<Object[]> labels =
        List.of(new Object[] {"a", 1}, new Object[] {null, 1}, new Object[] {"b", "x"});
    assertThat(Woven.invoke(woven.planner.api("reportAll"), labels, counts)).isEqualTo(true);
    assertThat(counts).isNotDone();
    List<LabelEvent> events = drain(woven);
    assertThat(events).hasSize(2);
    events.forEach(e -> Objects.requireNonNull(e.batch()).known("joined"));
    assertThat(counts).isNotDone();
    Objects.requireNonNull(events.get(0).batch()).settled(2, Durability.OS);
    assertThat(counts.get(10, TimeUnit.SECONDS)).isEqualTo(Map.of("joined", 2L, "rejected", 1L));

    var none = new CompletableFuture<Map<String, Long>>();
    assertThat(Woven.invoke(woven.planner.api("reportAll"), List.of(), none)).isEqualTo(true);
    assertThat(none).isCompletedWithValue(Map.of());
  }

  @Test
  @Timeout(60)
  void labelsOffered_areDrainedOrDropped_inTheOrderOfEachThread() throws Exception {
    for (int repetition = 0; repetition < 20; repetition++) {
      var queue = new LabelQueue(64);
      var executor = Executors.newFixedThreadPool(4);
      var accepted = new ArrayList<Future<Long>>();
      for (int p = 0; p < 4; p++) {
        String model = "p" + p;
        accepted.add(
            executor.submit(
                () -> {
                  long taken = 0;
                  for (int i = 0; i < 5_000; i++) {
                    if (queue.offer(new LabelEvent(model, "i", i, null, 0, false, false, null))) {
                      taken++;
                    }
                  }
                  return taken;
                }));
      }
      executor.shutdown();
      int[] last = {-1, -1, -1, -1};
      long drained = 0;
      boolean ended;
      do {
        ended = executor.isTerminated();
        drained +=
            queue.drain(
                event -> {
                  int p = Objects.requireNonNull(event.model()).charAt(1) - '0';
                  int i = (int) Objects.requireNonNull(event.actual());
                  assertThat(i).isGreaterThan(last[p]);
                  last[p] = i;
                });
      } while (!ended);
      long sum = 0;
      for (Future<Long> each : accepted) {
        sum += each.get();
      }
      assertThat(drained).isEqualTo(sum);
      assertThat(drained + queue.dropped()).isEqualTo(20_000);
      assertThat(queue.droppedByModel().values().stream().mapToLong(Long::longValue).sum())
          .isEqualTo(queue.dropped());
    }
  }

  /** A woven label method. */
  private static void label(
      SiteHooks hooks,
      Class<?>[] types,
      Class<?> result,
      @Nullable Object answer,
      @Nullable Throwable thrown,
      @Nullable Object... arguments) {
    Object token = Woven.invoke(hooks.enter(MethodType.methodType(Object.class, types)), arguments);
    MethodType exit = MethodType.methodType(void.class, Object.class);
    if (result == void.class) {
      Woven.invoke(hooks.exit(exit.appendParameterTypes(Throwable.class)), token, thrown);
    } else {
      Woven.invoke(
          hooks.exit(exit.appendParameterTypes(result, Throwable.class)), token, answer, thrown);
    }
  }

  @Test
  void aLabelMethod_reportsWhatItWasGiven_ifItReturns() {
    var woven = new Woven();
    SiteHooks hooks =
        woven.planner.label(
            site("m", id("key"), new MethodSite.Parameter("bad", MethodSite.Role.ACTUAL, null)));
    Class<?>[] types = {long.class, boolean.class};
    label(hooks, types, void.class, null, null, 7L, true);
    label(hooks, types, void.class, null, new IllegalStateException(), 8L, true);
    label(hooks, types, void.class, null, null, 9L, false);

    assertThat(drain(woven))
        .containsExactly(
            new LabelEvent("m", "7", true, null, 0, false, false, null),
            new LabelEvent("m", "9", false, null, 0, false, false, null));
  }

  @Test
  void aLabelMethodThatNamesNoModel_isForEveryModelWithTheId() {
    var woven = new Woven();
    SiteHooks hooks =
        woven.planner.label(
            site("", id("key"), new MethodSite.Parameter("bad", MethodSite.Role.ACTUAL, null)));
    label(hooks, new Class<?>[] {String.class, boolean.class}, void.class, null, null, "a", true);

    assertThat(drain(woven)).singleElement().extracting(LabelEvent::model).isNull();
  }

  record Outcome(String id, @Nullable Double loss) {}

  @Test
  void aConfiguredLabelMethod_isReadByPaths_alsoInItsResult() {
    var woven =
        new Woven(
            model(
                "m",
                m -> {
                  m.labelId = path("args[0].id");
                  m.labelActual = path("return.loss");
                }));
    SiteHooks hooks = woven.planner.label(site("m", parameter("o")));
    Class<?>[] types = {Outcome.class};
    label(hooks, types, Outcome.class, new Outcome("", 2.5), null, new Outcome("a", null));
    label(hooks, types, Outcome.class, null, null, new Outcome("b", null));
    label(hooks, types, Outcome.class, new Outcome("", 1.0), null, new Outcome("", null));

    assertThat(drain(woven))
        .containsExactly(
            new LabelEvent("m", "a", 2.5, null, 0, false, false, null),
            new LabelEvent("m", "b", null, null, 0, false, false, null));
    assertThat(woven.labels.rejectedByModel()).containsEntry("m", 1L);
  }

  @Test
  void aLabelThatMayBeThere_isWhatIsInside_elseItCannotBeKnown() {
    var woven = new Woven();
    SiteHooks hooks =
        woven.planner.label(
            site("m", id("key"), new MethodSite.Parameter("bad", MethodSite.Role.ACTUAL, null)));
    Class<?>[] types = {java.util.Optional.class, java.util.OptionalDouble.class};
    label(
        hooks,
        types,
        void.class,
        null,
        null,
        java.util.Optional.of("a"),
        java.util.OptionalDouble.of(2.5));
    label(
        hooks,
        types,
        void.class,
        null,
        null,
        java.util.Optional.of("b"),
        java.util.OptionalDouble.empty());
    assertThat(drain(woven))
        .containsExactly(
            new LabelEvent("m", "a", 2.5, null, 0, false, false, null),
            new LabelEvent("m", "b", null, null, 0, false, false, null));
  }

  @Test
  void aLabelMethodWithoutIdOrActual_isLoudAndHarmless() {
    var woven = new Woven();
    SiteHooks hooks = woven.planner.label(site("m", id("key")));
    label(hooks, new Class<?>[] {String.class}, void.class, null, null, "a");
    assertThat(drain(woven)).isEmpty();
    assertThat(woven.said.toString()).contains("has no actual");
  }

  @Test
  void aLabelMethodInsideAnother_reportsOnce_andAPredictionInsideIsTheLatest() {
    var woven = new Woven();
    MethodSite site =
        site("m", id("key"), new MethodSite.Parameter("bad", MethodSite.Role.ACTUAL, null));
    SiteHooks outer = woven.planner.label(site);
    SiteHooks inner = woven.planner.label(site);
    var predict = woven.method(site("p", parameter("x")), double.class, double.class);
    MethodType enter = MethodType.methodType(Object.class, String.class, int.class);
    MethodType exit = MethodType.methodType(void.class, Object.class, Throwable.class);

    Object first = Woven.invoke(outer.enter(enter), "a", 1);
    Object second = Woven.invoke(inner.enter(enter), "a", 1);
    predict.call(1.0, 1.0);
    assertThat(woven.latest()).isNotNull();
    Woven.invoke(inner.exit(exit), second, null);
    Woven.invoke(outer.exit(exit), first, null);

    assertThat(drain(woven)).hasSize(1);
  }

  @Test
  void aQueue_hearsOfTheFirstLabel_alsoOfOneThatIsRefused() {
    var queue = new LabelQueue();
    assertThat(queue.heardOfAny()).isFalse();
    queue.reject("m");
    assertThat(queue.heardOfAny()).isTrue();
    var other = new LabelQueue();
    other.offer(
        new io.hindcast.core.model.LabelEvent(null, "a", true, null, 0, false, false, null));
    assertThat(other.heardOfAny()).isTrue();
  }
}
