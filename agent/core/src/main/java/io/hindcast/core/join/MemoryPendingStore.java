package io.hindcast.core.join;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pending predictions in memory: fixed-size records in the order of arrival, outside the Java heap,
 * and a {@link SlotIndex} of them.
 */
final class MemoryPendingStore implements PendingStore {
  /*
   * Records lie in a ring of slots that is cut into blocks; a block exists only while it holds
   * records, so memory follows traffic up to the limit and back. Three numbers, each only growing,
   * cut the ring: [tail, live) has expired and is kept for some time, so that its
   * labels are `expired` and not `unknown`; [live, head) is live. The oldest goes first when there
   * is no room, and the expired are the oldest.
   *
   * The index is made when it is first needed, for the records that are there by then: most models
   * predict for long before their first label comes, many for ever, and to index a record costs
   * several times what writing it does. Ids of the application need it at once, to tell whether they
   * came before; and so does a store of more records than could be indexed between two rows.
   */
  /** Told of records that leave. */
  interface Departures {
    void left(PendingRecord record, OutcomeSink.LostReason reason);
  }

  private static final int LARGEST_BLOCK_BITS = 12;

  /** Five gigabytes; with more, an entry of the index would have no room for its distance. */
  private static final long MOST_RECORDS = (1 << 26) - (2L << LARGEST_BLOCK_BITS);

  /** Those of more are indexed from the first one on. */
  private static final int INDEXED_LATER = 1 << 20;

  static final int FIXED_BYTES = 64;

  /** Of the index, at most. */
  static final int INDEX_BYTES = 16;

  private static final int KEY_HIGH = 0;
  private static final int KEY_LOW = 8;
  private static final int PREDICTED_AT = 16;
  private static final int SCORE = 24;
  private static final int STREAM = 32;
  private static final int CLASS = 36;
  private static final int STATE = 38;
  private static final int FLAGS = 39;
  private static final int ACTUAL = 40;
  private static final int EVENT_SECONDS = 48;
  private static final int SEGMENTS = 52;
  private static final int REVISION = 56;
  private static final int PROBABILITIES = 60;

  /** Its logarithm. */
  private static final int WEIGHT = 62;

  private static final int BY_ARRIVAL = 1;
  private static final int ACTED_ON = 2;
  private static final int DELAY_SHIFT = 4;
  private static final PendingRecord.State[] STATES = PendingRecord.State.values();

  private final long timeToLiveMillis;
  private final long recognisedMillis;
  private final int probabilities;
  private final int stride;
  private final int blockBits;
  private final long slots;
  private final Departures departures;
  private final StoreSampling sampling;
  private final @Nullable ByteBuffer[] blocks;
  private @Nullable ByteBuffer spare;
  private boolean offHeap = true;
  private final PendingRecord leaving = new PendingRecord();

  private long limit;
  private long tail;
  private long live;
  private long head;

  /* Where these three are in the ring: to divide at each step takes longer than the step. */
  private int tailSlot;
  private int liveSlot;
  private int headSlot;

  private int found;

  private final SlotIndex index;
  private boolean isIndexed;

  /**
   * @param bytes of memory at most, index included
   * @param recognisedMillis how long a record is kept after its time to live
   * @param probabilities kept per record; rows with another number of them are kept without
   * @param mostSampling how far ids are left out when there is no room: {@link StoreSampling}
   */
  public MemoryPendingStore(
      long bytes,
      long timeToLiveMillis,
      long recognisedMillis,
      int probabilities,
      int mostSampling,
      Departures departures) {
    this.recognisedMillis = recognisedMillis;
    this.timeToLiveMillis = timeToLiveMillis;
    this.probabilities = probabilities;
    this.stride = FIXED_BYTES + Double.BYTES * probabilities;
    this.limit = Math.max(1, Math.min(bytes / recordBytes(), MOST_RECORDS));
    this.blockBits = Math.min(LARGEST_BLOCK_BITS, 63 - Long.numberOfLeadingZeros(limit));
    int blockSlots = 1 << blockBits;
    int count = (int) ((limit + blockSlots - 1) / blockSlots) + 1;
    this.slots = (long) count * blockSlots;
    this.blocks = new @Nullable ByteBuffer[count];
    this.index = new SlotIndex(slots, this::keyLow);
    this.isIndexed = limit > INDEXED_LATER;
    this.departures = departures;
    this.sampling = new StoreSampling(timeToLiveMillis, mostSampling);
  }

