package io.hindcast.benchmarks.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form of {@code agent/benchmarks/simulate}. */
class SimulationTest {
  private static final double EVERY = 1000;

  private final Simulation simulation = new Simulation(1);

  @ParameterizedTest
  @CsvSource({
    "10, 0, 300",
    "10, 0, 1000",
    "10, 0, 100000",
    "200, 0, 1000",
    "200, 100, 10000",
  })
  void nothingChanged_theRunLengthIsNotBelowTheStated(int features, int copies, int rows) {
    var shape = new Streams.Shape(features, copies, 20_000, rows);
    Simulation.FalseAlarms[] all = simulation.nothingChanged(shape, EVERY, features > 50 ? 2 : 6);
    assertThat(all[0].rule()).isEqualTo("Hindcast");
    assertThat(all[0].steps()).isGreaterThanOrEqualTo(600);
    assertThat(all[0].upper()).isGreaterThanOrEqualTo(EVERY);
    // The streams are not of a kind on which nothing is ever said.
    assertThat(all[2].rule()).isEqualTo("any p < 0.05");
    // One of so many independent p is below .05 with a probability of 1 − .95^features, and its
    // limit. Where
    // a window has more rows than the reference it is mostly the reference that decides, for all of
    // a run: then one of six runs has an alarm with 1 − .6^6 = 95 %.
    if (rows <= 1000) {
      assertThat(all[2].lower()).isLessThanOrEqualTo(1 / (1 - Math.pow(0.95, features - copies)));
    }
    assertThat(all[2].alarms()).isPositive();
  }

  /** In fives, each like the one before (also over a whole window), by day and night. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 9, 10, 11})
  void rowsThatShareSomething_areNoAlarm(int shape) {
    Simulation.FalseAlarms[] all =
        RowSimulation.nothingChanged(RowSimulation.shapes().get(shape), 1);
    assertThat(all[0].rule()).isEqualTo("Hindcast");
    assertThat(all[0].steps()).isEqualTo(300);
    assertThat(all[0].upper()).isGreaterThanOrEqualTo(EVERY);
    assertThat(all[2].rule()).isEqualTo("any p < 0.05");
    assertThat(all[2].runLength()).isLessThan(2);
  }

  @Test
  void featuresThatNoLongerBelongTogether_areFound() {
    Simulation.Delay ours = RowSimulation.oneBroken(10, 1000, 1)[0];
    assertThat(ours.found()).isEqualTo(1);
    assertThat(ours.before()).isZero();
    assertThat(ours.median()).isLessThanOrEqualTo(2);
  }

  @Test
  void aToleranceOfZero_keepsTheRunLengthToo() {
    // The bound is met by the reference's noise alone, which windows share.
    var shape = new Streams.Shape(10, 0, 20_000, 1000);
    long alarms = 0;
    long steps = 0;
    for (int run = 0; run < 10; run++) {
      var draws = new Draws(run);
      long[][] reference = shape.reference(draws);
      var rule = new Rule.Evidence(0, EVERY);
      for (int window = 0; window < 300; window++) {
        alarms += rule.rises(reference, shape.window(draws, Streams.even())) ? 1 : 0;
        steps++;
      }
    }
    assertThat(new Simulation.FalseAlarms("", alarms, steps).upper()).isGreaterThanOrEqualTo(EVERY);
  }

  @Test
  void oneFeatureOfAHundred_isFound() {
    var shape = new Streams.Shape(100, 0, 20_000, 10_000);
    Simulation.Delay ours = simulation.oneMoved(shape, 0.05, EVERY, 3)[0];
    assertThat(ours.found()).isEqualTo(1);
    assertThat(ours.before()).isZero();
    assertThat(ours.median()).isLessThanOrEqualTo(2);
  }

  @Test
  void errors_areFalseNoMoreOftenThanStated_andFoundInTime() {
    Simulation.FalseAlarms[] unchanged = simulation.errorsUnchanged(0.1, 20_000, 1e5, 10);
    assertThat(unchanged[0].upper()).isGreaterThanOrEqualTo(1e5);
    Simulation.Delay doubled = simulation.errorsRisen(0.1, 0.2, 1e5, 10)[0];
    assertThat(doubled.found()).isEqualTo(1);
    assertThat(doubled.median()).isBetween(50.0, 600.0);
  }

  /** Taken for independent, rows of .9 were false every 219 rows. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 0.9, 0.98})
  void errorsThatFollowEachOther_areFalseNoMoreOftenThanStated(double correlation) {
    Simulation.FalseAlarms[] all = DependentErrors.unchanged(correlation, 30_000, 8);
    assertThat(all[0].rule()).isEqualTo("Hindcast");
    assertThat(all[0].steps()).isGreaterThan(100_000);
    assertThat(all[0].upper()).isGreaterThanOrEqualTo(1e5);
    // The streams are not of a kind on which nothing is ever said.
    assertThat(all[1].rule()).isEqualTo("DDM");
    assertThat(all[1].upper()).isLessThan(1e5);
    assertThat(DependentErrors.doubled(correlation, 30_000, 1).before()).isZero();
  }

  @Test
  void theObjective_isFalseInFewWindows() {
    assertThat(simulation.objective(0, 2).runLength()).isGreaterThan(4);
    assertThat(simulation.objective(1, 2).alarms()).isZero();
  }

  @Test
  void movedBy_isThatPsi() {
    for (double psi : new double[] {0.05, 0.1, 0.25}) {
      double sum = 0;
      double total = 0;
      for (double p : Streams.movedBy(psi)) {
        sum += (p - 0.1) * Math.log(p / 0.1);
        total += p;
      }
      assertThat(sum).isCloseTo(psi, within(1e-9));
      assertThat(total).isCloseTo(1, within(1e-12));
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 0.3", "100, 0.02", "40, 0.5", "1000, 0.3", "100000, 0.9", "100000, 0.1"})
  void binomials_haveTheirMeanAndVariance(long n, double p) {
    var draws = new Draws(1);
    int repetitions = 40_000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < repetitions; i++) {
      double x = draws.binomial(n, p) - n * p;
      sum += x;
      squares += x * x;
    }
    double variance = n * p * (1 - p);
    assertThat(sum / repetitions).isCloseTo(0, within(4 * Math.sqrt(variance / repetitions)));
    assertThat(squares / repetitions).isCloseTo(variance, within(0.04 * variance));
  }
}
