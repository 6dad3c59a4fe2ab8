package io.hindcast.core.join.jdbc;

import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.FleetBooks;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.OutcomeSink.LostReason;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.PendingStore;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code store: { jdbc: URL, user: U, password-file: F }}: predictions and labels in PostgreSQL,
 * where several instances share them; whichever gets a label counts it. Owned by the monitor
 * thread; a thread of its own speaks with the database.
 */
public final class JdbcLabelStore implements LabelStore {
  /*
   * What is given waits in `given`, in order; the store thread takes it in batches and answers when
   * the transaction has been committed. Everything that was not answered counts against ROOM, so
   * that neither a slow database nor a slow monitor thread lets this grow.
   *
   * A batch is of predictions or of labels, and leaves the others where they are, so that a mixture
   * is no reason for small ones. It ends where it would pass something of its own key: a label never
   * overtakes its prediction, nor a prediction one of the same id. A label that finds nothing while a
   * prediction of its key is under way is held until that is written, and done once more: nobody
   * would bring the two together afterwards. What else comes for its key is held behind it.
   *
   * While the database does not take it, or not fast enough, all of it goes to the `spool`, and comes
   * from there to `given` when it does.
   */
  static final int ROOM = 65_536;
  static final int BATCH = 1000;
  private static final int MOST_SEEN = 4 * BATCH;
  private static final UUID NO_KEY = new UUID(0, 0);
  private static final int MOST_PROBABILITIES = 50;
  private static final long END_MILLIS = 5000;
  private static final long LEADER_END_MILLIS = 2000;
  private static final long FOLLOW_MILLIS = 1000;
  private static final long ASK_MILLIS = 3000;
  private static final long LOOK_EVERY_MILLIS = 1000;
  private static final long WHOLE_LOOK_MILLIS = 3_600_000;

  /** Longer than a prediction that is old enough may wait for the label that this means. */
  private static final long ABSENCE_MILLIS = 60_000;

  private static final long LEAST_SWEEP_MILLIS = 1000;
  private static final long MOST_SWEEP_MILLIS = 3_600_000;

  /** Which process this is, in rows. */
  private final long instance = new SecureRandom().nextLong();

  private final Handover handover = new Handover();
  private final StoreThread thread;
  private final Function<FleetBooks, Leader> newLeader;
  private @Nullable Leader leader;
  private final ArrayDeque<Given> given = new ArrayDeque<>();

  /** What the store thread has taken last; guarded by {@link #given}. */
  private @Nullable Work taken;

  private final Spool spool;
  private final Replay replay = new Replay(this);

  /** Something was given: before that the driver need not be there. */
  private boolean hasBegun;

  private final Map<Integer, Stream> streams = new HashMap<>();
  private final Map<String, Stream> byName = new HashMap<>();
  private final Map<UUID, Integer> puts = new HashMap<>();
  private final Map<UUID, Held> held = new HashMap<>();
  private @Nullable Restoring restoring;

  /** As {@link Absences} has it; not touched while one is under way. */
  private final Map<Integer, Long> looked = new HashMap<>();

  private boolean isLooking;
  private long nextLookMillis = Long.MIN_VALUE;
  private long wholeLookMillis = Long.MIN_VALUE / 2;
  private int unanswered;
  private int nextStream;
  private boolean isClosed;

  /** Predictions of one version, as this process numbers it. */
  static final class Stream {
    final int number;
    final StreamKey key;
    final OutcomeSink sink;

    /** All that were over then have been told of. */
    long sweptMillis = Long.MIN_VALUE;

    /** A sweep is on its way. */
    boolean isSwept;

    Stream(int number, StreamKey key, OutcomeSink sink) {
      this.number = number;
      this.key = key;
      this.sink = sink;
    }
  }

  /** What waits for the store thread. */
  sealed interface Given permits Put, Label, Alone {
    UUID key();

    /** Null if it is of no worth to another process. */
    @Nullable Ticket ticket();
  }

  /**
   * @param probabilityClasses what the places of its probabilities mean
   */
  record Put(
      Stream stream,
      UUID key,
      PendingRecord record,
      Payload payload,
      List<String> probabilityClasses,
      Ticket ticket)
      implements Given {}

  /**
   * @param nowMillis when it was given
   * @param isReleased it was held
   */
  record Label(AddressedLabel label, UUID key, long nowMillis, boolean isReleased, Ticket ticket)
      implements Given {}

