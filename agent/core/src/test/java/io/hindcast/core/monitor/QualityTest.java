package io.hindcast.core.monitor;

import static io.hindcast.core.monitor.Play.measure;
import static io.hindcast.core.monitor.Play.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.Seed;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ModelFixture;
import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Segments;
import io.hindcast.core.model.ValuePath;
import io.hindcast.core.monitor.ModelSnapshot.Performance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of outcomes beside the first measures. */
class QualityTest {
  private static final ModelConfig LEARNING = model(new ModelConfig.Reference.Learn(1000));

  @Test
  void costs_areThoseOfTheFile_andNameTheBestThreshold() {
    var costs =
        Map.of(
            new ScoringConfig.Pair("true", "false"), 100.0,
            new ScoringConfig.Pair("0", "1"), 5.0);
    var play = new Play(Play.scoring(LEARNING, new ScoringConfig(costs, List.of(), null, null)));
    // Positives at .3 and .9, negatives at .1 (6 rows) and .7: at .5 one is missed, one is a false
    // alarm; above .1 nothing is missed.
    play.label(play.score(0.3), true);
    play.label(play.score(0.9), true);
    play.label(play.score(0.7), false);
    for (int i = 0; i < 6; i++) {
      play.label(play.score(0.1), false);
    }
    ModelSnapshot snapshot = play.snapshot();
    assertThat(measure(snapshot, "cost", "all").value()).isCloseTo(105 / 9.0, within(1e-12));
    QualitySnapshot.BestThreshold best = snapshot.quality().bestThresholds().get(0);
    assertThat(best.window()).isEqualTo("all");
    assertThat(best.threshold()).isBetween(0.1, 0.3);
    assertThat(best.cost()).isCloseTo(5 / 9.0, within(1e-12));
  }

  @Test
  void withoutCosts_thereIsNone() {
    var play = new Play(LEARNING);
    play.label(play.score(0.3), true);
    assertThat(play.snapshot().performance()).noneMatch(p -> p.measure().equals("cost"));
    assertThat(play.snapshot().quality().bestThresholds()).isEmpty();
  }

  @Test
  void calibration_ofAModelThatIsTwiceTooSure() {
    // 100 rows at .9, of which 70 are positive: off by .2; by chance √(2·.09/(π·100)) = .0239365.
    var play = new Play(LEARNING);
    for (int i = 0; i < 100; i++) {
      play.label(play.score(0.9), i < 70);
    }
    ModelSnapshot snapshot = play.snapshot();
    assertThat(measure(snapshot, "ece", "all").value()).isCloseTo(.2 - .0239365, within(1e-7));
    // Σ(y−p)(1−2p) = −20·−.8; Σ(1−2p)²p(1−p) = 100·.64·.09.
    assertThat(measure(snapshot, "calibration_z", "all").value())
        .isCloseTo(16 / Math.sqrt(5.76), within(1e-9));
  }

  @Test
  void topFive_needsMoreThanFiveClasses() {
    var play = new Play(LEARNING);
    play.row.classes = List.of("a", "b", "c", "d", "e", "f");
    play.row.probabilities = new double[] {.3, .25, .2, .1, .1, .05};
    play.row.probabilityCount = 6;
    for (String truth : List.of("a", "f", "e", "d")) {
      play.label(play.predicted("a"), truth);
    }
    // f is the sixth; d and e tie for the fourth place, so that four others are at least as likely.
    assertThat(measure(play.snapshot(), "top_5_accuracy", "all").value()).isEqualTo(0.75);

    var five = new Play(LEARNING);
    five.row.classes = List.of("a", "b", "c", "d", "e");
    five.row.probabilities = new double[] {.3, .25, .2, .15, .1};
    five.row.probabilityCount = 5;
    five.label(five.predicted("a"), "a");
    assertThat(five.snapshot().performance()).noneMatch(p -> p.measure().equals("top_5_accuracy"));
  }

