package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.Row;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Numbers of every kind, words, nothing and what is neither: each value is counted once. */
class AnyValuesTest {
  private static final int ROWS = 600;
  private static final int LEARN = 100;
  private static final double[] SPECIAL = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.MIN_VALUE,
    -0.0,
    0
  };

  private static @Nullable Object any(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1, 2 -> SPECIAL[random.nextInt(SPECIAL.length)];
      case 3 -> random.nextInt(3) == 0 ? Row.WRONG_TYPE : "word";
      default -> random.nextGaussian();
    };
  }

  @Test
  void everyValue_liesInOneBin_andInOneViolationAtMost() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      var play = new Play(Play.model(new ModelConfig.Reference.Learn(LEARN))).features("a", "b");
      long[] finite = new long[2];
      long[] missing = new long[2];
      long[] infinite = new long[2];
      long[] others = new long[2];
      for (int r = 0; r < ROWS; r++) {
        Object[] values = {any(random), any(random)};
        for (int i = 0; i < values.length; i++) {
          if (!(values[i] instanceof Double number)) {
            missing[i] += values[i] == null ? 1 : 0;
            others[i] += values[i] == null ? 0 : 1;
          } else if (number.isNaN()) {
            missing[i]++;
          } else if (number.isInfinite()) {
            infinite[i]++;
          } else {
            finite[i]++;
          }
        }
        play.values(values).value(1);
      }
      ModelSnapshot snapshot = play.snapshot();
      for (int i = 0; i < 2; i++) {
        ModelSnapshot.Feature feature = Play.feature(snapshot, i == 0 ? "a" : "b");
        String what = "seed " + seed + ", round " + round + ": " + feature;
        assertThat(feature.bins().stream().mapToLong(ModelSnapshot.Bin::count).sum())
            .as(what)
            .isEqualTo(ROWS);
        assertThat(feature.violations())
            .as(what)
            .containsEntry("missing", missing[i])
            .containsEntry("not_finite", infinite[i])
            .containsEntry("wrong_type", others[i]);
        assertThat(Arrays.stream(feature.values().counts()).sum()).as(what).isEqualTo(finite[i]);
        assertThat(Play.bins(snapshot, feature.name()).get("missing"))
            .as(what)
            .isEqualTo(missing[i] + others[i]);
      }
    }
  }
}
