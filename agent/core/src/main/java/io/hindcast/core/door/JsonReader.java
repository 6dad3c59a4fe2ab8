package io.hindcast.core.door;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) value by value: objects as maps, arrays as lists, whole numbers as {@link
 * Long}, others as {@link Double}. At most eight levels deep, and a thousand values in one. Owned
 * by one thread.
 */
final class JsonReader {
  private static final int DEEPEST = 8;

  /** Values within one value: what is read of a text stays in proportion to it. */
  private static final int MOST_VALUES = 1000;

  private final String text;
  private int at;
  private int line;
  private int lineCountedTo;
  private int values;

  /**
   * @param firstLine number of the text's first line
   */
  JsonReader(String text, int firstLine) {
    this.text = text;
    this.line = firstLine;
  }

  /** The text is no JSON; the message says what was wrong. */
  static final class NoJson extends Exception {
    private static final long serialVersionUID = 1;

    NoJson(String message) {
      super(message, null, false, false);
    }
  }

  /** The number of the line that is read next. */
  int line() {
    for (; lineCountedTo < at; lineCountedTo++) {
      line += text.charAt(lineCountedTo) == '\n' ? 1 : 0;
    }
    return line;
  }

  /** The whole text as one value. */
  @Nullable Object only() throws NoJson {
    values = 0;
    Object value = value(0);
    end();
    return value;
  }

  /** The next value. */
  @Nullable Object next() throws NoJson {
    values = 0;
    return value(1);
  }

  /** Nothing more may come. */
  void end() throws NoJson {
    if (peek() >= 0) {
      throw new NoJson("more than one value");
    }
  }

  /** Skips blanks and, if it comes then, this character. */
  boolean take(char c) {
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  private int peek() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : -1;
  }

  private @Nullable Object value(int depth) throws NoJson {
    int c = peek();
    if (depth > DEEPEST) {
      throw new NoJson("nested too deeply");
    }
    if (values++ > MOST_VALUES) {
      throw new NoJson("more than 1000 values in one row");
    }
    switch (c) {
      case '{' -> {
        return object(depth);
      }
      case '[' -> {
        at++;
        List<@Nullable Object> list = new ArrayList<>();
        if (take(']')) {
          return list;
        }
        do {
          list.add(value(depth + 1));
        } while (take(','));
        expect(']');
        return list;
      }
      case '"' -> {
        return string();
      }
      case 't' -> {
        return word("true", Boolean.TRUE);
      }
      case 'f' -> {
        return word("false", Boolean.FALSE);
      }
      case 'n' -> {
        return word("null", null);
      }
      default -> {
        return number();
      }
    }
  }

  private Map<String, @Nullable Object> object(int depth) throws NoJson {
    at++;
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    if (take('}')) {
      return object;
    }
    do {
      if (peek() != '"') {
        throw new NoJson("no name of a field");
      }
      String name = string();
      expect(':');
      if (object.containsKey(name)) {
        throw new NoJson("a field twice");
      }
      object.put(name, value(depth + 1));
    } while (take(','));
    expect('}');
    return object;
  }

  private void expect(char c) throws NoJson {
    if (!take(c)) {
      throw new NoJson("no '" + c + "' where one must be");
    }
  }

  private @Nullable Object word(String word, @Nullable Object value) throws NoJson {
    if (!text.startsWith(word, at)) {
      throw new NoJson("no value");
    }
    at += word.length();
    return value;
  }

  private Object number() throws NoJson {
    int from = at;
    boolean isWhole = true;
    if (at < text.length() && text.charAt(at) == '-') {
      at++;
    }
    int digits = digits();
    if (digits == 0 || digits > 1 && text.charAt(at - digits) == '0') {
      throw new NoJson("no value");
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      isWhole = false;
      if (digits() == 0) {
        throw new NoJson("no number");
      }
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      isWhole = false;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      if (digits() == 0) {
        throw new NoJson("no number");
      }
    }
    String number = text.substring(from, at);
    if (isWhole && digits <= 18) {
      return Long.valueOf(number);
    }
    return Double.valueOf(number);
  }

  private int digits() {
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - from;
  }

  private String string() throws NoJson {
    at++;
    int from = at;
    StringBuilder built = null;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        String rest = text.substring(from, at++);
        return built == null ? rest : built.append(rest).toString();
      }
      if (c < 0x20) {
        throw new NoJson("a control character in a string");
      }
      at++;
      if (c == '\\') {
        if (built == null) {
          built = new StringBuilder();
        }
        built.append(text, from, at - 1).append(escaped());
        from = at;
      }
    }
    throw new NoJson("a string without end");
  }

  private char escaped() throws NoJson {
    char c = at < text.length() ? text.charAt(at++) : 0;
    switch (c) {
      case '"', '\\', '/' -> {
        return c;
      }
      case 'b' -> {
        return '\b';
      }
      case 'f' -> {
        return '\f';
      }
      case 'n' -> {
        return '\n';
      }
      case 'r' -> {
        return '\r';
      }
      case 't' -> {
        return '\t';
      }
      case 'u' -> {
        int code = 0;
        for (int end = at + 4; at < end; at++) {
          int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
          if (digit < 0 || text.charAt(at) > 'f') {
            throw new NoJson("an escape that is none");
          }
          code = code << 4 | digit;
        }
        return (char) code;
      }
      default -> throw new NoJson("an escape that is none");
    }
  }
}
