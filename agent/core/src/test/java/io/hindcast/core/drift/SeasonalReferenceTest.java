package io.hindcast.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ReferenceTimes;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.HourOfWeek;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.core.reference.SeasonalSlots;
import io.hindcast.stats.summary.NumericBins;
import org.junit.jupiter.api.Test;

/** By hand: two bins, below, above and missing; 600 rows at hour 3, 300 at hour 4, 50 at hour 5. */
class SeasonalReferenceTest {
  private static final NumericBinning BINS =
      new NumericBinning(new NumericBins(new double[] {0, 1, 2}));

  private final Distribution reference =
      SeasonalSlots.distribution(
          BINS,
          new long[][] {
            {3, 0, 480, 120, 0, 0},
            {4, 0, 60, 240, 0, 0},
            {5, 0, 0, 50, 0, 0}
          });

  private static long[] rows(long... slotAndRows) {
    long[] rows = new long[HourOfWeek.SLOTS];
    for (int i = 0; i < slotAndRows.length; i += 2) {
      rows[(int) slotAndRows[i]] = slotAndRows[i + 1];
    }
    return rows;
  }

  private long[] expected(long... slotAndRows) {
    return SeasonalReference.of(reference, rows(slotAndRows)).counts();
  }

  @Test
  void aWindowOfOneHour_hasTheCountsOfThatHour() {
    assertThat(expected(3, 700)).containsExactly(0, 480, 120, 0, 0);
    assertThat(expected(4, 1)).containsExactly(0, 60, 240, 0, 0);
  }

  @Test
  void hoursAreMixedAsTheRowsOfTheWindow() {
    // ½·(.8, .2) + ½·(.2, .8) = (.5, .5); m = 1/(¼/600 + ¼/300) = 800.
    assertThat(expected(3, 500, 4, 500)).containsExactly(0, 400, 400, 0, 0);
  }

  @Test
  void mixedAsTheReferenceItself_theyAreItsCounts() {
    assertThat(expected(3, 1200, 4, 600)).containsExactly(0, 540, 360, 0, 0);
  }

  @Test
  void anHourOfFewRows_isTheWholeReference() {
    assertThat(SeasonalReference.of(reference, rows(5, 400))).isSameAs(reference);
    assertThat(SeasonalReference.of(reference, rows(5, 400, 17, 30))).isSameAs(reference);
    // ½·(.8, .2) + ½·(540, 410)/950; m = 1/(¼/600 + ¼/950) = 1470.97.
    assertThat(expected(3, 100, 5, 60, 17, 40)).containsExactly(0, 1006, 465, 0, 0);
  }

  @Test
  void withoutHours_itIsTheReference() {
    var plain = new Distribution(BINS, new long[] {0, 540, 410, 0, 0}, 1, 1);
    assertThat(SeasonalReference.of(plain, rows(3, 700))).isSameAs(plain);
    assertThat(SeasonalReference.of(reference, rows())).isSameAs(reference);
  }

  @Test
  void anHourIsKnown_onlyToWindowsThatMindIt() {
    var times = new WindowTimes(ReferenceTimes.NONE);
    times.add(3 * 3_600_000L, 1);
    assertThat(times.slots()).isEqualTo(-1);
    times = new WindowTimes(new ReferenceTimes(true, null));
    times.add(3 * 3_600_000L, 5);
    times.add(4 * 3_600_000L, 2);
    assertThat(times.slots()).isEqualTo(0b11000);
    assertThat(times.rows()[3]).isEqualTo(5);
  }
}
