package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.reference.ReferenceStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A version that is compared with the reference of an earlier one. */
class VersionReferenceTest {
  private static final class Kept implements ReferenceStore {
    final Map<ModelKey, ReferenceProfile> all = new HashMap<>();

    @Override
    public @Nullable ReferenceProfile load(ModelKey key) {
      return all.get(key);
    }

    @Override
    public void save(ModelKey key, ReferenceProfile profile) {
      all.put(key, profile);
    }
  }

  private final Kept kept = new Kept();
  private final SplittableRandom random = new SplittableRandom(1);

  private Play play() {
    ModelConfig model = Play.model(new ModelConfig.Reference.OfVersion("1"));
    return new Play(kept, AgentConfig.DEFAULT_STORE_BYTES, model).features("x");
  }

  private void rows(Play play, String version, int rows, double shift) {
    play.row.key = new ModelKey("m", version);
    for (int i = 0; i < rows; i++) {
      play.values(random.nextGaussian() + shift).score(random.nextDouble());
    }
    play.pass(Duration.ofHours(1));
  }

  private static ModelSnapshot of(Play play, String version) {
    return play.engine.snapshot(play.now).models().stream()
        .filter(model -> model.key().version().equals(version))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theNextVersion_hasTheFirstOnesReference_fromItsFirstRowOn() {
    Play play = play();
    rows(play, "1", 1000, 0);
    ModelSnapshot first = of(play, "1");
    assertThat(first.alarms().active()).containsEntry("input_drift", false);
    rows(play, "2", 1000, 2);
    assertThat(of(play, "2").reference()).isEqualTo(first.reference()).isNotNull();
    assertThat(of(play, "2").alarms().active()).containsEntry("input_drift", true);
    assertThat(play.said.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void afterARestart_itIsTheOneThatWasKept() {
    rows(play(), "1", 1000, 0);
    Play again = play();
    rows(again, "2", 300, 0);
    assertThat(of(again, "2").reference().id())
        .isEqualTo(kept.all.get(new ModelKey("m", "1")).id());
  }

  @Test
  void whereNoneIsKnown_itLearnsItsOwn_andSaysSo() {
    Play play = play();
    rows(play, "2", 1000, 0);
    assertThat(of(play, "2").reference()).isNotNull();
    assertThat(play.said.toString(StandardCharsets.UTF_8))
        .contains("no reference of version 1 is known here, so version 2 learns its own");
  }
}
