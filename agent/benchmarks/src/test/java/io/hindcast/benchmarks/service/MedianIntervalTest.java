package io.hindcast.benchmarks.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MedianIntervalTest {
  @ParameterizedTest
  // 1 − 2·P(Bin(20, ½) ≤ 5) = 1 − 2·0.02069 = 0.9586, and with ≤ 6 it is 0.8847; 1 − 2/2⁶ = 0.969,
  // 1 − 2/2⁵ = 0.938
  @CsvSource({"0, 0", "5, 0", "6, 1", "8, 1", "9, 2", "20, 6", "30, 10"})
  void rank_isTheLargestThatHolds95Percent(int n, int rank) {
    assertThat(MedianInterval.rank(n)).isEqualTo(rank);
  }

  @Test
  void of_sixValuesInAnyOrder_spansThemAll() {
    assertThat(MedianInterval.of(6, 1, 5, 2, 4, 30)).isEqualTo(new MedianInterval(4.5, 1, 30));
  }

  @Test
  void of_fiveValues_hasAMedianAndNoInterval() {
    assertThat(MedianInterval.of(5, 1, 4, 2, 3))
        .isEqualTo(new MedianInterval(3, Double.NaN, Double.NaN));
  }
}
