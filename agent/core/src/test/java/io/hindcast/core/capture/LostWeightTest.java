package io.hindcast.core.capture;

import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LostWeightTest {
  private final LostWeight lost = new LostWeight();

  private double turn(int rows, int level) {
    double weight = 0;
    lost.begin(rows, level);
    for (int i = 0; i < rows; i++) {
      long factor = lost.factor(1L << level);
      assertThat(Long.bitCount(factor)).isEqualTo(1);
      weight += (double) factor * (1L << level);
    }
    return weight;
  }

  @Test
  void nothingLost_weighsNothing() {
    assertThat(turn(100, 0)).isEqualTo(100);
    assertThat(turn(100, 3)).isEqualTo(800);
  }

  @Test
  void threeTimesAsMany_makeEachRowFour() {
    lost.add(1, 0);
    lost.add(299, 0);
    // 1 + 300/100 = 4 = 2²: no row is left to chance.
    assertThat(turn(100, 0)).isEqualTo(400);
    assertThat(turn(100, 0)).isEqualTo(100);
  }

  @Test
  void aRowThatWasChosen_isLostWithThoseItStoodFor() {
    lost.add(1, 4);
    // Of a batch of which nothing was chosen yet, the others stand for themselves.
    lost.add(5, 4);
    assertThat(turn(18, 1)).isEqualTo(2 * 36);
  }

  @Test
  void whatChanceMisses_isOwed_soTheSumStaysTrue() {
    var random = new Random(7);
    double offered = 0;
    double weighed = 0;
    for (int turn = 0; turn < 2000; turn++) {
      int rows = random.nextInt(200);
      int level = random.nextInt(4);
      for (int i = random.nextInt(5); i > 0; i--) {
        int more = 1 + random.nextInt(300);
        lost.add(more, level);
        offered += more - 1 + (1 << level);
      }
      offered += (double) rows * (1 << level);
      weighed += turn(rows, level);
    }
    // Off by what a turn or two miss, of 1.6 million.
    assertThat(weighed).isCloseTo(offered, within(5000.0));
    assertThat(offered).isGreaterThan(1e6);
  }

  @Test
  void rowsThatFoundNoRoom_areMadeUpFor_whereRowsMayBeShed() {
    var woven = new Woven(32 << 10);
    Woven.Call predict = woven.method(site("m", parameter("x")), double.class, double.class);
    long[] seen = new long[3];
    for (int turn = 0; turn < 50; turn++) {
      for (int i = 0; i < 1000; i++) {
        predict.call(0.5, (double) i);
      }
      woven
          .sources
          .get(0)
          .drain(
              row -> {
                seen[0]++;
                seen[1] += row.weight;
                seen[2] += row.madeUp == row.weight ? 1 : 0;
              });
    }
    assertThat(seen[0] + woven.sources.get(0).droppedRows()).isEqualTo(50_000);
    assertThat(seen[0]).isLessThan(25_000);
    assertThat((double) seen[1]).isCloseTo(50_000, within(500.0));
    assertThat(seen[2]).isEqualTo(seen[0]);
  }
}
