package io.hindcast.core.join.directory;

import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.OutcomeSink.LostReason;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.RecordJoin;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Durability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code store: { directory: P, size: S, sync: D }}: predictions and labels in segment files, which
 * survive the process; with {@code sync}, the machine. Owned by the monitor thread.
 */
public final class DirectoryLabelStore implements LabelStore {
  /*
   * SegmentRecords knows where records are, RecordJoin what labels do to them, StreamTable what the
   * numbers in them mean. Here is the rest: the lock, the start, when to write, who waits for it, and
   * what to do when the disk does not.
   *
   * Records are written after 50 ms, when a batch is full, or when somebody waits; labels of written
   * records at once. While the disk fails, records wait in their batch as long as it has room, then
   * they are lost and counted; all is tried again each minute.
   */
  private static final long BATCH_MILLIS = 50;
  private static final long LOOK_MILLIS = 1000;
  private static final long RETRY_MILLIS = 60_000;
  private static final String SEGMENT = "segment-";
  private static final String FILTER = "filter-";
  private static final String STREAMS = "streams";
  private static final String LOCK = "lock";
  private static final String DRAFT = ".draft";

  private final Path directory;
  private final StoreFiles files;
  private final long size;
  private final AgentLog log;
  private final long syncMillis;
  private final @Nullable Syncing syncing;
  private FileChannel lock;

  private final RecordJoin join = new RecordJoin();
  private final SegmentRecords records;
  private final StreamTable streams;
  private final List<Waiter> waiters = new ArrayList<>();

  private boolean isFailing;
  private boolean isGone;
  private boolean isClosed;
  private long failedMillis;
  private long unwrittenSince = Long.MIN_VALUE;
  private long lookedMillis;
  private long syncedMillis;
  private long nowMillis;

  /** Somebody who waits until changes are durable. */
  private static final class Waiter {
    final Consumer<Durability> then;

    /** −1 until what it waits for is written. */
    long changes = -1;

    Waiter(Consumer<Durability> then) {
      this.then = then;
    }
  }

  private DirectoryLabelStore(
      Path directory,
      StoreFiles files,
      long size,
      @Nullable Duration sync,
      ThreadFactory threads,
      AgentLog log,
      FileChannel lock) {
    this.directory = directory;
    this.files = files;
    this.size = size;
    this.log = log;
    this.lock = lock;
    this.syncMillis = sync == null ? 0 : sync.toMillis();
    this.syncing = sync == null ? null : new Syncing(threads);
    this.streams = new StreamTable(directory.resolve(STREAMS), files);
    long instance = System.nanoTime() ^ ProcessHandle.current().pid() << 40;
    this.records =
        new SegmentRecords(directory, files, size, instance, this::timeToLive, new Happenings());
  }

  /**
   * Takes a directory, which is made if it is not there.
   *
   * @param size bytes of all files, at most
   * @param sync how often what was written is forced to disk; null: when the system likes
   * @throws IOException with a message that says why it cannot be used
   */
  public static DirectoryLabelStore open(
      Path directory, long size, @Nullable Duration sync, ThreadFactory threads, AgentLog log)
      throws IOException {
    return open(directory, size, sync, threads, log, new StoreFiles());
  }

  static DirectoryLabelStore open(
      Path directory,
      long size,
      @Nullable Duration sync,
      ThreadFactory threads,
      AgentLog log,
      StoreFiles files)
      throws IOException {
    files.createDirectory(directory);
    return new DirectoryLabelStore(
        directory, files, size, sync, threads, log, lock(directory, files));
  }

  private static FileChannel lock(Path directory, StoreFiles files) throws IOException {
    FileChannel channel = files.open(directory.resolve(LOCK));
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException heldHere) {
      // By another agent of this JVM.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new IOException("another process uses it");
  }

  private long timeToLive(int stream) {
    StreamTable.Entry entry = streams.entry(stream);
    return entry == null ? 0 : entry.key.timeToLiveMillis();
  }