  /** Labels of a key, in their order. */
  private static final class Held {
    final ArrayDeque<Label> waiting = new ArrayDeque<>();

    /** Those that were released, and wait for a prediction once more. */
    final ArrayDeque<Label> again = new ArrayDeque<>();

    /** Those that were released and have not been done. */
    int released;
  }

  /** In no batch. */
  record Alone(Work work) implements Given {
    @Override
    public UUID key() {
      return NO_KEY;
    }

    @Override
    public @Nullable Ticket ticket() {
      return null;
    }
  }

  /**
   * @param places where a directory may be made for what the database does not take, the best first
   * @param loaders where a driver may be found; asked at each connection
   */
  public JdbcLabelStore(
      String url,
      @Nullable String user,
      @Nullable Path passwordFile,
      List<Path> places,
      Supplier<List<ClassLoader>> loaders,
      ThreadFactory threads,
      AgentLog log) {
    this(
        url,
        user,
        passwordFile,
        places,
        Spool.MOST_BYTES,
        loaders,
        threads,
        log,
        FOLLOW_MILLIS,
        ASK_MILLIS);
  }

  /**
   * @param spoolBytes of that directory, at most
   * @param followMillis how often the one that speaks for all instances reads what changes
   * @param askMillis how often the others ask to be the one
   */
  JdbcLabelStore(
      String url,
      @Nullable String user,
      @Nullable Path passwordFile,
      List<Path> places,
      long spoolBytes,
      Supplier<List<ClassLoader>> loaders,
      ThreadFactory threads,
      AgentLog log,
      long followMillis,
      long askMillis) {
    // Parameters may hold secrets.
    String name = url.split("[?;]", 2)[0];
    spool = new Spool(places, name, spoolBytes, log);
    Callable<Connection> connect =
        () -> Drivers.connect(url, properties(user, passwordFile), loaders);
    thread =
        new StoreThread(
            name, () -> new Tables(connect.call(), instance), this::next, handover, threads, log);
    newLeader =
        books ->
            new Leader(
                name,
                () -> new LeaderTables(connect.call()),
                handover,
                books,
                followMillis,
                askMillis,
                thread::isFailing,
                threads,
                log);
    thread.start();
  }

  private static Properties properties(@Nullable String user, @Nullable Path passwordFile)
      throws IOException {
    var properties = new Properties();
    if (user != null) {
      properties.setProperty("user", user);
    }
    if (passwordFile != null) {
      properties.setProperty(
          "password", Files.readString(passwordFile, StandardCharsets.UTF_8).strip());
    }
    properties.setProperty("ApplicationName", "hindcast");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    return properties;
  }

  // Streams

  /** Nothing is told here: labels find what was before, and {@link #fleet} hears of all of it. */
  @Override
  public void restore(Restoring into, long nowMillis) {
    restoring = into;
    spool.adopt();
  }

  @Override
  public void fleet(FleetBooks books) {
    Leader candidate = newLeader.apply(books);
    leader = candidate;
    candidate.start();
  }

  @Override
  public int open(StreamKey key, OutcomeSink sink) {
    var stream = new Stream(nextStream++, key, sink);
    streams.put(stream.number, stream);
    byName.put(nameOf(key), stream);
    return stream.number;
  }

  private static String nameOf(StreamKey key) {
    return key.model() + '\0' + key.version() + '\0' + key.output();
  }

  @Override
  public void forget(int number) {
    Stream stream = streams.remove(number);
    if (stream != null) {
      byName.remove(nameOf(stream.key), stream);
    }
  }

  /**
   * The stream of a row, here; one that only other instances have is begun.
   *
   * @return null if nobody here wants its labels
   */
  @Nullable Stream streamOf(StoredRow row) {
    return row.maker == instance
        ? byName.get(nameOf(row.stream.key()))
        : streamOf(row.stream, row.predictedAtMillis);
  }

  /** Tells of a label of an earlier process that no version has counted. */
  void replayed(String model, LabelOutcome outcome) {
    if (restoring != null) {
      restoring.replayed(model, outcome);
    }
  }

