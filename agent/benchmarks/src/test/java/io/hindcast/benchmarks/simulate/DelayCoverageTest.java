package io.hindcast.benchmarks.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.benchmarks.simulate.DelayCoverage.Estimator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short form of what {@code agent/benchmarks/coverage} says of late labels. */
class DelayCoverageTest {
  private static final int RUNS = 40;

  private static final List<DelayCoverage.Result> RESULTS = DelayCoverage.of(100, 0.55, RUNS);

  @Test
  void maturedWindows_holdTheTruth_learntOrConfigured() {
    for (Estimator estimator : new Estimator[] {Estimator.MATURE, Estimator.LEARNT}) {
      for (String measure : new String[] {"accuracy", "precision", "recall", "f1"}) {
        DelayCoverage.Result one = result(estimator, measure);
        assertThat(one.intervals()).isEqualTo(RUNS);
        // 95 % of 40 but for two and a half standard errors.
        assertThat(one.share()).as("%s", one).isGreaterThan(0.86);
        assertThat(Math.abs(one.bias())).as("%s", one).isLessThan(0.02);
      }
    }
  }

  @Test
  void theLabelsSoFar_mislead_andTheirWeightsMakeUpForIt() {
    assertThat(result(Estimator.YOUNG, "precision").bias()).isLessThan(-0.15);
    assertThat(result(Estimator.YOUNG, "accuracy").bias()).isGreaterThan(0.015);
    assertThat(Math.abs(result(Estimator.WEIGHTED, "precision").bias())).isLessThan(0.03);
    assertThat(Math.abs(result(Estimator.WEIGHTED, "accuracy").bias())).isLessThan(0.01);
    assertThat(Math.abs(result(Estimator.WEIGHTED, "recall").bias())).isLessThan(0.03);
  }

  private DelayCoverage.Result result(Estimator estimator, String measure) {
    return RESULTS.stream()
        .filter(one -> one.estimator() == estimator && one.measure().equals(measure))
        .findFirst()
        .orElseThrow();
  }
}
