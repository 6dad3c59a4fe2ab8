package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.config.AlarmConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ModelFixture;
import io.hindcast.core.config.ScoringConfig;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Alarms on outcomes, from labels to events. */
class ErrorAlarmTest {
  private static final Duration MATURITY = Duration.ofMinutes(10);

  private final SplittableRandom random = new SplittableRandom(20261124);

  private static Play play(String objective) {
    return new Play(config(objective)).features("x");
  }

  private static ModelConfig config(String objective) {
    ModelConfig base =
        Play.model(new ModelConfig.Reference.Learn(200), Duration.ofHours(24), MATURITY);
    AlarmConfig.Objective asked =
        objective == null ? null : new AlarmConfig.Objective("accuracy", true, false, 0.88);
    return ModelFixture.like(base).alarms(new AlarmConfig(0.02, 1000, 100_000, asked)).config();
  }

  /** Rows a second apart, so many of them wrong, labelled at once. */
  private void rows(Play play, int rows, double errorRate) {
    for (int i = 0; i < rows; i++) {
      boolean wrong = random.nextDouble() < errorRate;
      String id = play.values(random.nextDouble()).score(random.nextBoolean() ? 0.9 : 0.1);
      boolean predicted = play.row.score > 0.5;
      play.label(id, predicted != wrong);
      play.pass(Duration.ofSeconds(1));
    }
  }

  @Test
  void errorsThatDouble_areFound_withTheTimeTheyBegan() {
    Play play = play(null);
    rows(play, 1000, 0.1);
    play.pass(MATURITY);
    assertThat(play.snapshot().alarms().active()).containsEntry("error_drift", false);
    assertThat(play.snapshot().alarms().raised()).containsEntry("error_drift", 0L);
    assertThat(play.snapshot().alarms().evidence()).doesNotContainKey("errors");

    rows(play, 3000, 0.1);
    AlarmSnapshot quiet = play.snapshot().alarms();
    assertThat(quiet.active()).containsEntry("error_drift", false);
    assertThat(quiet.evidence().get("errors")).isLessThan(Math.log(100_000));
    long change = play.now;
    rows(play, 1500, 0.2);
    AlarmSnapshot alarms = play.snapshot().alarms();
    assertThat(alarms.active()).containsEntry("error_drift", true);
    assertThat(alarms.raised()).containsEntry("error_drift", 1L);
    AlarmSnapshot.Event event =
        alarms.events().stream().filter(e -> e.kind().equals("error_drift")).findFirst().get();
    assertThat(event.sinceMillis()).isBetween(change - 600_000, change + 300_000);
    assertThat(event.atMillis()).isBetween(change, change + 900_000);
    assertThat(event.every()).isEqualTo(100_000);
    assertThat(event.steps()).isEqualTo("rows");
    assertThat(event.text()).startsWith("errors have risen: error rate 0.");
    assertThat(event.samples()).isBetween(50L, 1500L);
  }

  @Test
  void rowsAreTakenInTheOrderOfTheirPrediction_notOfTheirLabels() {
    // Every tenth row is wrong, and the labels of wrong rows come first, all at once.
    Play play = play(null);
    for (int i = 0; i < 3000; i += 500) {
      String[] ids = new String[500];
      for (int j = 0; j < 500; j++) {
        ids[j] = play.values(0.5).score(0.9);
        play.now += 1000;
      }
      for (int j = 0; j < 500; j += 10) {
        play.label(ids[j], false);
      }
      for (int j = 0; j < 500; j++) {
        if (j % 10 != 0) {
          play.label(ids[j], true);
        }
      }
      play.pass(Duration.ZERO);
    }
    play.pass(MATURITY.plusSeconds(1));
    // After 1000 rows u is .1167; then 2000 rows, every tenth wrong: as by hand.
    assertThat(play.snapshot().alarms().evidence().get("errors"))
        .isCloseTo(byHand(io.hindcast.stats.change.UpperLimit.of(0.1, 1000)), within(1e-9));
  }

  private static double byHand(double u) {
    double sum = 0;
    for (double ratio : new double[] {1.1, 1.25, 1.5, 2, 3, 5}) {
      double a = Math.min(ratio * u, (1 + u) / 2);
      double m = 0;
      for (int row = 0; row < 2000; row++) {
        m = (m + 1) * (row % 10 == 0 ? a / u : (1 - a) / (1 - u));
      }
      sum += m;
    }
    return Math.log(sum / 6);
  }

