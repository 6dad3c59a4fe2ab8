package io.hindcast.core.monitor;

import static io.hindcast.core.monitor.Play.bins;
import static io.hindcast.core.monitor.Play.cell;
import static io.hindcast.core.monitor.Play.drift;
import static io.hindcast.core.monitor.Play.feature;
import static io.hindcast.core.monitor.Play.measure;
import static io.hindcast.core.monitor.Play.model;
import static io.hindcast.core.monitor.Play.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.reference.ReferenceStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final ModelConfig LEARNING = model(new ModelConfig.Reference.Learn(1000));

  // Outcomes

  @Test
  void sixOutcomesOfTwoClasses_giveTheMeasuresWorkedByHand() {
    // y 0,1,1,0,1,0; ŷ 0,1,0,0,1,1: TP 2, FP 1, FN 1, TN 2.
    var play = new Play(LEARNING);
    int[] truth = {0, 1, 1, 0, 1, 0};
    int[] answer = {0, 1, 0, 0, 1, 1};
    for (int i = 0; i < 6; i++) {
      play.label(play.binaryClass(Integer.toString(answer[i])), truth[i] == 1);
    }
    ModelSnapshot all = play.snapshot();
    for (String name : List.of("accuracy", "precision", "recall", "specificity", "f1")) {
      assertThat(measure(all, name, "all").value()).as(name).isCloseTo(2 / 3.0, within(1e-12));
    }
    assertThat(measure(all, "mcc", "all").value()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(measure(all, "kappa", "all").value()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(measure(all, "accuracy", "all").lower()).isCloseTo(0.299993, within(1e-6));
    assertThat(measure(all, "accuracy", "all").upper()).isCloseTo(0.903229, within(1e-6));
    assertThat(measure(all, "f1", "all").lower()).isCloseTo(0.2609, within(1e-4));
    assertThat(measure(all, "precision", "all").support()).isEqualTo(3);
    assertThat(all.confusion())
        .containsExactly(
            new ModelSnapshot.Confusion("0", "0", 2, 0),
            new ModelSnapshot.Confusion("0", "1", 1, 0),
            new ModelSnapshot.Confusion("1", "0", 1, 0),
            new ModelSnapshot.Confusion("1", "1", 2, 0));
    assertThat(all.performance()).noneMatch(p -> p.measure().equals("roc_auc"));
    assertThat(all.labels()).containsEntry("joined", 6L).containsEntry("corrected", 0L);
  }

  @Test
  void scores_giveLossesAndAuc() {
    // y 0,0,1,1; p .1,.4,.35,.8: AUC .75, AP .8333333, log loss .4722880, Brier .158125.
    var play = new Play(LEARNING);
    double[] scores = {.1, .4, .35, .8};
    for (int i = 0; i < 4; i++) {
      play.label(play.score(scores[i]), i >= 2 ? 1L : 0L);
    }
    ModelSnapshot all = play.snapshot();
    assertThat(measure(all, "roc_auc", "all").value()).isCloseTo(.75, within(1e-12));
    assertThat(measure(all, "average_precision", "all").value()).isCloseTo(.8333333, within(1e-6));
    assertThat(measure(all, "log_loss", "all").value()).isCloseTo(.4722880, within(1e-6));
    assertThat(measure(all, "brier", "all").value()).isCloseTo(.158125, within(1e-12));
    assertThat(measure(all, "recall", "all").value()).isEqualTo(.5);
    assertThat(measure(all, "specificity", "all").value()).isEqualTo(1);
  }

  @Test
  void aScoreAtTheThreshold_isPositive() {
    var play = new Play(LEARNING);
    play.label(play.score(0.5), true);
    play.label(play.score(Math.nextDown(0.5)), true);
    ModelSnapshot all = play.snapshot();
    assertThat(cell(all, "1", "1").joined()).isEqualTo(1);
    assertThat(cell(all, "1", "0").joined()).isEqualTo(1);
  }

  @Test
  void recallWithoutPositives_hasNoValueAndItsSupport() {
    var play = new Play(LEARNING);
    play.label(play.score(0.2), false);
    ModelSnapshot.Performance recall = measure(play.snapshot(), "recall", "all");
    assertThat(recall.value()).isNaN();
    assertThat(recall.support()).isZero();
  }

  @Test
  void regression_givesTheMeasuresWorkedByHand() {
    // y 3,−.5,2,7; ŷ 2.5,0,2,8.
    var play = new Play(LEARNING);
    double[] truth = {3, -.5, 2, 7};
    double[] answer = {2.5, 0, 2, 8};
    for (int i = 0; i < 4; i++) {
      play.label(play.value(answer[i]), truth[i]);
    }
    ModelSnapshot all = play.snapshot();
    assertThat(measure(all, "bias", "all").value()).isEqualTo(.25);
    assertThat(measure(all, "mae", "all").value()).isEqualTo(.5);
    assertThat(measure(all, "mse", "all").value()).isEqualTo(.375);
    assertThat(measure(all, "rmse", "all").value()).isCloseTo(.6123724, within(1e-6));
    assertThat(measure(all, "r2", "all").value()).isCloseTo(.9486081, within(1e-6));
    assertThat(measure(all, "explained_variance", "all").value()).isCloseTo(.9571734, within(1e-6));
    assertThat(measure(all, "mape", "all").value()).isCloseTo(.3273810, within(1e-6));
    assertThat(measure(all, "weighted_mape", "all").value()).isCloseTo(.16, within(1e-12));
    assertThat(all.confusion()).isEmpty();
    assertThat(all.absoluteErrorOver()).isNull();

    play.engine.finish(play.now);
    ModelSnapshot last = play.snapshot();
    // +.5, 0 and +1 are over (an exact hit too), −.5 is under.
    assertThat(last.absoluteErrorOver().count()).isEqualTo(3);
    assertThat(last.absoluteErrorOver().sum()).isEqualTo(1.5);
    assertThat(last.absoluteErrorUnder().count()).isEqualTo(1);
    assertThat(last.squaredError()).isEqualTo(1.5);
    assertThat(last.baselineSquaredError()).isNaN();
    assertThat(last.absoluteErrorOver().bounds()).hasSize(20).startsWith(0.01).endsWith(100);
  }

  @Test
  void severalClasses_giveMacroWeightedAndPerClass() {
    // y 2,0,2,2,0,1; ŷ 0,0,2,2,0,2.
    var play = new Play(LEARNING);
    int[] truth = {2, 0, 2, 2, 0, 1};
    int[] answer = {0, 0, 2, 2, 0, 2};
    for (int i = 0; i < 6; i++) {
      play.label(play.predicted(Integer.toString(answer[i])), (double) truth[i]);
    }
    ModelSnapshot all = play.snapshot();
    assertThat(measure(all, "accuracy", "all").value()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(measure(all, "f1", "all").value()).isCloseTo(.4888889, within(1e-6));
    assertThat(measure(all, "precision", "all").value()).isCloseTo(.6666667, within(1e-6));
    assertThat(measure(all, "f1_weighted", "all").value()).isCloseTo(.6, within(1e-12));
    assertThat(measure(all, "kappa", "all").value()).isCloseTo(.4285714, within(1e-6));
    assertThat(measure(all, "recall", "all", "1").value()).isZero();
    assertThat(measure(all, "precision", "all", "1").value()).isNaN();
    assertThat(measure(all, "recall", "all", "2").support()).isEqualTo(3);
    assertThat(all.confusion()).hasSize(9);
    assertThat(cell(all, "2", "0").joined()).isEqualTo(1);
  }

  @Test
  void probabilities_giveTheLossesOfSeveralClasses() {
    // −ln(.7), −ln(.2): mean .9830564; Brier ((.3²+.2²+.1²) + (.5²+.3²+.8²))/2 = .56.
    var play = new Play(LEARNING);
    play.row.classes = List.of("a", "b", "c");
    play.row.probabilityCount = 3;
    play.row.probabilities = new double[] {.7, .2, .1};
    play.row.confidence = .7;
    String first = play.predicted("a");
    play.row.probabilities = new double[] {.5, .3, .2};
    play.row.confidence = .5;
    String second = play.predicted("a");
    play.label(second, "c");
    play.label(first, "a");
    ModelSnapshot all = play.snapshot();
    assertThat(measure(all, "log_loss", "all").value())
        .isCloseTo(-(Math.log(.7) + Math.log(.2)) / 2, within(1e-12));
    assertThat(measure(all, "brier", "all").value()).isCloseTo(.56, within(1e-12));
    assertThat(measure(all, "brier", "all").support()).isEqualTo(2);
  }

  @Test
  void aCorrection_movesTheOutcomeAndLeavesATrace() {
    var play = new Play(LEARNING);
    String id = play.score(0.9);
    play.label(id, false);
    play.pass(Duration.ofSeconds(2));
    play.label(id, true);
    ModelSnapshot all = play.snapshot();
    assertThat(cell(all, "0", "1")).isEqualTo(new ModelSnapshot.Confusion("0", "1", 1, 1));
    assertThat(cell(all, "1", "1")).isEqualTo(new ModelSnapshot.Confusion("1", "1", 1, 0));
    assertThat(measure(all, "accuracy", "all").value()).isEqualTo(1);
    assertThat(measure(all, "brier", "all").value()).isCloseTo(.01, within(1e-12));
    assertThat(all.labels()).containsEntry("joined", 1L).containsEntry("corrected", 1L);
  }

  // Labels

  @Test
  void everyLabel_isCountedOnce() {
    var play = new Play(LEARNING);
    String id = play.score(0.9);
    String other = play.score(0.8);
    play.label(id, true);
    play.label(id, 1L);
    play.label(other, null);
    play.label(id, "perhaps");
    play.label(new LabelEvent("m", "nobody", true, null, 0, false, false, null));
    play.label("nobody else", true);
    play.label(new LabelEvent(null, id, null, null, 0, true, false, null));
    play.engine.finish(play.now);
    EngineSnapshot snapshot = play.engine.snapshot(play.now);
    assertThat(snapshot.models().get(0).labels())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "joined", 1L,
                "corrected", 0L,
                "duplicate", 1L,
                "stale", 0L,
                "retracted", 1L,
                "expired", 0L,
                "null", 1L,
                "rejected", 1L));
    assertThat(snapshot.unboundLabels())
        .extracting(EngineSnapshot.UnboundLabels::model, u -> u.labels().get("unknown"))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(null, 1L),
            org.assertj.core.groups.Tuple.tuple("m", 1L));
    assertThat(snapshot.unboundLabels().get(0).labels())
        .containsOnlyKeys("parked", "unknown", "not_sampled", "dropped", "rejected");
    assertThat(play.said.toString()).contains("'perhaps'").contains("rejected");
  }

  @Test
  void aLabelBeforeItsPrediction_waits() {
    var play = new Play(LEARNING);
    play.label("early", true);
    assertThat(play.engine.parkedLabels()).isEqualTo(1);
    play.pass(Duration.ofMinutes(9));
    play.row.task = Task.BINARY;
    play.row.score = 0.7;
    play.accept("early");
    assertThat(play.engine.parkedLabels()).isZero();
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.labels()).containsEntry("joined", 1L);
    assertThat(snapshot.labelDelaySeconds().counts()[0]).isEqualTo(1);
    assertThat(snapshot.labelDelaySeconds().sum()).isZero();
    assertThat(play.engine.snapshot(play.now).unboundLabels().get(0).labels())
        .containsEntry("parked", 1L)
        .containsEntry("unknown", 0L);
  }

  @Test
  void aLabelLongAfterAShortTimeToLive_isExpired_notUnknown() {
    var play = new Play(model(new ModelConfig.Reference.Learn(1000), Duration.ofSeconds(1), null));
    String id = play.score(0.1);
    play.pass(Duration.ofSeconds(60));
    play.label(id, true);
    assertThat(play.snapshot().labels()).containsEntry("expired", 1L).containsEntry("joined", 0L);
  }

  @Test
  void aLabelNobodyWaitsFor_isUnknownAfterTenMinutes() {
    var play = new Play(LEARNING);
    play.score(0.1);
    play.label("nobody", true);
    play.pass(Duration.ofMinutes(10));
    assertThat(play.engine.parkedLabels()).isEqualTo(1);
    play.pass(Duration.ofMillis(1));
    assertThat(play.engine.parkedLabels()).isZero();
    assertThat(play.engine.snapshot(play.now).unboundLabels().get(0).labels())
        .containsEntry("unknown", 1L);
  }

  @Test
  void aLabelWithoutAModel_goesToEveryModelThatHoldsTheId() {
    var play = new Play();
    play.row.task = Task.BINARY;
    play.row.score = 0.9;
    play.accept("x");
    play.row.key = new ModelKey("shadow", "7");
    play.row.score = 0.1;
    play.accept("x");
    play.label("x", true);
    List<ModelSnapshot> models = play.engine.snapshot(play.now).models();
    assertThat(models)
        .hasSize(2)
        .allSatisfy(m -> assertThat(m.labels()).containsEntry("joined", 1L));
    assertThat(measure(models.get(0), "accuracy", "all").value()).isEqualTo(1);
    assertThat(measure(models.get(1), "accuracy", "all").value()).isZero();
  }

  @Test
  void afterTheTimeToLive_aPredictionIsLostAndItsLabelExpired() {
    var play = new Play(model(new ModelConfig.Reference.Learn(1000), Duration.ofHours(1), null));
    String late = play.score(0.9);
    play.pass(Duration.ofHours(1));
    assertThat(play.snapshot().pending()).isEqualTo(1);
    play.pass(Duration.ofMillis(1));
    assertThat(play.snapshot().pending()).isZero();
    assertThat(play.snapshot().pendingLost()).containsEntry("unlabelled", 1L);
    play.label(late, true);
    assertThat(play.snapshot().labels()).containsEntry("expired", 1L).containsEntry("joined", 0L);
    play.pass(Duration.ofHours(1));
    play.label(late, true);
    assertThat(play.engine.parkedLabels()).isEqualTo(1);
  }

  @Test
  void anIdTwice_isARetryOrAConflict() {
    var play = new Play(LEARNING);
    play.row.task = Task.BINARY;
    play.row.score = 0.9;
    play.accept("x");
    play.accept("x");
    assertThat(play.snapshot().pendingLost()).containsEntry("id_conflict", 0L);
    assertThat(play.snapshot().calls().get(0).rows()).isEqualTo(2);
    play.label("x", true);
    assertThat(play.snapshot().coverage()).contains(new ModelSnapshot.Coverage("all", null, 1.0));
    play.row.score = 0.1;
    play.accept("x");
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.pendingLost()).containsEntry("id_conflict", 1L);
    assertThat(snapshot.pending()).isZero();
    assertThat(cell(snapshot, "1", "1").joined()).isEqualTo(1);
    assertThat(snapshot.coverage()).contains(new ModelSnapshot.Coverage("all", null, 0.5));
  }

  // Calls

  @Test
  void callsThatThrow_areCountedApart() {
    var play = new Play(LEARNING).features("age");
    play.values(30.0).score(0.9);
    play.row.errorType = "java.lang.IllegalStateException";
    play.values(-1.0).score(Double.NaN);
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.calls())
        .extracting(ModelSnapshot.Calls::errorType, ModelSnapshot.Calls::rows)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(null, 1L),
            org.assertj.core.groups.Tuple.tuple("java.lang.IllegalStateException", 1L));
    assertThat(snapshot.capturedRows()).isEqualTo(2);
    assertThat(snapshot.pending()).isEqualTo(1);
    assertThat(snapshot.calls().get(0).durationSeconds().bounds())
        .hasSize(22)
        .startsWith(1e-6, 2e-6, 5e-6, 1e-5)
        .endsWith(5, 10);
    // 1.5 µs lies in (1 µs, 2 µs].
    assertThat(snapshot.calls().get(0).durationSeconds().counts()[1]).isEqualTo(1);
  }

  @Test
  void callsWhoseClockIsNotRead_areCountedWithTheNextOneThatIs() {
    var play = new Play(LEARNING).features("age");
    play.values(30.0).score(0.9); // 1.5 µs
    play.row.durationNanos = Row.NOT_TIMED;
    play.values(31.0).score(0.9);
    play.values(32.0).score(0.9);
    // None came since that has a duration: they have the last one.
    var durations = play.snapshot().calls().get(0).durationSeconds();
    assertThat(durations.counts()[1]).isEqualTo(3);
    play.values(33.0).score(0.9);
    play.row.durationNanos = 700;
    play.values(34.0).score(0.9);
    durations = play.snapshot().calls().get(0).durationSeconds();
    assertThat(durations.counts()[0]).isEqualTo(2);
    assertThat(durations.counts()[1]).isEqualTo(3);
    assertThat(durations.sum()).isEqualTo(3 * 1.5e-6 + 2 * 0.7e-6, within(1e-18));

    // A failed call without a duration has that of one that returned.
    play.row.durationNanos = Row.NOT_TIMED;
    play.row.errorType = "java.lang.IllegalStateException";
    play.values(35.0).score(Double.NaN);
    assertThat(play.snapshot().calls().get(1).durationSeconds().counts()[0]).isEqualTo(1);
    assertThat(play.snapshot().calls().get(0).durationSeconds().count()).isEqualTo(5);
    // A history has none, and counts none.
    play.row.durationNanos = -1;
    play.values(36.0).score(Double.NaN);
    assertThat(play.snapshot().calls().get(1).durationSeconds().count()).isEqualTo(1);
  }

  @Test
  void aBatch_isOneCallOfManyRows() {
    var play = new Play(LEARNING);
    play.row.callRows = 3;
    play.score(0.1);
    play.row.callRows = 0;
    play.score(0.2);
    play.score(0.3);
    play.row.callRows = 1;
    play.score(0.4);
    play.row.callRows = 0;
    play.row.isRow = false;
    play.accept();
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.calls().get(0).rows()).isEqualTo(4);
    assertThat(snapshot.calls().get(0).durationSeconds().count()).isEqualTo(3);
    assertThat(snapshot.batchSizes().count()).isEqualTo(1);
    assertThat(snapshot.batchSizes().sum()).isEqualTo(3);
    assertThat(snapshot.batchSizes().bounds()).hasSize(13).endsWith(4096);
  }

  @Test
  void droppedRows_arePredictions() {
    var play = new Play(LEARNING);
    play.score(0.1);
    play.engine.dropped(Play.KEY, Task.BINARY, 5, 2, play.now);
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.calls().get(0).rows()).isEqualTo(8);
    assertThat(snapshot.capturedRows()).isEqualTo(1);
    assertThat(snapshot.droppedRows())
        .isEqualTo(Map.of("queue_full", 5L, "budget", 0L, "error", 2L));
  }

  @Test
  void aRegisteredModel_isThereWithZeros() {
    var play = new Play(LEARNING);
    play.engine.register(Play.KEY, Task.BINARY, play.now);
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.calls()).hasSize(1);
    assertThat(snapshot.confusion()).hasSize(4);
    assertThat(snapshot.labels()).hasSize(8).allSatisfy((k, n) -> assertThat(n).isZero());
    assertThat(snapshot.pendingLost().keySet())
        .isEqualTo(Set.of("unlabelled", "evicted", "disk", "torn", "id_conflict"));
    assertThat(snapshot.performance()).isEmpty();
    assertThat(snapshot.coverage()).isEmpty();
    assertThat(snapshot.pendingLimit()).isEqualTo((64 << 20) / 80);
  }

  // Inputs and drift

  @Test
  void beforeTheReference_onlyTypesAreChecked_afterIt_rowsAreInTheBins() {
    var play = new Play(model(new ModelConfig.Reference.Learn(10))).features("x");
    for (int i = 1; i <= 9; i++) {
      play.values(i * 1.0).score(0.5);
    }
    ModelSnapshot learning = play.snapshot();
    assertThat(learning.reference()).isNull();
    assertThat(feature(learning, "x").bins()).isEmpty();
    assertThat(feature(learning, "x").values()).isNull();
    assertThat(feature(learning, "x").violations().keySet())
        .isEqualTo(Set.of("missing", "not_finite", "wrong_type"));
    assertThat(learning.outputs()).isEmpty();

    play.values(10.0).score(0.5);
    play.values(0.0).score(0.5);
    play.values(11.0).score(0.5);
    play.values(Double.POSITIVE_INFINITY).score(0.5);
    play.values((Object) null).score(0.5);
    play.values("ten").score(0.5);
    play.values(Row.WRONG_TYPE).score(0.5);
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.reference().rows()).isEqualTo(10);
    assertThat(snapshot.reference().id()).matches("[0-9a-f]{12}");
    Map<String, Long> bins = bins(snapshot, "x");
    assertThat(bins.keySet())
        .containsExactly(
            "low", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "high", "missing");
    assertThat(bins.values()).containsExactly(1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 2L, 3L);
    assertThat(feature(snapshot, "x").violations())
        .isEqualTo(
            Map.of(
                "missing", 1L,
                "not_finite", 1L,
                "wrong_type", 2L,
                "below_range", 1L,
                "above_range", 1L));
    assertThat(feature(snapshot, "x").values().counts())
        .containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assertThat(feature(snapshot, "x").values().sum()).isEqualTo(55 + 0 + 11);
    assertThat(feature(snapshot, "x").bins())
        .filteredOn(b -> b.bin().equals("low") || b.bin().equals("0"))
        .extracting(ModelSnapshot.Bin::referenceShare)
        .containsExactly(0.0, 0.1);
    assertThat(output(snapshot, "score").values().count()).isEqualTo(16);
    assertThat(output(snapshot, "class").bins())
        .extracting(ModelSnapshot.Bin::bin)
        .containsExactly("1", "0", "other", "new", "missing");
  }

  @Test
  void theSameRowsAgain_haveNoDriftAtAll() {
    var play =
        new Play(model(new ModelConfig.Reference.Learn(500))).features("x", "country", "empty");
    String[] countries = {"de", "fr", "es", "it", "pl"};
    for (int window = 0; window < 2; window++) {
      for (int i = 0; i < 500; i++) {
        play.values(i % 7 == 0 ? null : (Object) (i * 0.37), countries[i * i % 5], null)
            .score(i / 500.0);
      }
      play.pass(Duration.ofHours(1));
    }
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.drift()).hasSize(5);
    for (ModelSnapshot.Drift drift : snapshot.drift()) {
      assertThat(drift.samples()).isEqualTo(500);
      assertThat(drift.scores().values()).as(drift.name()).isNotEmpty().containsOnly(0.0);
    }
    assertThat(drift(snapshot, "x").scores().keySet())
        .containsExactlyInAnyOrder(
            "jsd", "psi", "hellinger", "total_variation", "ks", "wasserstein");
    assertThat(drift(snapshot, "country").scores().keySet())
        .containsExactlyInAnyOrder("jsd", "psi", "hellinger", "total_variation");
  }

  @Test
  void aWindowWithTooFewRows_goesOnForSevenAndIsInsufficient() {
    var play = new Play(model(new ModelConfig.Reference.Learn(1000))).features("x");
    for (int i = 0; i < 1000; i++) {
      play.values(i * 1.0).value(i);
    }
    play.pass(Duration.ofHours(1));
    assertThat(drift(play.snapshot(), "x").samples()).isEqualTo(1000);
    for (int i = 0; i < 299; i++) {
      play.values(i * 1.0).value(i);
    }
    play.pass(Duration.ofHours(6));
    assertThat(drift(play.snapshot(), "x").samples()).isEqualTo(1000);
    play.pass(Duration.ofHours(1));
    assertThat(drift(play.snapshot(), "x").samples()).isEqualTo(299);
    assertThat(drift(play.snapshot(), "x").scores()).isEmpty();
    for (int i = 0; i < 300; i++) {
      play.values(i * 1.0).value(i);
    }
    play.pass(Duration.ofHours(1));
    assertThat(drift(play.snapshot(), "x").samples()).isEqualTo(300);
    // All values lie in the lower three of ten deciles: the largest difference is at .3.
    assertThat(drift(play.snapshot(), "x").scores().get("ks")).isCloseTo(.7, within(.002));
  }

  @Test
  void fewerRowsThanAsked_makeAReferenceAtTheEnd_ifThereAre200() {
    var play = new Play(LEARNING).features("x");
    for (int i = 0; i < 200; i++) {
      play.values(i * 1.0).score(0.3);
    }
    play.engine.finish(play.now);
    assertThat(play.snapshot().reference().rows()).isEqualTo(200);
    assertThat(bins(play.snapshot(), "x").get("9")).isEqualTo(20);

    var few = new Play(LEARNING).features("x");
    for (int i = 0; i < 199; i++) {
      few.values(i * 1.0).score(0.3);
    }
    few.engine.finish(few.now);
    assertThat(few.snapshot().reference()).isNull();
  }

  // Windows of performance

  @Test
  void aWindow_isShownFromFiftyMatureOutcomesOn() {
    var play =
        new Play(
            model(
                new ModelConfig.Reference.Learn(1000), Duration.ofHours(24), Duration.ofHours(2)));
    for (int i = 0; i < 50; i++) {
      play.label(play.score(i < 40 ? 0.9 : 0.1), true);
    }
    String unlabelled = play.score(0.9);
    play.label(play.score(0.9), null);
    play.pass(Duration.ofHours(2));
    assertThat(play.snapshot().performance()).noneMatch(p -> p.window().equals("7d"));
    play.pass(Duration.ofHours(1));
    ModelSnapshot snapshot = play.snapshot();
    assertThat(measure(snapshot, "accuracy", "7d").value()).isCloseTo(.8, within(1e-12));
    assertThat(snapshot.coverage())
        .contains(
            new ModelSnapshot.Coverage("7d", null, 50 / 51.0),
            new ModelSnapshot.Coverage("7d", "1", 40 / 41.0),
            new ModelSnapshot.Coverage("7d", "0", 1.0),
            new ModelSnapshot.Coverage("all", null, 50 / 51.0));
    // A label that comes late belongs to the window of its prediction.
    play.label(unlabelled, false);
    assertThat(measure(play.snapshot(), "accuracy", "7d").value())
        .isCloseTo(40 / 51.0, within(1e-12));
    play.pass(Duration.ofDays(7));
    assertThat(play.snapshot().performance()).noneMatch(p -> p.window().equals("7d"));
    assertThat(measure(play.snapshot(), "accuracy", "all").value())
        .isCloseTo(40 / 51.0, within(1e-12));
  }

  @Test
  void maturity_isLearntFromTheDelaysOfLabels() {
    var play = new Play(model(new ModelConfig.Reference.Learn(10), Duration.ofDays(90), null));
    for (int i = 0; i < 100; i++) {
      play.score(0.9);
    }
    assertThat(play.engine.maturity("m")).isEqualTo(Duration.ofHours(1));
    play.pass(Duration.ofMinutes(30));
    for (int i = 0; i < 94; i++) {
      play.label("id" + i, true);
    }
    assertThat(play.engine.maturity("m")).isEqualTo(Duration.ofHours(1));
    play.pass(Duration.ofDays(2));
    for (int i = 94; i < 100; i++) {
      play.label("id" + i, true);
    }
    // 94 of 100 within the hour: the 95th took two days.
    assertThat(play.engine.maturity("m")).isEqualTo(Duration.ofDays(3));
  }

  // Limits

  @Test
  void aFourthVersion_takesThePlaceOfTheOneIdleLongest() {
    var play = new Play();
    for (String version : List.of("1", "2", "3")) {
      play.row.key = new ModelKey("m", version);
      play.score(0.9);
      play.pass(Duration.ofMinutes(1));
    }
    play.row.key = new ModelKey("m", "1");
    play.score(0.9);
    play.row.key = new ModelKey("m", "4");
    play.score(0.9);
    assertThat(play.engine.snapshot(play.now).models())
        .extracting(m -> m.key().version())
        .containsExactly("1", "3", "4");
    // A label for a retired version still finds its record.
    play.label("id1", true);
    assertThat(play.engine.parkedLabels()).isZero();
  }

  @Test
  void ofVersionsThatAreReadAtOneTime_theOneUsedFirstGivesRoom() {
    var play = new Play();
    for (String version : List.of("1", "2", "3", "1", "4")) {
      play.row.key = new ModelKey("m", version);
      play.score(0.9);
    }
    assertThat(play.engine.snapshot(play.now).models())
        .extracting(m -> m.key().version())
        .containsExactly("1", "3", "4");
  }

  @Test
  void aRetiredVersion_comesBackWithItsCounts() {
    var play = new Play();
    for (String version : List.of("1", "2", "3", "4", "1")) {
      play.row.key = new ModelKey("m", version);
      play.score(0.9);
      play.pass(Duration.ofSeconds(1));
    }
    assertThat(play.engine.snapshot(play.now).models())
        .extracting(m -> m.key().version() + " " + m.capturedRows())
        .containsExactly("3 1", "4 1", "1 2");
  }

  @Test
  void aVersionForEveryCall_doesNotGrowAndMixesNoOutcomes() {
    var play = new Play();
    for (int i = 0; i < 200; i++) {
      play.row.key = new ModelKey("m", "v" + i);
      play.score(0.9);
    }
    // Its version is forgotten: nobody may count this label as his own.
    play.label("id0", true);
    assertThat(play.engine.snapshot(play.now).models())
        .hasSize(3)
        .allSatisfy(m -> assertThat(m.labels()).containsEntry("joined", 0L));
    assertThat(play.engine.parkedLabels()).isEqualTo(1);
  }

  @Test
  void aVersionThatWasReplaced_isShownWhileItsLabelsCome() {
    var play = new Play();
    String old = play.score(0.9);
    play.row.key = new ModelKey("m", "2");
    play.pass(Duration.ofMinutes(61));
    play.score(0.9);
    assertThat(play.engine.snapshot(play.now).models())
        .extracting(m -> m.key().version())
        .containsExactly("2");
    play.label(old, true);
    assertThat(play.engine.snapshot(play.now).models()).hasSize(2);
    // While nothing happens at all, nothing is hidden.
    play.pass(Duration.ofHours(20));
    assertThat(play.engine.snapshot(play.now).models()).hasSize(2);
  }

  @Test
  void categoriesBeyondThirty_areOther_andCounted() {
    var play = new Play(model(new ModelConfig.Reference.Learn(800))).features("city");
    for (int i = 0; i < 800; i++) {
      play.values("city" + i % 40).score(0.9);
    }
    ModelSnapshot snapshot = play.snapshot();
    assertThat(bins(snapshot, "city")).hasSize(33).containsEntry("other", 200L);
    assertThat(snapshot.overflow()).isEqualTo(200);
  }

  @Test
  void moreThanFiftyFeatures_goWithoutBounds() {
    String[] names = new String[51];
    Object[] values = new Object[51];
    for (int i = 0; i < 51; i++) {
      names[i] = "f" + i;
      values[i] = i + 0.5;
    }
    var play = new Play(model(new ModelConfig.Reference.Learn(200))).features(names);
    for (int i = 0; i < 300; i++) {
      play.values(values).score(0.9);
    }
    play.pass(Duration.ofHours(1));
    ModelSnapshot snapshot = play.snapshot();
    assertThat(feature(snapshot, "f7").values())
        .usingRecursiveComparison()
        .isEqualTo(new HistogramSnapshot(new double[0], new long[] {300}, 300 * 7.5));
    assertThat(bins(snapshot, "f7")).containsEntry("0", 300L).hasSize(4);
    assertThat(drift(snapshot, "f7").scores()).containsOnlyKeys("jsd", "psi");
  }

  @Test
  void aReferenceOfAnotherShape_isLearntAnew() {
    var saved = new HashMap<ModelKey, ReferenceProfile>();
    var store =
        new ReferenceStore() {
          @Override
          public ReferenceProfile load(ModelKey key) {
            return saved.get(key);
          }

          @Override
          public void save(ModelKey key, ReferenceProfile profile) {
            saved.put(key, profile);
          }
        };
    var config = model(new ModelConfig.Reference.Learn(10));
    var first = new Play(store, 1 << 20, config).features("x");
    for (int i = 0; i < 10; i++) {
      first.values(i * 1.0).score(0.9);
    }
    String id = first.snapshot().reference().id();
    assertThat(saved.get(Play.KEY).id()).isEqualTo(id);

    var again = new Play(store, 1 << 20, config).features("x");
    again.values(3.0).score(0.9);
    assertThat(again.snapshot().reference().id()).isEqualTo(id);
    assertThat(bins(again.snapshot(), "x")).containsEntry("3", 1L);

    var other = new Play(store, 1 << 20, config).features("x", "y");
    for (int i = 0; i < 9; i++) {
      other.values(i * 1.0, "a").score(0.9);
    }
    assertThat(other.snapshot().reference()).isNull();
    other.values(9.0, "a").score(0.9);
    assertThat(other.snapshot().reference().id()).isNotEqualTo(id);
    assertThat(saved.get(Play.KEY).features()).containsOnlyKeys("x", "y");

    var regression = new Play(store, 1 << 20, config).features("x");
    regression.values(3.0).value(17);
    assertThat(regression.snapshot().reference()).isNull();
  }

  @Test
  void aFeatureOfTheReferenceThatNoRowHas_isMissing() {
    var play = new Play(model(new ModelConfig.Reference.Learn(10))).features("x", "y");
    for (int i = 0; i < 10; i++) {
      play.values(i * 1.0, 1.0).score(0.9);
    }
    play.features("x").values(3.0).score(0.9);
    assertThat(bins(play.snapshot(), "y")).containsEntry("missing", 1L);
    assertThat(feature(play.snapshot(), "y").violations()).containsEntry("missing", 1L);
  }

  @Test
  void theHundredAndFirstModel_isCountedUnderOther() {
    var play = new Play().features("x");
    for (int i = 0; i < 102; i++) {
      play.row.key = new ModelKey("m" + i, "1");
      play.values(1.0).score(0.9);
    }
    List<ModelSnapshot> models = play.engine.snapshot(play.now).models();
    assertThat(models).hasSize(101);
    ModelSnapshot other = models.get(100);
    assertThat(other.key().model()).isEqualTo("other");
    assertThat(other.capturedRows()).isEqualTo(2);
    assertThat(other.overflow()).isEqualTo(2);
    assertThat(other.features()).isEmpty();
  }

  @Test
  void theFiftyFirstClass_isOther() {
    var play = new Play(LEARNING);
    for (int i = 0; i < 52; i++) {
      play.label(play.predicted("c" + i), "c" + i);
    }
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.confusion()).hasSize(51);
    assertThat(cell(snapshot, "other", "other").joined()).isEqualTo(2);
    assertThat(snapshot.overflow()).isGreaterThan(0);
  }
}
