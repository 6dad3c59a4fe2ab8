package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.config.ModelConfig;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Alarms on inputs and outputs, from rows to events. */
class DriftAlarmTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final SplittableRandom random = new SplittableRandom(20261124);
  private final Play play = new Play(Play.model(new ModelConfig.Reference.Learn(5000)));

  DriftAlarmTest() {
    play.features("a", "b", "c");
  }

  /** An hour of rows; feature b is moved by so many of its standard deviations. */
  private void hour(int rows, double shift, double scoreShift) {
    for (int i = 0; i < rows; i++) {
      play.values(
          random.nextGaussian(),
          10 + 3 * (random.nextGaussian() + shift),
          random.nextInt(10) < 3 ? "x" : "y");
      play.score(Math.min(1, Math.max(0, random.nextDouble() + scoreShift)));
    }
    play.pass(HOUR);
  }

  @Test
  void nothingChanged_nothingIsSaid() {
    for (int window = 0; window < 60; window++) {
      hour(window == 0 ? 5000 : 1000, 0, 0);
    }
    AlarmSnapshot alarms = play.snapshot().alarms();
    assertThat(alarms.events()).isEmpty();
    assertThat(alarms.raised()).containsEntry("input_drift", 0L).containsEntry("output_drift", 0L);
    assertThat(alarms.active())
        .containsEntry("input_drift", false)
        .containsEntry("output_drift", false);
    // Nothing to be seen is evidence against a change: M falls towards 1 and below.
    assertThat(alarms.evidence().get("inputs")).isLessThan(1);
    assertThat(alarms.evidence().get("outputs")).isLessThan(1);
  }

  @Test
  void theFirstWindow_isWorthHalfAnE() {
    // The window holds the reference's own rows: e = ½ for each, M = (0 + 1)·½.
    hour(5000, 0, 0);
    assertThat(play.snapshot().alarms().evidence())
        .containsOnlyKeys("inputs", "outputs")
        .allSatisfy((scope, ln) -> assertThat(ln).isCloseTo(Math.log(0.5), within(1e-9)));
  }

  @Test
  void aMovedFeature_isNamedFirst_withWhatMoved_andEndsWhenItIsBack() {
    hour(5000, 0, 0);
    for (int window = 0; window < 5; window++) {
      hour(1000, 0, 0);
    }
    long change = play.now;
    hour(1000, 1, 0);
    AlarmSnapshot alarms = play.snapshot().alarms();
    assertThat(alarms.active()).containsEntry("input_drift", true);
    assertThat(alarms.active()).containsEntry("output_drift", false);
    assertThat(alarms.raised()).containsEntry("input_drift", 1L).containsEntry("output_drift", 0L);
    assertThat(alarms.evidence().get("inputs")).isCloseTo(Math.log(1000), within(1e-9));

    assertThat(alarms.events()).hasSize(1);
    AlarmSnapshot.Event event = alarms.events().get(0);
    assertThat(event.kind()).isEqualTo("input_drift");
    assertThat(event.number()).isEqualTo(1);
    assertThat(event.atMillis()).isEqualTo(change + HOUR.toMillis());
    assertThat(event.sinceMillis()).isEqualTo(change);
    assertThat(event.samples()).isEqualTo(1000);
    assertThat(event.every()).isEqualTo(1000);
    assertThat(event.steps()).isEqualTo("windows");
    AlarmSnapshot.Part first = event.parts().get(0);
    assertThat(first.name()).isEqualTo("b");
    assertThat(first.direction()).isEqualTo("up");
    assertThat(first.share()).isGreaterThan(0.99);
    // The top decile of a normal begins at 1.28 sd: here at 10 + 3·1.28, which Φ(−0.28) exceed.
    assertThat(first.detail())
        .matches(".*bin 9 \\(above 13\\.\\d+\\) 10\\.0 % → (3[4-9]|4[0-4])\\..*");

    hour(1000, 1, 0);
    assertThat(play.snapshot().alarms().raised()).containsEntry("input_drift", 1L);
    for (int window = 0; window < 7; window++) {
      hour(1000, 0, 0);
    }
    alarms = play.snapshot().alarms();
    assertThat(alarms.active()).containsEntry("input_drift", false);
    hour(1000, -1, 0);
    alarms = play.snapshot().alarms();
    assertThat(alarms.raised()).containsEntry("input_drift", 2L);
    assertThat(alarms.events().get(1).number()).isEqualTo(2);
    assertThat(alarms.events().get(1).parts().get(0).direction()).isEqualTo("down");
  }

  @Test
  void movedOutputs_areAnAlarmOfTheirOwn() {
    hour(5000, 0, 0);
    hour(1000, 0, 0.3);
    AlarmSnapshot alarms = play.snapshot().alarms();
    assertThat(alarms.active()).containsEntry("input_drift", false);
    assertThat(alarms.active()).containsEntry("output_drift", true);
    assertThat(alarms.events().get(0).parts())
        .extracting(AlarmSnapshot.Part::name)
        .contains("score");
    assertThat(alarms.events().get(0).text()).startsWith("outputs have drifted: score");
  }

  @Test
  void tooFewRows_areNoEvidence() {
    hour(5000, 0, 0);
    Map<String, Double> before = play.snapshot().alarms().evidence();
    for (int window = 0; window < 7; window++) {
      hour(40, 5, 0);
    }
    AlarmSnapshot alarms = play.snapshot().alarms();
    // 280 rows are enough for the two values of c alone, which have not moved.
    assertThat(Play.drift(play.snapshot(), "b").scores()).isEmpty();
    assertThat(Play.drift(play.snapshot(), "c").scores()).isNotEmpty();
    assertThat(alarms.active()).containsEntry("input_drift", false);
    assertThat(alarms.raised()).containsEntry("input_drift", 0L);
    assertThat(before).isNotEmpty();
  }

  @Test
  void withoutAReference_nothingCanBeSaid() {
    hour(100, 0, 0);
    assertThat(play.snapshot().alarms().evidence()).isEmpty();
    assertThat(play.snapshot().alarms().active()).isEmpty();
  }

  @Test
  void textThatNobodyListed_doesNotLeaveByAnAlarm() {
    var secret = new Play(Play.model(new ModelConfig.Reference.Learn(2000))).features("name");
    for (int i = 0; i < 2000; i++) {
      secret.values("person" + i % 60 + (i % 60 < 3 ? "" : " " + i / 60)).score(0.1);
    }
    secret.pass(HOUR);
    for (int i = 0; i < 2000; i++) {
      secret.values("Jane Roe of Springfield").score(0.1);
    }
    secret.pass(HOUR);
    AlarmSnapshot alarms = secret.snapshot().alarms();
    assertThat(alarms.active()).containsEntry("input_drift", true);
    assertThat(alarms.events().toString()).doesNotContain("Jane").doesNotContain("person");
  }
}
