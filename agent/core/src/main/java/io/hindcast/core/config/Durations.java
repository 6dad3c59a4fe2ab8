package io.hindcast.core.config;

import java.time.Duration;

/** Durations as the configuration writes them: {@code 500ms 10s 5m 6h 30d}. */
public final class Durations {
  /** A hundred years: no clock that we read goes further. */
  private static final long LONGEST_MILLIS = 36_525L * 86_400_000;

  private Durations() {}

  /**
   * Reads a whole number and its unit.
   *
   * @throws IllegalArgumentException whose message names the cause and the remedy
   */
  public static Duration parse(String text) {
    String written = text.strip();
    int digits = 0;
    while (digits < written.length()
        && written.charAt(digits) >= '0'
        && written.charAt(digits) <= '9') {
      digits++;
    }
    long unit =
        switch (written.substring(digits)) {
          case "ms" -> 1;
          case "s" -> 1000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          case "d" -> 86_400_000;
          default -> 0;
        };
    if (digits == 0 || unit == 0) {
      throw new IllegalArgumentException(
          "'" + written + "' is no duration; write a whole number and ms, s, m, h or d: 90m");
    }
    if (digits > 15 || Long.parseLong(written.substring(0, digits)) > LONGEST_MILLIS / unit) {
      throw new IllegalArgumentException(
          "'" + written + "' is longer than a hundred years; write less");
    }
    return Duration.ofMillis(Long.parseLong(written.substring(0, digits)) * unit);
  }

  /** A duration in the largest unit that says it in a whole number: {@code 7d}, {@code 90m}. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 86_400_000 == 0) {
      return millis / 86_400_000 + "d";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