  @Test
  void sequences_areWiderThanTheIntervals_andOfAllOutcomesAlone() {
    var play = new Play(LEARNING);
    for (int i = 0; i < 1000; i++) {
      play.label(play.score(i % 2 == 0 ? 0.8 : 0.2), i % 2 == 0 ? i % 20 != 0 : i % 25 == 1);
    }
    ModelSnapshot snapshot = play.snapshot();
    List<Performance> sequences = snapshot.quality().sequences();
    assertThat(sequences)
        .extracting(Performance::measure)
        .containsExactly("accuracy", "precision", "recall", "specificity", "log_loss", "brier");
    for (Performance sequence : sequences) {
      Performance interval = measure(snapshot, sequence.measure(), "all");
      assertThat(sequence.window()).isEqualTo("all");
      assertThat(sequence.lower()).isLessThan(interval.lower());
      assertThat(sequence.upper()).isGreaterThan(interval.upper());
    }
  }

  @Test
  void theProvisionalWindow_hasWhatIsNotMatureYet() {
    var play = new Play(model(new ModelConfig.Reference.Learn(1000), Duration.ofDays(1), null));
    for (int i = 0; i < 49; i++) {
      play.label(play.score(0.8), i % 7 != 0);
    }
    assertThat(play.snapshot().quality().provisional()).isEmpty();
    play.label(play.score(0.8), true);
    ModelSnapshot now = play.snapshot();
    Performance accuracy =
        now.quality().provisional().stream()
            .filter(p -> p.measure().equals("accuracy"))
            .findFirst()
            .orElseThrow();
    assertThat(accuracy.value()).isEqualTo(43 / 50.0);
    assertThat(accuracy.window()).isEqualTo("7d");
    assertThat(now.performance()).allMatch(p -> p.window().equals("all"));
    // In a week they are out of the youngest window, and mature.
    play.pass(Duration.ofHours(7 * 24 - 2));
    assertThat(play.snapshot().quality().provisional()).isNotEmpty();
    assertThat(measure(play.snapshot(), "accuracy", "7d").value()).isEqualTo(43 / 50.0);
    play.pass(Duration.ofHours(4));
    assertThat(play.snapshot().quality().provisional()).isEmpty();
  }

  @Test
  void segments_haveTheirOwnMeasures_andAddUpToTheWhole() {
    var region =
        new ScoringConfig.Segment("region", ValuePath.parse("args[0]"), List.of("north", "south"));
    var play =
        new Play(Play.scoring(LEARNING, new ScoringConfig(Map.of(), List.of(region), null, null)));
    play.row.segments =
        new Segments(List.of(new Segments.Values("region", List.of("north", "south"))));
    // North: 60 rows, 30 predicted positive, 20 of them right; 10 of 30 negatives are positive.
    // South: 100 rows, 80 predicted positive, 60 of them right; 20 negatives, all right.
    rows(play, "north", 0.8, 20, true);
    rows(play, "north", 0.8, 10, false);
    rows(play, "north", 0.2, 20, false);
    rows(play, "north", 0.2, 10, true);
    rows(play, "south", 0.8, 60, true);
    rows(play, "south", 0.8, 20, false);
    rows(play, "south", 0.2, 20, false);
    rows(play, "east", 0.2, 3, false);
    QualitySnapshot quality = play.snapshot().quality();
    assertThat(segment(quality, "north", "accuracy").value()).isCloseTo(40 / 60.0, within(1e-12));
    assertThat(segment(quality, "north", "recall").value()).isCloseTo(20 / 30.0, within(1e-12));
    assertThat(segment(quality, "south", "precision").value()).isEqualTo(0.75);
    assertThat(segment(quality, "south", "precision").lower()).isLessThan(0.75).isPositive();
    assertThat(segment(quality, "other", "accuracy").support()).isEqualTo(3);
    assertThat(
            quality.segments().stream()
                .filter(s -> s.performance().measure().equals("accuracy"))
                .mapToLong(s -> s.performance().support())
                .sum())
        .isEqualTo(measure(play.snapshot(), "accuracy", "all").support());

    // South is the largest; other has too few rows.
    assertThat(fairness(quality, "statistical_parity_difference").result())
        .isCloseTo(0.5 - 0.8, within(1e-12));
    QualitySnapshot.Fairness impact = fairness(quality, "disparate_impact");
    assertThat(impact.result()).isCloseTo(0.625, within(1e-12));
    double error = Math.sqrt(0.5 / 30 + 0.2 / 80);
    assertThat(impact.lower()).isCloseTo(0.625 * Math.exp(-1.959964 * error), within(1e-6));
    assertThat(impact.upper()).isCloseTo(0.625 * Math.exp(1.959964 * error), within(1e-6));
    assertThat(fairness(quality, "equal_opportunity_difference").result())
        .isCloseTo(20 / 30.0 - 1, within(1e-12));
    assertThat(quality.fairness())
        .extracting(QualitySnapshot.Fairness::value)
        .containsOnly("north");
  }

