package io.hindcast.core.reference;

import java.util.Map;

/** Writes JSON, field by field. */
final class JsonText {
  private final StringBuilder out = new StringBuilder();
  private boolean first = true;

  JsonText open(char bracket) {
    out.append(bracket);
    first = true;
    return this;
  }

  JsonText close(char bracket) {
    out.append(bracket);
    first = false;
    return this;
  }

  /** Begins a field of an object. */
  JsonText field(String name) {
    element();
    return quoted(name).append(": ");
  }

  /** Begins an element of an array. */
  JsonText element() {
    if (!first) {
      out.append(", ");
    }
    first = false;
    return this;
  }

  JsonText line() {
    while (out.length() > 0 && out.charAt(out.length() - 1) == ' ') {
      out.setLength(out.length() - 1);
    }
    return append("\n");
  }

  JsonText text(String text) {
    return quoted(text);
  }

  JsonText number(long number) {
    out.append(number);
    return this;
  }

  /** JSON has no NaN and no infinities: they are null. */
  JsonText number(double number) {
    if (Double.isFinite(number)) {
      out.append(number);
    } else {
      out.append("null");
    }
    return this;
  }

  JsonText numbers(double[] numbers) {
    open('[');
    for (double number : numbers) {
      element().number(number);
    }
    return close(']');
  }

  /** An array of pairs, since names may be anything, and long. */
  JsonText counts(Map<String, Long> counts) {
    open('[');
    counts.forEach(
        (name, count) -> {
          element().open('[');
          element().text(name);
          element().number(count);
          close(']');
        });
    return close(']');
  }

  private JsonText append(String text) {
    out.append(text);
    return this;
  }

  private JsonText quoted(String text) {
    out.append('"');
    text.codePoints().forEach(this::character);
    return append("\"");
  }

  private void character(int c) {
    if (c == '"' || c == '\\') {
      out.append('\\').append((char) c);
    } else if (c < 0x20 || (c >= 0x7F && c < 0x10000 && !isPlain(c))) {
      out.append(String.format("\\u%04x", c));
    } else {
      out.appendCodePoint(c);
    }
  }

  /** What a YAML reader takes as it is; lone surrogates it would refuse. */
  private static boolean isPlain(int c) {
    return (c >= 0xA0 && c < 0xD800 && c != 0x2028 && c != 0x2029) || (c >= 0xE000 && c < 0xFEFF);
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