  /**
   * The same for one of whichever instance.
   *
   * @param lastMillis when it was in use
   */
  @Nullable Stream streamOf(StoredStreams.Stored stored, long lastMillis) {
    String name = nameOf(stored.key());
    Stream known = byName.get(name);
    Restoring into = restoring;
    if (known != null || into == null) {
      return known;
    }
    int number = nextStream++;
    OutcomeSink sink =
        into.stream(number, stored.key(), List.of(), stored.probabilityClasses(), lastMillis);
    if (sink == null) {
      return null;
    }
    var stream = new Stream(number, stored.key(), sink);
    streams.put(number, stream);
    byName.put(name, stream);
    return stream;
  }

  // Predictions and labels

  @Override
  public void put(PendingRecord prediction, long nowMillis) {
    Stream stream = streams.get(prediction.stream);
    if (stream == null) {
      return;
    }
    if (isClosed) {
      lost(stream, prediction);
      return;
    }
    PendingRecord record = Records.copyOf(prediction, MOST_PROBABILITIES);
    String className =
        record.predictedClass < 0 ? null : stream.sink.classes().get(record.predictedClass);
    var key = new UUID(record.keyHigh, record.keyLow);
    List<String> places =
        record.probabilityCount == 0 ? List.of() : List.copyOf(stream.sink.probabilityClasses());
    Payload payload = Payload.of(record, className);
    if (!take(new Put(stream, key, record, payload, places, new Ticket()), nowMillis)) {
      lost(stream, prediction);
    }
  }

  private static void lost(Stream stream, PendingRecord prediction) {
    stream.sink.lost(LostReason.DISK, 1);
    stream.sink.predicted(prediction);
  }

  @Override
  public void label(AddressedLabel label, long nowMillis) {
    var key = new UUID(label.keyHigh(), label.keyLow());
    if (isClosed || !take(new Label(label, key, nowMillis, false, new Ticket()), nowMillis)) {
      label.answer().answered(label, LabelOutcome.DROPPED, false);
    }
  }

  /** Takes a prediction or a label; false if there is no room for it. */
  private boolean take(Given what, long nowMillis) {
    hasBegun = true;
    boolean hasRoom = unanswered < ROOM;
    if ((thread.isFailing() || !hasRoom) && spool.mayBegin(nowMillis)) {
      spool.begin(inMemory(), nowMillis);
    }
    if (!spool.isOn()) {
      if (hasRoom) {
        unanswered++;
        enqueue(what);
      }
      return hasRoom;
    }
    boolean isOnDisk = spool.add(what, nowMillis);
    boolean isWanted = what instanceof Label || !isOnDisk;
    if (isWanted && (hasRoom || spool.continues(what))) {
      unanswered++;
      spool.keep(what);
      return true;
    }
    return isOnDisk;
  }

  /** What has not been answered, in order. */
  private List<Given> inMemory() {
    var all = new ArrayList<Given>();
    synchronized (given) {
      if (taken != null) {
        all.addAll(taken.given());
      }
      held.values().forEach(of -> all.addAll(of.waiting));
      held.values().forEach(of -> all.addAll(of.again));
      all.addAll(given);
    }
    return all;
  }

  private void give(Alone what) {
    unanswered++;
    if (spool.isOn()) {
      spool.keep(what);
    } else {
      enqueue(what);
    }
  }

  private void enqueue(Given what) {
    if (what instanceof Put put) {
      puts.merge(put.key, 1, Integer::sum);
    }
    synchronized (given) {
      given.add(what);
    }
    thread.wake();
    if (leader != null) {
      leader.wake();
    }
  }

  /** Once more, behind everything. */
  void enqueueAgain(Label label) {
    enqueue(label);
  }

  /** Lets what waits in the spool go on while the database takes it. */
  private void unspool(long nowMillis) {
    if (thread.isFailing() && spool.mayBegin(nowMillis)) {
      List<Given> waiting = inMemory();
      if (waiting.stream().anyMatch(each -> each.ticket() != null)) {
        spool.begin(waiting, nowMillis);
      }
    }
    if (!spool.isOn() || thread.isFailing() || !hasBegun) {
      return;
    }
    int waiting;
    synchronized (given) {
      waiting = given.size();
    }
    for (; waiting < MOST_SEEN; waiting++) {
      Given next = spool.next(frame -> replay.read(frame, nowMillis));
      if (next == null) {
        replay.end();
        return;
      }
      Ticket ticket = next.ticket();
      if (ticket != null && ticket.isRead) {
        unanswered++;
      }
      enqueue(next);
    }
  }

