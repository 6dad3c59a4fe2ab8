package io.hindcast.core.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one form of a class name, for predictions and labels alike: integers without fraction ({@code
 * 2.0} is {@code 2}), an enum's {@code name()}, {@code true} and {@code false}, text as it is. What
 * has no such form, or one of more than {@value #LONGEST} characters, is no class name.
 */
public final class ClassNames {
  /** Characters of a class name. */
  public static final int LONGEST = 64;

  /** Twice the largest magnitude of a {@code long}; from here on a double is no integer of ours. */
  private static final double LONG_END = 0x1p63;

  private static final String[] SMALL = new String[256];

  static {
    for (int i = 0; i < SMALL.length; i++) {
      SMALL[i] = Integer.toString(i);
    }
  }

  private ClassNames() {}

  /**
   * The name of a value as a program holds it.
   *
   * @return null for null, NaN, and whatever is no class name
   */
  public static @Nullable String of(@Nullable Object value) {
    if (value instanceof String text) {
      return text.length() <= LONGEST ? text : null;
    }
    if (value instanceof Boolean flag) {
      return flag ? "true" : "false";
    }
    if (value instanceof Enum<?> constant) {
      String name = constant.name();
      return name.length() <= LONGEST ? name : null;
    }
    if (value instanceof Character character) {
      return character.toString();
    }
    if (value instanceof BigInteger integer) {
      // 64 digits need less than 213 bits; longer ones would be costly to print and are refused.
      return integer.bitLength() < 213 ? ofText(integer.toString()) : null;
    }
    if (value instanceof BigDecimal decimal) {
      return ofDecimal(decimal);
    }
    if (value instanceof Long || value instanceof Integer) {
      return ofLong(((Number) value).longValue());
    }
    return value instanceof Number number ? ofNumber(number.doubleValue()) : null;
  }

  /** The name of a class that is a number; null if it has a fraction or is not finite. */
  public static @Nullable String ofNumber(double value) {
    return value == Math.rint(value) && Math.abs(value) < LONG_END ? ofLong((long) value) : null;
  }

  /** The name of a class that is an integer. */
  public static String ofLong(long value) {
    return value >= 0 && value < SMALL.length ? SMALL[(int) value] : Long.toString(value);
  }

  /**
   * The name of a value whose type is not known, from a column of a file: {@code 2.0} is {@code 2}.
   *
   * @return null for null and for text that is too long
   */
  public static @Nullable String ofText(@Nullable String text) {
    if (text == null || text.length() > LONGEST) {
      return null;
    }
    return looksLikeNumber(text) ? withoutZeroFraction(text) : text;
  }

  /**
   * Which of the two classes of a binary model a value is. Names come first, by their numeric value
   * where both are numbers; then {@code true}, {@code 1}, {@code 1.0} mean positive and {@code
   * false}, {@code 0}, {@code 0.0} negative.
   *
   * @return {@code positive} or {@code negative}; null if it is neither
   */
  public static @Nullable String binary(@Nullable Object value, String positive, String negative) {
    String name = value instanceof String text ? ofText(text) : of(value);
    if (name == null) {
      return null;
    }
    if (name.equals(positive) || name.equals(ofText(positive))) {
      return positive;
    }
    if (name.equals(negative) || name.equals(ofText(negative))) {
      return negative;
    }
    return switch (name) {
      case "true", "1" -> positive;
      case "false", "0" -> negative;
      default -> null;
    };
  }

  private static @Nullable String ofDecimal(BigDecimal decimal) {
    if (decimal.signum() == 0) {
      return SMALL[0];
    }
    if (decimal.precision() - (long) decimal.scale() > LONGEST) {
      return null;
    }
    BigDecimal stripped = decimal.stripTrailingZeros();
    return stripped.scale() <= 0 ? ofText(stripped.toBigInteger().toString()) : null;
  }

  private static boolean looksLikeNumber(String text) {
    if (text.isEmpty()) {
      return false;
    }
    char last = text.charAt(text.length() - 1);
    return last == '.' || last >= '0' && last <= '9';
  }

  /** {@code -?digits.zeros} without its fraction; other text unchanged. */
  private static String withoutZeroFraction(String text) {
    int point = text.indexOf('.');
    int first = text.startsWith("-") ? 1 : 0;
    if (point <= first) {
      return text;
    }
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (i != point && (i < point ? c < '0' || c > '9' : c != '0')) {
        return text;
      }
    }
    String integer = text.substring(0, point);
    return integer.equals("-0") ? "0" : integer;
  }
}
