package io.hindcast.core.config;

/** Sizes as the configuration writes them: {@code 64KiB 8MiB 1GiB}. */
final class ByteSizes {
  private ByteSizes() {}

  /**
   * Reads a whole number and its unit, in bytes.
   *
   * @throws IllegalArgumentException whose message names the cause and the remedy
   */
  static long parse(String text) {
    String written = text.strip();
    int digits = 0;
    while (digits < written.length()
        && written.charAt(digits) >= '0'
        && written.charAt(digits) <= '9') {
      digits++;
    }
    int shift =
        switch (written.substring(digits)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          case "GiB" -> 30;
          default -> 0;
        };
    if (digits == 0 || shift == 0) {
      throw new IllegalArgumentException(
          "'" + written + "' is no size; write a whole number and KiB, MiB or GiB: 64MiB");
    }
    if (digits > 9) {
      throw new IllegalArgumentException(
          "'" + written + "' is more than any machine has; write less");
    }
    return Long.parseLong(written.substring(0, digits)) << shift;
  }
}
