package io.hindcast.core.monitor;

import static io.hindcast.core.monitor.Play.measure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.Seed;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.LabelEvent;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Measures of random outcomes, with corrections on the way, against their definitions. */
class OracleTest {
  private final long seed = Seed.ofTests();
  private final Random random = new Random(seed);

  @RepeatedTest(5)
  void binary() {
    int n = 2000;
    // Learning ends in the middle: the bins of scores change then.
    var play =
        new Play(
            Play.model(
                new ModelConfig.Reference.Learn(700), Duration.ofHours(24), Duration.ofHours(1)));
    double[] scores = new double[n];
    boolean[] truth = new boolean[n];
    for (int i = 0; i < n; i++) {
      // A rare-event model: most scores are in one bin.
      scores[i] = Math.pow(random.nextDouble(), 6);
      truth[i] = random.nextDouble() < scores[i];
      String id = play.score(scores[i]);
      if (random.nextInt(10) == 0) {
        play.label(id, !truth[i]);
      }
      play.label(new LabelEvent(null, id, truth[i], null, 9, false, false, null));
    }
    double tp = 0;
    double fp = 0;
    double fn = 0;
    double tn = 0;
    double log = 0;
    double brier = 0;
    double pairs = 0;
    for (int i = 0; i < n; i++) {
      boolean yes = scores[i] >= 0.5;
      tp += yes && truth[i] ? 1 : 0;
      fp += yes && !truth[i] ? 1 : 0;
      fn += !yes && truth[i] ? 1 : 0;
      tn += !yes && !truth[i] ? 1 : 0;
      double p = Math.min(Math.max(scores[i], 0x1p-52), 1 - 0x1p-52);
      log -= truth[i] ? Math.log(p) : Math.log(1 - p);
      brier += Math.pow(scores[i] - (truth[i] ? 1 : 0), 2);
      for (int j = 0; truth[i] && j < n; j++) {
        pairs += truth[j] ? 0 : scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? .5 : 0;
      }
    }
    double positives = tp + fn;
    double negatives = fp + tn;
    play.pass(Duration.ofHours(2));
    ModelSnapshot snapshot = play.snapshot();
    for (String window : new String[] {"all", "7d"}) {
      check(snapshot, "accuracy", window, (tp + tn) / n, 1e-9);
      check(snapshot, "precision", window, tp / (tp + fp), 1e-9);
      check(snapshot, "recall", window, tp / positives, 1e-9);
      check(snapshot, "specificity", window, tn / negatives, 1e-9);
      check(snapshot, "f1", window, 2 * tp / (2 * tp + fp + fn), 1e-9);
      check(
          snapshot,
          "mcc",
          window,
          (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
          1e-9);
      check(snapshot, "log_loss", window, log / n, 1e-9);
      check(snapshot, "brier", window, brier / n, 1e-9);
      check(snapshot, "majority_baseline", window, Math.max(positives, negatives) / n, 1e-9);
      check(snapshot, "roc_auc", window, pairs / (positives * negatives), 0.01);
    }
    long inBins = snapshot.outcomeScores().stream().mapToLong(s -> s.scores().count()).sum();
    long joined = snapshot.confusion().stream().mapToLong(ModelSnapshot.Confusion::joined).sum();
    assertThat(inBins).as("histograms count what was joined").isEqualTo(joined);
    assertThat(snapshot.outcomeScores().get(0).scores().bounds())
        .contains(Math.nextDown(0.5))
        .hasSizeGreaterThan(51);
  }

  private void check(
      ModelSnapshot snapshot, String name, String window, double expected, double tolerance) {
    assertThat(measure(snapshot, name, window).value())
        .as("%s of %s, seed %d", name, window, seed)
        .isCloseTo(expected, within(tolerance));
  }

  @Test
  void aModelWhoseScoresAreNoProbabilities_hasAucAndNoLosses() {
    var play = new Play(Play.model(new ModelConfig.Reference.Learn(200)));
    for (int i = 0; i < 400; i++) {
      double score = random.nextGaussian() * 5;
      play.label(play.score(score), score + random.nextGaussian() > 0);
    }
    ModelSnapshot snapshot = play.snapshot();
    assertThat(measure(snapshot, "roc_auc", "all").value()).isGreaterThan(0.8);
    assertThat(measure(snapshot, "log_loss", "all").value()).isNaN();
    assertThat(measure(snapshot, "brier", "all").value()).isNaN();
    assertThat(snapshot.outcomeScores().get(1).scores().bounds()).hasSize(12);
  }

  @Test
  void errorsOfARegression_haveBoundsOfTheReference_alsoThoseFromBefore() {
    var play = new Play(Play.model(new ModelConfig.Reference.Learn(200)));
    double over = 0;
    double under = 0;
    double squares = 0;
    for (int i = 0; i < 300; i++) {
      double answer = random.nextGaussian() * 1000;
      double error = random.nextGaussian();
      play.label(play.value(answer), answer - error);
      over += Math.max(0, error);
      under += Math.max(0, -error);
      squares += error * error;
    }
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.absoluteErrorOver().sum()).isCloseTo(over, within(1e-9));
    assertThat(snapshot.absoluteErrorUnder().sum()).isCloseTo(under, within(1e-9));
    assertThat(snapshot.absoluteErrorOver().count() + snapshot.absoluteErrorUnder().count())
        .isEqualTo(300);
    assertThat(snapshot.squaredError()).isCloseTo(squares, within(1e-9));
    // No labels when it was learnt: the spread of the answers, about 1000.
    assertThat(snapshot.absoluteErrorOver().bounds()[0]).isBetween(8.0, 12.0);
    assertThat(snapshot.baselineSquaredError()).isNaN();
  }
}
