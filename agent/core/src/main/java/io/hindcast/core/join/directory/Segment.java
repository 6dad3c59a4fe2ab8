package io.hindcast.core.join.directory;

import io.hindcast.core.join.PendingRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of records of one size, in the order in which they came: a header, then records. New
 * ones wait in a buffer and are written together; a label changes the buffer, or sixteen bytes of
 * the file. Owned by the monitor thread.
 */
final class Segment implements Syncing.Forced {
  static final int HEADER = 4096;
  static final int BATCH = 1024;

  /** A header and a batch. */
  static final int LEAST_ROOM = HEADER + BATCH * RecordFormat.FIXED;

  /** The one that is written; others are moved aside. */
  static final int FORMAT = 1;

  static final long MAGIC = 0x5453414344_4E4948L; // HINDCAST

  /** Of a segment; some 6 MB of all. */
  private static final int MOST_UNWRITTEN_LABELS = 1 << 12;

  private static final int SCAN_BYTES = 1 << 20;

  final Path file;
  final long number;
  final long startedMillis;
  final long timeToLiveMillis;
  final int stride;

  /** Of 2^n ids one was kept. */
  final int sampling;

  private final int capacity;
  private final int salt;
  private final FileChannel channel;
  private final OffHeap memory;
  private final ByteBuffer scratch;
  private final CRC32C crc = new CRC32C();
  final SegmentIndex index;

  /** Where its keys are marked, under a number; null if nowhere. */
  private @Nullable SegmentFilter filter;

  private int filterNumber = -1;

  private @Nullable ByteBuffer buffer;
  private int count;
  private int written;
  private long newestMillis = Long.MIN_VALUE;

  /** Places that hold no record. */
  private final BitSet bad = new BitSet();

  /** Places whose truth was told of by an earlier process. */
  private final BitSet fromBefore = new BitSet();

  /** Labels that could not be written yet, by place. */
  private final Map<Integer, byte[]> unwrittenLabels = new HashMap<>();

  /** By stream: records that wait for a label and were told of as such. */
  private final Map<Integer, int[]> openByStream = new HashMap<>();

  /** By stream: records that wait, but had expired before this process began. */
  private final Map<Integer, int[]> expiredByStream = new HashMap<>();

  private Segment(
      Path file,
      FileChannel channel,
      long number,
      long instance,
      long startedMillis,
      long timeToLiveMillis,
      int stride,
      int capacity,
      int sampling,
      OffHeap memory,
      ByteBuffer scratch) {
    this.file = file;
    this.channel = channel;
    this.number = number;
    this.startedMillis = startedMillis;
    this.timeToLiveMillis = timeToLiveMillis;
    this.stride = stride;
    this.capacity = capacity;
    this.sampling = sampling;
    this.memory = memory;
    this.scratch = scratch;
    this.salt = Long.hashCode((instance ^ number) * 0x9E3779B97F4A7C15L);
    this.index = new SegmentIndex(memory);
  }

