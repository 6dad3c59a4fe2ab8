package io.hindcast.core.model;

import java.util.UUID;

/**
 * Decides by its id whether a row is kept while rows are sampled: with the probability 2⁻ᵏ, where
 * the first k bits of the id's hash are 0. Whoever predicts and whoever brings the label come to
 * the same answer, also for another model, and what is kept at one k is kept at every smaller one.
 */
public final class SampleHash {
  /*
   * The hash of a text is its hashCode, which the JVM has at hand or computes at a nanosecond a
   * character, mixed until every bit depends on every other. Ids that are no text are hashed as
   * the text that stands for them, digit by digit, so that the caller allocates nothing: the
   * hashCode of a text is the polynomial of its characters at 31.
   *
   * Ids generated while rows are sampled are numbered by us; there the number itself is mixed.
   */
  private static final long ROW = 0xD1B54A32D192ED03L;

  /** In {@link GeneratedId#pool} of ids that were generated while rows were sampled. */
  public static final int SAMPLED_POOL = 0;

  private SampleHash() {}

  /**
   * Whether a row is kept.
   *
   * @param level k, from 0
   */
  public static boolean keeps(long hash, int level) {
    return level == 0 || hash >>> (64 - level) == 0;
  }

  /** Of an id as a label brings it. */
  public static long ofId(String id) {
    var generated = new GeneratedId();
    return generated.parse(id) && generated.pool == SAMPLED_POOL
        ? ofGenerated(generated.number, Math.max(0, generated.row))
        : ofText(id.hashCode());
  }

  /**
   * Of a text.
   *
   * @param hashCode of it
   */
  public static long ofText(int hashCode) {
    return mixed(hashCode);
  }

  /** The hashCode of the text of an id: a String, a number, or what has its own. */
  public static int hashCodeOf(Object id) {
    if (id instanceof Long || id instanceof Integer || id instanceof Short || id instanceof Byte) {
      return hashCodeOf(((Number) id).longValue());
    }
    return id instanceof UUID uuid ? hashCodeOf(uuid) : id.toString().hashCode();
  }

  /** {@code Long.toString(number).hashCode()}. */
  public static int hashCodeOf(long number) {
    int hash = 0;
    int power = 1;
    long left = number;
    do {
      hash += ('0' + (int) Math.abs(left % 10)) * power;
      power *= 31;
      left /= 10;
    } while (left != 0);
    return number < 0 ? hash + '-' * power : hash;
  }

  private static int hashCodeOf(UUID uuid) {
    int hash = 0;
    for (int digit = 0; digit < 32; digit++) {
      if (digit == 8 || digit == 12 || digit == 16 || digit == 20) {
        hash = 31 * hash + '-';
      }
      long half = digit < 16 ? uuid.getMostSignificantBits() : uuid.getLeastSignificantBits();
      int value = (int) (half >>> (60 - 4 * (digit & 15))) & 15;
      hash = 31 * hash + (value < 10 ? '0' + value : 'a' + value - 10);
    }
    return hash;
  }

  /** The hashCode of {@code ID#row}. */
  public static int hashCodeOfRow(int hashCode, int row) {
    int hash = 0;
    int power = 1;
    int left = row;
    do {
      hash += ('0' + left % 10) * power;
      power *= 31;
      left /= 10;
    } while (left != 0);
    return (hashCode * 31 + '#') * power + hash;
  }

  /** Of a row whose call has such a number. */
  public static long ofGenerated(long number, int row) {
    return mixed(number + row * ROW);
  }

  /** The finaliser of SplitMix64: Stafford's Mix13. */
  private static long mixed(long value) {
    long z = value * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
