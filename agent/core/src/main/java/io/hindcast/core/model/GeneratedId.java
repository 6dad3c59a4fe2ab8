package io.hindcast.core.model;

/**
 * An id that the agent gave to a prediction which had none: {@code PROCESS-POOL-NUMBER} in base 36,
 * and {@code #ROW} behind it for a row of a batch. One instance is filled again and again. Owned by
 * the thread that fills it.
 */
public final class GeneratedId {
  /*
   * Most such ids are never asked for, so rows carry the numbers, and the text is made where somebody
   * asks. To be found again by its text, an id is taken apart: only a text that is exactly what
   * text() makes is one of ours, so numbers and text stand for each other, whoever chose the text.
   */
  private static final int RADIX = 36;

  /** {@link #row} of a prediction that is no row of a batch. */
  public static final int NO_ROW = -1;

  /** A number that no other process has; unsigned. */
  public long process;

  /** Not negative. */
  public int pool;

  /** Not negative. */
  public long number;

  public int row = NO_ROW;

  public String text() {
    String call =
        Long.toUnsignedString(process, RADIX)
            + '-'
            + Integer.toString(pool, RADIX)
            + '-'
            + Long.toString(number, RADIX);
    return row == NO_ROW ? call : call + '#' + row;
  }

  /**
   * Takes a text apart. False, and this holds nothing of use, if it is not one of {@link #text}.
   */
  public boolean parse(String text) {
    int first = text.indexOf('-');
    int second = text.indexOf('-', first + 1);
    if (first < 1 || second < 0) {
      return false;
    }
    int hash = text.indexOf('#', second + 1);
    int end = hash < 0 ? text.length() : hash;
    if (!isNumber(text, 0, first, RADIX)
        || !isNumber(text, first + 1, second, RADIX)
        || !isNumber(text, second + 1, end, RADIX)
        || hash >= 0 && !isNumber(text, hash + 1, text.length(), 10)) {
      return false;
    }
    try {
      process = Long.parseUnsignedLong(text, 0, first, RADIX);
      pool = Integer.parseInt(text, first + 1, second, RADIX);
      number = Long.parseLong(text, second + 1, end, RADIX);
      row = hash < 0 ? NO_ROW : Integer.parseInt(text, hash + 1, text.length(), 10);
      return true;
    } catch (NumberFormatException tooLarge) {
      return false;
    }
  }

  /** Digits and small letters, as many as a number may have, and no zero before others. */
  private static boolean isNumber(String text, int from, int to, int radix) {
    int digits = to - from;
    if (digits < 1 || digits > 13 || digits > 1 && text.charAt(from) == '0') {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9') && !(radix == RADIX && c >= 'a' && c <= 'z')) {
        return false;
      }
    }
    return true;
  }
}
