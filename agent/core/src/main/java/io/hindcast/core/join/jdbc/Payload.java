package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.PendingRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a model answered, as it stands in a row, most significant byte first:
 *
 * <pre>
 * 0 format 1 | 1 probabilities u8 | 2 segments u16 | 4 weight, as a power of two, u8
 * 5 bytes of the class's name u16 | 7 score or value f64 | 15 probabilities f64 | then the name
 * </pre>
 *
 * Names and not numbers, since every instance numbers its classes itself. The places of
 * probabilities are those of {@code hindcast_stream}.
 *
 * @param className of the predicted class; null if none
 */
record Payload(
    @Nullable String className,
    double score,
    int segmentCodes,
    long weight,
    double[] probabilities) {
  private static final byte FORMAT = 1;
  private static final int FIXED = 15;

  static Payload of(PendingRecord record, @Nullable String className) {
    double[] probabilities = new double[record.probabilityCount];
    System.arraycopy(record.probabilities, 0, probabilities, 0, record.probabilityCount);
    return new Payload(
        className, record.score, record.segmentCodes & 0xFFFF, record.weight, probabilities);
  }

  Payload withoutProbabilities() {
    return new Payload(className, score, segmentCodes, weight, new double[0]);
  }

  byte[] bytes() {
    byte[] name = className == null ? new byte[0] : className.getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(FIXED + Double.BYTES * probabilities.length + name.length);
    bytes
        .put(FORMAT)
        .put((byte) probabilities.length)
        .putShort((short) segmentCodes)
        .put((byte) Long.numberOfTrailingZeros(weight))
        .putShort((short) name.length)
        .putDouble(score);
    for (double probability : probabilities) {
      bytes.putDouble(probability);
    }
    return bytes.put(name).array();
  }

  /** Null if another format wrote it. */
  static @Nullable Payload read(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    if (bytes.length < FIXED || in.get() != FORMAT) {
      return null;
    }
    double[] probabilities = new double[in.get() & 0xFF];
    int segments = Short.toUnsignedInt(in.getShort());
    long weight = 1L << in.get();
    int nameBytes = Short.toUnsignedInt(in.getShort());
    double score = in.getDouble();
    if (in.remaining() != Double.BYTES * probabilities.length + nameBytes) {
      return null;
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = in.getDouble();
    }
    byte[] name = new byte[nameBytes];
    in.get(name);
    return new Payload(
        nameBytes == 0 ? null : new String(name, StandardCharsets.UTF_8),
        score,
        segments,
        weight,
        probabilities);
  }

  /** The same prediction sent twice. */
  boolean sameAnswer(Payload other) {
    return Double.compare(score + 0.0, other.score + 0.0) == 0
        && (className == null ? other.className == null : className.equals(other.className));
  }
}
