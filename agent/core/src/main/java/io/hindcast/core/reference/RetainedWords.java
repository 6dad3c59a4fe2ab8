package io.hindcast.core.reference;

import io.hindcast.core.model.LongText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Words one behind the other in an array, found again by their number. Equal words are mostly kept
 * once. Owned by the monitor thread.
 */
final class RetainedWords {
  /*
   * A word: its kind, its length, its characters; of a long text the length in four bytes, and its
   * hash. As strings they would take sixty bytes more each. Those that were there before are found by
   * a table as long as it is small: text that never comes twice would only fill it.
   */
  private static final int MOST_KNOWN = 1024;

  private static final byte NARROW = 0;
  private static final byte WIDE = 1;
  private static final byte LONG = 2;

  private final Map<String, Integer> known = new HashMap<>();
  private final List<Object> others = new ArrayList<>();
  private byte[] bytes = {};
  private int size;

  /** The number of a word, or of another object, of which there are few. */
  int add(Object value) {
    if (!(value instanceof CharSequence word)) {
      return -1 - placeOf(value);
    }
    if (word.length() > LongText.LONGEST_KEPT) {
      return put(word);
    }
    String text = word.toString();
    Integer before = known.get(text);
    if (before != null) {
      return before;
    }
    int at = put(text);
    if (known.size() < MOST_KNOWN) {
      known.put(text, at);
    }
    return at;
  }

  private int placeOf(Object value) {
    for (int i = 0; i < others.size(); i++) {
      if (others.get(i) == value) {
        return i;
      }
    }
    others.add(value);
    return others.size() - 1;
  }

  private int put(CharSequence word) {
    int at = size;
    int length = word.length();
    if (length > LongText.LONGEST_KEPT) {
      room(13);
      bytes[size++] = LONG;
      write(length, 4);
      write(LongText.hashOf(word), 8);
      return at;
    }
    boolean isNarrow = word.chars().allMatch(c -> c < 256);
    room(2 + 2 * length);
    bytes[size++] = isNarrow ? NARROW : WIDE;
    bytes[size++] = (byte) length;
    for (int i = 0; i < length; i++) {
      write(word.charAt(i), isNarrow ? 1 : 2);
    }
    return at;
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(256, Math.max(size + more, bytes.length * 5 / 4)));
    }
  }

  private void write(long value, int width) {
    for (int i = 0; i < width; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  private long read(int at, int width) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (bytes[at + i] & 0xFFL) << (8 * i);
    }
    return value;
  }

  /** What has this number. */
  Object get(int number) {
    if (number < 0) {
      return others.get(-1 - number);
    }
    byte kind = bytes[number];
    if (kind == LONG) {
      return new LongText((int) read(number + 1, 4), read(number + 5, 8));
    }
    int length = bytes[number + 1] & 0xFF;
    char[] text = new char[length];
    int width = kind == NARROW ? 1 : 2;
    for (int i = 0; i < length; i++) {
      text[i] = (char) read(number + 2 + i * width, width);
    }
    return new String(text);
  }

  /** Bytes, about. */
  long held() {
    return bytes.length + 112L * known.size();
  }
}