  private final class Happenings implements SegmentRecords.Events {
    @Override
    public void failed(IOException cause) {
      fail(cause);
    }

    @Override
    public boolean isFailing() {
      return isFailing;
    }

    @Override
    public void beforeWriting() throws IOException {
      streams.write();
    }

    @Override
    public void left(int stream, LostReason reason, long gone, boolean wereTold) {
      OutcomeSink sink = join.sink(stream);
      if (sink != null && gone > 0) {
        if (wereTold) {
          sink.pending((int) -gone);
        }
        sink.lost(reason, gone);
      }
    }
  }

  // The start

  @Override
  public void restore(Restoring into, long nowMillis) {
    this.nowMillis = nowMillis;
    try {
      restoreOrThrow(into, nowMillis);
    } catch (IOException e) {
      fail(e);
    }
  }

  private void restoreOrThrow(Restoring into, long nowMillis) throws IOException {
    try {
      streams.load();
    } catch (Segment.UnknownFormatException unknown) {
      moveAside(list(""), "the table of streams: " + unknown.getMessage());
    }
    loadFilters();
    Map<Integer, Long> lastMillis = new HashMap<>();
    Map<Segment, Segment.Damage> damage = new HashMap<>();
    for (Path file : list(SEGMENT)) {
      Segment segment = load(file);
      if (segment != null) {
        segment.markIn(records.filter());
        damage.put(
            segment,
            segment.scan(
                (in, at, place) ->
                    lastMillis.merge(
                        RecordFormat.stream(in, at), RecordFormat.predictedAt(in, at), Math::max)));
        records.adopt(segment);
      }
    }
    records.adopted(nowMillis);
    streams.keepOnly(new HashSet<>(lastMillis.keySet()));
    streams.entries().entrySet().stream()
        .sorted(Comparator.comparingLong(each -> lastMillis.getOrDefault(each.getKey(), 0L)))
        .forEach(
            each -> {
              StreamTable.Entry entry = each.getValue();
              OutcomeSink sink =
                  into.stream(
                      each.getKey(),
                      entry.key,
                      List.copyOf(entry.classes),
                      List.copyOf(entry.probabilityClasses),
                      lastMillis.getOrDefault(each.getKey(), 0L));
              if (sink != null) {
                entry.sink = sink;
                join.open(each.getKey(), sink);
              }
            });
    for (Segment segment : records.segments()) {
      tellOf(segment, nowMillis);
    }
    damage.forEach((segment, found) -> tellOf(segment, found));
  }

  private void loadFilters() throws IOException {
    for (Path file : list(FILTER)) {
      KeyFilter filter = KeyFilter.of(Files.readAllBytes(file));
      if (filter == null) {
        files.delete(file);
      } else {
        records.adopt(file, numberOf(file), filter);
      }
    }
  }

