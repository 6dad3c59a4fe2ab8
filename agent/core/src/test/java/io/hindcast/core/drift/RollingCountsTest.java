package io.hindcast.core.drift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RollingCountsTest {
  private static final long HOUR = 3_600_000;
  private static final long WEEK = 168 * HOUR;
  private static final long ALWAYS = -1;

  private final RollingCounts past = new RollingCounts(WEEK);

  @Test
  void windowsOfTheLastWeek_areAddedUp() {
    for (int hour = 0; hour < 200; hour++) {
      past.add(hour * HOUR, ALWAYS, new long[] {1, hour});
    }
    // Of the hours 32 to 199: Σ = (32 + 199)·168/2.
    assertThat(past.before(200 * HOUR, ALWAYS, 2)).containsExactly(168, 19404);
    assertThat(past.before(500 * HOUR, ALWAYS, 2)).containsExactly(0, 0);
  }

  @Test
  void onlyHoursThatAreShared_count() {
    past.add(0, 0b001, new long[] {1});
    past.add(HOUR, 0b010, new long[] {10});
    past.add(2 * HOUR, 0b110, new long[] {100});
    assertThat(past.before(3 * HOUR, 0b010, 1)).containsExactly(110);
    assertThat(past.before(3 * HOUR, 0b001, 1)).containsExactly(1);
    assertThat(past.before(3 * HOUR, 0b1000, 1)).containsExactly(0);
  }

  @Test
  void windowsOfSeconds_areFewAllTheSame_andNoneIsLost() {
    for (int second = 0; second < 200_000; second++) {
      past.add(second * 1000L, ALWAYS, new long[] {1});
    }
    assertThat(past.before(200_000_000L, ALWAYS, 1)).containsExactly(200_000);
    assertThat(past.size()).isLessThanOrEqualTo(202);
  }
}
