package io.hindcast.core.join.jdbc;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;

/** Weeks from Monday to Sunday in UTC, by which predictions are partitioned. */
final class Weeks {
  private Weeks() {}

  /** The Monday of a moment, as ISO text. */
  static String of(long millis) {
    return Instant.ofEpochMilli(millis)
        .atOffset(ZoneOffset.UTC)
        .toLocalDate()
        .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
        .toString();
  }
}