  /** What the store thread is to do next; null if nothing waits. */
  private @Nullable Work next() {
    synchronized (given) {
      Given first = given.peek();
      taken = null;
      if (first instanceof Alone alone) {
        given.remove();
        taken = alone.work;
      } else if (first instanceof Put) {
        var batch = new PutBatch(this, instance);
        take(Put.class, true, batch::add);
        taken = batch;
      } else if (first instanceof Label) {
        var batch = new LabelBatch(this, handover, instance);
        take(Label.class, false, batch::add);
        taken = batch;
      }
      return taken;
    }
  }

  /**
   * Takes what is of one kind out of the head of the queue, and leaves the rest there in its order.
   *
   * @param once no two of a key
   */
  private <T extends Given> void take(Class<T> kind, boolean once, Consumer<T> into) {
    var left = new ArrayDeque<Given>();
    Set<UUID> taken = new HashSet<>();
    Set<UUID> passed = new HashSet<>();
    int count = 0;
    for (int seen = 0; seen < MOST_SEEN && count < BATCH; seen++) {
      Given next = given.peek();
      if (next == null || next instanceof Alone) {
        break;
      }
      UUID key = next.key();
      boolean isOfKind = kind.isInstance(next);
      if (isOfKind && (passed.contains(key) || once && taken.contains(key))) {
        break;
      }
      given.remove();
      if (isOfKind) {
        taken.add(key);
        into.accept(kind.cast(next));
        count++;
      } else {
        passed.add(key);
        left.addFirst(next);
      }
    }
    left.forEach(given::addFirst);
  }

  /** A prediction was written, or is given up. */
  void answered(Put put) {
    unanswered--;
    spool.done(put.ticket);
    puts.computeIfPresent(put.key, (key, count) -> count == 1 ? null : count - 1);
    Held of = held.get(put.key);
    if (of != null) {
      releaseIfNothingComes(put.key, of);
    }
  }

  /** Whether a label that finds nothing has a prediction on its way. */
  boolean isUnderWay(UUID key) {
    return puts.containsKey(key);
  }

  /** Whether others of its key come first. */
  boolean hasToWait(Label label) {
    return !label.isReleased && held.containsKey(label.key);
  }

  void hold(Label label) {
    Held of = held.computeIfAbsent(label.key, key -> new Held());
    (label.isReleased ? of.again : of.waiting).add(label);
    releaseIfNothingComes(label.key, of);
  }

  /** A label was answered, or is held. */
  void done(Label label) {
    Held of = label.isReleased ? held.get(label.key) : null;
    if (of != null) {
      of.released--;
      releaseIfNothingComes(label.key, of);
    }
  }

  private void releaseIfNothingComes(UUID key, Held of) {
    if (of.released > 0) {
      return;
    }
    while (!of.again.isEmpty()) {
      of.waiting.addFirst(of.again.removeLast());
    }
    if (of.waiting.isEmpty()) {
      held.remove(key);
    } else if (!isUnderWay(key)) {
      of.released = of.waiting.size();
      synchronized (given) {
        while (!of.waiting.isEmpty()) {
          Label last = of.waiting.removeLast();
          given.addFirst(new Label(last.label, key, last.nowMillis, true, last.ticket));
        }
      }
      thread.wake();
    }
  }

  void answer(Label label, @Nullable LabelOutcome outcome, boolean byVersion) {
    if (outcome == null && replay.waits(label)) {
      return;
    }
    unanswered--;
    spool.done(label.ticket);
    label.label.answer().answered(label.label, outcome, byVersion);
  }

  // Time

  @Override
  public void turn(long nowMillis) {
    handover.run();
    for (Stream stream : streams.values()) {
      sweep(stream, nowMillis);
    }
    lookForAbsences(nowMillis);
    if (!isClosed) {
      replay.turn(nowMillis);
      unspool(nowMillis);
      spool.turn(nowMillis);
    }
  }

  private void lookForAbsences(long nowMillis) {
    boolean isOurs = leader != null && leader.isLeading() && !isClosed;
    // Also if the clock was set back.
    boolean isTime = nowMillis >= nextLookMillis || nowMillis < nextLookMillis - LOOK_EVERY_MILLIS;
    if (!isOurs || isLooking || !isTime) {
      return;
    }
    if (nowMillis - wholeLookMillis > WHOLE_LOOK_MILLIS || nowMillis < wholeLookMillis) {
      // What was written late is older than what was looked at.
      wholeLookMillis = nowMillis;
      looked.clear();
    }
    isLooking = true;
    nextLookMillis = nowMillis + LOOK_EVERY_MILLIS;
    give(new Alone(new Absences(this, handover, instance, nowMillis, looked)));
  }

