package io.hindcast.benchmarks.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The short form of {@code agent/benchmarks/coverage}. */
class CoverageTest {
  /**
   * Wider than they need be: by what the bins of scores leave open, by the chance in a calibration
   * error, by the classes that may be the most frequent one.
   */
  private static final Set<String> WIDENED = Set.of("roc_auc", "average_precision", "ece", "lift");

  /** Two and a half standard errors of a share of 95 % in 1000 windows. */
  private static final double NOISE = 0.0172;

  /** Shares of a handful of rows are held in steps of several percent: for some of them in all. */
  private static final Set<Coverage.Kind> STEPPED = Set.of(Coverage.Kind.RARE, Coverage.Kind.FEW);

  @ParameterizedTest
  @EnumSource
  void intervals_holdTheTruthAsOftenAsTheySay(Coverage.Kind kind) {
    int measures = 0;
    for (Coverage.Result one : Coverage.of(kind, 500, 1000)) {
      if (one.shown() > 800) {
        assertThat(one.share()).as("%s of %s", one, kind).isGreaterThan(0.93 - NOISE);
        if (!WIDENED.contains(one.measure()) && !STEPPED.contains(kind)) {
          assertThat(one.share()).as("%s of %s", one, kind).isLessThan(0.97 + NOISE);
        }
        measures++;
      }
    }
    assertThat(measures).isGreaterThanOrEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARE", "LOG_LOSS"})
  void boundsThatAreLookedAtAllTheTime_holdAllTheTime(Coverage.Sequence sequence) {
    Coverage.Result one = Coverage.everyRow(sequence, 5000, 200);
    assertThat(one.share()).isGreaterThan(0.95 - 2.5 * Math.sqrt(.95 * .05 / 200));
    assertThat(one.width()).isLessThan(0.1);
  }
}