  /** Bytes that one record takes. */
  int recordBytes() {
    return stride + INDEX_BYTES;
  }

  long limit() {
    return limit;
  }

  /** Records at most, from now on. */
  void limit(long records) {
    limit = Math.max(1, Math.min(records, slots - (1 << blockBits)));
    while (head - tail > limit) {
      dropOldest();
    }
  }

  @Override
  public Put put(PendingRecord record, long nowMillis) {
    expire(nowMillis);
    int there = record.isUnique ? -1 : slotOf(record.keyHigh, record.keyLow);
    if (there >= 0) {
      if (!isExpired(predictedAt(there), nowMillis)) {
        read(there, leaving);
        return leaving.sameAnswer(record) ? Put.RETRY : Put.CONFLICT;
      }
      // An id may be used again after its time; the older record can no longer be found.
      unindex(there);
    }
    if (!sampling.keeps(record.keyHigh)) {
      return Put.NOT_SAMPLED;
    }
    record.weight <<= sampling.level();
    if (head - tail >= limit) {
      dropOldest();
    }
    int slot = headSlot;
    head++;
    headSlot = after(headSlot);
    write(slot, record);
    index(slot);
    found = slot;
    return Put.ADDED;
  }

  @Override
  public Found find(long keyHigh, long keyLow, PendingRecord into, long nowMillis) {
    int slot = slotOf(keyHigh, keyLow);
    if (slot < 0) {
      return sampling.keeps(keyHigh) ? Found.ABSENT : Found.NOT_SAMPLED;
    }
    found = slot;
    read(slot, into);
    return isExpired(into.predictedAtMillis, nowMillis) ? Found.EXPIRED : Found.LIVE;
  }

  @Override
  public void update(PendingRecord record) {
    writeLabel(block(found), offset(found), record);
  }

  /** Of 2^n predictions that come now, one is kept. */
  int samplingLevel() {
    return sampling.level();
  }

  /** Lets go of what is too old. */
  void expire(long nowMillis) {
    while (live < head && isExpired(predictedAt(liveSlot), nowMillis)) {
      read(liveSlot, leaving);
      live++;
      liveSlot = after(liveSlot);
      departures.left(leaving, OutcomeSink.LostReason.UNLABELLED);
    }
    while (tail < live && isExpired(predictedAt(tailSlot), nowMillis - recognisedMillis)) {
      dropOldest();
    }
    sampling.pass(head, limit, nowMillis);
  }

  private boolean isExpired(long predictedAtMillis, long nowMillis) {
    return nowMillis - predictedAtMillis > timeToLiveMillis;
  }

  private int after(int slot) {
    return slot + 1 == slots ? 0 : slot + 1;
  }

  private void dropOldest() {
    int slot = tailSlot;
    if (tail == live) {
      read(slot, leaving);
      live++;
      liveSlot = after(liveSlot);
      if (leaving.isOpen()) {
        sampling.tookRoom();
      }
      departures.left(leaving, OutcomeSink.LostReason.EVICTED);
    }
    unindex(slot);
    tail++;
    tailSlot = after(tailSlot);
    if ((tailSlot & (1 << blockBits) - 1) == 0) {
      int emptied = slot >> blockBits;
      spare = blocks[emptied];
      blocks[emptied] = null;
    }
  }

  // Records

  private void write(int slot, PendingRecord record) {
    if (blocks[slot >> blockBits] == null) {
      blocks[slot >> blockBits] = spare != null ? spare : newBlock();
      spare = null;
    }
    ByteBuffer block = block(slot);
    int at = offset(slot);
    int count = record.probabilityCount == probabilities ? probabilities : 0;
    long weight = Long.numberOfTrailingZeros(record.weight);
    // Fields side by side are written as one: half the stores.
    block.putLong(at + KEY_HIGH, record.keyHigh);
    block.putLong(at + KEY_LOW, record.keyLow);
    block.putLong(at + PREDICTED_AT, record.predictedAtMillis);
    block.putDouble(at + SCORE, record.score);
    block.putLong(
        at + STREAM, record.stream & 0xFFFF_FFFFL | (record.predictedClass & 0xFFFFL) << 32);
    block.putInt(at + SEGMENTS, record.segmentCodes & 0xFFFF);
    block.putLong(at + REVISION, (long) count << 32 | weight << 48);
    for (int i = 0; i < count; i++) {
      block.putDouble(at + FIXED_BYTES + Double.BYTES * i, record.probabilities[i]);
    }
    writeLabel(block, at, record);
  }

