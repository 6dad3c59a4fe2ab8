package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ModelConfig;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Features that no longer belong together, though each is as it always was. */
class PairDriftTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final SplittableRandom random = new SplittableRandom(20261124);
  private final Play play = new Play(Play.model(new ModelConfig.Reference.Learn(3000)));

  private void features(int n) {
    play.features(IntStream.range(0, n).mapToObj(i -> "f" + i).toArray(String[]::new));
  }

  /** Rows of an hour; f2 follows f1 with this correlation, f1 is higher by so much. */
  private void hour(int rows, double correlation, double shift) {
    int n = play.row.features;
    for (int i = 0; i < rows; i++) {
      Object[] values = new Object[n];
      for (int j = 0; j < n; j++) {
        values[j] = random.nextGaussian();
      }
      double f1 = (double) values[1];
      values[2] = correlation * f1 + Math.sqrt(1 - correlation * correlation) * (double) values[2];
      values[1] = f1 + shift;
      play.values(values).score(random.nextDouble());
    }
    play.pass(HOUR);
  }

  private List<AlarmSnapshot.Event> alarms() {
    return play.snapshot().alarms().events().stream()
        .filter(alarm -> alarm.kind().equals("input_drift"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10, 50})
  void twoFeaturesThatNoLongerFollowEachOther_areFound(int n) {
    features(n);
    hour(3000, 0.8, 0);
    for (int window = 0; window < 10; window++) {
      hour(1000, 0.8, 0);
    }
    assertThat(alarms()).isEmpty();
    hour(1000, 0, 0);
    hour(1000, 0, 0);
    assertThat(alarms()).hasSize(1);
    AlarmSnapshot.Event alarm = alarms().get(0);
    assertThat(alarm.parts().get(0).name()).isEqualTo("f1 with f2");
    assertThat(alarm.parts().get(0).share()).isGreaterThan(0.99);
    assertThat(alarm.text())
        .contains("inputs have drifted: f1 with f2 (100 % of the evidence, PSI ")
        .containsAnyOf("f1 low, f2 high 0.", "f1 high, f2 low 0.");
    // No feature has moved, and a pair is none.
    assertThat(play.snapshot().drift()).hasSize(n + 2);
    assertThat(play.snapshot().drift())
        .allSatisfy(one -> assertThat(one.scores().get("psi")).isLessThan(0.05));
  }

  @Test
  void featuresThatBeginToFollowEachOther_areFoundAmongFew() {
    features(6);
    hour(3000, 0, 0);
    hour(1000, 0, 0);
    hour(1000, 0.8, 0);
    assertThat(alarms()).singleElement().satisfies(alarm -> named(alarm, "f1 with f2"));
  }

  @Test
  void aFeatureThatHasMovedByItself_isNamed_andNotItsPairs() {
    features(10);
    hour(3000, 0.8, 0);
    hour(1000, 0.8, 0);
    hour(1000, 0.8, 0.7);
    assertThat(alarms())
        .singleElement()
        .satisfies(
            alarm -> {
              named(alarm, "f1");
              assertThat(alarm.parts()).noneMatch(part -> part.name().contains(" with "));
            });
  }

  private static void named(AlarmSnapshot.Event alarm, String first) {
    assertThat(alarm.parts().get(0).name()).isEqualTo(first);
  }

  @Test
  void nothingChanged_nothingIsSaid() {
    features(5);
    hour(3000, 0.8, 0);
    for (int window = 0; window < 60; window++) {
      hour(500, 0.8, 0);
    }
    assertThat(alarms()).isEmpty();
    assertThat(play.snapshot().alarms().evidence().get("inputs")).isLessThan(2);
  }

  @Test
  void rowsWithoutOneOfThem_areNoEvidence() {
    features(3);
    hour(3000, 0.8, 0);
    hour(1000, 0.8, 0);
    play.features("f0", "f1", "g");
    hour(1000, 0, 0);
    assertThat(alarms()).allSatisfy(alarm -> named(alarm, "f2"));
  }
}
