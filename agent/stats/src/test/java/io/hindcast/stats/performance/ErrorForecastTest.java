package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ErrorForecastTest {
  /** In bin 0 half of the errors are 1 and half are −3, in bin 1 all are 2. */
  private static BinnedErrors labelled(int first, int second) {
    var errors = new BinnedErrors(3);
    for (int i = 0; i < first; i++) {
      errors.change(0, i % 2 == 0 ? 1 : -3, 1);
    }
    for (int i = 0; i < second; i++) {
      errors.change(1, 2, 1);
    }
    return errors;
  }

  @Test
  void expectation_byHand() {
    // Bin 0: |e| 2 ± 1, e −1 ± 2, e² 5 ± 4; bin 1: 2, 2, 4. A quarter waits in bin 0.
    var expected = ErrorForecast.of(labelled(40, 60)).expect(new long[] {50, 150, 0}, 1);
    assertThat(expected.rows()).isEqualTo(200);
    assertThat(expected.mae().value()).isCloseTo(2, within(1e-12));
    assertThat(expected.bias().value()).isCloseTo(.25 * -1 + .75 * 2, within(1e-12));
    assertThat(expected.mse().value()).isCloseTo(.25 * 5 + .75 * 4, within(1e-12));
    assertThat(expected.rmse().value()).isCloseTo(Math.sqrt(4.25), within(1e-12));
    double of = 40 / 39.0;
    double mae = Math.sqrt(of * (.0625 / 40 + .25 / 200));
    assertThat(expected.mae().interval().lower()).isCloseTo(2 - 1.959964 * mae, within(1e-6));
    assertThat(expected.bias().interval().upper())
        .isCloseTo(1.25 + 1.959964 * 2 * mae, within(1e-6));
    assertThat(expected.mse().interval().upper())
        .isCloseTo(4.25 + 1.959964 * 4 * mae, within(1e-6));
    assertThat(expected.rmse().interval().lower())
        .isCloseTo(Math.sqrt(4.25 - 1.959964 * 4 * mae), within(1e-6));
    assertThat(expected.mae().support()).isEqualTo(200);
  }

  @Test
  void theSharesOfTheLabelled_giveTheirOwnMeasures() {
    BinnedErrors labelled = labelled(40, 60);
    var expected = ErrorForecast.of(labelled).expect(new long[] {40, 60, 0}, 1);
    assertThat(expected.mae().value()).isCloseTo(labelled.mae(), within(1e-12));
    assertThat(expected.bias().value()).isCloseTo((40 * -1 + 60 * 2) / 100.0, within(1e-12));
  }

  @Test
  void binsWithFewLabels_goWithTheirNeighbours() {
    // 10 in bin 0 borrow the 60 of bin 1; what is left above goes with the last block.
    BinnedErrors errors = labelled(10, 60);
    errors.change(2, 9, 1);
    ErrorForecast forecast = ErrorForecast.of(errors);
    double all = (10 * 2 + 60 * 2 + 9) / 71.0;
    assertThat(forecast.expect(new long[] {7, 0, 0}, 1).mae().value())
        .isCloseTo(all, within(1e-12));
    assertThat(forecast.expect(new long[] {0, 0, 7}, 1).mae().value())
        .isCloseTo(all, within(1e-12));
  }

  @Test
  void tooFewLabels_orNoPredictions_expectNothing() {
    var few = ErrorForecast.of(labelled(10, 19)).expect(new long[] {9, 9, 0}, 1);
    assertThat(few.isFamiliar()).isFalse();
    assertThat(few.mae().value()).isNaN();
    assertThat(few.rmse().interval().isDefined()).isFalse();
    var none = ErrorForecast.of(labelled(40, 60)).expect(new long[3], 1);
    assertThat(none.mae().value()).isNaN();
    assertThat(none.isFamiliar()).isFalse();
    assertThat(ErrorForecast.of(new BinnedErrors(3)).contradiction(labelled(40, 60))).isNaN();
  }

  @Test
  void predictionsWhereNoLabelHasBeen_areUnfamiliarFromATwentiethOn() {
    ErrorForecast forecast = ErrorForecast.of(labelled(40, 60));
    assertThat(forecast.expect(new long[] {45, 50, 5}, 1).isFamiliar()).isTrue();
    assertThat(forecast.expect(new long[] {45, 49, 6}, 1).isFamiliar()).isFalse();
  }

  @Test
  void contradiction_seesLargerErrors_andABiasOfTheSameSize() {
    var random = new Random(3);
    var learnt = new BinnedErrors(2);
    var same = new BinnedErrors(2);
    var larger = new BinnedErrors(2);
    var biased = new BinnedErrors(2);
    for (int i = 0; i < 4000; i++) {
      int bin = i % 2;
      learnt.change(bin, (1 + bin) * random.nextGaussian(), 1);
      if (i % 4 < 2) {
        same.change(bin, (1 + bin) * random.nextGaussian(), 1);
        larger.change(bin, 1.2 * (1 + bin) * random.nextGaussian(), 1);
        biased.change(bin, (1 + bin) * Math.abs(random.nextGaussian()), 1);
      }
    }
    ErrorForecast forecast = ErrorForecast.of(learnt);
    assertThat(Math.abs(forecast.contradiction(same))).isLessThan(3.29);
    assertThat(forecast.contradiction(larger)).isGreaterThan(3.29);
    assertThat(forecast.contradiction(biased)).isGreaterThan(3.29);
    // By hand: 40 errors of 2 in bin 0, where |e| was 2 ± 1 and e was −1 ± 2.
    var two = new BinnedErrors(3);
    for (int i = 0; i < 40; i++) {
      two.change(0, 2, 1);
    }
    double error = Math.sqrt(4 * 40 / 39.0 * (40 + 1600 / 40.0));
    assertThat(ErrorForecast.of(labelled(40, 60)).contradiction(two))
        .isCloseTo(40 * 3 / error, within(1e-9));
  }

  @Test
  void errorsThatNeverWere_contradict() {
    var exact = new BinnedErrors(1);
    var wrong = new BinnedErrors(1);
    for (int i = 0; i < 100; i++) {
      exact.change(0, 0, 1);
      wrong.change(0, i == 0 ? 1 : 0, 1);
    }
    assertThat(ErrorForecast.of(exact).contradiction(exact)).isNaN();
    assertThat(ErrorForecast.of(exact).contradiction(wrong)).isInfinite();
  }

  @Test
  void partsMerge_whatIsTakenBackIsGone_andWeightsOfOneChangeNothing() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    var random = new Random(seed);
    var whole = new BinnedErrors(4);
    var one = new BinnedErrors(4);
    var other = new BinnedErrors(4);
    for (int i = 0; i < 1000; i++) {
      int bin = random.nextInt(4);
      double e = 10 * random.nextGaussian();
      whole.change(bin, e, 1);
      (i % 3 == 0 ? one : other).change(bin, e, 1);
    }
    one.change(1, 1e80, 1);
    assertThat(one.total()).isEqualTo(334);
    one.change(1, 1e6, 1);
    one.change(1, 1e6, -1);
    one.merge(other);
    long[] waiting = {5, 6, 7, 8};
    var expected = ErrorForecast.of(whole).expect(waiting, 1);
    var actual = ErrorForecast.of(one).expect(waiting, 1);
    assertThat(one.effect()).isEqualTo(1);
    assertThat(actual.mae().value())
        .as("seed %d", seed)
        .isCloseTo(expected.mae().value(), within(1e-9));
    assertThat(actual.mse().interval().upper())
        .as("seed %d", seed)
        .isCloseTo(expected.mse().interval().upper(), within(1e-6));
  }
}