  /**
   * @param isMore it was not all
   */
  void lookedForAbsences(boolean isMore) {
    unanswered--;
    isLooking = false;
    if (isMore) {
      nextLookMillis = Long.MIN_VALUE;
    }
  }

  private void sweep(Stream stream, long nowMillis) {
    long timeToLive = stream.key.timeToLiveMillis();
    if (stream.sweptMillis == Long.MIN_VALUE) {
      stream.sweptMillis = nowMillis - timeToLive;
    }
    long every = Math.max(LEAST_SWEEP_MILLIS, Math.min(MOST_SWEEP_MILLIS, timeToLive / 16));
    long before = nowMillis - timeToLive - (stream.sink.absence() == null ? 0 : ABSENCE_MILLIS);
    if (!isClosed && !stream.isSwept && before - stream.sweptMillis > every) {
      stream.isSwept = true;
      give(new Alone(new Sweep(this, handover, stream, instance, before)));
    }
  }

  void swept(Stream stream, long beforeMillis) {
    unanswered--;
    stream.sweptMillis = beforeMillis;
    stream.isSwept = false;
  }

  @Override
  public void whenDurable(Consumer<Durability> then) {
    give(
        new Alone(
            new Work() {
              @Override
              void write(Tables tables) {}

              @Override
              boolean hasChanged() {
                return false;
              }

              @Override
              void done() {
                unanswered--;
                then.accept(Durability.DISK);
              }

              @Override
              void refused() {
                done();
              }
            }));
  }

  /** The database's own matter. */
  @Override
  public long limit(String model) {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      thread.end(END_MILLIS);
      giveUp(System.currentTimeMillis());
      if (leader != null) {
        leader.end(LEADER_END_MILLIS);
      }
    }
  }

  /** Keeps what was not written in time for the next process, else counts it. */
  private void giveUp(long nowMillis) {
    List<Given> left = inMemory();
    boolean hasLeft =
        left.stream()
            .map(Given::ticket)
            .anyMatch(ticket -> ticket != null && !ticket.isAnswered && !ticket.isOnDisk());
    if (hasLeft && spool.mayBegin(nowMillis)) {
      spool.begin(left, nowMillis);
    }
    Work unfinished = thread.unfinished();
    if (unfinished != null) {
      unfinished.givenUp();
    }
    for (Held of : held.values()) {
      of.waiting.forEach(this::drop);
      of.again.forEach(this::drop);
    }
    held.clear();
    List<Given> rest = spool.rest();
    synchronized (given) {
      rest.addAll(given);
      given.clear();
    }
    for (Given each : rest) {
      if (each instanceof Put put) {
        drop(put);
      } else if (each instanceof Label label) {
        drop(label);
      }
    }
    spool.close(nowMillis);
  }

  void drop(Put put) {
    if (!put.ticket.isOnDisk() && !put.ticket.isAnswered) {
      put.ticket.isAnswered = true;
      lost(put.stream, put.record);
    }
  }

  void drop(Label label) {
    if (!label.ticket.isOnDisk() && !label.ticket.isAnswered) {
      label.ticket.isAnswered = true;
      label.label.answer().answered(label.label, LabelOutcome.DROPPED, false);
    }
  }

  /** For tests: what is given goes to the spool. */
  boolean isSpooling() {
    return spool.isOn();
  }

  /** For tests: ends as a crash would, with nothing more written; tells of what was. */
  void abandon() throws InterruptedException {
    isClosed = true;
    thread.abandon();
    thread.join();
    if (leader != null) {
      leader.abandon();
      leader.join();
    }
    handover.run();
    spool.abandon();
  }

  /** How long a prediction of this stream may still be recognised. */
  static boolean isRecognised(StoredRow row, Stream stream, long nowMillis) {
    long timeToLive = stream.key.timeToLiveMillis();
    return nowMillis - row.predictedAtMillis
        <= timeToLive + PendingStore.recognisedMillis(timeToLive);
  }
}
