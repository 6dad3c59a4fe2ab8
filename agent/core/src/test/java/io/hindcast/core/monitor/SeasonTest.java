package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ModelFixture;
import io.hindcast.core.config.ReferenceTimes;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.reference.ReferenceBuilder;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.reference.ReferenceStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Inputs that follow the hour of the day, and references that roll. */
class SeasonTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int REFERENCE_ROWS = 80;

  private final SplittableRandom random = new SplittableRandom(20261124);

  private static ModelConfig config(ReferenceTimes times, Duration window) {
    return ModelFixture.like(Play.model(new ModelConfig.Reference.Learn(1000)))
        .driftWindow(window)
        .times(times)
        .config();
  }

  /** A plays against a reference of two weeks, from its first row on. */
  private Play play(ModelConfig config, int referenceHours) {
    var play =
        new Play(
                new ReferenceStore() {
                  @Override
                  public ReferenceProfile load(ModelKey key) {
                    return twoWeeks(config, referenceHours);
                  }

                  @Override
                  public void save(ModelKey key, ReferenceProfile profile) {}
                },
                AgentConfig.DEFAULT_STORE_BYTES,
                config)
            .features("x", "night");
    return play;
  }

  private ReferenceProfile twoWeeks(ModelConfig config, int hours) {
    var past = new Play(config).features("x", "night");
    past.row.task = Task.BINARY;
    ReferenceBuilder builder = ReferenceBuilder.forFile(config, true);
    int rows = hours * REFERENCE_ROWS;
    double[][] values = new double[rows][];
    for (int i = 0; i < rows; i++) {
      values[i] = values(i / REFERENCE_ROWS % 24);
      builder.observe(fill(past, values[i], i));
    }
    builder.edgesReady();
    for (int i = 0; i < rows; i++) {
      builder.count(fill(past, values[i], i));
    }
    return builder.build();
  }

  private static Row fill(Play play, double[] values, int i) {
    play.values(values[0], values[1] == 1 ? "yes" : "no");
    play.row.score = values[2];
    play.row.predictedAtMillis = Play.T0 + (long) (i / REFERENCE_ROWS) * HOUR.toMillis();
    return play.row;
  }

  /** x is two standard deviations higher by day than by night, and so are scores. */
  private double[] values(int hour) {
    boolean isDay = hour >= 8 && hour < 20;
    return new double[] {
      random.nextGaussian() + (isDay ? 2 : 0),
      random.nextInt(10) < (isDay ? 2 : 8) ? 1 : 0,
      (random.nextDouble() + (isDay ? 0.4 : 0)) / 1.4
    };
  }

  private void hours(Play play, int hours, int rows, double shift) {
    for (int hour = 0; hour < hours; hour++) {
      int hourOfDay = (int) ((play.now - Play.T0) / HOUR.toMillis() % 24);
      for (int i = 0; i < rows; i++) {
        double[] values = values(hourOfDay);
        play.values(values[0] + shift, values[1] == 1 ? "yes" : "no").score(values[2]);
      }
      play.pass(HOUR);
    }
  }

  private static AlarmSnapshot alarms(Play play) {
    return play.snapshot().alarms();
  }

  @Test
  void dayAndNight_areDriftToOneReferenceForAllHours() {
    Play play = play(config(ReferenceTimes.NONE, HOUR), 24 * 14);
    hours(play, 24, 400, 0);
    assertThat(alarms(play).raised().get("input_drift")).isPositive();
    assertThat(alarms(play).raised().get("output_drift")).isPositive();
  }

  @Test
  void withTheHourOfTheWeek_theyAreNot_andARealChangeIs() {
    Play play = play(config(new ReferenceTimes(true, null), HOUR), 24 * 14);
    hours(play, 24 * 4, 400, 0);
    AlarmSnapshot quiet = alarms(play);
    assertThat(quiet.raised()).containsEntry("input_drift", 0L).containsEntry("output_drift", 0L);
    assertThat(play.said.toString(StandardCharsets.UTF_8)).isEmpty();

    long change = play.now;
    hours(play, 3, 400, 1);
    AlarmSnapshot alarms = alarms(play);
    assertThat(alarms.active()).containsEntry("input_drift", true);
    assertThat(alarms.active()).containsEntry("output_drift", false);
    assertThat(alarms.events().get(0).parts().get(0).name()).isEqualTo("x");
    assertThat(alarms.events().get(0).sinceMillis()).isEqualTo(change);
  }

  @Test
  void theBins_andTheirShares_areThoseOfTheWholeReference() {
    Play seasonal = play(config(new ReferenceTimes(true, null), HOUR), 24 * 14);
    hours(seasonal, 1, 400, 0);
    double share = 0;
    for (ModelSnapshot.Bin bin : Play.feature(seasonal.snapshot(), "x").bins()) {
      share += bin.referenceShare() > 0.09 && bin.referenceShare() < 0.11 ? 1 : 0;
    }
    assertThat(share).isEqualTo(10);
  }

  @Test
  void aWindowOfManyHours_isComparedWithTheMixOfItsRows() {
    Play play = play(config(new ReferenceTimes(true, null), Duration.ofHours(24)), 24 * 14);
    for (int day = 0; day < 4; day++) {
      // By night there are ten times as many rows as by day: another mix, the same hours.
      hours(play, 8, 500, 0);
      hours(play, 12, 50, 0);
      hours(play, 4, 500, 0);
    }
    assertThat(alarms(play).raised()).containsEntry("input_drift", 0L);
    assertThat(Play.drift(play.snapshot(), "x").scores().get("psi")).isLessThan(0.02);

    Play plain = play(config(ReferenceTimes.NONE, Duration.ofHours(24)), 24 * 14);
    hours(plain, 8, 500, 0);
    hours(plain, 12, 50, 0);
    hours(plain, 4, 500, 0);
    assertThat(Play.drift(plain.snapshot(), "x").scores().get("psi")).isGreaterThan(0.1);
  }

  @Test
  void hoursThatTheReferenceDoesNotKnow_areComparedWithAllOfIt_andSaidOnce() {
    Play play = play(config(new ReferenceTimes(true, null), HOUR), 24);
    hours(play, 12, 400, 0);
    assertThat(alarms(play).raised().get("input_drift")).isPositive();
    assertThat(play.said.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce("too few rows for 48 of the 48 hours of weekdays and weekends");
  }

  @Test
  void aRollingReference_saysWhetherAChangeIsNew_besideThePinnedOne() {
    Play play = play(config(new ReferenceTimes(true, Duration.ofDays(7)), HOUR), 24 * 14);
    hours(play, 24, 400, 0);
    // Not yet: no earlier window had this hour of the week.
    assertThat(Play.drift(play.snapshot(), "x").scores()).doesNotContainKey("rolling_psi");
    hours(play, 24, 400, 0);
    assertThat(Play.drift(play.snapshot(), "x").scores().get("rolling_psi")).isLessThan(0.1);

    // Monday to Friday, an hour a day in which x has moved: new on Monday, known by Friday.
    double[] pinned = new double[5];
    double[] rolling = new double[5];
    for (int day = 0; day < 5; day++) {
      hours(play, 24, 400, 1);
      pinned[day] = Play.drift(play.snapshot(), "x").scores().get("psi");
      rolling[day] = Play.drift(play.snapshot(), "x").scores().getOrDefault("rolling_psi", -1.0);
    }
    assertThat(java.util.Arrays.stream(pinned).min().getAsDouble()).isGreaterThan(0.5);
    assertThat(rolling[0]).isEqualTo(-1);
    assertThat(rolling[4]).isBetween(0.0, 0.1);
  }

  @Test
  void withoutTheHourOfTheWeek_aRollingReferenceIsOfAllWindows() {
    ModelConfig rolling = config(new ReferenceTimes(false, Duration.ofHours(6)), HOUR);
    var play = new Play(rolling).features("x");
    double[] pinned = new double[12];
    double[] lately = new double[12];
    for (int hour = 0; hour < 12; hour++) {
      for (int i = 0; i < 1000; i++) {
        play.values(random.nextGaussian() + (hour < 5 ? 0 : 1)).score(random.nextDouble());
      }
      play.pass(HOUR);
      var scores = Play.drift(play.snapshot(), "x").scores();
      pinned[hour] = scores.get("psi");
      lately[hour] = scores.getOrDefault("rolling_psi", -1.0);
    }
    assertThat(lately[0]).isEqualTo(-1);
    assertThat(lately[4]).isBetween(0.0, 0.1);
    assertThat(lately[5]).isGreaterThan(0.5);
    assertThat(pinned[11]).isGreaterThan(0.5);
    assertThat(lately[11]).isBetween(0.0, 0.1);
    assertThat(alarms(play).events().get(0).parts().get(0).detail())
        .matches(".*, PSI [01]\\.\\d{3} from the windows of the last 6h");

    var without = new Play(config(ReferenceTimes.NONE, HOUR)).features("x");
    for (int i = 0; i < 2000; i++) {
      without.values(random.nextGaussian()).score(random.nextDouble());
      without.pass(Duration.ofSeconds(7));
    }
    assertThat(Play.drift(without.snapshot(), "x").scores())
        .containsOnlyKeys("jsd", "psi", "hellinger", "total_variation", "ks", "wasserstein");
  }
}