  @Test
  void segmentsOfSeveralClasses_haveAllMeasuresButThoseOfAClass_ofAnyNumberOfClasses() {
    var region = new ScoringConfig.Segment("region", ValuePath.parse("args[0]"), List.of("north"));
    var play =
        new Play(Play.scoring(LEARNING, new ScoringConfig(Map.of(), List.of(region), null, null)));
    play.row.segments = new Segments(List.of(new Segments.Values("region", List.of("north"))));
    play.row.segmentCodes = play.row.segments.code(0, "north");
    // a: 6 right, 2 were b. b: 3 right, 1 was a. So recalls 6/7 and 3/5, precisions 6/8 and 3/4.
    for (String pair : "aaaaaabbb".split("")) {
      play.label(play.predicted(pair), pair);
    }
    play.label(play.predicted("a"), "b");
    play.label(play.predicted("a"), "b");
    play.label(play.predicted("b"), "a");
    QualitySnapshot quality = play.snapshot().quality();
    assertThat(segment(quality, "north", "accuracy").value()).isEqualTo(0.75);
    assertThat(segment(quality, "north", "precision").value()).isEqualTo(0.75);
    assertThat(segment(quality, "north", "recall").value())
        .isCloseTo((6 / 7.0 + 3 / 5.0) / 2, within(1e-12));
    assertThat(segment(quality, "north", "majority_baseline").value())
        .isCloseTo(7 / 12.0, within(1e-12));
    assertThat(quality.segments()).allMatch(s -> s.performance().className() == null);
    assertThat(quality.segments()).hasSizeGreaterThan(10);

    for (int i = 0; i < 10; i++) {
      play.label(play.predicted("class" + i), "class" + i);
    }
    quality = play.snapshot().quality();
    // From the eleventh class on by the totals of classes, those before it included.
    assertThat(segment(quality, "north", "accuracy").value()).isCloseTo(19 / 22.0, within(1e-12));
    assertThat(segment(quality, "north", "accuracy").lower()).isBetween(0.6, 0.75);
    assertThat(segment(quality, "north", "precision").value())
        .isCloseTo((6 / 8.0 + 3 / 4.0 + 10) / 12, within(1e-12));
    assertThat(segment(quality, "north", "recall").value())
        .isCloseTo((6 / 7.0 + 3 / 5.0 + 10) / 12, within(1e-12));
    assertThat(segment(quality, "north", "mcc"))
        .isEqualTo(
            new ModelSnapshot.Performance(
                "mcc",
                "all",
                null,
                Play.measure(play.snapshot(), "mcc", "all").value(),
                Double.NaN,
                Double.NaN,
                22));
    assertThat(quality.segments()).allMatch(s -> s.performance().className() == null);

    // What was counted in cells can be taken back from the totals.
    play.label(new LabelEvent(null, "id0", "b", null, 1, false, false, null));
    quality = play.snapshot().quality();
    assertThat(segment(quality, "north", "accuracy").value()).isCloseTo(18 / 22.0, within(1e-12));
    assertThat(segment(quality, "north", "kappa").value())
        .isCloseTo(Play.measure(play.snapshot(), "kappa", "all").value(), within(1e-12));
  }

