package io.hindcast.core.model;

/**
 * What is kept of a text that is too long to be kept: how long it is, and which one. Equal texts
 * are equal.
 */
public final class LongText implements CharSequence {
  /** Texts of this length are kept as they are. */
  public static final int LONGEST_KEPT = 128;

  private final int length;
  private final long hash;

  public LongText(int length, long hash) {
    this.length = length;
    this.hash = hash;
  }

  /** The text itself, or what is kept of it. */
  public static CharSequence of(CharSequence text) {
    return text.length() <= LONGEST_KEPT ? text : new LongText(text.length(), hashOf(text));
  }

  /** By which texts are told apart; of a {@link LongText}, that of the text. */
  public static long hashOf(CharSequence text) {
    if (text instanceof LongText kept) {
      return kept.hash;
    }
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
    }
    hash = (hash ^ (hash >>> 32)) * 0xD6E8FEB86659FD93L;
    return hash ^ (hash >>> 32);
  }

  @Override
  public int length() {
    return length;
  }

  /** Nobody can tell. */
  @Override
  public char charAt(int index) {
    throw new UnsupportedOperationException();
  }

  /** Nobody can tell. */
  @Override
  public CharSequence subSequence(int start, int end) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LongText text && text.length == length && text.hash == hash;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hash);
  }

  @Override
  public String toString() {
    return length + " characters";
  }
}
