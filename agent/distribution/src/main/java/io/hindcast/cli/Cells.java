package io.hindcast.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the cells of a CSV file mean. */
final class Cells {
  /*
   * Java takes "12f", "7d" and "0x1p3" for numbers; in a file they are somebody's codes. So a number
   * is what every other tool calls one too.
   */
  private static final String OF_NUMBERS = "0123456789+-.eE";

  /** Seconds from here on would lie in the year 5138, milliseconds before it in early 1973. */
  private static final double LEAST_MILLIS = 1e11;

  private static final double MOST_MILLIS = 8.64e15;

  private static final DateTimeFormatter RFC_3339 =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .optionalStart()
          .appendOffsetId()
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  private Cells() {}

  /** Empty, or NaN. */
  static boolean isMissing(String cell) {
    return cell.isBlank() || cell.strip().equalsIgnoreCase("nan");
  }

  /** The number in a cell, which may be infinite; null if it is none. */
  static @Nullable Double number(String cell) {
    String text = cell.strip();
    if (text.isEmpty()) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      if (OF_NUMBERS.indexOf(text.charAt(i)) < 0) {
        return infinity(text);
      }
    }
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Double infinity(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  /**
   * {@code True} and {@code FALSE}, as other languages write them, are {@code true} and {@code
   * false}.
   */
  static String text(String cell) {
    if (cell.equalsIgnoreCase("true")) {
      return "true";
    }
    return cell.equalsIgnoreCase("false") ? "false" : cell;
  }

  /**
   * The time in a cell, in milliseconds since the epoch: RFC 3339 (UTC if it names no offset),
   * epoch seconds, or epoch milliseconds; null if it is none.
   */
  static @Nullable Long timeMillis(String cell) {
    String text = cell.strip();
    Double number = number(text);
    if (number != null) {
      double millis = Math.abs(number) < LEAST_MILLIS ? number * 1000 : number;
      return Math.abs(millis) <= MOST_MILLIS ? Math.round(millis) : null;
    }
    try {
      // RFC 3339 lets a blank stand for the T.
      String iso =
          text.length() > 10 && text.charAt(10) == ' '
              ? text.substring(0, 10) + 'T' + text.substring(11)
              : text;
      TemporalAccessor time = RFC_3339.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
      Instant instant =
          time instanceof OffsetDateTime withOffset
              ? withOffset.toInstant()
              : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
      return instant.toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
