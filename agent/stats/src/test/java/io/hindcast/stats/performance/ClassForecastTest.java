package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassForecastTest {
  private static void add(
      BinnedConfidences to, int predicted, double confidence, int right, int wrong) {
    for (int i = 0; i < right + wrong; i++) {
      to.change(predicted, confidence, i < right, 1);
    }
  }

  private static ClassForecast forecast(BinnedConfidences labelled) {
    return ClassForecast.of(labelled, new ConfusionMatrix(1));
  }

  /** Class 0 is right in 60 of 100 at .72 and in 90 of 100 at .97; 1 and 2 have 40 labels each. */
  private static BinnedConfidences labelled() {
    var labelled = new BinnedConfidences();
    add(labelled, 0, .72, 60, 40);
    add(labelled, 0, .97, 90, 10);
    add(labelled, 1, .72, 25, 15);
    add(labelled, 2, .72, 20, 20);
    return labelled;
  }

  @Test
  void expectation_byHand() {
    var waiting = new BinnedConfidences();
    add(waiting, 0, .72, 0, 30);
    add(waiting, 0, .97, 0, 10);
    add(waiting, 1, .72, 0, 60);
    var expected = forecast(labelled()).expect(waiting);
    double low = 60.5 / 101;
    double high = 90.5 / 101;
    // Together, the others are right in 45 of 80.
    double others = 45.5 / 81;
    assertThat(expected.rows()).isEqualTo(100);
    assertThat(expected.isFamiliar()).isTrue();
    assertThat(expected.accuracy().value())
        .isCloseTo(.3 * low + .1 * high + .6 * others, within(1e-12));
    assertThat(expected.precision(0).value()).isCloseTo(.75 * low + .25 * high, within(1e-12));
    assertThat(expected.precision(0).support()).isEqualTo(40);
    assertThat(expected.precision(1).value()).isNaN();
    assertThat(expected.precision(7).value()).isNaN();
    double ofLow = low * (1 - low);
    double ofHigh = high * (1 - high);
    double ofOthers = others * (1 - others);
    double variance =
        .09 * ofLow / 101
            + .01 * ofHigh / 101
            + .36 * ofOthers / 81
            + (.3 * ofLow + .1 * ofHigh + .6 * ofOthers) / 100;
    Interval interval = expected.accuracy().interval();
    assertThat(interval.upper() - expected.accuracy().value())
        .isCloseTo(1.959964 * Math.sqrt(variance), within(1e-6));
  }

  /**
   * Class 0 is right in 60 of 100, else 1 in 30 and 2 in 10; class 1 in 75, else 0 in 20, 2 in 5.
   */
  private static ClassForecast withWrongAnswers() {
    var labelled = new BinnedConfidences();
    add(labelled, 0, .72, 60, 40);
    add(labelled, 1, .72, 75, 25);
    int[][] truths = {{60, 30, 10}, {20, 75, 5}};
    var confusion = new ConfusionMatrix(3);
    for (int predicted = 0; predicted < 2; predicted++) {
      for (int truth = 0; truth < 3; truth++) {
        for (int i = 0; i < truths[predicted][truth]; i++) {
          confusion.add(truth, predicted);
        }
      }
    }
    return ClassForecast.of(labelled, confusion);
  }

  @Test
  void recallAndF1_byHand() {
    var waiting = new BinnedConfidences();
    add(waiting, 0, .72, 0, 200);
    add(waiting, 1, .72, 0, 100);
    var expected = withWrongAnswers().expect(waiting);
    double a = 60.5 / 101;
    double b = 75.5 / 101;
    double wrong = 100 * (1 - b);
    double truly = 200 * a + .8 * wrong;
    double recall = 200 * a / truly;
    assertThat(expected.recall(0).value()).isCloseTo(recall, within(1e-12));
    assertThat(expected.recall(0).support()).isEqualTo(Math.round(truly));
    assertThat(expected.f1(0).value()).isCloseTo(400 * a / (200 + truly), within(1e-12));
    double ofRight = (1 - recall) / truly;
    double ofMissed = -recall / truly;
    double variance =
        square(200 * ofRight) * a * (1 - a) * (1 / 200.0 + 1 / 101.0)
            + square(100 * .8 * ofMissed) * b * (1 - b) * (1 / 100.0 + 1 / 101.0)
            + square(wrong * ofMissed) * (.8 - .64) * (1 / 25.0 + 1 / wrong);
    assertThat(expected.recall(0).interval().upper() - recall)
        .isCloseTo(1.959964 * Math.sqrt(variance), within(1e-6));
    // Class 2 was never answered, so there is no mean over classes.
    assertThat(expected.recall(2).value()).isNaN();
    assertThat(expected.macroRecall().value()).isNaN();
    assertThat(expected.macroF1().value()).isNaN();
  }

  private static double square(double x) {
    return x * x;
  }

  @Test
  void meansOverClasses_areThoseOfTheClasses() {
    var random = new Random(7);
    var labelled = new BinnedConfidences();
    var confusion = new ConfusionMatrix(3);
    for (int i = 0; i < 3000; i++) {
      int predicted = i % 3;
      int truth = random.nextInt(10) < 7 ? predicted : (predicted + 1) % 3;
      labelled.change(predicted, .72, truth == predicted, 1);
      confusion.add(truth, predicted);
    }
    var waiting = new BinnedConfidences();
    add(waiting, 0, .72, 0, 500);
    add(waiting, 1, .72, 0, 300);
    add(waiting, 2, .72, 0, 50);
    var expected = ClassForecast.of(labelled, confusion).expect(waiting);
    double recall = 0;
    double f1 = 0;
    for (int i = 0; i < 3; i++) {
      recall += expected.recall(i).value() / 3;
      f1 += expected.f1(i).value() / 3;
    }
    assertThat(expected.macroRecall().value()).isCloseTo(recall, within(1e-12));
    assertThat(expected.macroF1().value()).isCloseTo(f1, within(1e-12));
    assertThat(expected.macroRecall().support()).isEqualTo(850);
  }

  @Test
  void nothingWaits_orNothingIsKnown() {
    var nothing = forecast(labelled()).expect(new BinnedConfidences());
    assertThat(nothing.accuracy().value()).isNaN();
    assertThat(nothing.isFamiliar()).isFalse();
    assertThat(nothing.recall(0).value()).isNaN();
    assertThat(nothing.macroF1().value()).isNaN();
    assertThat(forecast(new BinnedConfidences()).expect(labelled()).isFamiliar()).isFalse();
    assertThat(forecast(labelled()).contradiction(new BinnedConfidences())).isNaN();
  }

  @Test
  void confidencesThatNoLabelHadYet_areUnfamiliar() {
    var waiting = new BinnedConfidences();
    add(waiting, 0, .72, 0, 95);
    add(waiting, 0, .3, 0, 5);
    ClassForecast forecast = forecast(labelled());
    assertThat(forecast.expect(waiting).isFamiliar()).isTrue();
    add(waiting, 0, .3, 0, 1);
    assertThat(forecast.expect(waiting).isFamiliar()).isFalse();
  }

  @Test
  void manyClasses_shareTheLastPlace() {
    var labelled = new BinnedConfidences();
    add(labelled, 20, .72, 300, 100);
    add(labelled, 49, .72, 0, 400);
    var waiting = new BinnedConfidences();
    add(waiting, 30, .72, 0, 100);
    var expected = forecast(labelled).expect(waiting);
    assertThat(expected.accuracy().value()).isCloseTo(300.5 / 801, within(1e-12));
    assertThat(expected.precision(30).value()).isNaN();
    assertThat(labelled.accuracy()).isEqualTo(.375);
  }

  @Test
  void contradiction_isFarFromZeroOnlyWhereRatesHaveChanged() {
    ClassForecast forecast = forecast(labelled());
    var same = new BinnedConfidences();
    add(same, 0, .72, 58, 42);
    add(same, 0, .97, 91, 9);
    add(same, 1, .72, 55, 45);
    assertThat(Math.abs(forecast.contradiction(same))).isLessThan(1);
    var worse = new BinnedConfidences();
    add(worse, 0, .97, 60, 40);
    assertThat(Math.abs(forecast.contradiction(worse))).isGreaterThan(3.29);
  }

  @Test
  void partsMerge_andWhatIsTakenBackIsGone() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    var random = new Random(seed);
    var whole = new BinnedConfidences();
    var one = new BinnedConfidences();
    var other = new BinnedConfidences();
    for (int i = 0; i < 2000; i++) {
      int predicted = random.nextInt(25);
      double confidence = random.nextDouble();
      boolean isRight = random.nextDouble() < confidence;
      whole.change(predicted, confidence, isRight, 1);
      (i % 3 == 0 ? one : other).change(predicted, confidence, isRight, 1);
    }
    one.change(24, .4, true, 1);
    one.change(24, .4, true, -1);
    one.merge(other);
    assertThat(one.total()).isEqualTo(2000);
    assertThat(one.effect()).isEqualTo(1);
    Measured expected = forecast(whole).expect(whole).accuracy();
    assertThat(forecast(one).expect(one).accuracy()).as("seed %d", seed).isEqualTo(expected);
  }

  @Test
  void answersThatAreTooSure_areCalibratedByClass() {
    // Class 0 is as sure as class 1, and half as often right.
    var random = new Random(5);
    var labelled = new BinnedConfidences();
    var waiting = new BinnedConfidences();
    for (int i = 0; i < 20_000; i++) {
      int predicted = i % 2;
      double confidence = .5 + random.nextDouble() / 2;
      labelled.change(
          predicted, confidence, random.nextDouble() < confidence / (predicted == 0 ? 2 : 1), 1);
      // Class 1 is answered nine times out of ten from now on.
      waiting.change(i % 10 == 0 ? 0 : 1, .5 + random.nextDouble() / 2, false, 1);
    }
    assertThat(labelled.accuracy()).isCloseTo(.5625, within(.02));
    var expected = forecast(labelled).expect(waiting);
    assertThat(expected.accuracy().value()).isCloseTo(.9 * .75 + .1 * .375, within(.01));
    assertThat(expected.precision(0).value()).isCloseTo(.375, within(.015));
  }
}
