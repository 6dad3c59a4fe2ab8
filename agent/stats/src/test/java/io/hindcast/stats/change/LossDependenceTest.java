package io.hindcast.stats.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LossDependenceTest {
  private static final double[] LEVELS = {0, 1};

  private final LossDependence dependence = new LossDependence();
  private final SplittableRandom random = new SplittableRandom(20261125);

  private void add(boolean isWrong) {
    dependence.add(LEVELS, isWrong ? new long[] {0, 1} : new long[] {1, 0});
  }

  @Test
  void ofFewRows_andOfRowsAllAlike_nothingIsKnown() {
    assertThat(dependence.value()).isEqualTo(1);
    for (int i = 0; i < 400; i++) {
      add(i / 16 % 2 == 0);
    }
    assertThat(dependence.value()).isEqualTo(1);
    var alike = new LossDependence();
    alike.add(LEVELS, new long[] {100_000, 0});
    for (int i = 0; i < 1000; i++) {
      alike.add(LEVELS, new long[] {1, 0});
    }
    assertThat(alike.value()).isEqualTo(1);
  }

  @Test
  void blocksOfSixteenByTurns_workedByHand() {
    // 31 blocks of 16 ones or zeros: each difference is 1, over 2/16 and a variance of about 1/4:
    // 32,
    // times 2 for what one of 32 would add. Blocks of 32 have too few pairs to be known.
    for (int i = 0; i < 31 * 16; i++) {
      add(i / 16 % 2 == 0);
    }
    double mean = 16 / 31.0;
    assertThat(dependence.value()).isCloseTo(8 / (mean - mean * mean), within(1e-9));
  }

  @Test
  void independentRows_areOrAreNearlyIndependent() {
    double sum = 0;
    for (int run = 0; run < 50; run++) {
      var one = new LossDependence();
      for (int i = 0; i < 10_000; i++) {
        one.add(LEVELS, random.nextInt(10) == 0 ? new long[] {0, 1} : new long[] {1, 0});
      }
      sum += one.value();
    }
    assertThat(sum / 50).isBetween(1.0, 1.4);
  }

  @Test
  void rowsInFives_areWorthAFifth() {
    // The longest blocks are few, and the largest of all lengths counts: rather too much than too
    // little.
    for (int i = 0; i < 20_000; i++) {
      boolean isWrong = random.nextInt(10) == 0;
      for (int same = 0; same < 5; same++) {
        add(isWrong);
      }
    }
    assertThat(dependence.value()).isBetween(4.5, 12.0);
  }

  /** Rows of a moment have no order, and are one block where they are more. */
  @Test
  void momentsOfManyRows_areBlocks() {
    for (int moment = 0; moment < 200; moment++) {
      boolean isBad = random.nextInt(4) == 0;
      dependence.add(LEVELS, isBad ? new long[] {50, 50} : new long[] {95, 5});
    }
    // Between moments .45²·3/16 of variance, within them .16²: 100·.038/.135 = 28, and some more.
    assertThat(dependence.value()).isBetween(18.0, 50.0);
  }
}
