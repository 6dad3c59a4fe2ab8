package io.hindcast.core.monitor;

import static io.hindcast.core.monitor.Play.measure;
import static io.hindcast.core.monitor.Play.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ScoringConfig;
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
}
