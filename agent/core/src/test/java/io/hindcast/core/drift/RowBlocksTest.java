package io.hindcast.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ReferenceTimes;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.core.window.BinnedValues;
import io.hindcast.stats.summary.NumericBins;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowBlocksTest {
  private static final long HOUR = 3_600_000;

  private final Distribution reference =
      new Distribution(
          new NumericBinning(new NumericBins(new double[] {0, 1, 2, 3, 4})),
          new long[] {0, 5000, 5000, 5000, 5000, 0, 0},
          2,
          1);
  private final BinnedValues values = new BinnedValues(reference);
  private final DriftColumn column = new DriftColumn("x", values, false);
  private final SplittableRandom random = new SplittableRandom(20261124);

  @ParameterizedTest
  @CsvSource({
    "7, 0, 0",
    "8, 1, 8",
    "15, 1, 8",
    "256, 32, 8",
    "263, 32, 8",
    "264, 16, 16",
    "272, 17, 16",
    "300, 18, 16",
    "1000, 31, 32",
    "1024, 32, 32",
    "1088, 17, 64",
    "100000, 24, 4096",
  })
  void anyNumberOfRows_makesSoManyBlocksOfSoMany(int rows, int blocks, int size) {
    values.add(0.5, null, 3);
    var cut = new RowBlocks(List.of(column));
    column.open();
    cut.open();
    for (int i = 0; i < rows; i++) {
      cut.add();
      values.add(0.5 + i % 2, null, 1);
    }
    cut.mark();
    long[][] made = column.blocks();
    assertThat(made.length).isEqualTo(blocks);
    for (long[] block : made) {
      assertThat(Arrays.stream(block).sum()).isEqualTo(size);
      assertThat(block[1]).isEqualTo(block[2]);
    }
  }

  /** Windows of 1000 rows that come so many at once, without a change; the largest e. */
  private double mostEvidence(int together, boolean isWeighted) {
    var window = new DriftWindow(HOUR, new DriftEvaluator(0), ReferenceTimes.NONE);
    window.add(column);
    double most = 0;
    for (int hour = 0; hour < 200; hour++) {
      double value = 0;
      for (int row = 0; row < 1000; row++) {
        if (row % together == 0) {
          value = 4 * random.nextDouble();
        }
        window.begin(hour * HOUR, isWeighted ? 4 : 1);
        values.add(value, null, isWeighted ? 4 : 1);
      }
      window.roll((hour + 1) * HOUR);
      most = Math.max(most, column.last().e());
    }
    return most;
  }

  @Test
  void rowsInFives_areNoEvidence() {
    assertThat(mostEvidence(5, false)).isLessThan(100);
  }

  @Test
  void rowsThatStandForOthers_areNotTakenForSuch_twice() {
    assertThat(mostEvidence(1, true)).isBetween(2.0, 200.0);
  }
}
