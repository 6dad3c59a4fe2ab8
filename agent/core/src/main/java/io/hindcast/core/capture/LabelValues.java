package io.hindcast.core.capture;

import io.hindcast.core.receipt.Receipts;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What may be a label: its id and its value. */
public final class LabelValues {
  /** Of an id, in UTF-8. */
  static final int ID_BYTES = 256;

  /** Far beyond any class name, short enough that a full queue stays small. */
  private static final int TEXT = 256;

  /** Stands for a value that is no label. */
  public static final Object NONE = new Object();

  private LabelValues() {}

  /** An id, or what may be a receipt. */
  public static boolean isId(@Nullable Object id) {
    if (id instanceof String receipt && Receipts.isReceipt(receipt)) {
      return Receipts.isReadable(receipt);
    }
    if (!(id instanceof String text) || text.isEmpty() || text.length() > ID_BYTES) {
      return false;
    }
    // One char is at most three bytes.
    return 3 * text.length() <= ID_BYTES
        || text.getBytes(StandardCharsets.UTF_8).length <= ID_BYTES;
  }

  /**
   * A value as a Boolean, Number or String that never changes; null for null, which says that the
   * truth cannot be known; {@link #NONE} for what is no label.
   */
  public static @Nullable Object actual(@Nullable Object value) {
    if (value == null
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte) {
      return value;
    }
    if (value instanceof String text) {
      return text.length() <= TEXT ? text : NONE;
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Character character) {
      return character.toString();
    }
    if (value.getClass() == BigInteger.class || value.getClass() == BigDecimal.class) {
      return value;
    }
    if (value instanceof Number number) {
      double finite = number.doubleValue();
      return Double.isFinite(finite) ? (Object) finite : NONE;
    }
    return NONE;
  }
}
