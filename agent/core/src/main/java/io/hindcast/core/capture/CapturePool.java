package io.hindcast.core.capture;

import io.hindcast.core.model.Row;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows in flight and rows waiting. Any thread claims a slot when a call begins and commits it when
 * the call ends; the monitor thread alone reads and frees. Nothing is allocated after construction,
 * nothing blocks, and a call that lasts holds nothing back but its own slot.
 */
final class CapturePool {
  /*
   * One bit a slot in words of 64, words far apart, a stripe of words by thread, and on into the
   * next stripe when it is full. The state word of a slot goes 0 → 1 by the caller's release and
   * back to 0 by the monitor, published by the OR that sets the free bit and seen by the next
   * claimer's CAS.
   *
   * A slot's references are null while it is free, and the rest of it is as a call of one row that
   * begins in it needs it (blank): the caller has that much less to do. Its features are whatever the
   * last row left.
   * The generation changes when a slot is claimed (it is odd then) and when it is freed, so that a
   * token that is late (its site was silenced and taken up again) fits nothing.
   */
  private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

  /** Longs between words: two cache lines. */
  private static final int PAD = 16;

  /** Longs of a slot in {@link #header}: one cache line. */
  static final int HEADER = 8;

  private static final int STATE = 0;
  private static final int GENERATION = 1;
  static final int START_NANOS = 2;

  /** Until the call ends, the id of its thread. */
  static final int DURATION_NANOS = 3;

  /** Number of the id, by its kind. */
  static final int ID_NUMBER = 4;

  /** Index of the row in its call, and features that were written. */
  static final int ROW = 5;

  /** Rows of the call where it is the first row, and the next slot of the call. */
  static final int CALL = 6;

  static final int FLAGS = 7;

  /** Doubles of a slot before its features. */
  static final int SCORE = 0;

  static final int CONFIDENCE = 1;
  static final int FIRST_FEATURE = 2;

  /** References of a slot before its features. */
  static final int ERROR_TYPE = 0;

  static final int ID = 1;
  static final int VERSION = 2;
  static final int PREDICTED = 3;

  /** An argument that the method writes its output to. */
  static final int OUTPUT_ROOT = 4;

  static final int FIRST_REFERENCE = 5;

  private static final int REFERENCE_BYTES = 4;

  /** Distinguishes generated ids of different pools. */
  final int number;

  final int slots;
  final int features;
  final boolean featureReferences;

  final long[] header;
  final double[] values;
  final @Nullable Object[] references;

  /** By slot, what the thread that leased it holds ({@link ThreadCalls}); empty without leases. */
  final @Nullable Object[] @Nullable [] callers;

  /** A million slots: what a queue of any sensible size can hold. */
  static final int SLOT_BITS = 20;

  private static final int SLOT = (1 << SLOT_BITS) - 1;
  private static final int FREED_AT_ONCE = 64;

  /** Calls that last longer, more than an hour, are taken for as old as this. */
  private static final long OLDEST = (1L << (62 - SLOT_BITS)) - 1;

  private static final long ONE_ROW = 1L << 32;

  /** What a thread notes of its last prediction, if it was alone. */
  final long last;

  private final Leases leases;

  /** When the rows that wait were last looked for: the clock of calls that read none. */
  private volatile long lookedNanos = System.nanoTime();

  private final Runnable wakeReader;
  private volatile boolean isReaderWoken;

  /** Rows of one drain: beginning, then slot. Owned by the monitor thread. */
  private long[] order = new long[64];

  /** By word, slots to be freed together. Owned by the monitor thread. */
  private final long[] done;

  private final PoolBudget budget;

  /** Of the budget, with what was needed later. */
  private final AtomicLong taken;

  private volatile @Nullable Probabilities probabilities;
  private volatile @Nullable VectorRooms vectors;
  private volatile boolean vectorsHaveNoRoom;

  /** Rows that one call can leave here. Seen by other threads some time later, without harm. */
  private int atOnce;

  private final long[] free;
  private final int words;
  private final int wordsPerStripe;
  private final int stripeShift;
  private final int valueLength;
  private final int referenceLength;

