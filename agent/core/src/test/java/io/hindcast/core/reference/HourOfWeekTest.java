package io.hindcast.core.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HourOfWeekTest {
  private static int slot(String time) {
    return HourOfWeek.slotOf(Instant.parse(time).toEpochMilli());
  }

  @Test
  void hoursOfWeekdays_thenThoseOfTheWeekend() {
    assertThat(slot("1970-01-01T00:00:00Z")).isEqualTo(0); // a Thursday
    assertThat(slot("2026-11-24T13:59:59.999Z")).isEqualTo(13); // a Tuesday
    assertThat(slot("2026-11-27T23:59:59Z")).isEqualTo(23);
    assertThat(slot("2026-11-28T00:00:00Z")).isEqualTo(24); // a Saturday
    assertThat(slot("2026-11-29T23:00:00Z")).isEqualTo(47);
    assertThat(slot("2026-11-30T00:00:00Z")).isEqualTo(0);
  }

  @Test
  void itIsTheCalendarOfTheJdk_beforeTheEpochToo() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      long millis = random.nextLong(-4_000_000_000_000L, 4_000_000_000_000L);
      ZonedDateTime at = Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC);
      boolean isWeekend =
          at.getDayOfWeek() == DayOfWeek.SATURDAY || at.getDayOfWeek() == DayOfWeek.SUNDAY;
      assertThat(HourOfWeek.slotOf(millis)).isEqualTo(at.getHour() + (isWeekend ? 24 : 0));
    }
  }
}
