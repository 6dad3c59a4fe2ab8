package io.hindcast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMissTest {
  @ParameterizedTest
  @CsvSource({
    "kitten,kitten,0",
    "kitten,sitten,1",
    "kitten,kitte,1",
    "kitten,kittens,1",
    "kitten,iktten,1",
    "kitten,sitting,3",
    "'',abc,3",
    "abc,'',3"
  })
  void distance_countsEdits(String a, String b, int edits) {
    assertThat(NearMiss.distance(a, b)).isEqualTo(edits);
    assertThat(NearMiss.distance(b, a)).isEqualTo(edits);
  }

  @Test
  void of_takesTheNearest() {
    assertThat(NearMiss.of("scor", List.of("scores", "score", "store"))).isEqualTo("score");
    assertThat(NearMiss.of("timeToLive", List.of("time-to-live"))).isEqualTo("time-to-live");
    assertThat(NearMiss.of("time_to_lief", List.of("time-to-live"))).isEqualTo("time-to-live");
  }

  @Test
  void of_takesNoneThatIsFar() {
    assertThat(NearMiss.of("colour", List.of("models", "store"))).isNull();
    assertThat(NearMiss.of("id", List.of("cpu"))).isNull();
    assertThat(NearMiss.of("ab", List.of("cd"))).isNull();
    assertThat(NearMiss.of("", List.of("a"))).isNull();
  }
}
