package io.hindcast.core.join.directory;

import io.hindcast.core.join.OutcomeSink.LostReason;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.PendingStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All segments of a directory, oldest first, and the filters of those that were dropped. Puts and
 * finds do not throw: what goes wrong with the disk is told to {@link Events#failed}. Owned by the
 * monitor thread.
 */
final class SegmentRecords implements PendingStore {
  /*
   * One segment is open for each time to live and size of record; it is closed when it is full, or
   * when a sixteenth of the time to live has passed. A key is looked up from the newest segment to
   * the oldest, whatever stream it is of: the key holds the model.
   *
   * Space is bounded by what the open segments may grow to and the others have. A new segment that
   * has no room takes that of the oldest. If the last one filled so fast that sixteen of them span
   * less than the time to live, half as many ids are kept from then on (those whose key begins with
   * one zero more); if twice as many would fit easily, twice as many are. Every record counts for as
   * many as it stands for, and a segment says how it was sampled.
   */
  static final int SEGMENTS = 16;

  /** So many are looked through sooner than the filter is asked. */
  private static final int UNFILTERED = 4;

  private static final long SHORTEST_SEGMENT_MILLIS = 1000;
  private static final int MOST_SAMPLING = 20;
  private static final int LARGEST_STRIDE = RecordFormat.stride(255);

  /** Records read in one turn for the filter of an expired segment: a few milliseconds. */
  private static final int FILTERED_PER_TURN = 1 << 14;

  private final Path directory;
  private final StoreFiles files;
  private final long most;
  private final long instance;
  private final IntToLongFunction timeToLive;
  private final Events events;
  private final PendingRecord known = new PendingRecord();
  private final OffHeap memory = new OffHeap();
  private final ByteBuffer scratch = memory.take(LARGEST_STRIDE);
  private final SegmentFilter filter;

  /** Those that the filter knows, by their number there. */
  private final @Nullable Segment[] filtered = new @Nullable Segment[SegmentFilter.MOST];

  private int unfiltered;
  private final List<Segment> segments = new ArrayList<>();
  private final Map<Kind, Segment> open = new HashMap<>();
  private final Deque<Filter> filters = new ArrayDeque<>();
  private long nextNumber = 1;
  private int sampling;
  private long filterBytes;
  private @Nullable Leaving leaving;

  private @Nullable Segment foundIn;
  private int foundPlace;
  private boolean foundOpen;
  private long changes;
  private final Set<Segment> changed = new LinkedHashSet<>();

  /** Told of what happens to records. */
  interface Events {
    void failed(IOException cause);

    /** Is it known that nothing can be written? */
    boolean isFailing();

    /** Records will be written; what they mention has to be there before. */
    void beforeWriting() throws IOException;

    /** So many records of a stream left that waited for a label. */
    void left(int stream, LostReason reason, long records, boolean wereTold);
  }

  /** Segments that take the same records. */
  private record Kind(long timeToLiveMillis, int stride) {}

  /** A filter with its file. */
  private record Filter(Path file, KeyFilter keys) {}

  /** An expired segment on its way to a filter. */
  private static final class Leaving {
    final Segment segment;
    final KeyFilter keys;
    int next;

    Leaving(Segment segment) {
      this.segment = segment;
      this.keys = new KeyFilter(segment.count(), segment.newestMillis(), segment.timeToLiveMillis);
    }
  }

  /**
   * @param most bytes of all files
   * @param timeToLive of a stream, in milliseconds
   */
  SegmentRecords(
      Path directory,
      StoreFiles files,
      long most,
      long instance,
      IntToLongFunction timeToLive,
      Events events) {
    int capacity = capacity(most, RecordFormat.FIXED);
    long segments = most / (Segment.HEADER + (long) capacity * RecordFormat.FIXED);
    this.filter = new SegmentFilter(memory, capacity, segments);
    this.directory = directory;
    this.files = files;
    this.most = most;
    this.instance = instance;
    this.timeToLive = timeToLive;
    this.events = events;
  }

  private static int capacity(long most, int stride) {
    long fitting = (most / SEGMENTS - Segment.HEADER) / stride;
    return (int) Math.max(1, Math.min(fitting, SegmentIndex.MOST_RECORDS));
  }

  Path segmentFile(long number) {
    return directory.resolve(String.format(Locale.ROOT, "segment-%010d", number));
  }

  private Path filterFile(long number) {
    return directory.resolve(String.format(Locale.ROOT, "filter-%010d", number));
  }

  // Opening

  OffHeap memory() {
    return memory;
  }

  ByteBuffer scratch() {
    return scratch;
  }

  SegmentFilter filter() {
    return filter;
  }

  /**
   * A segment of an earlier process, scanned; in order. One of the same kind before it is closed.
   */
  void adopt(Segment segment) {
    hold(segment);
    Segment before = open.put(new Kind(segment.timeToLiveMillis, segment.stride), segment);
    if (before != null) {
      before.seal();
    }
    nextNumber = Math.max(nextNumber, segment.number + 1);
    sampling = segment.sampling;
  }

  void adopt(Path file, long number, KeyFilter keys) {
    filters.add(new Filter(file, keys));
    filterBytes += keys.bytes();
    nextNumber = Math.max(nextNumber, number + 1);
  }

  /** Goes on with the newest of what was adopted, unless they are over. */
  void adopted(long nowMillis) {
    open.values().removeIf(segment -> closeIfOver(segment, nowMillis));
  }

  List<Segment> segments() {
    return segments;
  }

  // Records

  @Override
  public Put put(PendingRecord record, long nowMillis) {
    try {
      return putOrThrow(record, nowMillis);
    } catch (IOException e) {
      events.failed(e);
      return Put.LOST;
    }
  }

  private Put putOrThrow(PendingRecord record, long nowMillis) throws IOException {
    if (!record.isUnique && find(record.keyHigh, record.keyLow, known)) {
      if (nowMillis - known.predictedAtMillis <= there().timeToLiveMillis) {
        return known.sameAnswer(record) ? Put.RETRY : Put.CONFLICT;
      }
    }
    if (!isKept(record.keyHigh, sampling)) {
      return Put.NOT_SAMPLED;
    }
    Segment to = openFor(record, nowMillis);
    if (to == null) {
      return Put.LOST;
    }
    if (to.isBufferFull()) {
      flush(to);
    }
    record.weight <<= to.sampling;
    foundIn = to;
    foundPlace = to.add(record);
    foundOpen = true;
    to.waits(record.stream, 1);
    return Put.ADDED;
  }

  /** Null if there is no room while nothing can be written. */
  private @Nullable Segment openFor(PendingRecord record, long nowMillis) throws IOException {
    var kind =
        new Kind(
            timeToLive.applyAsLong(record.stream), RecordFormat.stride(record.probabilityCount));
    Segment segment = open.get(kind);
    if (events.isFailing()) {
      return segment == null || segment.isFull() || segment.isBufferFull() ? null : segment;
    }
    if (segment != null && closeIfOver(segment, nowMillis)) {
      open.remove(kind);
      segment = null;
    }
    if (segment == null) {
      segment = create(kind, nowMillis);
      segment.markIn(filter);
      open.put(kind, segment);
      hold(segment);
    }
    return segment;
  }

  /** Closes a segment that is full or old; one that cannot be written stays open. */
  private boolean closeIfOver(Segment segment, long nowMillis) {
    long age = nowMillis - segment.startedMillis;
    long longest = Math.max(SHORTEST_SEGMENT_MILLIS, segment.timeToLiveMillis / SEGMENTS);
    if (!segment.isFull() && age >= 0 && age < longest) {
      return false;
    }
    try {
      flush(segment);
    } catch (IOException e) {
      events.failed(e);
      return false;
    }
    segment.seal();
    return true;
  }

  private Segment create(Kind kind, long nowMillis) throws IOException {
    int capacity = capacity(most, kind.stride);
    long needed = Segment.HEADER + (long) capacity * kind.stride;
    boolean tookRoom = false;
    while (reserved() + needed > most && !segments.isEmpty()) {
      tookRoom |= !segments.get(0).isExpired(nowMillis) && waits(segments.get(0));
      evictOldest();
    }
    double span = lastFillMillis(kind, nowMillis) * SEGMENTS / kind.timeToLiveMillis;
    if (tookRoom && span < 1) {
      sampling = Math.min(sampling + 1, MOST_SAMPLING);
    } else if (!tookRoom && sampling > 0 && span > 3) {
      sampling--;
    }
    long number = nextNumber++;
    return Segment.create(
        segmentFile(number),
        files,
        number,
        instance,
        nowMillis,
        kind.timeToLiveMillis,
        kind.stride,
        capacity,
        sampling,
        memory,
        scratch);
  }

  private static boolean waits(Segment segment) {
    return segment.openByStream().values().stream().anyMatch(records -> records[0] > 0);
  }

  /** How long the last segment of a kind took to fill, or would have; infinite without one. */
  private double lastFillMillis(Kind kind, long nowMillis) {
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment last = segments.get(i);
      if (last.timeToLiveMillis == kind.timeToLiveMillis && last.stride == kind.stride) {
        return Math.max(0, nowMillis - last.startedMillis) / last.filled();
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private long reserved() {
    long bytes = filterBytes;
    for (Segment segment : segments) {
      bytes += open.containsValue(segment) ? segment.mostBytes() : segment.bytes();
    }
    return bytes;
  }

  private void evictOldest() throws IOException {
    Segment oldest = segments.get(0);
    tell(oldest, LostReason.EVICTED);
    if (leaving != null && leaving.segment == oldest) {
      leaving = null;
    }
    remove(oldest);
  }

  private void hold(Segment segment) {
    segments.add(segment);
    if (segment.filterNumber() >= 0) {
      filtered[segment.filterNumber()] = segment;
    } else {
      unfiltered++;
    }
  }

  private void letGo(Segment segment) {
    segments.remove(segment);
    if (segment.filterNumber() >= 0) {
      filtered[segment.filterNumber()] = null;
    } else {
      unfiltered--;
    }
  }

  private void remove(Segment segment) throws IOException {
    letGo(segment);
    changed.remove(segment);
    open.values().remove(segment);
    if (foundIn == segment) {
      foundIn = null;
    }
    segment.close();
    files.delete(segment.file);
  }

  private void tell(Segment segment, LostReason reason) {
    segment
        .openByStream()
        .forEach((stream, records) -> events.left(stream, reason, records[0], true));
    segment
        .expiredByStream()
        .forEach(
            (stream, records) -> events.left(stream, LostReason.UNLABELLED, records[0], false));
  }

  private static boolean isKept(long keyHigh, int sampling) {
    return sampling == 0 || keyHigh >>> (Long.SIZE - sampling) == 0;
  }

  @Override
  public Found find(long keyHigh, long keyLow, PendingRecord into, long nowMillis) {
    try {
      if (find(keyHigh, keyLow, into)) {
        foundOpen = into.isOpen();
        return nowMillis - into.predictedAtMillis > there().timeToLiveMillis
            ? Found.EXPIRED
            : Found.LIVE;
      }
    } catch (IOException e) {
      events.failed(e);
      return Found.ABSENT;
    }
    for (Iterator<Filter> each = filters.descendingIterator(); each.hasNext(); ) {
      KeyFilter keys = each.next().keys;
      if (!isForgotten(keys, nowMillis) && keys.mayHold(keyHigh, keyLow)) {
        return Found.FORGOTTEN;
      }
    }
    return isKept(keyHigh, sampling) ? Found.ABSENT : Found.NOT_SAMPLED;
  }

  private boolean find(long keyHigh, long keyLow, PendingRecord into) throws IOException {
    long may = segments.size() > UNFILTERED ? filter.mayHold(keyHigh, keyLow) : -1;
    if (unfiltered == 0 && segments.size() > UNFILTERED) {
      while (may != 0) {
        Segment newest = newestOf(may);
        if (newest == null) {
          return false;
        }
        if (isIn(newest, keyHigh, keyLow, into)) {
          return true;
        }
        may &= ~(1L << newest.filterNumber());
      }
      return false;
    }
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      int number = segment.filterNumber();
      boolean mayBe = number < 0 || (may >>> number & 1) != 0;
      if (mayBe && isIn(segment, keyHigh, keyLow, into)) {
        return true;
      }
    }
    return false;
  }

  /** Of those with a bit; null if they have all left. */
  private @Nullable Segment newestOf(long bits) {
    Segment newest = null;
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      Segment segment = filtered[Long.numberOfTrailingZeros(rest)];
      if (segment != null && (newest == null || segment.number > newest.number)) {
        newest = segment;
      }
    }
    return newest;
  }

  private boolean isIn(Segment segment, long keyHigh, long keyLow, PendingRecord into)
      throws IOException {
    int place = segment.find(keyHigh, keyLow, into);
    if (place < 0) {
      return false;
    }
    foundIn = segment;
    foundPlace = place;
    return true;
  }

  private Segment there() {
    Segment there = foundIn;
    if (there == null) {
      throw new IllegalStateException("nothing was found");
    }
    return there;
  }

  @Override
  public void update(PendingRecord record) {
    Segment there = there();
    if (record.isOpen() != foundOpen) {
      foundOpen = record.isOpen();
      there.waits(record.stream, foundOpen ? 1 : -1);
    }
    try {
      events.beforeWriting();
    } catch (IOException e) {
      // The label waits with what it mentions.
      there.remember(foundPlace, record);
      events.failed(e);
      return;
    }
    try {
      if (there.update(foundPlace, record)) {
        changes++;
        changed.add(there);
      }
    } catch (IOException e) {
      events.failed(e);
    }
  }

  // Writing

  /** A number that grows with everything that is written. */
  long changes() {
    return changes;
  }

  /** Are there records that no file has? */
  boolean hasUnwritten() {
    for (Segment segment : open.values()) {
      if (segment.unwritten() > 0) {
        return true;
      }
    }
    return false;
  }

  void flush() throws IOException {
    for (Segment segment : open.values()) {
      flush(segment);
    }
  }

  private void flush(Segment segment) throws IOException {
    if (segment.unwritten() > 0) {
      events.beforeWriting();
      segment.flush();
      changes++;
      changed.add(segment);
    }
  }

  /** Writes what could not be written before. */
  void flushAll() throws IOException {
    events.beforeWriting();
    flush();
    for (Segment segment : segments) {
      if (segment.unwrittenLabels() > 0) {
        segment.flush();
        changes++;
        changed.add(segment);
      }
    }
  }

  // Expiry

  /** Closes what is old, drops what has expired; at most a piece of it. */
  void expire(long nowMillis) throws IOException {
    filter.turn();
    if (!open.isEmpty()) {
      open.values()
          .removeIf(segment -> isOver(segment, nowMillis) && closeIfOver(segment, nowMillis));
    }
    Leaving now = leaving;
    if (now == null) {
      now = nextToLeave(nowMillis);
      leaving = now;
    }
    if (now != null) {
      now.next = now.segment.visit(now.next, FILTERED_PER_TURN, (in, at, place) -> add(in, at));
      if (now.next >= now.segment.count()) {
        leaving = null;
        drop(now);
      }
    }
    while (!filters.isEmpty() && isForgotten(filters.peek().keys, nowMillis)) {
      Filter oldest = filters.remove();
      filterBytes -= oldest.keys.bytes();
      files.delete(oldest.file);
    }
  }

  private void add(ByteBuffer in, int at) {
    Leaving now = leaving;
    if (now != null) {
      now.keys.add(RecordFormat.keyHigh(in, at), RecordFormat.keyLow(in, at));
    }
  }

  private static boolean isOver(Segment segment, long nowMillis) {
    return nowMillis - segment.startedMillis
        >= Math.max(SHORTEST_SEGMENT_MILLIS, segment.timeToLiveMillis / SEGMENTS);
  }

  private @Nullable Leaving nextToLeave(long nowMillis) {
    for (Segment segment : segments) {
      if (segment.isExpired(nowMillis) && !open.containsValue(segment)) {
        return new Leaving(segment);
      }
    }
    return null;
  }

  /** Segments with changes that were not forced, since the last call. */
  List<Segment> takeChanged() {
    List<Segment> taken = List.copyOf(changed);
    changed.clear();
    return taken;
  }

  boolean hasChanged() {
    return !changed.isEmpty();
  }

  private void drop(Leaving gone) throws IOException {
    Path file = filterFile(gone.segment.number);
    tell(gone.segment, LostReason.UNLABELLED);
    try {
      // First, so that after a crash one of the two is there.
      gone.keys.save(file, files);
    } finally {
      filters.add(new Filter(file, gone.keys));
      filterBytes += gone.keys.bytes();
      remove(gone.segment);
    }
  }

  private static boolean isForgotten(KeyFilter keys, long nowMillis) {
    return nowMillis - keys.newestMillis
        > keys.timeToLiveMillis + PendingStore.recognisedMillis(keys.timeToLiveMillis);
  }

  /** The directory is gone: nothing of it is there any more. */
  void lose() {
    for (Segment segment : List.copyOf(segments)) {
      tell(segment, LostReason.DISK);
      letGo(segment);
      segment.close();
    }
    changed.clear();
    open.clear();
    filters.clear();
    filterBytes = 0;
    leaving = null;
    foundIn = null;
  }

  void close() {
    segments.forEach(Segment::close);
  }

  /** Bytes outside the Java heap and in filters. */
  long memoryBytes() {
    long bytes = filterBytes + filter.bytes();
    for (Segment segment : segments) {
      bytes += segment.index.bytes();
    }
    return bytes;
  }

  int samplingLevel() {
    return sampling;
  }
}
