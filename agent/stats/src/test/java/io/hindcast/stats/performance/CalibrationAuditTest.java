package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationAuditTest {
  @Test
  void byHand_withWhatIsFewInTheGroupBesideIt() {
    // 5 labels go with the 35 of the next bin, 20 at the end with those before: 40 and 60 labels.
    var audit = new CalibrationAudit(new long[] {1, 7, 30, 20}, new long[] {4, 28, 10, 0}, 1);
    long[] positives = {4, 16, 10, 5};
    long[] negatives = {6, 24, 20, 15};
    // 20 of 50 where it was 8 of 40; 15 of 50 where it was 50 of 60.
    double low = 28.5 / 91;
    double high = 65.5 / 111;
    double ofLow = low * (1 - low) * (50 + 2500 / 40.0);
    double ofHigh = high * (1 - high) * (50 + 2500 / 60.0);
    double lowDifference = 20 - 50 * .2;
    double highDifference = 15 - 50 * 50 / 60.0;
    assertThat(audit.of(positives, negatives, 1, false).z())
        .isCloseTo((lowDifference + highDifference) / Math.sqrt(ofLow + ofHigh), within(1e-12));
    assertThat(audit.of(positives, negatives, 1, true).z())
        .isCloseTo(
            .5 * (highDifference - lowDifference) / Math.sqrt(.25 * (ofLow + ofHigh)),
            within(1e-12));
    // Labels that stand for four others say a quarter as much.
    double variance =
        low * (1 - low) * (4 * 50 + 2500 / 40.0) + high * (1 - high) * (4 * 50 + 2500 / 60.0);
    assertThat(audit.of(positives, negatives, 4, false).variance())
        .isCloseTo(variance, within(1e-9));
  }

  @Test
  void withoutEnoughLabels_nothingIsSaid() {
    var audit = new CalibrationAudit(new long[] {10, 5}, new long[] {10, 4}, 1);
    assertThat(audit.of(new long[] {9, 9}, new long[] {9, 9}, 1, false).z()).isNaN();
    var other = new CalibrationAudit(new long[] {30, 5}, new long[] {10, 4}, 1);
    assertThat(other.of(new long[2], new long[2], 1, true).z()).isNaN();
    assertThat(CalibrationAudit.larger(Double.NaN, 2)).isEqualTo(2);
    assertThat(CalibrationAudit.larger(-3, 2)).isEqualTo(-3);
    assertThat(CalibrationAudit.larger(1, Double.NaN)).isEqualTo(1);
  }

  /** Both tests are beyond 3.29 in about one of a thousand runs each. */
  @Test
  void nothingHasChanged_isHardlyEverContradicted_howeverFewLabelsItWasLearntFrom() {
    var random = new Random(20261124);
    int contradicted = 0;
    int beyondTwo = 0;
    for (int run = 0; run < 2000; run++) {
      long[][] learnt = draw(random, 300);
      long[][] later = draw(random, 900);
      var audit = new CalibrationAudit(learnt[1], learnt[0], 1);
      double z =
          CalibrationAudit.larger(
              audit.of(later[1], later[0], 1, false).z(),
              audit.of(later[1], later[0], 1, true).z());
      contradicted += Math.abs(z) > 3.29 ? 1 : 0;
      beyondTwo += Math.abs(z) > 1.959964 ? 1 : 0;
    }
    assertThat(contradicted).isLessThanOrEqualTo(12);
    // 1 − .95² = 9.75 %
    assertThat(beyondTwo / 2000.0).isBetween(.07, .13);
  }

  private static long[][] draw(Random random, int rows) {
    long[][] counts = new long[2][50];
    for (int i = 0; i < rows; i++) {
      double score = random.nextDouble();
      counts[random.nextDouble() < score ? 1 : 0][(int) (50 * score)]++;
    }
    return counts;
  }
}
