package io.hindcast.core.join.directory;

import io.hindcast.core.join.PendingRecord;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A record in a segment file, little-endian:
 *
 * <pre>
 *  0 kind u8 | 1 probabilities u8 | 2 stream u16 | 4 CRC32C u32 of everything but itself and the label
 *  8 key 16  | 24 prediction time, ms u48 | 30 class i16 | 32 score or value f64
 * 40 segments u16 | 42 weight, the upper half of an f32 | 44 place in its segment u32
 * 48 label f64 | 56 event time, s u32 | 60 state 2, by arrival 1, implied 1, delay 4, acted on 1,
 *                                          revision 23 bits
 * 64 probabilities f64, up to the next multiple of 64
 * </pre>
 */
final class RecordFormat {
  /*
   * Only the sixteen bytes of the label change, in one write. They begin at a multiple of 16, so they
   * cross neither sector nor page, and need no checksum of their own. The checksum is mixed with a
   * number of the segment: a block that a file system shows of another file is no record here.
   *
   * Score is f64, not f32 as first thought: it has to be the same after a restart as before it, and
   * there is room. The weight is a power of two, which half a float holds exactly.
   */
  static final int FIXED = 64;
  static final int LABEL = 48;
  static final int LABEL_BYTES = 16;

  private static final byte PREDICTION = 1;
  private static final int BY_ARRIVAL = 1 << 2;
  private static final int ACTED_ON = 1 << 8;
  private static final int DELAY_SHIFT = 4;
  private static final int REVISION_SHIFT = 9;
  private static final PendingRecord.State[] STATES = PendingRecord.State.values();

  private RecordFormat() {}

  /** Bytes of a record with so many probabilities. */
  static int stride(int probabilities) {
    return (FIXED + Double.BYTES * probabilities + 63) / 64 * 64;
  }

  static void write(
      ByteBuffer to, int at, int stride, PendingRecord record, int place, int salt, CRC32C crc) {
    to.put(at, PREDICTION);
    to.put(at + 1, (byte) record.probabilityCount);
    to.putShort(at + 2, (short) record.stream);
    to.putLong(at + 8, record.keyHigh);
    to.putLong(at + 16, record.keyLow);
    to.putInt(at + 24, (int) record.predictedAtMillis);
    to.putShort(at + 28, (short) (record.predictedAtMillis >>> 32));
    to.putShort(at + 30, (short) record.predictedClass);
    to.putDouble(at + 32, record.score);
    to.putShort(at + 40, (short) record.segmentCodes);
    to.putShort(at + 42, (short) (Float.floatToRawIntBits((float) record.weight) >>> 16));
    to.putInt(at + 44, place);
    int end = at + FIXED;
    for (int i = 0; i < record.probabilityCount; i++, end += Double.BYTES) {
      to.putDouble(end, record.probabilities[i]);
    }
    for (; end < at + stride; end += Double.BYTES) {
      to.putLong(end, 0);
    }
    writeLabel(to, at + LABEL, record);
    to.putInt(at + 4, sum(to, at, stride, crc) ^ salt);
  }

  static void writeLabel(ByteBuffer to, int at, PendingRecord record) {
    to.putDouble(at, record.actual);
    to.putInt(at + 8, (int) record.eventSeconds);
    to.putInt(
        at + 12,
        record.state.ordinal()
            | (record.byArrival ? BY_ARRIVAL : 0)
            | record.delay << DELAY_SHIFT
            | (record.actedOn ? ACTED_ON : 0)
            | record.revision << REVISION_SHIFT);
  }

  static void read(ByteBuffer from, int at, PendingRecord into) {
    into.probabilityCount = from.get(at + 1) & 0xFF;
    into.stream = stream(from, at);
    into.keyHigh = from.getLong(at + 8);
    into.keyLow = from.getLong(at + 16);
    into.predictedAtMillis = predictedAt(from, at);
    into.predictedClass = from.getShort(at + 30);
    into.segmentCodes = Short.toUnsignedInt(from.getShort(at + 40));
    into.score = from.getDouble(at + 32);
    into.weight = (long) Float.intBitsToFloat(from.getShort(at + 42) << 16);
    if (into.probabilities.length < into.probabilityCount) {
      into.probabilities = new double[into.probabilityCount];
    }
    for (int i = 0; i < into.probabilityCount; i++) {
      into.probabilities[i] = from.getDouble(at + FIXED + Double.BYTES * i);
    }
    int flags = from.getInt(at + LABEL + 12);
    into.actual = from.getDouble(at + LABEL);
    into.eventSeconds = from.getInt(at + LABEL + 8) & 0xFFFF_FFFFL;
    into.state = STATES[flags & 3];
    into.byArrival = (flags & BY_ARRIVAL) != 0;
    into.delay = flags >>> DELAY_SHIFT & 0xF;
    into.actedOn = (flags & ACTED_ON) != 0;
    into.revision = flags >>> REVISION_SHIFT;
    into.isFromBefore = false;
  }

  static int stream(ByteBuffer from, int at) {
    return from.getShort(at + 2) & 0xFFFF;
  }

  static long keyHigh(ByteBuffer from, int at) {
    return from.getLong(at + 8);
  }

  static long keyLow(ByteBuffer from, int at) {
    return from.getLong(at + 16);
  }

  static long predictedAt(ByteBuffer from, int at) {
    return from.getInt(at + 24) & 0xFFFF_FFFFL | (from.getShort(at + 28) & 0xFFFFL) << 32;
  }

  static boolean isOpen(ByteBuffer from, int at) {
    PendingRecord.State state = STATES[from.getInt(at + LABEL + 12) & 3];
    return state == PendingRecord.State.PENDING || state == PendingRecord.State.RETRACTED;
  }

  static boolean isPending(ByteBuffer from, int at) {
    return STATES[from.getInt(at + LABEL + 12) & 3] == PendingRecord.State.PENDING;
  }

  /** Is this a whole record, written for this place of this segment? */
  static boolean isValid(ByteBuffer from, int at, int stride, int place, int salt, CRC32C crc) {
    if (from.get(at) != PREDICTION || from.getInt(at + 44) != place) {
      return false;
    }
    int stored = from.getInt(at + 4);
    boolean isSame = stored == (sum(from, at, stride, crc) ^ salt);
    from.putInt(at + 4, stored);
    return isSame && FIXED + Double.BYTES * (from.get(at + 1) & 0xFF) <= stride;
  }

  /** With zeros in its own place, which are left there. */
  private static int sum(ByteBuffer of, int at, int stride, CRC32C crc) {
    of.putInt(at + 4, 0);
    crc.reset();
    crc.update(of.limit(at + LABEL).position(at));
    if (stride > FIXED) {
      crc.update(of.limit(at + stride).position(at + FIXED));
    }
    of.clear();
    return (int) crc.getValue();
  }
}
