package io.hindcast.core.reference;

/**
 * The hours that a season is told by: each hour of the day in UTC, of weekdays and of weekends. A
 * hundred and sixty-eight hours of their own would have too few rows each.
 */
public final class HourOfWeek {
  /** Slots 0 to 23 are the hours of weekdays, 24 to 47 those of Saturday and Sunday. */
  public static final int SLOTS = 48;

  private static final int HOURS = 24;
  private static final long HOUR_MILLIS = 3_600_000;

  /* The first day of the epoch was a Thursday: days 2 and 3 of each week that begins with it. */
  private static final int SATURDAY = 2;
  private static final int SUNDAY = 3;

  private HourOfWeek() {}

  /** The slot of a time in milliseconds since the epoch. */
  public static int slotOf(long millis) {
    long hours = Math.floorDiv(millis, HOUR_MILLIS);
    int day = Math.floorMod(Math.floorDiv(hours, (long) HOURS), 7);
    boolean isWeekend = day == SATURDAY || day == SUNDAY;
    return Math.floorMod(hours, HOURS) + (isWeekend ? HOURS : 0);
  }
}
