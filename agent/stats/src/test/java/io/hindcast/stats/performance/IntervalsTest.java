package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class IntervalsTest {
  @Test
  void wilson_golden() {
    expect(WilsonInterval.of(4, 6), 0.299993, 0.903229);
    expect(WilsonInterval.of(0, 10), 0, 0.277533);
    expect(WilsonInterval.of(870, 1000), 0.847732, 0.889436);
    expect(WilsonInterval.of(87, 100), 0.790196, 0.922428);
    expect(WilsonInterval.of(10, 10), 0.722467, 1);
  }

  @Test
  void wilson_golden_rowsThatItTakesToKnowOnWhichSideOfAThresholdAnAccuracyIs() {
    double oneSided = 1.6448536269514722;
    double twoSided = 1.959963984540054;
    assertThat(rowsBelow(0.88, 0.87, oneSided)).isEqualTo(2858);
    assertThat(rowsBelow(0.88, 0.86, oneSided)).isEqualTo(715);
    assertThat(rowsBelow(0.88, 0.85, oneSided)).isEqualTo(318);
    assertThat(rowsBelow(0.88, 0.87, twoSided)).isEqualTo(4057);
    assertThat(rowsBelow(0.88, 0.86, twoSided)).isEqualTo(1015);
    assertThat(rowsBelow(0.88, 0.85, twoSided)).isEqualTo(451);
    // Above .8 at .82 is, in errors, below .2 at .18.
    assertThat(rowsBelow(0.2, 0.18, twoSided)).isEqualTo(1537);
    assertThat(rowsBelow(0.2, 0.18, oneSided)).isEqualTo(1083);
  }

  private static int rowsBelow(double threshold, double share, double z) {
    int n = 1;
    while (WilsonInterval.atLevel(share * n, n, z).upper() >= threshold) {
      n++;
    }
    return n;
  }

  @Test
  void wilson_withoutFailuresOrSuccesses_endsExactly() {
    for (int n = 1; n < 200; n++) {
      assertThat(WilsonInterval.of(0, n).lower()).isZero();
      assertThat(WilsonInterval.of(n, n).upper()).isEqualTo(1);
    }
  }

  @Test
  void wilson_ofAFewOfManyRows_reachesToTheFivePercentLimit() {
    // P(X ≥ 1) = 1 − e^−λ = .05, and P(X ≥ 2) = 1 − e^−λ(1 + λ).
    double one = -Math.log(0.95);
    assertThat(WilsonInterval.of(1, 100).lower()).isCloseTo(one / 100, within(1e-15));
    assertThat(WilsonInterval.of(1, 100).upper()).isCloseTo(0.054487, within(1e-6));
    double two = 200 * WilsonInterval.of(2, 200).lower();
    assertThat(1 - Math.exp(-two) * (1 + two)).isCloseTo(0.05, within(1e-12));
    double four = 200 * (1 - WilsonInterval.of(196, 200).upper());
    assertThat(1 - Math.exp(-four) * (1 + four + four * four / 2 + four * four * four / 6))
        .isCloseTo(0.05, within(1e-12));
    // Halfway between none and one.
    assertThat(WilsonInterval.of(0.5, 100).lower()).isCloseTo(one / 200, within(1e-15));
    // Five are Wilson's, and so are all of the first rows; a share of few rows goes by the window.
    assertThat(WilsonInterval.of(5, 100))
        .isEqualTo(WilsonInterval.atLevel(5, 100, 1.959963984540054));
    assertThat(WilsonInterval.of(1, 49))
        .isEqualTo(WilsonInterval.atLevel(1, 49, 1.959963984540054));
    assertThat(WilsonInterval.of(1, 3, 50).lower()).isCloseTo(one / 3, within(1e-15));
    assertThat(WilsonInterval.of(1, 3, 49).lower()).isCloseTo(0.061492, within(1e-6));
  }

  @Test
  void wilson_holdsNinetyThreeInAHundred_forEveryShare_fromFiftyRowsOn() {
    for (int n : new int[] {50, 100, 200, 500}) {
      double least = 1;
      for (int i = 1; i < 1000; i++) {
        double p = 0.5 * i * i / 1e6;
        double probability = Math.pow(1 - p, n);
        double held = 0;
        for (int k = 0; k <= n; k++) {
          Interval interval = WilsonInterval.of(k, n);
          held += interval.lower() <= p && p <= interval.upper() ? probability : 0;
          probability *= (n - k) * p / ((k + 1) * (1 - p));
        }
        least = Math.min(least, held);
      }
      assertThat(least).as("%d rows", n).isBetween(0.927, 0.95);
    }
  }

  @Test
  void wilson_ofWeightedRows_takesTheirEffectiveNumber() {
    // Weights 1, 1, 4, 4 and x 1, 0, 1, 1: Hájek 0.9, n_eff 100/34.
    double n = 100 / 34.0;
    expect(WilsonInterval.of(0.9 * n, n), 0.353615, 0.993291);
  }

  @Test
  void wilson_ofNothing_isNone() {
    assertThat(WilsonInterval.of(0, 0).isDefined()).isFalse();
  }

  @Test
  void wilson_ofMoreSuccessesThanRows_isRefused() {
    assertThatThrownBy(() -> WilsonInterval.of(2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WilsonInterval.of(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WilsonInterval.of(Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void f1_golden() {
    Interval interval = F1Interval.of(2, 1, 1);
    assertThat(interval.lower()).isCloseTo(0.2609, within(5e-5));
    assertThat(interval.upper()).isCloseTo(0.9189, within(5e-5));
  }

  @Test
  void f1_withoutPositives_isNone() {
    assertThat(F1Interval.of(0, 0, 0).isDefined()).isFalse();
  }

  @Test
  void sequence_golden() {
    expect(MeanSequence.ofShare(870, 1000), 0.827922, 0.905522);
    expect(MeanSequence.ofShare(4, 6), 0.147241, 0.980781);
    expect(MeanSequence.ofShare(0, 10), 0, 0.376987);
    assertThat(MeanSequence.ofShare(10, 10).upper()).isEqualTo(1);
    assertThat(MeanSequence.ofShare(0, 0).isDefined()).isFalse();
  }

  @Test
  void sequence_ofAMean_isWiderThanItsInterval_andNarrowsWithTheRows() {
    // s = 2, n = 1000: ρ² = (2 ln 20 + ln(2 ln 20) + 1)/1000 = .0087817.
    double rho2 = (2 * Math.log(20) + Math.log(2 * Math.log(20)) + 1) / 1000;
    double scale = 1000 * rho2 + 1;
    double half = 2 * Math.sqrt(2 * scale / (1e6 * rho2) * Math.log(Math.sqrt(scale) / 0.05));
    Interval sequence = MeanSequence.of(7, 4, 1000);
    expect(sequence, 7 - half, 7 + half);
    assertThat(half).isBetween(2 * 1.96 / Math.sqrt(1000), 4 * 1.96 / Math.sqrt(1000));
    assertThat(MeanSequence.of(7, 4, 100_000).upper()).isLessThan(sequence.upper());
    assertThat(MeanSequence.of(7, 4, 49).isDefined()).isFalse();
  }

  @Test
  void mean_ofFewerThanTwoRows_isNone() {
    assertThat(MeanInterval.of(1, 0, 1)).isEqualTo(Interval.NONE);
    // 1, 2, 3: s²/n = 1/3, t_2 = 4.3026527
    expect(
        MeanInterval.of(2, 2 / 3.0, 3), 2 - 4.3026527 / Math.sqrt(3), 2 + 4.3026527 / Math.sqrt(3));
  }

  @Test
  void correlationOfSeveralClasses_withFewErrorsOrASmallMargin_hasNone() {
    assertThat(matrix(3, 60, 2, 2).mcc().interval().isDefined()).isFalse();
    assertThat(matrix(3, 60, 3, 2).mcc().interval().isDefined()).isTrue();
    assertThat(matrix(3, 3, 3, 3).kappa().interval().isDefined()).isFalse();
    assertThat(matrix(3, 4, 3, 3).kappa().interval().isDefined()).isTrue();
  }

  /** Three classes of so many hits each, and two kinds of errors. */
  private static MulticlassMeasures matrix(int classes, int hits, int some, int others) {
    var matrix = new ConfusionMatrix(classes);
    for (int i = 0; i < classes * hits; i++) {
      matrix.add(i % classes, i % classes);
    }
    for (int i = 0; i < some; i++) {
      matrix.add(0, 1);
    }
    for (int i = 0; i < others; i++) {
      matrix.add(2, 0);
    }
    return matrix.multiclass();
  }

  @Test
  void rates_byHand() {
    // TP 30, FP 10, FN 20, TN 140; lift = tp − fp = .1 of all rows, with p = .25, t = .6, f = 1/15.
    Measured lift = new BinaryMeasures(30, 10, 20, 140).lift();
    assertThat(lift.value()).isEqualTo(0.1);
    Interval p = WilsonInterval.of(50, 200);
    Interval t = WilsonInterval.of(30, 50);
    Interval f = WilsonInterval.of(10, 150);
    // lift = p·t − (1 − p)·f: moved by p (t + f), by t p, by f −(1 − p).
    double byP = 0.6 + 1 / 15.0;
    expect(
        lift.interval(),
        0.1
            - Math.sqrt(
                square(byP * (0.25 - p.lower()))
                    + square(0.25 * (0.6 - t.lower()))
                    + square(0.75 * (f.upper() - 1 / 15.0))),
        0.1
            + Math.sqrt(
                square(byP * (p.upper() - 0.25))
                    + square(0.25 * (t.upper() - 0.6))
                    + square(0.75 * (1 / 15.0 - f.lower()))));
  }

  private static double square(double x) {
    return x * x;
  }

  @Test
  void rates_ofPerfectAnswers_endAtOne_andWithoutOneClass_areNone() {
    BinaryMeasures perfect = new BinaryMeasures(4, 0, 0, 60);
    for (Measured of : new Measured[] {perfect.mcc(), perfect.kappa()}) {
      assertThat(of.interval().upper()).isEqualTo(1);
      assertThat(of.interval().lower()).isBetween(0.3, 0.9);
    }
    assertThat(new BinaryMeasures(0, 2, 0, 60).kappa().interval()).isEqualTo(Interval.NONE);
    assertThat(new BinaryMeasures(0, 2, 0, 60).lift().interval()).isEqualTo(Interval.NONE);
    assertThat(new BinaryMeasures(0, 0, 0, 0).lift().interval()).isEqualTo(Interval.NONE);
  }

  @Test
  void loss_byHand() {
    // 0, 0, 0, 4: mean 1, variance 3, third moment (3·(−1)³ + 27)/4 = 6, Fisher's skewness
    // √(4·3)/2 · 6/3^1.5 = 2.
    double c = 2 / 2.0;
    double t = 3.182446305284263;
    double error = 1;
    expect(
        LossInterval.of(1, 3, 6, 4),
        1 - (Math.cbrt(1 + c * (t - c / 6)) - 1) * 3 / c * error,
        1 - (Math.cbrt(1 + c * (-t - c / 6)) - 1) * 3 / c * error);
  }

  @Test
  void loss_withoutSkewness_isStudents() {
    Interval symmetric = MeanInterval.of(7, 4, 30);
    expect(LossInterval.of(7, 4, 0, 30), symmetric.lower(), symmetric.upper());
    // The series and the root meet.
    Interval series = LossInterval.of(7, 4, 8 * 0.9e-5 * Math.sqrt(30), 30);
    Interval root = LossInterval.of(7, 4, 8 * 1.01e-5 * Math.sqrt(30), 30);
    assertThat(series.upper() - root.upper()).isCloseTo(0, within(1e-6));
    assertThat(LossInterval.of(7, 0, 0, 30)).isEqualTo(new Interval(7, 7));
    assertThat(LossInterval.of(7, 0, 0, 1)).isEqualTo(Interval.NONE);
  }

  @Test
  void loss_withATail_leansTowardsIt() {
    Interval loss = LossInterval.of(1, 3, 15, 100);
    Interval symmetric = MeanInterval.of(1, 3, 100);
    assertThat(loss.lower()).isGreaterThan(symmetric.lower());
    assertThat(loss.upper()).isGreaterThan(symmetric.upper());
  }

  private static void expect(Interval interval, double lower, double upper) {
    assertThat(interval.lower()).isCloseTo(lower, within(5e-7));
    assertThat(interval.upper()).isCloseTo(upper, within(5e-7));
  }
}
