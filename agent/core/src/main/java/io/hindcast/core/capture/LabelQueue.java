package io.hindcast.core.capture;

import io.hindcast.core.model.LabelEvent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Labels that wait for the monitor thread. Any thread offers, never blocking; the monitor thread
 * drains. Also counts the labels that never came to it: lost because the queue was full, and
 * refused because they were no labels.
 */
public final class LabelQueue implements LabelSource {
  /** Labels at least: as many as rows find room in the default queue. */
  static final int CAPACITY = 65_536;

  private static final int MOST = 1 << 20;

  /** A row that waits takes about as much, and may have its label waiting behind it. */
  private static final int BYTES_OF_A_ROW = 128;

  /** Models named by labels that did not come through; further ones are counted without name. */
  private static final int NAMED_MODELS = 100;

  private final int capacity;

  /** Made for the first label: an agent that hears of none starts without it. */
  private volatile @Nullable Ring ring;

  private volatile boolean isClosed;

  private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> rejected = new ConcurrentHashMap<>();

  LabelQueue() {
    this(CAPACITY);
  }

  /** For as many labels as there may be rows in a queue of this size. */
  public static LabelQueue besideRowsOf(long queueBytes) {
    long rows = Long.highestOneBit(Math.max(1, queueBytes / BYTES_OF_A_ROW));
    return new LabelQueue((int) Math.max(CAPACITY, Math.min(rows, MOST)));
  }

  /**
   * @param capacity a power of two
   */
  LabelQueue(int capacity) {
    this.capacity = capacity;
  }

  /** Whether a label was ever handed over, be it refused or lost. */
  public boolean heardOfAny() {
    return ring != null || !rejected.isEmpty();
  }

  /** False, and counted, if the queue is full. */
  public boolean offer(LabelEvent event) {
    Ring known = ring;
    if ((known != null ? known : makeRing()).offer(event)) {
      return true;
    }
    if (!event.isDryRun()) {
      count(dropped, event.model());
    }
    return false;
  }

  /** Nobody will drain it again but for what it holds: whoever reports a label is told so. */
  public void close() {
    isClosed = true;
  }

  boolean isClosed() {
    return isClosed;
  }

  /** Whether so many labels would find room, if nobody else offered any meanwhile. */
  public boolean hasRoomFor(int labels) {
    Ring known = ring;
    return labels <= capacity && (known == null || known.hasRoomFor(labels));
  }

  private synchronized Ring makeRing() {
    Ring known = ring;
    if (known == null) {
      known = new Ring(capacity);
      ring = known;
    }
    return known;
  }

  /**
   * Hands over the labels that waited when it was called. Monitor thread only.
   *
   * @return their number
   */
  public int drain(Consumer<LabelEvent> consumer) {
    Ring known = ring;
    return known == null ? 0 : known.drain(consumer);
  }

  /** Counts a label that is none. */
  public void reject(@Nullable String model) {
    count(rejected, model);
  }

  /** Labels lost because the queue was full, since start. */
  public long dropped() {
    return sum(dropped);
  }

  /** Labels refused when they were handed over, since start. */
  public long rejected() {
    return sum(rejected);
  }

  @Override
  public Map<String, Long> droppedByModel() {
    return sums(dropped);
  }

  @Override
  public Map<String, Long> rejectedByModel() {
    return sums(rejected);
  }

  private static void count(Map<String, LongAdder> counts, @Nullable String model) {
    String name = model == null ? "" : model;
    LongAdder counter = counts.get(name);
    if (counter == null) {
      counter =
          counts.computeIfAbsent(counts.size() < NAMED_MODELS ? name : "", m -> new LongAdder());
    }
    counter.increment();
  }

  private static long sum(Map<String, LongAdder> counts) {
    long sum = 0;
    for (LongAdder n : counts.values()) {
      sum += n.sum();
    }
    return sum;
  }

  private static Map<String, Long> sums(Map<String, LongAdder> counts) {
    var sums = new TreeMap<String, Long>();
    counts.forEach((model, n) -> sums.put(model, n.sum()));
    return sums;
  }

  /**
   * D. Vyukov's bounded queue for many producers, with one consumer: a cell carries the number of
   * the turn for which it is writable, and that number + 1 once it is readable.
   */
  private static final class Ring {
    private static final VarHandle TURNS = MethodHandles.arrayElementVarHandle(long[].class);

    private final LabelEvent[] events;
    private final long[] turns;
    private final AtomicLong tail = new AtomicLong();

    /** Owned by the monitor thread. */
    private long head;

    Ring(int capacity) {
      events = new LabelEvent[capacity];
      turns = new long[capacity];
      for (int i = 0; i < capacity; i++) {
        turns[i] = i;
      }
    }

    boolean offer(LabelEvent event) {
      int mask = events.length - 1;
      long turn = tail.get();
      while (true) {
        int cell = (int) turn & mask;
        long ready = (long) TURNS.getAcquire(turns, cell);
        if (ready < turn) {
          return false; // the label of the last round still waits
        }
        if (ready == turn && tail.compareAndSet(turn, turn + 1)) {
          events[cell] = event;
          TURNS.setRelease(turns, cell, turn + 1);
          return true;
        }
        turn = tail.get();
      }
    }

    boolean hasRoomFor(int labels) {
      long last = tail.get() + labels - 1;
      return (long) TURNS.getAcquire(turns, (int) last & (events.length - 1)) >= last;
    }

    @SuppressWarnings("NullAway") // a cell is never null between offer and drain
    int drain(Consumer<LabelEvent> consumer) {
      int mask = events.length - 1;
      long end = tail.get();
      int drained = 0;
      while (head < end) {
        int cell = (int) head & mask;
        if ((long) TURNS.getAcquire(turns, cell) != head + 1) {
          break; // claimed by a producer that has not written yet
        }
        LabelEvent event = events[cell];
        events[cell] = null;
        TURNS.setRelease(turns, cell, head + events.length);
        head++;
        drained++;
        consumer.accept(event);
      }
      return drained;
    }
  }
}
