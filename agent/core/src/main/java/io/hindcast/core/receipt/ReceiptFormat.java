package io.hindcast.core.receipt;

import io.hindcast.core.model.Task;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The body of a receipt as bytes, before it is signed or encrypted. Any thread. */
final class ReceiptFormat {
  /*
   * Big-endian; text is UTF-8 behind its length in one byte.
   *
   *   algorithm and version 1 | kid 1 | time u32, seconds | nonce 8 | model | version | class
   *   | score f32 | ln(1/p) u16, in 1/4096 | segment | output
   *
   * The output says which kind of answer it is: `m`, a class; `+` or `-`, one of two classes, the
   * predicted one being the positive or the negative, followed by the name of the other, so that
   * whoever scores the label without a configuration knows both; `v`, a value, followed, where f32
   * is not exact, by its eight bytes: squared errors would differ from those of a record.
   * p is a power of two.
   */
  static final byte HMAC_SHA256 = 0x01;
  static final byte AES_128_GCM = 0x02;

  static final int ALGORITHM = 0;
  static final int KID = 1;

  /** Bytes of a body that are never encrypted: these two. */
  static final int HEADER = 2;

  private static final double WEIGHT_STEPS = 4096;
  private static final int LONGEST_BODY = 512;

  private ReceiptFormat() {}

  /** Null where a name is too long for a receipt. */
  static byte @Nullable [] write(byte algorithm, int kid, Receipt receipt) {
    ByteBuffer out = ByteBuffer.allocate(LONGEST_BODY);
    out.put(algorithm).put((byte) kid);
    out.putInt((int) Math.floorDiv(receipt.predictedAtMillis(), 1000L)).putLong(receipt.nonce());
    boolean fits =
        text(out, receipt.model())
            && text(out, receipt.version())
            && text(out, receipt.predicted() == null ? "" : receipt.predicted());
    if (!fits) {
      return null;
    }
    out.putFloat((float) receipt.score());
    out.putShort((short) Math.min(0xFFFF, Math.round(Math.log(receipt.weight()) * WEIGHT_STEPS)));
    if (!text(out, receipt.segment()) || !output(out, receipt)) {
      return null;
    }
    byte[] body = new byte[out.position()];
    out.flip().get(body);
    return body;
  }

  private static boolean output(ByteBuffer out, Receipt receipt) {
    switch (receipt.task()) {
      case BINARY -> {
        String other = receipt.other() == null ? "" : receipt.other();
        return text(out, (receipt.isPositive() ? "+" : "-") + other);
      }
      case MULTICLASS -> {
        return text(out, "m");
      }
      case REGRESSION -> {
        boolean isExact = (float) receipt.score() == receipt.score();
        if (isExact) {
          return text(out, "v");
        }
        if (out.remaining() < 10) {
          return false;
        }
        out.put((byte) 9).put((byte) 'v').putDouble(receipt.score());
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  private static boolean text(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 255 || bytes.length + 1 > out.remaining()) {
      return false;
    }
    out.put((byte) bytes.length).put(bytes);
    return true;
  }

  /** What a body says whose signature is right; null if it was written by something newer. */
  static @Nullable Receipt read(byte[] body) {
    try {
      ByteBuffer in = ByteBuffer.wrap(body);
      in.position(HEADER);
      long seconds = Integer.toUnsignedLong(in.getInt());
      long nonce = in.getLong();
      String model = text(in);
      String version = text(in);
      String predicted = text(in);
      double score = in.getFloat();
      long weight = weight(Short.toUnsignedInt(in.getShort()));
      String segment = text(in);
      byte[] output = bytes(in);
      if (in.hasRemaining() || output.length == 0) {
        return null;
      }
      Task task;
      String other = null;
      switch (output[0]) {
        case '+', '-' -> {
          task = Task.BINARY;
          other = new String(output, 1, output.length - 1, StandardCharsets.UTF_8);
        }
        case 'm' -> task = Task.MULTICLASS;
        case 'v' -> {
          task = Task.REGRESSION;
          if (output.length == 9) {
            score = ByteBuffer.wrap(output, 1, 8).getDouble();
          }
        }
        default -> {
          return null;
        }
      }
      return new Receipt(
          seconds * 1000,
          nonce,
          model,
          version,
          task,
          predicted.isEmpty() ? null : predicted,
          other,
          output[0] == '+',
          score,
          weight,
          segment);
    } catch (BufferUnderflowException shorter) {
      return null;
    }
  }

  /** p is a power of two, so 1/p is one exactly. */
  private static long weight(int steps) {
    return 1L << (int) Math.rint(steps / WEIGHT_STEPS / Math.log(2));
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[Byte.toUnsignedInt(in.get())];
    in.get(bytes);
    return bytes;
  }
}
