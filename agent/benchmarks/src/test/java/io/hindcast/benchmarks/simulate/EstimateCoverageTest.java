package io.hindcast.benchmarks.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The short form of what {@code agent/benchmarks/coverage} says of estimates. */
class EstimateCoverageTest {
  private static final int RUNS = 600;

  /** Two and a half standard errors of a share of 95 %. */
  private static final double NOISE = 2.5 * Math.sqrt(.95 * .05 / RUNS);

  @ParameterizedTest
  @EnumSource
  void windowsOfOtherRows_comeAsExpected_asOftenAsTheIntervalsSay(EstimateCoverage.Kind kind) {
    List<Coverage.Result> results = EstimateCoverage.of(kind, 1000, 500, RUNS);
    assertThat(results).hasSizeGreaterThanOrEqualTo(2);
    for (Coverage.Result one : results) {
      assertThat(one.shown()).as("%s of %s", one, kind).isEqualTo(RUNS);
      assertThat(one.share()).as("%s of %s", one, kind).isBetween(.93 - NOISE, .97 + NOISE);
    }
  }
}
