package io.hindcast.core.capture;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.chrono.ChronoLocalDate;
import java.time.chrono.ChronoLocalDateTime;
import java.time.chrono.ChronoZonedDateTime;
import java.time.temporal.Temporal;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times, as milliseconds since the epoch. What has no time of day begins the day, and
 * what has no zone is in UTC: as good as any for an age, whose changes are what is watched.
 */
final class Times {
  /*
   * No java.util.Calendar: to ask one for its time changes its fields, and the object is the
   * application's.
   */
  private Times() {}

  static boolean isTime(Class<?> type) {
    return Date.class.isAssignableFrom(type)
        || type == Instant.class
        || ChronoLocalDate.class.isAssignableFrom(type)
        || ChronoLocalDateTime.class.isAssignableFrom(type)
        || ChronoZonedDateTime.class.isAssignableFrom(type)
        || type == java.time.OffsetDateTime.class
        || type == YearMonth.class
        || type == Year.class
        || type == Temporal.class;
  }

  /** NaN for what is no time. */
  static double epochMillis(@Nullable Object value) {
    if (value instanceof Instant instant) {
      return millis(instant.getEpochSecond(), instant.getNano());
    }
    if (value instanceof Date date) {
      return date.getTime();
    }
    if (value instanceof ChronoLocalDate date) {
      return date.toEpochDay() * 86_400_000.0;
    }
    if (value instanceof ChronoLocalDateTime<?> time) {
      LocalTime ofDay = time.toLocalTime();
      return millis(time.toEpochSecond(ZoneOffset.UTC), ofDay.getNano());
    }
    if (value instanceof ChronoZonedDateTime<?> time) {
      return millis(time.toEpochSecond(), time.toLocalTime().getNano());
    }
    if (value instanceof java.time.OffsetDateTime time) {
      return millis(time.toEpochSecond(), time.getNano());
    }
    if (value instanceof YearMonth month) {
      return LocalDate.of(month.getYear(), month.getMonth(), 1).toEpochDay() * 86_400_000.0;
    }
    return value instanceof Year year
        ? LocalDate.of(year.getValue(), 1, 1).toEpochDay() * 86_400_000.0
        : Double.NaN;
  }

  private static double millis(long seconds, int nanos) {
    return seconds * 1000.0 + nanos / 1_000_000;
  }
}