  private static long numberOf(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(name.indexOf('-') + 1));
  }

  /** Segments or filters, by number. */
  private List<Path> list(String prefix) throws IOException {
    var found = new ArrayList<Path>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path file : all) {
        String name = file.getFileName().toString();
        boolean isOurs = name.matches("(segment|filter)-\\d{1,18}");
        if (isOurs && name.startsWith(prefix)) {
          found.add(file);
        } else if (prefix.isEmpty() && name.equals(STREAMS)) {
          found.add(file);
        } else if (name.endsWith(DRAFT)) {
          files.delete(file);
        }
      }
    }
    found.sort(null);
    return found;
  }

  private @Nullable Segment load(Path file) throws IOException {
    if (Files.size(file) < Segment.HEADER) {
      // The process ended while it made the file.
      files.delete(file);
      return null;
    }
    try {
      return Segment.load(file, files, records.memory(), records.scratch());
    } catch (Segment.UnknownFormatException unknown) {
      moveAside(List.of(file), file.getFileName() + ": " + unknown.getMessage());
      return null;
    }
  }

  private void moveAside(List<Path> all, String why) throws IOException {
    Path aside = directory.resolve("aside-" + nowMillis);
    files.createDirectory(aside);
    for (Path file : all) {
      Files.move(file, aside.resolve(file.getFileName()));
    }
    log.warn(
        "store "
            + directory
            + ": "
            + why
            + "; moved to "
            + aside
            + ", its predictions get no labels. Read it with the version that wrote it, or delete"
            + " it");
  }

  private void tellOf(Segment segment, long nowMillis) throws IOException {
    var record = new PendingRecord();
    int place = 0;
    while (place < segment.count()) {
      place =
          segment.visit(
              place,
              segment.count(),
              (in, at, of) -> {
                RecordFormat.read(in, at, record);
                record.isFromBefore = segment.isFromBefore(of);
                tellOf(segment, record, nowMillis);
              });
    }
  }

  private void tellOf(Segment segment, PendingRecord record, long nowMillis) {
    OutcomeSink sink = join.sink(record.stream);
    if (sink == null) {
      return;
    }
    boolean hasExpired = nowMillis - record.predictedAtMillis > segment.timeToLiveMillis;
    if (!hasExpired) {
      sink.restored(record);
      segment.waits(record.stream, record.isOpen() ? 1 : 0);
    } else if (record.isOpen()) {
      segment.hadExpired(record.stream);
    }
  }

  private void tellOf(Segment segment, Segment.Damage damage) {
    if (damage.records() == 0) {
      return;
    }
    OutcomeSink sink = join.sink(damage.lastStream());
    if (sink == null) {
      for (Integer stream : streams.entries().keySet()) {
        sink = sink == null ? join.sink(stream) : sink;
      }
    }
    if (sink != null) {
      sink.lost(LostReason.TORN, damage.records());
    }
    log.debug(
        "store " + segment.file + ": " + damage.records() + " records are damaged, and left out");
  }

  // Predictions and labels

  @Override
  public int open(StreamKey key, OutcomeSink sink) {
    int stream = streams.add(key, sink);
    if (stream >= 0) {
      join.open(stream, sink);
    }
    return stream;
  }

  @Override
  public void forget(int stream) {
    join.forget(stream);
    StreamTable.Entry entry = streams.entry(stream);
    if (entry != null) {
      entry.sink = null;
    }
  }

  @Override
  public void put(PendingRecord prediction, long nowMillis) {
    this.nowMillis = nowMillis;
    if (prediction.probabilityCount > MOST_PROBABILITIES) {
      prediction.probabilityCount = 0;
    }
    join.put(records, prediction, nowMillis);
    if (unwrittenSince == Long.MIN_VALUE) {
      unwrittenSince = nowMillis;
    }
  }

  /** Of a record; models with more classes have no log loss. */
  private static final int MOST_PROBABILITIES = 50;

  @Override
  public void label(AddressedLabel label, long nowMillis) {
    this.nowMillis = nowMillis;
    join.label(records, label, nowMillis);
  }

  // Time

  @Override
  public void turn(long nowMillis) {
    this.nowMillis = nowMillis;
    if (isClosed) {
      return;
    }
    look();
    if (isFailing && !isWithin(failedMillis, RETRY_MILLIS)) {
      tryAgain();
    }
    if (!isFailing) {
      try {
        if (!waiters.isEmpty() || !isWithin(unwrittenSince, BATCH_MILLIS)) {
          records.flush();
          unwrittenSince = Long.MIN_VALUE;
        }
        records.expire(nowMillis);
      } catch (IOException e) {
        fail(e);
      }
    }
    sync();
    answer();
  }

  /** Also false if the clock was set back. */
  private boolean isWithin(long sinceMillis, long millis) {
    long passed = nowMillis - sinceMillis;
    return passed >= 0 && passed < millis;
  }

  private void sync() {
    Syncing thread = syncing;
    if (thread == null) {
      return;
    }
    IOException failure = thread.failure();
    if (failure != null) {
      fail(failure);
    }
    if (records.hasChanged() && !isWithin(syncedMillis, syncMillis)) {
      syncedMillis = nowMillis;
      var all = new ArrayList<Syncing.Forced>(records.takeChanged());
      all.add(streams);
      thread.ask(all, records.changes());
    }
  }

  @Override
  public void whenDurable(Consumer<Durability> then) {
    waiters.add(new Waiter(then));
  }

  private void answer() {
    if (waiters.isEmpty()) {
      return;
    }
    var answered = new HashMap<Waiter, Durability>();
    for (Waiter waiter : waiters) {
      Durability durability = durability(waiter);
      if (durability != null) {
        answered.put(waiter, durability);
      }
    }
    List<Waiter> inOrder = waiters.stream().filter(answered::containsKey).toList();
    waiters.removeAll(inOrder);
    inOrder.forEach(waiter -> waiter.then.accept(answered.get(waiter)));
  }

  private @Nullable Durability durability(Waiter waiter) {
    if (isFailing) {
      return Durability.MEMORY;
    }
    if (syncing == null) {
      return Durability.OS;
    }
    if (waiter.changes < 0) {
      waiter.changes = records.changes();
    }
    return syncing.done() >= waiter.changes ? Durability.DISK : null;
  }

  // Trouble

  private void fail(IOException cause) {
    if (!isFailing) {
      isFailing = true;
      log.warn(
          "store "
              + directory
              + " cannot be written ("
              + cause
              + "); predictions without a place are counted as hindcast.pending.lost{disk}. It is"
              + " tried again each minute: make room, or give back the permission");
    }
    failedMillis = nowMillis;
  }

  /** Is the directory still there? Open files are written happily after it is gone. */
  private void look() {
    if (isWithin(lookedMillis, LOOK_MILLIS)) {
      return;
    }
    lookedMillis = nowMillis;
    if (!isGone && !Files.exists(directory.resolve(LOCK))) {
      isGone = true;
      records.lose();
      streams.close();
      closeLock();
      fail(new IOException("it is gone"));
    }
  }

  private void tryAgain() {
    failedMillis = nowMillis;
    try {
      if (isGone) {
        files.createDirectory(directory);
        lock = lock(directory, files);
        streams.begin();
        isGone = false;
      }
      records.flushAll();
      probe();
      isFailing = false;
      log.warn("store " + directory + " can be written again");
    } catch (IOException e) {
      // Said when it began.
      failedMillis = nowMillis;
    }
  }

  /**
   * Open files may be written where no new one can be made: is there room for a segment's begin?
   */
  private void probe() throws IOException {
    Path file = directory.resolve("probe" + DRAFT);
    try (FileChannel to = files.open(file)) {
      StoreFiles.writeAll(to, ByteBuffer.allocate(Segment.LEAST_ROOM), 0);
    } finally {
      files.delete(file);
    }
  }

  private void closeLock() {
    try {
      lock.close();
    } catch (IOException e) {
      // Closed all the same.
    }
  }

  @Override
  public long limit(String model) {
    long models =
        streams.entries().values().stream().map(each -> each.key.model()).distinct().count();
    return size / RecordFormat.FIXED / Math.max(1, models);
  }

  @Override
  public int samplingLevel(String model) {
    return records.samplingLevel();
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      records.flushAll();
      if (syncing != null) {
        for (Segment changed : records.takeChanged()) {
          changed.force();
        }
        streams.force();
      }
    } catch (IOException e) {
      fail(e);
    }
    Durability reached =
        isFailing ? Durability.MEMORY : syncing == null ? Durability.OS : Durability.DISK;
    waiters.forEach(waiter -> waiter.then.accept(reached));
    waiters.clear();
    if (syncing != null) {
      syncing.close();
    }
    records.close();
    streams.close();
    closeLock();
  }

  /** For tests: ends as a crash would, with nothing more written. */
  void abandon() {
    isClosed = true;
    if (syncing != null) {
      syncing.close();
    }
    records.close();
    streams.close();
    closeLock();
  }

  /** For tests. */
  SegmentRecords records() {
    return records;
  }
}