  /**
   * @param slots 0, or a power of two from 64
   * @param features values of a row
   * @param featureReferences whether a feature may be something else than a number
   * @param budget asked again if outputs turn out to be probabilities
   * @param wakeReader called by a caller whose stripe is full, once for each drain
   */
  CapturePool(
      int number,
      int slots,
      int features,
      boolean featureReferences,
      PoolBudget budget,
      Runnable wakeReader) {
    this.wakeReader = wakeReader;
    this.number = number;
    this.slots = slots;
    this.atOnce = slots;
    this.features = features;
    this.budget = budget;
    taken = new AtomicLong((long) slots * bytesPerSlot(features, featureReferences));
    this.featureReferences = featureReferences;
    valueLength = FIRST_FEATURE + features;
    referenceLength = FIRST_REFERENCE + (featureReferences ? features : 0);
    leases = new Leases(number, slots);
    last = ThreadCalls.lastOfPool(number);
    words = slots / 64;
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors());
    // More than cores, since two threads that share a stripe cost each other five times a claim.
    int stripes = Math.max(1, Math.min(words, 4 * Integer.highestOneBit(2 * cores - 1)));
    wordsPerStripe = Math.max(1, words / stripes);
    stripeShift = 63 - Integer.numberOfTrailingZeros(stripes);
    free = new long[(words + 1) * PAD];
    for (int word = 0; word < words; word++) {
      free[(word + 1) * PAD] = -1;
    }
    done = new long[words];
    header = new long[slots * HEADER];
    values = new double[slots * valueLength];
    references = new @Nullable Object[slots * referenceLength];
    callers = new @Nullable Object[leases.isEmpty() ? 0 : slots][];
    for (int slot = 0; slot < slots; slot++) {
      blank(slot);
    }
  }

  /** What a call that is alone, in a slot on lease, would else have to write. */
  private void blank(int slot) {
    int head = slot * HEADER;
    header[head + ROW] = features;
    header[head + CALL] = ONE_ROW;
    header[head + FLAGS] = RowFlags.LEASED;
    values[slot * valueLength + SCORE] = Double.NaN;
    values[slot * valueLength + CONFIDENCE] = Double.NaN;
  }

  /** Nobody will claim a slot again, and nothing waits: the memory is for others. */
  void giveBack() {
    budget.giveBack(taken.getAndSet(0));
  }

  private boolean takeMore(long bytes) {
    boolean fits = budget.takeBytes(bytes);
    if (fits) {
      taken.addAndGet(bytes);
    }
    return fits;
  }

  /** What one slot of such a pool takes. */
  static int bytesPerSlot(int features, boolean featureReferences) {
    return Long.BYTES * (1 + HEADER + FIRST_FEATURE + features)
        + REFERENCE_BYTES * (1 + FIRST_REFERENCE + (featureReferences ? features : 0))
        + Long.BYTES * PAD / 64;
  }

  /**
   * Begins the row of a call that is alone, in a slot that the calling thread has leased. The row's
   * beginning is that of the last look, until a clock tells better.
   *
   * @param words of the thread's calls
   * @param clockMask bits of a call's hash that must be 0 for its clock to be read
   * @return its token; {@link Token#NOT_ALONE} if the thread has no slot on lease
   */
  long beginAlone(long[] words, long clockMask) {
    int slot = leases.next(words);
    return slot < 0 ? Token.NOT_ALONE : begin(slot, clockMask);
  }

  /** The same, after slots were leased. */
  long leaseAndBegin(@Nullable Object[] calls, long[] words, long clockMask) {
    int slot = lease(calls, words);
    return slot < 0 ? Token.NOT_ALONE : begin(slot, clockMask);
  }

  private long begin(int slot, long clockMask) {
    int head = slot * HEADER;
    long[] header = this.header;
    long generation = header[head + GENERATION] + 1;
    long number = generation * slots + slot;
    header[head + GENERATION] = generation;
    header[head + START_NANOS] = lookedNanos;
    header[head + ID_NUMBER] = number;
    boolean isTimed = (number * 0x9E3779B97F4A7C15L & clockMask) == 0;
    return Token.alone(generation, slot, isTimed);
  }

  private int lease(@Nullable Object[] calls, long[] leased) {
    if (!leases.mayLease(leased)) {
      return -1;
    }
    int first = firstWord(ThreadCalls.threadOf(calls));
    // Beyond the own stripe there is too little left to keep some for later.
    for (int word = first; word < first + wordsPerStripe; word++) {
      int at = (word + 1) * PAD;
      for (long bits = (long) WORDS.getOpaque(free, at);
          bits != 0;
          bits = (long) WORDS.getOpaque(free, at)) {
        long rest = bits;
        for (int i = 0; i < Leases.AT_ONCE; i++) {
          rest &= rest - 1;
        }
        if (WORDS.compareAndSet(free, at, bits, rest)) {
          long seen = 0;
          for (long each = bits ^ rest; each != 0; each &= each - 1) {
            int slot = (word << 6) + Long.numberOfTrailingZeros(each);
            // All are asked for at once, since the monitor thread's cache had them last.
            seen ^= header[slot * HEADER + GENERATION];
            if (callers[slot] != calls) {
              callers[slot] = calls;
            }
          }
          leases.take(leased, bits ^ rest, word << 6, seen);
          return leases.next(leased);
        }
      }
    }
    return -1;
  }

  private int firstWord(long thread) {
    long hash = thread * 0x9E3779B97F4A7C15L;
    return (int) (hash >>> 1 >>> stripeShift) * wordsPerStripe;
  }

  /** A free slot, now the caller's, or −1 if there is none. */
  int claim() {
    long thread = Thread.currentThread().getId();
    int first = firstWord(thread);
    for (int k = 0; k < words; k++) {
      if (k == wordsPerStripe && !isReaderWoken) {
        // The stripe is full, so rows come faster than they are looked for.
        isReaderWoken = true;
        wakeReader.run();
      }
      int word = (first + k) & (words - 1);
      int at = (word + 1) * PAD;
      long bits = (long) WORDS.getOpaque(free, at);
      while (bits != 0) {
        // Lowest first: the slot that is most likely still in the cache.
        long bit = Long.lowestOneBit(bits);
        if (WORDS.compareAndSet(free, at, bits, bits ^ bit)) {
          int slot = (word << 6) + Long.numberOfTrailingZeros(bit);
          int head = slot * HEADER;
          header[head + GENERATION]++;
          header[head + DURATION_NANOS] = thread;
          header[head + CALL] = 0;
          header[head + FLAGS] = 0;
          return slot;
        }
        bits = (long) WORDS.getOpaque(free, at);
      }
    }
    return -1;
  }

  /** Gives a slot that was claimed to the monitor thread. */
  void commit(int slot) {
    WORDS.setRelease(header, slot * HEADER + STATE, 1L);
  }

  /** Takes back a slot that was claimed and will not be committed. */
  void release(int slot) {
    clear(slot);
    WORDS.getAndBitwiseOr(free, ((slot >> 6) + 1) * PAD, 1L << slot);
  }

  /*
   * Slots lie in no order of time, and what is learnt from the first rows must be learnt from those
   * that came first. So the rows of one drain are sorted by their beginning, and by their index
   * within a call. Rows that began after the drain did are left for the next one: else a slot in a
   * word not yet looked at would overtake one in a word already passed.
   */

  /**
   * Reads the committed rows in the order in which their calls began and frees their slots, also if
   * the reader throws. Monitor thread only.
   */
  int drain(SlotReader reader) {
    isReaderWoken = false;
    long now = System.nanoTime();
    long youngest = reader.isOrderBlurred() ? lookedNanos : now;
    lookedNanos = now;
    int rows = collect(now, youngest);
    reader.begin(rows);
    int read = 0;
    int freed = 0;
    try {
      while (read < rows) {
        int slot = (int) order[read] & SLOT;
        read++; // first: a row that cannot be read is not read again
        reader.read(this, slot);
        if (read - freed == FREED_AT_ONCE) {
          free(freed, read);
          freed = read;
        }
      }
    } finally {
      free(freed, read);
    }
    return rows;
  }

  /**
   * @param youngest rows that began later are taken for as old as this when it comes to their order
   */
  private int collect(long now, long youngest) {
    long leastAge = now - youngest;
    int rows = 0;
    long last = Long.MIN_VALUE;
    boolean isAscending = true;
    boolean isAlone = true;
    for (int word = 0; word < words; word++) {
      for (long used = ~(long) WORDS.getAcquire(free, (word + 1) * PAD);
          used != 0;
          used &= used - 1) {
        int slot = (word << 6) + Long.numberOfTrailingZeros(used);
        if ((long) WORDS.getAcquire(header, slot * HEADER + STATE) != 1L) {
          continue; // in flight: one read, nothing held back
        }
        long age = now - header[slot * HEADER + START_NANOS];
        if (age < 0) {
          continue;
        }
        if (rows == order.length) {
          order = Arrays.copyOf(order, Math.min(2 * rows, slots));
        }
        long place = (OLDEST - Math.min(Math.max(age, leastAge), OLDEST)) << SLOT_BITS | slot;
        isAscending &= place > last;
        last = place;
        isAlone &= header[slot * HEADER + ROW] >>> 32 == 0;
        order[rows++] = place;
      }
    }
    if (!isAscending) {
      Arrays.sort(order, 0, rows);
    }
    if (!isAlone) {
      sortWithinCalls(rows);
    }
    return rows;
  }

  private void sortWithinCalls(int rows) {
    int from = 0;
    while (from < rows) {
      int to = from + 1;
      while (to < rows && order[to] >>> SLOT_BITS == order[from] >>> SLOT_BITS) {
        to++;
      }
      if (to - from > 1) {
        for (int i = from; i < to; i++) {
          int slot = (int) order[i] & SLOT;
          order[i] = (long) rowIndex(slot) << SLOT_BITS | slot;
        }
        Arrays.sort(order, from, to);
      }
      from = to;
    }
  }

  private void free(int from, int to) {
    for (int i = from; i < to; i++) {
      int slot = (int) order[i] & SLOT;
      clear(slot);
      header[slot * HEADER + STATE] = 0;
      done[slot >> 6] |= 1L << slot;
    }
    for (int i = from; i < to; i++) {
      int word = ((int) order[i] & SLOT) >> 6;
      if (done[word] != 0) {
        WORDS.getAndBitwiseOr(free, (word + 1) * PAD, done[word]);
        done[word] = 0;
      }
    }
  }

  /** Takes back what threads that have ended had leased. Monitor thread only. */
  void inherit() {
    leases.inherit(
        (bits, base) -> {
          for (long each = bits; each != 0; each &= each - 1) {
            callers[base + Long.numberOfTrailingZeros(each)] = null;
          }
          WORDS.getAndBitwiseOr(free, ((base >> 6) + 1) * PAD, bits);
        });
  }

  /** Slots that calls have: in flight, or waiting. */
  int occupied() {
    int used = -leases.unused();
    for (int word = 0; word < words; word++) {
      used += 64 - Long.bitCount((long) WORDS.getOpaque(free, (word + 1) * PAD));
    }
    return used;
  }

  /** The first slot from one on that is claimed and not committed; −1 if there is none. */
  int nextInFlight(int from) {
    for (int slot = from; slot < slots; slot++) {
      long used = ~(long) WORDS.getAcquire(free, ((slot >> 6) + 1) * PAD) >>> slot;
      if (used == 0) {
        slot |= 63;
        continue;
      }
      slot += Long.numberOfTrailingZeros(used);
      boolean isClaimed = (header[slot * HEADER + GENERATION] & 1) != 0; // else it is on lease
      if (isClaimed && (long) WORDS.getAcquire(header, slot * HEADER + STATE) == 0) {
        return slot;
      }
    }
    return -1;
  }

  /** Id of the thread that began the call; of a slot in flight only. */
  long threadOf(int slot) {
    @Nullable Object[] caller = callers.length == 0 ? null : callers[slot];
    return caller != null && RowFlags.has(this, slot, RowFlags.LEASED)
        ? ThreadCalls.threadOf(caller)
        : header[slot * HEADER + DURATION_NANOS];
  }

  private void clear(int slot) {
    header[slot * HEADER + GENERATION]++;
    VectorRooms rooms = vectors;
    if (rooms != null) {
      releaseVectors(rooms, slot);
    }
    int from = slot * referenceLength;
    for (int i = from; i < from + referenceLength; i++) {
      if (references[i] != null) {
        references[i] = null;
      }
    }
    blank(slot);
  }

  void score(int slot, double score) {
    values[slot * valueLength + SCORE] = score;
  }

  /** Gives the row of a call that lasted so long to the monitor thread. */
  void commit(int slot, long durationNanos) {
    header[slot * HEADER + DURATION_NANOS] = durationNanos;
    commit(slot);
  }

  /** Whether a slot is still the row that it was when its generation was read. */
  boolean holds(int slot, int generation) {
    return slot >= 0
        && slot < slots
        && ((int) header[slot * HEADER + GENERATION] & TOKEN_GENERATION) == generation
        && header[slot * HEADER + STATE] == 0;
  }

  /** As many bits of the generation as a token has room for. */
  static final int TOKEN_GENERATION = 0x1FFF_FFFF;

  int generation(int slot) {
    return (int) header[slot * HEADER + GENERATION] & TOKEN_GENERATION;
  }

  /** A number that no other row of this pool has. */
  long uniqueNumber(int slot) {
    return header[slot * HEADER + GENERATION] * slots + slot;
  }

  long head(int slot, int field) {
    return header[slot * HEADER + field];
  }

  void head(int slot, int field, long value) {
    header[slot * HEADER + field] = value;
  }

  int rowIndex(int slot) {
    return (int) (header[slot * HEADER + ROW] >>> 32);
  }

  int featuresOf(int slot) {
    return (int) header[slot * HEADER + ROW];
  }

  void row(int slot, int index, int features) {
    header[slot * HEADER + ROW] = (long) index << 32 | features;
  }

  int callRows(int slot) {
    return (int) (header[slot * HEADER + CALL] >>> 32);
  }

  void callRows(int slot, int rows) {
    header[slot * HEADER + CALL] = (long) rows << 32 | header[slot * HEADER + CALL] & 0xFFFF_FFFFL;
  }

  /** The next row of the same call, or −1. */
  int next(int slot) {
    return (int) header[slot * HEADER + CALL] - 1;
  }

  void next(int slot, int next) {
    header[slot * HEADER + CALL] =
        header[slot * HEADER + CALL] & 0xFFFF_FFFF_0000_0000L | (next + 1);
  }

  int valueAt(int slot) {
    return slot * valueLength;
  }

  int featureAt(int slot) {
    return slot * valueLength + FIRST_FEATURE;
  }

  /** Where rows of so many probabilities keep them; null if there is no room. */
  @Nullable Probabilities probabilities(int count) {
    Probabilities room = probabilities;
    if (room == null) {
      room = makeProbabilities(count);
    }
    return count <= room.perSlot ? room : null;
  }

  /** The first output shows how many there are, long after the slots were made. */
  private synchronized Probabilities makeProbabilities(int count) {
    Probabilities room = probabilities;
    if (room == null) {
      boolean fits = count <= MOST_PROBABILITIES && takeMore((long) slots * count * Double.BYTES);
      room = fits ? new Probabilities(new double[slots * count], count) : NO_PROBABILITIES;
      probabilities = room;
    }
    return room;
  }

  /** Probabilities of a row that are kept. */
  static final int MOST_PROBABILITIES = 50;

  private static final Probabilities NO_PROBABILITIES = new Probabilities(new double[0], -1);

  /** Probabilities of every slot. */
  record Probabilities(double[] values, int perSlot) {
    int at(int slot) {
      return slot * perSlot;
    }
  }

  int referenceAt(int slot) {
    return slot * referenceLength;
  }

  void number(int slot, int place, double value) {
    values[slot * valueLength + FIRST_FEATURE + place] = value;
  }

  /** A feature that is no number; for pools with references of features only. */
  void reference(int slot, int place, Object value) {
    values[slot * valueLength + FIRST_FEATURE + place] = Double.NaN;
    references[slot * referenceLength + FIRST_REFERENCE + place] = value;
  }

  /**
   * A feature of any type: numbers by value; text, enums, booleans and characters as they are;
   * times as milliseconds and a mark; long vectors as their room and a mark; null and what is empty
   * as missing.
   */
  void value(int slot, int place, @Nullable Object value) {
    if (value instanceof Number number) {
      number(slot, place, number.doubleValue());
    } else if (value == null) {
      number(slot, place, Double.NaN);
    } else if (featureReferences && Elements.isScalar(value)) {
      reference(slot, place, value);
    } else {
      other(slot, place, value);
    }
  }

  private void other(int slot, int place, Object value) {
    if (value instanceof Optional<?> optional) {
      value(slot, place, optional.orElse(null));
    } else if (Optionals.isOfNumber(value.getClass())) {
      number(slot, place, Optionals.number(value));
    } else if (!featureReferences) {
      number(slot, place, Double.NaN);
    } else {
      int length = RowWriter.vectorLength(value);
      if (length > 0) {
        vector(slot, place, value, length);
        return;
      }
      double millis = Times.epochMillis(value);
      reference(slot, place, Double.isNaN(millis) ? Row.WRONG_TYPE : DerivedFeatures.TIME);
      number(slot, place, millis);
    }
  }

  private void vector(int slot, int place, Object value, int length) {
    VectorRooms rooms = roomsFor(length);
    if (rooms == null) {
      reference(slot, place, Row.NOT_KNOWN);
      return;
    }
    int room = rooms.claim();
    if (room < 0) {
      RowFlags.set(this, slot, RowFlags.WITHOUT_VECTOR);
      number(slot, place, Double.NaN);
      if (!isReaderWoken) {
        isReaderWoken = true;
        wakeReader.run();
      }
      return;
    }
    try {
      rooms.fill(room, value, length);
    } catch (Throwable unreadable) {
      rooms.release(room);
      throw unreadable;
    }
    reference(slot, place, DerivedFeatures.VECTOR);
    number(slot, place, room);
  }

  /** Null if there is no room for such vectors. */
  private @Nullable VectorRooms roomsFor(int length) {
    VectorRooms rooms = vectors;
    return rooms != null || vectorsHaveNoRoom ? rooms : makeRooms(length);
  }

  /** The first vector shows how long they are, after the slots were made. */
  private synchronized @Nullable VectorRooms makeRooms(int length) {
    if (vectors == null && !vectorsHaveNoRoom) {
      int elements = Math.min(length, VectorRooms.MOST_ELEMENTS);
      long bytes = VectorRooms.bytesPerRoom(elements);
      int rooms = Math.min(VectorRooms.MOST_ROOMS, Math.max(64, slots));
      while (rooms >= VectorRooms.LEAST_ROOMS && !takeMore(rooms * bytes)) {
        rooms /= 2;
      }
      if (rooms < VectorRooms.LEAST_ROOMS) {
        vectorsHaveNoRoom = true;
      } else {
        vectors = new VectorRooms(rooms, elements);
        atOnce = Math.min(slots, rooms);
      }
    }
    return vectors;
  }

  /** Rows that fit in at once: as many as there are slots, or rooms for their vectors. */
  int atOnce() {
    return atOnce;
  }

  /** Null as long as no vector came. */
  @Nullable VectorRooms vectors() {
    return vectors;
  }

  /** Whether vectors came and the memory of all queues had no room for them. */
  boolean vectorsHaveNoRoom() {
    return vectorsHaveNoRoom;
  }

  private void releaseVectors(VectorRooms rooms, int slot) {
    int from = referenceAt(slot) + FIRST_REFERENCE;
    for (int place = 0; place < features; place++) {
      if (references[from + place] == DerivedFeatures.VECTOR) {
        rooms.release((int) values[featureAt(slot) + place]);
      }
    }
  }

  void missing(int slot) {
    int from = featureAt(slot);
    Arrays.fill(values, from, from + features, Double.NaN);
  }

  @Nullable Object held(int slot, int reference) {
    return references[slot * referenceLength + reference];
  }

  void hold(int slot, int reference, @Nullable Object value) {
    references[slot * referenceLength + reference] = value;
  }

  /** Reads one slot. */
  interface SlotReader {
    /**
     * Whether most rows know no more than the look before which they began: then the others need
     * not be sorted in among them.
     */
    default boolean isOrderBlurred() {
      return false;
    }

    /** So many are going to be read. */
    default void begin(int rows) {}

    void read(CapturePool pool, int slot);
  }
}
