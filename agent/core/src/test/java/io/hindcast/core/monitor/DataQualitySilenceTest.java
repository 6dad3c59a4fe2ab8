package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ModelConfig;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Data that look odd and are as they always were: no alarm. */
class DataQualitySilenceTest {
  private static final int ROWS = 600;

  private final SplittableRandom random = new SplittableRandom(20261124);

  private static Play play(String... features) {
    return new Play(Play.model(new ModelConfig.Reference.Learn(1200))).features(features);
  }

  private interface Values {
    Object[] of();
  }

  private void hour(Play play, Values values) {
    for (int i = 0; i < ROWS; i++) {
      play.values(values.of()).score(random.nextDouble());
    }
    play.pass(Duration.ofHours(1));
  }

  private static void expectSilence(Play play) {
    AlarmSnapshot alarms = play.snapshot().alarms();
    assertThat(alarms.raised()).containsEntry("data_quality", 0L);
    assertThat(alarms.events()).isEmpty();
  }

  @Test
  void whatIsConstantInTheReference_mayStaySo() {
    Play play = play("version", "always", "never", "flag", "x");
    for (int hour = 0; hour < 12; hour++) {
      hour(play, () -> new Object[] {3.0, "yes", null, "false", random.nextDouble()});
    }
    expectSilence(play);
    // And may not change either.
    hour(play, () -> new Object[] {3.0, "yes", 1.0, "false", random.nextDouble()});
    hour(play, () -> new Object[] {3.0, "yes", 1.0, "false", random.nextDouble()});
    assertThat(play.snapshot().alarms().active()).containsEntry("input_drift", true);
  }

  @Test
  void aServiceThatSleepsAtNight_isNotStale() {
    Play play = play("x", "y");
    for (int day = 0; day < 20; day++) {
      for (int hour = 0; hour < 4; hour++) {
        hour(play, () -> new Object[] {random.nextDouble(), 100 * random.nextDouble()});
      }
      // Nothing all night, and nobody says so.
      for (int hour = 0; hour < 20; hour++) {
        play.pass(Duration.ofHours(1));
      }
    }
    expectSilence(play);
    assertThat(play.snapshot().alarms().active()).containsEntry("data_quality", false);
  }

  @Test
  void rowsThatAlwaysRepeatedEachOther_mayGoOn() {
    // Thirty different rows in all: each window has nothing but repetitions.
    Play play = play("code", "size");
    for (int hour = 0; hour < 12; hour++) {
      hour(play, () -> new Object[] {(double) random.nextInt(10), (double) random.nextInt(3)});
    }
    expectSilence(play);
    assertThat(Play.feature(play.snapshot(), "code").violations())
        .doesNotContainKeys("duplicate", "stale");
  }

  @Test
  void anAnswerThatWasAlwaysTheSame_isNotFrozen() {
    Play play = play("x");
    for (int hour = 0; hour < 8; hour++) {
      for (int i = 0; i < ROWS; i++) {
        play.values(random.nextDouble()).predicted("none");
      }
      play.pass(Duration.ofHours(1));
    }
    expectSilence(play);
  }

  @Test
  void anAnswerThatVaried_isFrozen_ofAClassToo() {
    Play play = play("x");
    for (int hour = 0; hour < 4; hour++) {
      for (int i = 0; i < ROWS; i++) {
        play.values(random.nextDouble()).predicted(random.nextInt(4) == 0 ? "none" : "some");
      }
      play.pass(Duration.ofHours(1));
    }
    expectSilence(play);
    for (int i = 0; i < ROWS; i++) {
      play.values(random.nextDouble()).predicted("none");
    }
    play.pass(Duration.ofHours(1));
    assertThat(play.snapshot().alarms().events())
        .extracting(AlarmSnapshot.Event::text)
        .anyMatch(text -> text.contains("output class frozen (one answer for all rows)"));
  }
}
