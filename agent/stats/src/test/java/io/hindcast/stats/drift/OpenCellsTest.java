package io.hindcast.stats.drift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenCellsTest {
  @Test
  void fold_atTenTimesTheCurrentRows_countsTheThirdRowOutside() {
    // ln 1000 / ln(1 + 10 000/1000) = 2.88
    long[] reference = {0, 5000, 5000, 0, 0};
    assertThat(OpenCells.fold(reference, new long[] {2, 498, 490, 3, 7}, 4))
        .containsExactly(0, 500, 490, 3, 7);
  }

  @Test
  void fold_atAFifthOfTheCurrentRows_needsThirtyEight() {
    // ln 1000 / ln(1 + 2000/10 000) = 37.9
    long[] reference = {0, 1000, 1000, 0};
    assertThat(OpenCells.fold(reference, new long[] {37, 5000, 4925, 38}, 4))
        .containsExactly(0, 5037, 4925, 38);
  }

  @Test
  void fold_aCellThatTheReferenceHas_leavesIt() {
    assertThat(OpenCells.fold(new long[] {1, 500, 0}, new long[] {1, 50, 0}, 3))
        .containsExactly(1, 50, 0);
  }

  @Test
  void fold_doesNotChangeItsArguments() {
    long[] current = {1, 50, 1};
    assertThat(OpenCells.fold(new long[] {0, 500, 0}, current, 3)).containsExactly(0, 52, 0);
    assertThat(current).containsExactly(1, 50, 1);
  }

  @Test
  void fold_withoutRows_changesNothing() {
    assertThat(OpenCells.fold(new long[3], new long[] {1, 2, 3}, 3)).containsExactly(1, 2, 3);
    assertThat(OpenCells.fold(new long[] {0, 9, 0}, new long[3], 3)).containsExactly(0, 0, 0);
  }
}