  @Test
  void outcomesThatSomebodyActedOn_areOnTheirOwn() {
    var play = new Play(LEARNING);
    for (int i = 0; i < 10; i++) {
      play.label(play.score(0.8), true);
    }
    for (int i = 0; i < 4; i++) {
      play.label(new LabelEvent(null, play.score(0.8), false, null, 0, false, true, null));
    }
    ModelSnapshot snapshot = play.snapshot();
    assertThat(measure(snapshot, "accuracy", "all").value()).isEqualTo(1);
    assertThat(measure(snapshot, "accuracy", "all").support()).isEqualTo(10);
    assertThat(Play.cell(snapshot, "0", "1").joined()).isZero();
    assertThat(snapshot.coverage()).allMatch(c -> c.value() == 1);
    QualitySnapshot.Segment actedOn = snapshot.quality().segments().get(0);
    assertThat(actedOn.name()).isEqualTo("acted_on");
    assertThat(actedOn.performance().support()).isEqualTo(4);
    assertThat(actedOn.performance().value()).isZero();
    // Taken back and told again without the mark, one is an outcome like the others.
    String id = play.score(0.8);
    play.label(new LabelEvent(null, id, false, null, 1, false, true, null));
    play.label(new LabelEvent(null, id, true, null, 2, false, false, null));
    snapshot = play.snapshot();
    assertThat(measure(snapshot, "accuracy", "all").support()).isEqualTo(11);
    assertThat(snapshot.quality().segments().get(0).performance().support()).isEqualTo(4);
  }

  private static void rows(Play play, String region, double score, int rows, boolean truth) {
    play.row.segmentCodes = play.row.segments.code(0, region);
    for (int i = 0; i < rows; i++) {
      play.label(play.score(score), truth);
    }
  }

  private static Performance segment(QualitySnapshot quality, String value, String measure) {
    return quality.segments().stream()
        .filter(s -> s.value().equals(value) && s.performance().measure().equals(measure))
        .findFirst()
        .orElseThrow()
        .performance();
  }

  private static QualitySnapshot.Fairness fairness(QualitySnapshot quality, String measure) {
    return quality.fairness().stream()
        .filter(f -> f.measure().equals(measure))
        .findFirst()
        .orElseThrow();
  }

  // Labels that do not come

  private static ModelConfig absentAfter(Duration after) {
    ModelConfig model = model(new ModelConfig.Reference.Learn(1000), Duration.ofDays(10), null);
    return Play.scoring(
        model, new ScoringConfig(Map.of(), List.of(), null, new ScoringConfig.Absent("0", after)));
  }