  /**
   * Makes the file.
   *
   * @param instance a number that no other process has
   */
  static Segment create(
      Path file,
      StoreFiles files,
      long number,
      long instance,
      long nowMillis,
      long timeToLiveMillis,
      int stride,
      int capacity,
      int sampling,
      OffHeap memory,
      ByteBuffer scratch)
      throws IOException {
    FileChannel channel = files.open(file);
    try {
      ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
      header.putLong(0, MAGIC).putInt(8, FORMAT);
      header.putLong(16, number).putLong(24, instance).putLong(32, nowMillis);
      header.putLong(40, timeToLiveMillis);
      header.putInt(48, stride).putInt(52, capacity).putInt(56, sampling);
      header.putInt(12, sum(header));
      channel.truncate(0);
      StoreFiles.writeAll(channel, header.clear(), 0);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return new Segment(
        file,
        channel,
        number,
        instance,
        nowMillis,
        timeToLiveMillis,
        stride,
        capacity,
        sampling,
        memory,
        scratch);
  }

  /**
   * Opens a file that is there, its records not read yet.
   *
   * @throws UnknownFormatException if it is none of ours, or of another version
   */
  static Segment load(Path file, StoreFiles files, OffHeap memory, ByteBuffer scratch)
      throws IOException, UnknownFormatException {
    FileChannel channel = files.open(file);
    try {
      ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
      if (!StoreFiles.readFully(channel, header, 0)) {
        throw new UnknownFormatException("its header is not whole");
      }
      header.clear();
      if (header.getLong(0) != MAGIC) {
        throw new UnknownFormatException("it is no segment");
      }
      if (header.getInt(8) != FORMAT) {
        throw new UnknownFormatException("it has format " + header.getInt(8));
      }
      int stored = header.getInt(12);
      header.putInt(12, 0);
      int stride = header.getInt(48);
      if (sum(header) != stored || stride < RecordFormat.FIXED || stride % 64 != 0) {
        throw new UnknownFormatException("its header is damaged");
      }
      return new Segment(
          file,
          channel,
          header.getLong(16),
          header.getLong(24),
          header.getLong(32),
          header.getLong(40),
          stride,
          header.getInt(52),
          header.getInt(56),
          memory,
          scratch);
    } catch (IOException | RuntimeException | UnknownFormatException e) {
      channel.close();
      throw e;
    }
  }

  /** With zeros in its own place, which are left there. */
  private static int sum(ByteBuffer header) {
    header.putInt(12, 0);
    var crc = new CRC32C();
    crc.update(header.array(), 0, HEADER);
    return (int) crc.getValue();
  }

  /** A file that this version cannot read. */
  static final class UnknownFormatException extends Exception {
    private static final long serialVersionUID = 1;

    UnknownFormatException(String what) {
      super(what);
    }
  }

  /** Marks its keys there from now on, if it can; before the first one. */
  void markIn(SegmentFilter in) {
    filterNumber = in.take();
    filter = filterNumber < 0 ? null : in;
  }

  /** Its number in the filter; −1 if its keys are not marked. */
  int filterNumber() {
    return filterNumber;
  }

  private void index(long keyHigh, long keyLow, int place) {
    index.add(keyLow, place);
    if (filter != null) {
      filter.add(filterNumber, keyHigh, keyLow);
    }
  }

  /** Told of records that are read. */
  interface Visitor {
    /**
     * @param at of the record in the buffer
     */
    void record(ByteBuffer in, int at, int place);
  }

  /** What a scan found that it could not use. */
  record Damage(int records, int lastStream) {}

  /**
   * Reads and checks all records of a file that was loaded, and indexes them. What is no record at
   * its end is cut off.
   *
   * @return damaged records, and the stream of the last good one; −1 without one
   */
  Damage scan(Visitor visitor) throws IOException {
    long bytes = channel.size() - HEADER;
    int whole = (int) Math.min(bytes / stride, SegmentIndex.MOST_RECORDS);
    int lastGood = -1;
    int stream = -1;
    ByteBuffer chunk = memory.take(Math.max(1, SCAN_BYTES / stride) * stride);
    int perChunk = chunk.capacity() / stride;
    for (int from = 0; from < whole; from += perChunk) {
      int records = Math.min(perChunk, whole - from);
      chunk.clear().limit(records * stride);
      StoreFiles.readFully(channel, chunk, position(from));
      chunk.clear();
      for (int i = 0; i < records; i++) {
        int at = i * stride;
        int place = from + i;
        if (!RecordFormat.isValid(chunk, at, stride, place, salt, crc)) {
          bad.set(place);
          continue;
        }
        lastGood = place;
        stream = RecordFormat.stream(chunk, at);
        newestMillis = Math.max(newestMillis, RecordFormat.predictedAt(chunk, at));
        index(RecordFormat.keyHigh(chunk, at), RecordFormat.keyLow(chunk, at), place);
        if (!RecordFormat.isPending(chunk, at)) {
          fromBefore.set(place);
        }
        visitor.record(chunk, at, place);
      }
    }
    memory.giveBack(chunk);
    count = lastGood + 1;
    written = count;
    boolean isRagged = bytes > (long) whole * stride && whole < SegmentIndex.MOST_RECORDS;
    int damaged = bad.cardinality() + (isRagged ? 1 : 0);
    if (bytes > (long) count * stride) {
      channel.truncate(position(count));
    }
    bad.clear(count, Math.max(count, whole));
    return new Damage(damaged, stream);
  }

  /** Reads records again, without checking them. */
  int visit(int from, int most, Visitor visitor) throws IOException {
    int to = Math.min(written, from + most);
    ByteBuffer chunk = memory.take(Math.max(1, SCAN_BYTES / stride) * stride);
    int perChunk = chunk.capacity() / stride;
    int place = from;
    while (place < to) {
      int records = Math.min(perChunk, to - place);
      chunk.clear().limit(records * stride);
      StoreFiles.readFully(channel, chunk, position(place));
      chunk.clear();
      for (int i = 0; i < records; i++, place++) {
        if (!bad.get(place)) {
          visitor.record(chunk, i * stride, place);
        }
      }
    }
    memory.giveBack(chunk);
    return place;
  }

  private long position(int place) {
    return HEADER + (long) place * stride;
  }

  int count() {
    return count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  boolean isFull() {
    return count >= capacity;
  }

  /** The share of its places that are taken. */
  double filled() {
    return (double) count / capacity;
  }

  /** Records that are not in the file yet. */
  int unwritten() {
    return count - written;
  }

  /** No room for another one before {@link #flush}. */
  boolean isBufferFull() {
    return buffer != null && (unwritten() + 1) * stride > buffer.capacity();
  }

  long bytes() {
    return position(count);
  }

  /** What it may grow to. */
  long mostBytes() {
    return position(capacity);
  }

  long newestMillis() {
    return newestMillis;
  }

  boolean isExpired(long nowMillis) {
    return nowMillis - newestMillis > timeToLiveMillis;
  }

  boolean isFromBefore(int place) {
    return fromBefore.get(place);
  }

  /**
   * Where a key is: the newest place; −1 if nowhere.
   *
   * @param into filled with its record, if there is one
   */
  int find(long keyHigh, long keyLow, PendingRecord into) throws IOException {
    int found = -1;
    for (int at = index.first(keyLow); !index.isEnd(at); at = index.next(at)) {
      int place = index.candidate(at, keyLow);
      if (place > found) {
        ByteBuffer in = recordAt(place);
        if (RecordFormat.keyLow(in, offset) == keyLow
            && RecordFormat.keyHigh(in, offset) == keyHigh) {
          found = place;
          // At once: to read a record again is a call of the system, a fifth of a join.
          RecordFormat.read(in, offset, into);
          into.isFromBefore = fromBefore.get(place);
        }
      }
    }
    return found;
  }

  private int offset;

  private ByteBuffer recordAt(int place) throws IOException {
    if (place >= written && buffer != null) {
      offset = (place - written) * stride;
      return buffer;
    }
    offset = 0;
    scratch.clear().limit(stride);
    if (!StoreFiles.readFully(channel, scratch, position(place))) {
      throw new IOException(file.getFileName() + " is shorter than it was");
    }
    scratch.clear();
    if (!unwrittenLabels.isEmpty()) {
      byte[] label = unwrittenLabels.get(place);
      if (label != null) {
        scratch.put(RecordFormat.LABEL, label);
      }
    }
    return scratch;
  }

  /** Takes a record into the buffer, where there must be room; returns its place. */
  int add(PendingRecord record) {
    ByteBuffer to = buffer;
    if (to == null) {
      to = memory.take(Math.min(BATCH, Math.max(1, capacity)) * stride);
      buffer = to;
    }
    int place = count;
    RecordFormat.write(to, unwritten() * stride, stride, record, place, salt, crc);
    index(record.keyHigh, record.keyLow, place);
    count++;
    newestMillis = Math.max(newestMillis, record.predictedAtMillis);
    return place;
  }

  /** Writes the buffer. After a failure it is as it was, and may be tried again. */
  void flush() throws IOException {
    ByteBuffer from = buffer;
    if (from != null && unwritten() > 0) {
      from.clear().limit(unwritten() * stride);
      try {
        StoreFiles.writeAll(channel, from, position(written));
      } finally {
        from.clear();
      }
      written = count;
    }
    if (!unwrittenLabels.isEmpty()) {
      for (Map.Entry<Integer, byte[]> label : unwrittenLabels.entrySet()) {
        writeLabel(label.getKey(), ByteBuffer.wrap(label.getValue()));
      }
      unwrittenLabels.clear();
    }
  }

  /**
   * Writes the label of a record.
   *
   * @return whether it went to the file; else it is in the buffer, or waits for {@link #flush}
   * @throws IOException if it could not be written and waits
   */
  boolean update(int place, PendingRecord record) throws IOException {
    if (isBuffered(place)) {
      remember(place, record);
      return false;
    }
    fromBefore.set(place, record.isFromBefore);
    scratch.clear();
    RecordFormat.writeLabel(scratch, 0, record);
    try {
      writeLabel(place, scratch.limit(RecordFormat.LABEL_BYTES));
      if (!unwrittenLabels.isEmpty()) {
        unwrittenLabels.remove(place);
      }
      return true;
    } catch (IOException e) {
      remember(place, record);
      throw e;
    } finally {
      scratch.clear();
    }
  }

  private boolean isBuffered(int place) {
    return place >= written && buffer != null;
  }

  /** Keeps the label of a record for {@link #flush}. */
  void remember(int place, PendingRecord record) {
    fromBefore.set(place, record.isFromBefore);
    ByteBuffer waiting = buffer;
    if (waiting != null && isBuffered(place)) {
      RecordFormat.writeLabel(waiting, (place - written) * stride + RecordFormat.LABEL, record);
      return;
    }
    if (unwrittenLabels.size() >= MOST_UNWRITTEN_LABELS && !unwrittenLabels.containsKey(place)) {
      // This process has told of it; the next one will find what the file says.
      return;
    }
    scratch.clear();
    RecordFormat.writeLabel(scratch, 0, record);
    byte[] label = new byte[RecordFormat.LABEL_BYTES];
    scratch.get(0, label);
    unwrittenLabels.put(place, label);
  }

  private void writeLabel(int place, ByteBuffer label) throws IOException {
    StoreFiles.writeAll(channel, label, position(place) + RecordFormat.LABEL);
  }

  int unwrittenLabels() {
    return unwrittenLabels.size();
  }

  // Who waits

  void waits(int stream, int change) {
    openByStream.computeIfAbsent(stream, s -> new int[1])[0] += change;
  }

  void hadExpired(int stream) {
    expiredByStream.computeIfAbsent(stream, s -> new int[1])[0]++;
  }

  Map<Integer, int[]> openByStream() {
    return openByStream;
  }

  Map<Integer, int[]> expiredByStream() {
    return expiredByStream;
  }

  // Its end

  /** No more records will come. */
  void seal() {
    index.seal();
    if (buffer != null && unwritten() == 0) {
      memory.giveBack(buffer);
      buffer = null;
    }
  }

  /** On any thread. */
  @Override
  public void force() throws IOException {
    channel.force(false);
  }

  void close() {
    index.free();
    if (filter != null) {
      filter.giveBack(filterNumber);
      filter = null;
    }
    if (buffer != null) {
      memory.giveBack(buffer);
      buffer = null;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // What could not be written was said when it was tried.
    }
  }
}