  @Test
  void correctionsBeforeMaturity_count() {
    Play play = play(null);
    rows(play, 1000, 0.1);
    play.pass(MATURITY.plusSeconds(1));
    // All wrong at first, and put right before they are mature.
    String[] ids = new String[300];
    for (int i = 0; i < 300; i++) {
      ids[i] = play.values(0.5).score(0.9);
      play.label(ids[i], false);
      play.pass(Duration.ofSeconds(1));
    }
    for (String id : ids) {
      play.label(
          new io.hindcast.core.model.LabelEvent(null, id, true, null, 1, false, false, null));
    }
    play.pass(MATURITY);
    assertThat(play.snapshot().alarms().active()).containsEntry("error_drift", false);
    assertThat(play.snapshot().alarms().evidence().get("errors")).isLessThan(5);
  }

  @Test
  void labelsThatDoNotCome_countAsWhatTheyMean() {
    var absent =
        new ScoringConfig(
            java.util.Map.of(), java.util.List.of(), null, new ScoringConfig.Absent("0", MATURITY));
    Play play = new Play(ModelFixture.like(config(null)).scoring(absent).config()).features("x");
    // All are predicted negative; only the positives are ever labelled.
    for (int i = 0; i < 6000; i++) {
      String id = play.values(random.nextDouble()).score(0.1);
      if (random.nextDouble() < (i < 4000 ? 0.1 : 0.25)) {
        play.label(id, true);
      }
      play.pass(Duration.ofSeconds(1));
    }
    play.pass(MATURITY.multipliedBy(2));
    AlarmSnapshot alarms = play.snapshot().alarms();
    assertThat(alarms.raised()).containsEntry("error_drift", 1L);
    AlarmSnapshot.Event event =
        alarms.events().stream().filter(e -> e.kind().equals("error_drift")).findFirst().get();
    assertThat(event.sinceMillis()).isBetween(Play.T0 + 3_500_000, Play.T0 + 4_300_000);
    // Of every row, not of the labelled ones alone, which are all wrong.
    assertThat(event.text()).matches("errors have risen: error rate 0\\.2.*");
  }

  @Test
  void regressions_haveALossOfTheirOwn() {
    ModelConfig base =
        Play.model(new ModelConfig.Reference.Learn(200), Duration.ofHours(24), MATURITY);
    Play play = new Play(base).features("x");
    for (int i = 0; i < 5000; i++) {
      double value = 10 + 5 * random.nextGaussian();
      String id = play.values(random.nextDouble()).value(value);
      play.label(id, value + random.nextGaussian() * (i < 3500 ? 1 : 3));
      play.pass(Duration.ofSeconds(1));
    }
    play.pass(MATURITY);
    AlarmSnapshot alarms = play.snapshot().alarms();
    assertThat(alarms.raised()).containsEntry("error_drift", 1L);
    assertThat(alarms.events().get(alarms.events().size() - 1).sinceMillis())
        .isBetween(Play.T0 + 3_400_000, Play.T0 + 3_600_000);
  }

  @Test
  void theObjective_isMissed_whenTheWholeIntervalMissesIt() {
    Play play = play("accuracy >= 0.88");
    rows(play, 1500, 0.05);
    // A bucket of the window is an hour, and the last full one has to be mature.
    play.pass(Duration.ofHours(2));
    assertThat(play.snapshot().alarms().active()).containsEntry("performance", false);
    rows(play, 4000, 0.35);
    play.pass(Duration.ofHours(2));
    AlarmSnapshot alarms = play.snapshot().alarms();
    ModelSnapshot.Performance accuracy = Play.measure(play.snapshot(), "accuracy", "7d");
    assertThat(accuracy.upper()).isLessThan(0.88);
    assertThat(alarms.active()).containsEntry("performance", true);
    assertThat(alarms.raised()).containsEntry("performance", 1L);
    AlarmSnapshot.Event event =
        alarms.events().stream().filter(e -> e.kind().equals("performance")).findFirst().get();
    assertThat(event.text()).contains("the objective is accuracy >= 0.88");
    assertThat(event.samples()).isEqualTo(accuracy.support());
    // It keeps firing, as one alarm, and ends when the lower end is above.
    rows(play, 3600, 0.01);
    play.pass(Duration.ofDays(7).minusHours(1));
    assertThat(play.snapshot().alarms().raised()).containsEntry("performance", 1L);
    assertThat(Play.measure(play.snapshot(), "accuracy", "7d").lower()).isGreaterThan(0.88);
    assertThat(play.snapshot().alarms().active()).containsEntry("performance", false);
  }
}