  private static void writeLabel(ByteBuffer block, int at, PendingRecord record) {
    block.put(at + STATE, (byte) record.state.ordinal());
    block.put(
        at + FLAGS,
        (byte)
            ((record.byArrival ? BY_ARRIVAL : 0)
                | (record.actedOn ? ACTED_ON : 0)
                | record.delay << DELAY_SHIFT));
    block.putDouble(at + ACTUAL, record.actual);
    block.putInt(at + EVENT_SECONDS, (int) record.eventSeconds);
    block.putInt(at + REVISION, record.revision);
  }

  private void read(int slot, PendingRecord record) {
    ByteBuffer block = block(slot);
    int at = offset(slot);
    record.keyHigh = block.getLong(at + KEY_HIGH);
    record.keyLow = block.getLong(at + KEY_LOW);
    record.predictedAtMillis = block.getLong(at + PREDICTED_AT);
    record.score = block.getDouble(at + SCORE);
    record.stream = block.getInt(at + STREAM);
    record.predictedClass = block.getShort(at + CLASS);
    record.segmentCodes = Short.toUnsignedInt(block.getShort(at + SEGMENTS));
    record.probabilityCount = block.getShort(at + PROBABILITIES);
    record.weight = 1L << block.get(at + WEIGHT);
    if (record.probabilities.length < record.probabilityCount) {
      record.probabilities = new double[record.probabilityCount];
    }
    for (int i = 0; i < record.probabilityCount; i++) {
      record.probabilities[i] = block.getDouble(at + FIXED_BYTES + Double.BYTES * i);
    }
    record.state = STATES[block.get(at + STATE)];
    int flags = block.get(at + FLAGS);
    record.byArrival = (flags & BY_ARRIVAL) != 0;
    record.actedOn = (flags & ACTED_ON) != 0;
    record.delay = flags >> DELAY_SHIFT & 0xF;
    record.actual = block.getDouble(at + ACTUAL);
    record.eventSeconds = Integer.toUnsignedLong(block.getInt(at + EVENT_SECONDS));
    record.revision = block.getInt(at + REVISION);
  }

  private long predictedAt(int slot) {
    return block(slot).getLong(offset(slot) + PREDICTED_AT);
  }

  private ByteBuffer block(int slot) {
    ByteBuffer block = blocks[slot >> blockBits];
    if (block == null) {
      throw new IllegalStateException("no record in slot " + slot);
    }
    return block;
  }

  private int offset(int slot) {
    return (slot & (1 << blockBits) - 1) * stride;
  }

  private ByteBuffer newBlock() {
    if (offHeap) {
      try {
        return ByteBuffer.allocateDirect(stride << blockBits).order(ByteOrder.LITTLE_ENDIAN);
      } catch (OutOfMemoryError noneLeft) {
        // The application's own buffers have taken what -XX:MaxDirectMemorySize gives.
        offHeap = false;
      }
    }
    return ByteBuffer.allocate(stride << blockBits).order(ByteOrder.LITTLE_ENDIAN);
  }

  // Index

  private int slotOf(long keyHigh, long keyLow) {
    if (!isIndexed) {
      indexAll();
    }
    for (int slot = index.first(keyLow); slot >= 0; slot = index.next(keyLow)) {
      ByteBuffer block = block(slot);
      int at = offset(slot);
      if (block.getLong(at + KEY_LOW) == keyLow && block.getLong(at + KEY_HIGH) == keyHigh) {
        return slot;
      }
    }
    return -1;
  }

  private void indexAll() {
    isIndexed = true;
    index.reserve(head - tail + 1);
    int slot = tailSlot;
    for (long record = tail; record < head; record++) {
      index.add(slot);
      slot = after(slot);
    }
  }

  private void index(int slot) {
    if (isIndexed) {
      index.add(slot);
    }
  }

  private long keyLow(int slot) {
    return block(slot).getLong(offset(slot) + KEY_LOW);
  }

  /** Does nothing for a slot that is not indexed any more. */
  private void unindex(int slot) {
    if (isIndexed) {
      index.remove(slot);
    }
  }

  /** For tests: blocks that exist. */
  long blocksInUse() {
    return Arrays.stream(blocks).filter(b -> b != null).count();
  }
}
