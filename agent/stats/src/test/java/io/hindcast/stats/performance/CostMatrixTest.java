package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.summary.NumericBins;
import org.junit.jupiter.api.Test;

class CostMatrixTest {
  /** A missed positive costs 100, a false alarm 5, a hit 1. */
  private final CostMatrix costs =
      new CostMatrix((actual, predicted) -> new double[][] {{0, 5}, {100, 1}}[actual][predicted]);

  @Test
  void mean_byHand() {
    var matrix = new ConfusionMatrix(2);
    matrix.change(1, 1, 6);
    matrix.change(0, 1, 5);
    matrix.change(1, 0, 4);
    matrix.change(0, 0, 85);
    assertThat(costs.mean(matrix).value()).isCloseTo((6 + 25 + 400) / 100.0, within(1e-15));
    assertThat(costs.mean(new ConfusionMatrix(2)).value()).isNaN();
  }

  @Test
  void interval_ofOnePrice_isThatOfItsShare() {
    var ofMisses = new CostMatrix((actual, predicted) -> actual > predicted ? 100 : 0);
    for (int misses : new int[] {0, 1, 10, 200}) {
      Interval share = WilsonInterval.of(misses, 200);
      Interval cost = ofMisses.mean(misses(misses)).interval();
      assertThat(cost.lower()).isCloseTo(100 * share.lower(), within(1e-12));
      assertThat(cost.upper()).isCloseTo(100 * share.upper(), within(1e-12));
    }
  }

  @Test
  void interval_ofOutcomesThatWereNotSeen_reachesToWhatTheyMightBe() {
    Interval cost = costs.mean(misses(0)).interval();
    // 0 of 200 rows for each of three prices: independent arms 100·u, 5·u and u.
    double u = WilsonInterval.of(0, 200).upper();
    assertThat(cost.lower()).isZero();
    assertThat(cost.upper()).isCloseTo(u * Math.sqrt(10_000 + 25 + 1), within(1e-12));
  }

  @Test
  void interval_withoutRowsOrPrices_isNone() {
    assertThat(costs.mean(new ConfusionMatrix(2)).interval()).isEqualTo(Interval.NONE);
    var free = new CostMatrix((actual, predicted) -> 0);
    assertThat(free.mean(misses(3)).interval()).isEqualTo(Interval.NONE);
    assertThat(free.mean(misses(3)).value()).isZero();
  }

  private static ConfusionMatrix misses(int misses) {
    var matrix = new ConfusionMatrix(2);
    for (int i = 0; i < 200; i++) {
      matrix.add(i < misses ? 1 : 0, 0);
    }
    return matrix;
  }

  @Test
  void bestThreshold_byHand() {
    var scores = new ScoreBins(new NumericBins(new double[] {0.25, 0.5, 0.75}));
    int[] positives = {1, 2, 3, 4};
    int[] negatives = {500, 30, 10, 1};
    for (int b = 0; b < 4; b++) {
      scores.change(0.1 + 0.25 * b, true, positives[b]);
      scores.change(0.1 + 0.25 * b, false, negatives[b]);
    }
    // All positive: 10 + 2705. Above .25: 100 + 9 + 5·41 = 314. Above .5: 300 + 7 + 55 = 362.
    CostMatrix.Threshold best = costs.best(scores);
    assertThat(best.score()).isEqualTo(Math.nextUp(0.25));
    assertThat(best.cost()).isCloseTo(314 / 551.0, within(1e-15));
  }

  @Test
  void bestThreshold_mayBeNone() {
    var scores = new ScoreBins(new NumericBins(new double[] {0.5}));
    assertThat(costs.best(scores)).isNull();
    scores.add(0.9, false);
    assertThat(costs.best(scores)).isEqualTo(new CostMatrix.Threshold(Double.POSITIVE_INFINITY, 0));
    scores.subtract(0.9, false);
    scores.add(0.1, true);
    assertThat(costs.best(scores)).isEqualTo(new CostMatrix.Threshold(Double.NEGATIVE_INFINITY, 1));
  }
}
