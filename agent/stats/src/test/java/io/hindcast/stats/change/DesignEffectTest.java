package io.hindcast.stats.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DesignEffectTest {
  private final DesignEffect effect = new DesignEffect();
  private final SplittableRandom random = new SplittableRandom(20261124);

  /** Blocks of rows that are each drawn by themselves and come so often. */
  private long[][] blocks(int n, int draws, int together, int cells) {
    return blocks(n, draws, together, cells, cells);
  }

  private long[][] blocks(int n, int draws, int together, int cells, int of) {
    long[][] blocks = new long[n][of];
    for (long[] block : blocks) {
      for (int i = 0; i < draws; i++) {
        block[random.nextInt(cells)] += together;
      }
    }
    return blocks;
  }

  @Test
  void fourBlocks_workedByHand() {
    // 6+4, 4+6, 4+6, 6+4: each z² = 1/5 + 1/5, V = 1.6/3. Neighbours −.4 + .4 − .4 and V/4 more:
    // r = (−.4/3 + .1333)/V = 0. V is below 1, and so is D.
    effect.add(new long[][] {{6, 4}, {4, 6}, {4, 6}, {6, 4}}, 1);
    assertThat(effect.value()).isEqualTo(1);
    // Ten of each: V, and X² of the whole with itself, stay what they were; at most 100 rows a
    // block.
    var all = new DesignEffect();
    all.add(new long[][] {{60, 40}, {40, 60}, {40, 60}, {60, 40}}, 1);
    // V = 16/3, r = 0; of the three pairs that are no neighbours two have z·z' = −4 and one 4:
    // Σλ² = 16 − (16/3)²/16 = 14.22, less than V²: u = 1.
    assertThat(all.value()).isCloseTo(16 / 3.0, within(1e-12));
    // The same rows, each of which stands for ten.
    var weighted = new DesignEffect();
    weighted.add(new long[][] {{60, 40}, {40, 60}, {40, 60}, {60, 40}}, 10);
    assertThat(weighted.value()).isEqualTo(1);
  }

  @Test
  void ofNothing_andOfThreeBlocks_nothingIsSaid() {
    assertThat(effect.value()).isEqualTo(1);
    effect.add(new long[][] {}, 1);
    effect.add(new long[][] {{10, 0}, {0, 10}, {10, 0}}, 1);
    assertThat(effect.value()).isEqualTo(1);
  }

  /** It may be a row again and again, as far as blocks tell; windows that are all alike are not. */
  @Test
  void rowsOfOneCell_areUnknown_untilEightWindowsHadThem() {
    for (int window = 0; window < 7; window++) {
      effect.add(new long[][] {{10, 0}, {20, 0}, {10, 0}, {10, 0}}, 1);
      assertThat(effect.value()).isNaN();
    }
    effect.add(new long[][] {{10, 0}, {20, 0}, {10, 0}, {10, 0}}, 1);
    assertThat(effect.value()).isEqualTo(1);
  }

  @Test
  void blocksThatAreAllAlike_areIndependent() {
    effect.add(new long[][] {{4, 4}, {4, 4}, {4, 4}, {4, 4}, {4, 4}}, 1);
    assertThat(effect.value()).isEqualTo(1);
    effect.add(new long[][] {{4, 4}, {4, 4}, {4, 4}, {4, 4}, {4, 4}}, 1);
    assertThat(effect.value()).isEqualTo(1);
  }

  @Test
  void independentRows_loseLittle() {
    double sum = 0;
    for (int window = 0; window < 500; window++) {
      effect.add(blocks(20, 50, 1, 10), 1);
      sum += effect.value();
    }
    assertThat(sum / 500).isBetween(1.0, 1.05);
  }

  /** Three windows are needed to see that whole windows share nothing. */
  @Test
  void rowsInFives_areWorthAFifth() {
    for (int window = 0; window < 2; window++) {
      effect.add(blocks(20, 10, 5, 10), 1);
      assertThat(effect.value()).isNaN();
    }
    double sum = 0;
    for (int window = 0; window < 500; window++) {
      effect.add(blocks(20, 10, 5, 10), 1);
      sum += effect.value();
    }
    assertThat(sum / 500).isCloseTo(5, within(0.3));
  }

  @Test
  void rowsOfTwoCells_areKnownAfterSomeWindows() {
    for (int window = 0; window < 30; window++) {
      effect.add(blocks(30, 10, 5, 2), 1);
    }
    assertThat(effect.value()).isBetween(3.0, 8.0);
  }

  @Test
  void whatReachesIntoTheNextBlock_isSeen() {
    // Ten rows alike, in blocks of five: each block has a twin beside it, half of the time.
    for (int window = 0; window < 200; window++) {
      long[][] blocks = new long[32][10];
      for (int pair = 0; pair < 16; pair++) {
        int cell = random.nextInt(10);
        blocks[2 * pair][cell] = 5;
        blocks[2 * pair + 1][cell] = 5;
      }
      effect.add(blocks, 0.1);
    }
    // Ten rows of ten tenths each: 100, and a window is worth only sixteen. So windows are
    // compared,
    // by their upper limit, with λ as unequal as those of values that follow each other: u² = 3.
    assertThat(effect.value()).isBetween(250.0, 600.0);
  }

  @Test
  void rowsThatAreSortedInEachWindow_areNoNoise() {
    long[][] sorted = new long[20][10];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i][i / 2] = 50;
    }
    effect.add(sorted, 1);
    assertThat(effect.value()).isNaN();
    for (int window = 0; window < 10; window++) {
      effect.add(sorted, 1);
    }
    assertThat(effect.value()).isEqualTo(1);
  }

  /** Normal values, each with such a correlation to the one before, in ten cells by decile. */
  private long[][] following(double correlation, int n, int rows) {
    long[][] blocks = new long[n][DECILES.length + 1];
    for (long[] block : blocks) {
      for (int i = 0; i < rows; i++) {
        last =
            correlation * last + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
        int cell = 0;
        while (cell < DECILES.length && last > DECILES[cell]) {
          cell++;
        }
        block[cell]++;
      }
    }
    return blocks;
  }

  private static final double[] DECILES = {
    -1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816
  };
  private double last;

  /** The largest λ is that of the values themselves, (1 + .9)/(1 − .9) = 19 in long windows. */
  @Test
  void rowsThatFollowEachOther_areWorthWhatTheirLargestVarianceSays() {
    double sum = 0;
    for (int window = 0; window < 300; window++) {
      effect.add(following(0.9, 20, 500), 1);
      sum += window < 10 ? 0 : effect.value();
    }
    assertThat(sum / 290).isBetween(16.0, 25.0);
  }

  /** Of 300 rows at .98 a window is worth four: the variance of its mean is that of 82 rows. */
  @Test
  void whatReachesOverAWholeWindow_isSeenBetweenWindows() {
    int enough = 0;
    for (int window = 0; window < 300; window++) {
      effect.add(following(0.98, 18, 16), 1);
      enough += effect.value() > 40 ? 1 : 0;
    }
    assertThat(enough).isGreaterThan(260);
  }

  /** It is no dependence, and does not hide what comes after it. */
  @Test
  void aChangeWithinAWindow_countsForThatWindow() {
    for (int window = 0; window < 20; window++) {
      effect.add(blocks(20, 50, 1, 10), 1);
    }
    long[][] changes = blocks(20, 50, 1, 10);
    for (int i = 10; i < 20; i++) {
      changes[i] = new long[] {50, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    }
    effect.add(changes, 1);
    assertThat(effect.value()).isGreaterThan(1);
    for (int window = 0; window < 3; window++) {
      effect.add(blocks(20, 50, 1, 5, 10), 1);
      assertThat(effect.value()).isBetween(1.0, 1.3);
    }
  }

  @Test
  void theTest_dividesAllCounts() {
    var test = new ToleranceTest(0.02);
    long[] reference = {100, 100, 100, 100};
    long[] current = {40, 20, 30, 30};
    ToleranceTest.Result plain = test.of(reference, current);
    long[] fiveTimes = Arrays.stream(reference).map(c -> 5 * c).toArray();
    long[] currentFiveTimes = Arrays.stream(current).map(c -> 5 * c).toArray();
    ToleranceTest.Result divided = test.of(fiveTimes, currentFiveTimes, 5);
    assertThat(divided.g()).isCloseTo(plain.g(), within(1e-12));
    assertThat(divided.p()).isCloseTo(plain.p(), within(1e-12));
    assertThat(divided.degrees()).isEqualTo(3);
  }
}
