package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
  private static final int SLOTS = 16_384;

  private long now = 5_000_000;
  private final Pace pace = new Pace(now);

  /** Rows come at a rate for so many looks; the pause before the last. */
  private long settle(double rowsPerSecond, int slots, int looks) {
    long pause = 0;
    double waiting = 0;
    for (int i = 0; i < looks; i++) {
      long elapsed = Math.max(pause, 20_000); // a look takes 20 µs
      now += elapsed;
      waiting += rowsPerSecond * elapsed / 1e9;
      int rows = Math.min(slots, (int) waiting);
      waiting -= rows;
      pace.saw(rows, slots);
      pause = pace.next(now, 0);
    }
    return pause;
  }

  @Test
  void aPoolIsLookedAt_whenASixteenthIsFull() {
    // 1024 rows at 204 800 a second: 5 ms.
    assertThat(settle(204_800, SLOTS, 100)).isBetween(4_900_000L, 5_100_000L);
  }

  @Test
  void aFewRows_areLookedFor_everyTenMilliseconds() {
    assertThat(settle(100, SLOTS, 1000)).isEqualTo(Pace.RECENT_NANOS);
    assertThat(settle(5_000, SLOTS, 1000)).isEqualTo(Pace.RECENT_NANOS);
  }

  @Test
  void whereMuchComes_itIsLookedAtOnce() {
    assertThat(settle(4_000_000, SLOTS, 100)).isZero();
  }

  @Test
  void aSmallPool_isLookedAtOften_butNotWithoutRest() {
    assertThat(settle(8_000, 64, 100)).isEqualTo(Pace.LEAST_NANOS);
    assertThat(settle(50_000, 64, 100)).isEqualTo(Pace.LEAST_NANOS);
  }

  @Test
  void aQuietTime_isLookedAtLessAndLess() {
    settle(100, SLOTS, 100);
    assertThat(settle(0, SLOTS, 100)).isEqualTo(Pace.RECENT_NANOS);
    assertThat(settle(0, SLOTS, 1000)).isEqualTo(Pace.LONGEST_NANOS);
    pace.saw(1, SLOTS);
    assertThat(pace.next(now + 1_000_000, 0)).isLessThanOrEqualTo(Pace.RECENT_NANOS);
  }

  @Test
  void labels_areSeenToSoon_andManyAtOnce() {
    settle(0, SLOTS, 1000);
    assertThat(pace.next(now + 20_000_000, 1)).isEqualTo(Pace.LABELS_NANOS);
    assertThat(pace.next(now + 30_000_000, Pace.MUCH)).isZero();
  }
}
