package io.hindcast.benchmarks.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VerdictTest {
  @Test
  void atLeast_isOpenWhereTheIntervalHoldsTheLimitOrIsUnknown() {
    assertThat(Verdict.atLeast(0.98, 0.98, 1.1)).isEqualTo(Verdict.WITHIN);
    assertThat(Verdict.atLeast(0.98, 0.9, 0.97)).isEqualTo(Verdict.OVER);
    assertThat(Verdict.atLeast(0.98, 0.97, 0.99)).isEqualTo(Verdict.OPEN);
    assertThat(Verdict.atLeast(0.98, Double.NaN, Double.NaN)).isEqualTo(Verdict.OPEN);
  }

  @Test
  void atMost_isOpenWhereTheIntervalHoldsTheLimitOrIsUnknown() {
    assertThat(Verdict.atMost(4, -1, 4)).isEqualTo(Verdict.WITHIN);
    assertThat(Verdict.atMost(4, 5, 9)).isEqualTo(Verdict.OVER);
    assertThat(Verdict.atMost(4, 3, 9)).isEqualTo(Verdict.OPEN);
    assertThat(Verdict.atMost(4, Double.NaN, Double.NaN)).isEqualTo(Verdict.OPEN);
  }
}
