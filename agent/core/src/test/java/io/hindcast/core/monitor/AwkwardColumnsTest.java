package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ModelConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features of which a reference can say little, from rows to alarms. */
class AwkwardColumnsTest {
  private static final List<String> NAMES =
      List.of("constant", "tied", "nothing", "heavy", "flag", "text", "integer", "rarely", "word");

  private final SplittableRandom random = new SplittableRandom(20261124);
  private final Play play =
      new Play(Play.model(new ModelConfig.Reference.Learn(4000)))
          .features(NAMES.toArray(new String[0]));

  /** Rows of an hour; one of the features may be another than it was. */
  private void hour(int rows, String changed) {
    for (int i = 0; i < rows; i++) {
      boolean isRare = random.nextInt(1000) == 0;
      Object[] values = {
        changed.equals("constant") ? 7.5 : 7.0,
        random.nextInt(10) < (changed.equals("tied") ? 3 : 6) ? 0.0 : random.nextDouble() * 50,
        changed.equals("nothing") ? 1.0 : null,
        (changed.equals("heavy") ? 5 : 1) * Math.tan(Math.PI * (random.nextDouble() - 0.5)),
        random.nextInt(10) < (changed.equals("flag") ? 5 : 1) ? "true" : "false",
        "x".repeat(1 + random.nextInt(changed.equals("text") ? 5 : 20)) + random.nextInt(1 << 30),
        (double) random.nextInt(changed.equals("integer") ? 3 : 5),
        isRare || changed.equals("rarely") ? (Object) random.nextDouble() : null,
        changed.equals("word") ? "b" : "a"
      };
      play.values(values).score(random.nextDouble());
    }
    play.pass(Duration.ofHours(1));
  }

  private Map<String, Long> raised() {
    return play.snapshot().alarms().raised();
  }

  @Test
  void unchanged_theyAreSilent_andHaveScoresThatAreNumbers() {
    for (int window = 0; window < 40; window++) {
      hour(window == 0 ? 4000 : 1000, "");
    }
    assertThat(raised()).containsEntry("input_drift", 0L);
    ModelSnapshot snapshot = play.snapshot();
    for (String name : NAMES) {
      Map<String, Double> scores = Play.drift(snapshot, name).scores();
      assertThat(scores).as(name).containsKeys("jsd", "psi", "hellinger", "total_variation");
      assertThat(scores.values()).as(name).allMatch(Double::isFinite);
      assertThat(scores.get("psi")).as(name).isLessThan(0.1);
    }
    // Nothing can be said of a shift in units of a standard deviation that is 0.
    assertThat(Play.drift(snapshot, "constant").scores()).doesNotContainKey("wasserstein");
    assertThat(Play.drift(snapshot, "constant").scores().get("psi")).isZero();
    assertThat(Play.drift(snapshot, "nothing").scores().get("psi")).isZero();
    assertThat(Play.feature(snapshot, "nothing").bins())
        .extracting(ModelSnapshot.Bin::referenceShare)
        .containsExactly(0.0, 1.0);
  }

  @ParameterizedTest
  @CsvSource({"constant", "tied", "nothing", "heavy", "flag", "text", "integer", "rarely", "word"})
  void aChange_isFoundAndNamed(String name) {
    hour(4000, "");
    hour(1000, "");
    hour(1000, name);
    hour(1000, name);
    assertThat(raised()).containsEntry("input_drift", 1L);
    AlarmSnapshot.Event event =
        play.snapshot().alarms().events().stream()
            .filter(each -> each.kind().equals("input_drift"))
            .findFirst()
            .orElseThrow();
    assertThat(event.parts().get(0).name()).isEqualTo(name);
  }
}