  @Test
  void aLabelThatDoesNotCome_isOne_andALaterOneCorrectsIt() {
    var play = new Play(absentAfter(Duration.ofHours(1)));
    String missed = play.score(0.2);
    String alarm = play.score(0.8);
    String told = play.score(0.9);
    play.label(told, true);
    play.pass(Duration.ofMinutes(59));
    assertThat(play.snapshot().labels()).containsEntry("implied", 0L);
    assertThat(play.snapshot().pending()).isEqualTo(2);
    assertThat(measure(play.snapshot(), "accuracy", "all").support()).isEqualTo(1);

    play.pass(Duration.ofMinutes(2));
    ModelSnapshot implied = play.snapshot();
    assertThat(implied.labels()).containsEntry("implied", 2L).containsEntry("joined", 1L);
    assertThat(implied.pending()).isZero();
    assertThat(measure(implied, "accuracy", "all").value()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(measure(implied, "roc_auc", "all").support()).isEqualTo(3);
    assertThat(Play.cell(implied, "0", "1").joined()).isEqualTo(1);
    assertThat(implied.coverage()).allMatch(c -> c.value() == 1);

    // The truth of one came late, and is another; of the other it is the same.
    play.label(missed, true);
    play.label(alarm, false);
    ModelSnapshot corrected = play.snapshot();
    assertThat(corrected.labels())
        .containsEntry("corrected", 1L)
        .containsEntry("duplicate", 1L)
        .containsEntry("joined", 1L)
        .containsEntry("implied", 2L);
    assertThat(measure(corrected, "accuracy", "all").value()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(Play.cell(corrected, "0", "0").retracted()).isEqualTo(1);
    assertThat(Play.cell(corrected, "1", "0").joined()).isEqualTo(1);
    assertThat(corrected.pending()).isZero();
    // Its prediction leaves the store without being lost.
    play.pass(Duration.ofDays(11));
    assertThat(play.snapshot().pendingLost().values()).containsOnly(0L);
  }

  @Test
  void aLabelAtItsHorizon_isACorrection_evenIfNothingElseHappened() {
    var play = new Play(absentAfter(Duration.ofHours(1)));
    String id = play.score(0.2);
    play.now += Duration.ofMinutes(60).toMillis();
    play.score(0.2);
    play.label(id, true);
    assertThat(play.snapshot().labels())
        .containsEntry("implied", 1L)
        .containsEntry("corrected", 1L)
        .containsEntry("joined", 0L);
    assertThat(play.snapshot().pending()).isEqualTo(1);
  }

  @Test
  void labelsThatNeverCome_areOutcomesAlsoWhereNothingTicksBeforeTheEndOfTheirTime() {
    ModelConfig model = model(new ModelConfig.Reference.Learn(1000), Duration.ofHours(1), null);
    var play =
        new Play(
            Play.scoring(
                model,
                new ScoringConfig(
                    Map.of(),
                    List.of(),
                    null,
                    new ScoringConfig.Absent("false", Duration.ofHours(1)))));
    play.score(0.2);
    play.now += Duration.ofHours(5).toMillis();
    play.score(0.2);
    assertThat(play.snapshot().labels()).containsEntry("implied", 1L);
    assertThat(play.snapshot().pendingLost().values()).containsOnly(0L);
    assertThat(play.snapshot().pending()).isEqualTo(1);
  }

  @Test
  void impliedOutcomes_areTheSameAsToldOnes_alsoInBinsOfAReferenceThatComesLater() {
    long seed = Seed.ofTests();
    var random = new java.util.Random(seed);
    var told = new Play(absentAfter(Duration.ofHours(2)));
    var implied = new Play(absentAfter(Duration.ofHours(2)));
    for (int i = 0; i < 3000; i++) {
      double score = Math.pow(random.nextDouble(), 4);
      String id = told.score(score);
      implied.score(score);
      boolean isPositive = random.nextInt(5) == 0;
      told.label(id, isPositive);
      boolean isLate = random.nextInt(20) == 0;
      if (isPositive && !isLate) {
        implied.label(id, true);
      } else if (isPositive) {
        implied.label(new LabelEvent(null, id, false, null, 0, false, false, null));
        implied.label(new LabelEvent(null, id, true, null, 1, false, false, null));
      } else if (isLate) {
        implied.label(new LabelEvent(null, id, true, null, 0, false, false, null));
        implied.label(new LabelEvent(null, id, false, null, 1, false, false, null));
      }
      told.pass(Duration.ofSeconds(5));
      implied.pass(Duration.ofSeconds(5));
    }
    told.pass(Duration.ofHours(3));
    implied.pass(Duration.ofHours(3));
    ModelSnapshot one = told.snapshot();
    ModelSnapshot other = implied.snapshot();
    assertThat(other.labels().get("implied")).isGreaterThan(2000);
    assertThat(other.performance()).hasSameSizeAs(one.performance()).isNotEmpty();
    for (Performance expected : one.performance()) {
      Performance actual = measure(other, expected.measure(), expected.window());
      assertThat(actual.support()).as("seed %d", seed).isEqualTo(expected.support());
      assertThat(actual.value())
          .as("%s, seed %d", expected, seed)
          .isCloseTo(expected.value(), within(1e-9));
    }
    for (int i = 0; i < 2; i++) {
      long[] net = other.outcomeScores().get(i).scores().counts();
      assertThat(net.length).isGreaterThan(52);
    }
    assertThat(other.pending()).isZero();
  }

  // Estimates

  @Test
  void aShadow_isHeldAgainstItsChampion_onTheRowsOfBoth() {
    ModelConfig shadow = ModelConfig.defaults("shadow");
    var play =
        new Play(LEARNING, Play.scoring(shadow, new ScoringConfig(Map.of(), List.of(), "m", null)));
    for (int i = 0; i < 200; i++) {
      boolean truth = i % 2 == 0;
      // The champion is wrong on a quarter of the rows, its shadow on a tenth.
      play.row.key = Play.KEY;
      String id = play.score((i % 4 == 0) != truth ? 0.8 : 0.2);
      if (i >= 20) {
        play.row.key = new ModelKey("shadow", "s1");
        play.row.score = (i % 10 == 0) != truth ? 0.9 : 0.1;
        play.accept(id);
      }
      play.label(id, i % 50 == 0 ? !truth : truth);
      play.label(new LabelEvent(null, id, truth, null, 1, false, false, null));
    }
    ModelSnapshot champion = play.engine.snapshot(play.now).models().get(0);
    ModelSnapshot of = play.engine.snapshot(play.now).models().get(1);
    assertThat(champion.quality().comparisons()).isEmpty();
    assertThat(measure(champion, "accuracy", "all").value()).isEqualTo(0.75);
    assertThat(measure(of, "accuracy", "all").support()).isEqualTo(180);
    assertThat(of.quality().comparisons())
        .extracting(QualitySnapshot.Comparison::measure)
        .containsExactly("accuracy", "brier");
    QualitySnapshot.Comparison accuracy = of.quality().comparisons().get(0);
    // Of rows 20 to 199: 45 wrong of the champion, 18 of the shadow.
    assertThat(accuracy.difference()).isCloseTo((45 - 18) / 180.0, within(1e-12));
    assertThat(accuracy.baselineVersion()).isEqualTo("1");
    assertThat(accuracy.lower()).isLessThan(accuracy.difference());
    assertThat(accuracy.upper()).isGreaterThan(accuracy.difference());
    QualitySnapshot.Comparison brier = of.quality().comparisons().get(1);
    double mine = (162 * .01 + 18 * .81) / 180;
    double theirs = (135 * .04 + 45 * .64) / 180;
    assertThat(brier.difference()).isCloseTo(mine - theirs, within(1e-12));
  }

  @Test
  void theYoungWindow_isWeightedByTheDelayOfEachClass() {
    // Positives are labelled after ten hours, negatives at once. A fifth is positive; all of them
    // and a tenth of the negatives are predicted positive.
    ModelConfig model =
        model(new ModelConfig.Reference.Learn(100_000), Duration.ofDays(10), Duration.ofHours(24));
    var play = new Play(model);
    var waiting = new java.util.ArrayDeque<String>();
    for (int hour = 0; hour < 24 * 9; hour++) {
      for (int i = 0; i < 50; i++) {
        boolean isPositive = i < 10;
        String id = play.score(isPositive || i < 14 ? 0.8 : 0.2);
        if (isPositive) {
          waiting.add(id);
        } else {
          play.label(id, false);
        }
      }
      while (waiting.size() > 10 * (hour % 2 == 0 ? 10 : 11)) {
        play.label(waiting.remove(), true);
      }
      play.pass(Duration.ofHours(1));
    }
    QualitySnapshot quality = play.snapshot().quality();
    assertThat(value(quality.delayWeighted(), "precision")).isCloseTo(10 / 14.0, within(0.01));
    assertThat(value(quality.delayWeighted(), "recall")).isEqualTo(1);
    assertThat(value(quality.provisional(), "precision")).isLessThan(0.705);
    assertThat(measure(play.snapshot(), "precision", "7d").value())
        .isCloseTo(10 / 14.0, within(1e-9));
  }

  @Test
  void estimates_areCalibrated_andNotTrustedOnceLabelsContradictThem() {
    var model =
        ModelFixture.named("m")
            .learn(300)
            .labels(Duration.ofDays(10), Duration.ofHours(12))
            .windows(Duration.ofDays(1))
            .config();
    var play = new Play(model);
    var random = new java.util.Random(20261124);
    var waiting = new java.util.ArrayDeque<Map.Entry<String, Boolean>>();
    Boolean trusted = null;
    double estimate = Double.NaN;
    double changed = Double.NaN;
    int contradicted = 0;
    int withheld = 0;
    for (int hour = 0; hour < 24 * 20; hour++) {
      boolean hasChanged = hour >= 24 * 16;
      for (int i = 0; i < 40; i++) {
        double score = random.nextDouble();
        // Twice too steep: what scores .9 is positive in .7 of the cases. Then scores are right.
        double rate = hasChanged ? score : 0.5 + (score - 0.5) / 2;
        waiting.add(Map.entry(play.score(score), random.nextDouble() < rate));
      }
      while (waiting.size() > 40 * 11) {
        Map.Entry<String, Boolean> next = waiting.remove();
        play.label(next.getKey(), next.getValue());
      }
      play.pass(Duration.ofHours(1));
      List<QualitySnapshot.Estimate> estimates = play.snapshot().quality().estimates();
      for (QualitySnapshot.Estimate one : estimates) {
        if (one.measure().equals("accuracy")) {
          estimate = hour == 24 * 16 - 1 ? one.value() : estimate;
          trusted = hour == 24 * 16 - 1 ? one.trusted() : trusted;
          changed = one.value();
          contradicted += hasChanged && Boolean.FALSE.equals(one.trusted()) ? 1 : 0;
          withheld += !hasChanged && Double.isNaN(one.value()) ? 1 : 0;
          if (Boolean.FALSE.equals(one.trusted())) {
            assertThat(one.value()).isNaN();
          }
        }
      }
    }
    // ½ + E|score − ½|/2 = .625; of the labels of a day, 960, its standard error is .014.
    assertThat(estimate).isCloseTo(0.625, within(0.06));
    assertThat(trusted).isTrue();
    // One audit in 300 contradicts by chance, for a day (9 of 200 seeds had one in these 16 days).
    assertThat(withheld).isLessThan(24 * 3);
    assertThat(contradicted).isGreaterThanOrEqualTo(12);
    // By now it is calibrated on labels from after the change.
    assertThat(changed).isCloseTo(0.75, within(0.06));
  }

  @Test
  void estimates_areWithdrawnWhileTheErrorsHaveRisen() {
    var play =
        new Play(
            model(new ModelConfig.Reference.Learn(300), Duration.ofDays(1), Duration.ofHours(1)));
    var random = new java.util.Random(12);
    QualitySnapshot.Estimate before = hours(play, random, 12, false);
    assertThat(before.value()).isCloseTo(0.75, within(0.03));
    assertThat(before.trusted()).isNull();

    QualitySnapshot.Estimate after = hours(play, random, 6, true);
    assertThat(play.snapshot().alarms().active()).containsEntry("error_drift", true);
    assertThat(after.value()).isNaN();
    assertThat(after.trusted()).isFalse();
  }

  /** Hours of scores that are probabilities, or say nothing any more; labels come at once. */
  private static QualitySnapshot.Estimate hours(
      Play play, java.util.Random random, int hours, boolean hasChanged) {
    for (int i = 0; i < hours * 360; i++) {
      double score = random.nextDouble();
      play.label(play.score(score), random.nextDouble() < (hasChanged ? 0.5 : score));
      play.pass(Duration.ofSeconds(10));
    }
    return play.snapshot().quality().estimates().stream()
        .filter(one -> one.measure().equals("accuracy"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void labelsOfOnePredictedClassAlone_areSaidToBeSelective() {
    var play =
        new Play(
            model(new ModelConfig.Reference.Learn(1000), Duration.ofDays(1), Duration.ofHours(1)));
    for (int i = 0; i < 600; i++) {
      boolean isPositive = i % 2 == 0;
      String id = play.score(isPositive ? 0.8 : 0.2);
      if (isPositive || i % 3 == 0) {
        play.label(id, isPositive);
      }
    }
    play.pass(Duration.ofHours(3));
    play.snapshot();
    play.pass(Duration.ofSeconds(1));
    play.snapshot();
    play.pass(Duration.ofSeconds(1));
    assertThat(play.said.toString())
        .containsOnlyOnce(
            "labels come for 100 % of the predictions of '1' and for 33 % of those of '0' in the"
                + " window 7d");
  }

  private static double value(List<Performance> of, String measure) {
    return of.stream().filter(p -> p.measure().equals(measure)).findFirst().orElseThrow().value();
  }
}
