package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.Oracle;
import io.hindcast.stats.summary.NumericBins;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoreCalibrationTest {
  private static final NumericBins QUARTERS = new NumericBins(new double[] {0.25, 0.5, 0.75});

  @Test
  void rates_areMonotone_byPoolingWhatIsNot() {
    // 1 of 10, 6 of 10, 4 of 10, 9 of 10: the middle two are 10 of 20.
    ScoreCalibration calibration = ScoreCalibration.of(labelled(1, 9, 6, 4, 4, 6, 9, 1));
    assertThat(calibration.rates()).containsExactly(1.5 / 11, 10.5 / 21, 10.5 / 21, 9.5 / 11);
  }

  @Test
  void rates_areThoseOfIsotonicRegression() {
    for (Oracle.Case c : Oracle.cases("isotonic")) {
      double[] rates = ScoreCalibration.of(c.counts("positives"), c.counts("negatives"), 1).rates();
      assertThat(rates).containsExactly(c.numbers("rates"), within(1e-9));
    }
  }

  @Test
  void binsWithoutLabels_goWithTheirNeighbour() {
    ScoreCalibration calibration = ScoreCalibration.of(labelled(1, 9, 0, 0, 0, 0, 9, 1));
    assertThat(calibration.rates()[1]).isEqualTo(calibration.rates()[0]);
    assertThat(calibration.expect(new long[] {50, 3, 0, 50}, 2).isFamiliar()).isTrue();
    assertThat(calibration.expect(new long[] {50, 6, 0, 50}, 2).isFamiliar()).isFalse();
  }

  @Test
  void expectation_byHand() {
    ScoreCalibration calibration = ScoreCalibration.of(labelled(1, 9, 3, 7, 6, 4, 9, 1));
    var expected = calibration.expect(new long[] {40, 30, 20, 10}, 2);
    double[] r = {1.5 / 11, 3.5 / 11, 6.5 / 11, 9.5 / 11};
    double tp = .2 * r[2] + .1 * r[3];
    double fp = .3 - tp;
    double fn = .4 * r[0] + .3 * r[1];
    assertThat(expected.accuracy().value()).isCloseTo(tp + .7 - fn, within(1e-12));
    assertThat(expected.precision().value()).isCloseTo(tp / .3, within(1e-12));
    assertThat(expected.recall().value()).isCloseTo(tp / (tp + fn), within(1e-12));
    assertThat(expected.f1().value()).isCloseTo(2 * tp / (2 * tp + fp + fn), within(1e-12));
    double variance = 0;
    double[] s = {.4, .3, .2, .1};
    for (int b = 0; b < 4; b++) {
      double spread = r[b] * (1 - r[b]);
      variance += s[b] * s[b] * spread / 11 + s[b] * spread / 100;
    }
    assertThat(expected.accuracy().interval().lower())
        .isCloseTo(tp + .7 - fn - 1.959964 * Math.sqrt(variance), within(1e-6));
  }

  @Test
  void binsThatWerePooled_areOneEstimate_andWhatStandsForOthersCountsForLess() {
    // 1 of 10, then 10 of 20 in two bins, 9 of 10; a half of the rows wait in the two.
    ScoreCalibration calibration = ScoreCalibration.of(labelled(1, 9, 6, 4, 4, 6, 9, 1));
    double ends = 1.5 / 11 * (9.5 / 11);
    double learnt = 2 * .0625 * ends / 11 + 0.25 * .25 / 21;
    double drawn = (2 * .25 * ends + .5 * .25) / 100;
    var accuracy = calibration.expect(new long[] {25, 25, 25, 25}, 1).accuracy();
    assertThat(accuracy.value() - accuracy.interval().lower())
        .isCloseTo(1.959964 * Math.sqrt(learnt + drawn), within(1e-6));
    // Each of the 100 stands for four: 25 rows.
    var weighted = calibration.expect(new long[] {25, 25, 25, 25}, 1, 4).accuracy();
    assertThat(weighted.value() - weighted.interval().lower())
        .isCloseTo(1.959964 * Math.sqrt(learnt + 4 * drawn), within(1e-6));
    assertThat(weighted.support()).isEqualTo(25);
  }

  @Test
  void golden_scoresTwiceTooSteep_areCalibrated() {
    // True logit N(0, 1.3²), scores of twice the logit: raw they promise .816, calibrated .712.
    var random = new Random(7);
    double[] edges = IntStream.rangeClosed(1, 50).mapToDouble(i -> i / 50.0).toArray();
    var labelled = new ScoreBins(new NumericBins(edges));
    long[] waiting = new long[51];
    double raw = 0;
    int n = 200_000;
    for (int i = 0; i < n; i++) {
      double logit = 1.3 * random.nextGaussian();
      double score = 1 / (1 + Math.exp(-2 * logit));
      labelled.add(score, random.nextDouble() < 1 / (1 + Math.exp(-logit)));
      double other = 1 / (1 + Math.exp(-2 * 1.3 * random.nextGaussian()));
      waiting[labelled.bins().cellOf(other)]++;
      raw += Math.max(other, 1 - other);
    }
    assertThat(raw / n).isCloseTo(.816, within(.002));
    Measured accuracy = ScoreCalibration.of(labelled).expect(waiting, 25).accuracy();
    assertThat(accuracy.value()).isCloseTo(.712, within(.003));
    assertThat(accuracy.interval().upper() - accuracy.interval().lower()).isBetween(.004, .012);
  }

  @Test
  void contradiction_isFarFromZeroOnlyWhereRatesHaveChanged() {
    ScoreBins labelled = labelled(100, 900, 300, 700, 600, 400, 900, 100);
    ScoreCalibration calibration = ScoreCalibration.of(labelled);
    assertThat(calibration.contradiction(labelled(11, 89, 28, 72, 61, 39, 91, 9)))
        .isBetween(-1.0, 1.0);
    assertThat(calibration.contradiction(labelled(40, 60, 60, 40, 90, 10, 99, 1)))
        .isGreaterThan(3.29);
    // As many positives as before, elsewhere.
    assertThat(calibration.contradiction(labelled(40, 60, 45, 55, 50, 50, 55, 45)))
        .isLessThan(-3.29);
    assertThat(calibration.contradiction(labelled(0, 0, 0, 0, 0, 0, 0, 0))).isNaN();
  }

  private static ScoreBins labelled(int... positivesAndNegatives) {
    var bins = new ScoreBins(QUARTERS);
    for (int b = 0; b < 4; b++) {
      for (int i = 0; i < positivesAndNegatives[2 * b] + positivesAndNegatives[2 * b + 1]; i++) {
        bins.add(0.1 + 0.25 * b, i < positivesAndNegatives[2 * b]);
      }
    }
    return bins;
  }
}
