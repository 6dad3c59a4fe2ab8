package io.hindcast.core.monitor;

import io.hindcast.core.capture.RowSampling;
import io.hindcast.core.capture.RowSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Decides how many rows of each model are kept, so that the agent stays within its share of a
 * processor and rows find room: it halves the share of the model that takes the most, and doubles
 * it again when that is affordable. Owned by the monitor thread.
 */
final class Shedder {
  /*
   * Two reasons, one means. A pool that was full since the last turn asks for fewer rows at once:
   * what finds no room is made up for by the rows before it, which are no sample of it. The processor's time is looked at
   * every INTERVAL, and counts against the budget only after PATIENCE of them in a row, ten seconds
   * at least: to start an SDK, or a burst of calls, is no overload.
   *
   * Time that is not spent on rows (exporting, looking in vain) cannot be saved by keeping fewer.
   * So rows may always take a quarter of the budget, however much the rest takes.
   *
   * What a row takes is learnt from the thread's own time in turns that read many, or few for long,
   * if most rows come that way: a look by itself costs more than some rows do, and is not saved by
   * keeping fewer. A model's rows count by their widths.
   * To be doubled it must fit with a fifth of the budget to spare, leave the thread idle for a third
   * of its time, and its pool more than half empty. A level that had to be raised soon after it was lowered waits longer the
   * next time, so that a steady load does not make it swing; raised again and again by one flood, it waits no longer.
   */
  static final long INTERVAL_NANOS = 2_500_000_000L;
  static final int PATIENCE = 5;

  private static final double LEAST_FOR_ROWS = 0.25;
  private static final double ROOM = 0.8;
  private static final double BUSIEST = 0.67;
  private static final double FULL = 0.75;
  private static final int MOST_AT_ONCE = 4;
  private static final int MOST_BACK_AT_ONCE = 3;
  private static final int SOON = 24;
  private static final int LONGEST_WAIT = 32;

  /* Rows of a turn, or what it took, that tell what rows cost. */
  private static final int MANY = 32;
  private static final long LONG_NANOS = 1_000_000;

  /** What a row costs beside its values, in values. */
  private static final int COST_OF_A_ROW = 12;

  private final double budget;
  private final DoubleSupplier cpuSeconds;
  private final LongSupplier threadNanos;
  private final LongSupplier nanos;
  private final Effect effect;
  private final Map<RowSampling, Load> loads = new IdentityHashMap<>();
  private final Map<RowSource, Drops> drops = new IdentityHashMap<>();

  private long intervalStart;
  private double cpuAtStart = Double.NaN;
  private long turnStart;
  private long turnCpuStart;
  private boolean isMetered;
  private long readingNanos;
  private long turnRows;
  private long turnWork;

  /* Of the turns of an interval that tell what rows cost. */
  private long tellingNanos;
  private long tellingWork;
  private double nanosPerWork;

  private int intervalsAbove;
  private boolean isEnforcing;

  /** What follows from a change. */
  interface Effect {
    /**
     * @param level of the model's rows from now on
     * @param before until now
     */
    void sampled(String model, int level, int before);
  }

  /** What the rows of one model take. */
  private static final class Load {
    final RowSampling sampling;
    long work;

    /** The largest part of a pool that waited in the interval. */
    double fullest;

    /** Of a second, in which its rows were read. */
    double share;

    /* In intervals. */
    int wait;
    int nextWait = 1;
    int sinceLowered = LONGEST_WAIT;

    /** Since it was last raised. */
    boolean wasLowered;

    Load(RowSampling sampling) {
      this.sampling = sampling;
    }
  }

  /** Rows of one source that found no room. */
  private static final class Drops {
    long known;

    /** The level was just raised; what is lost meanwhile is not yet its effect. */
    boolean isSettling;

    Drops(long known) {
      this.known = known;
    }
  }

  /**
   * @param budget share of one processor
   * @param cpuSeconds used by the agent's own threads; NaN where the Java runtime does not tell
   * @param threadNanos processor time of the thread that asks; negative where it is not told
   * @param nanos a clock that only goes forward
   */
  Shedder(
      double budget,
      DoubleSupplier cpuSeconds,
      LongSupplier threadNanos,
      LongSupplier nanos,
      Effect effect) {
    this.budget = budget;
    this.cpuSeconds = cpuSeconds;
    this.threadNanos = threadNanos;
    this.nanos = nanos;
    this.effect = effect;
    this.intervalStart = nanos.getAsLong();
  }

  /** Rows are read from now on. */
  void begin() {
    turnStart = nanos.getAsLong();
    turnCpuStart = isMetered ? threadNanos.getAsLong() : -1;
    turnRows = 0;
    turnWork = 0;
  }

  /** So many were read. */
  void drained(RowSource source, int rows) {
    RowSampling sampling = source.sampling();
    if (sampling == null || !sampling.mayShed()) {
      return;
    }
    Drops drop = drops.get(source);
    long lost = source.droppedRows();
    if (drop == null) {
      // What was lost before anybody read is no measure of how fast it is read.
      drops.put(source, new Drops(lost));
    }
    if (rows == 0) {
      return;
    }
    Load load = loadOf(sampling);
    long work = (long) rows * (COST_OF_A_ROW + source.width());
    load.work += work;
    turnWork += work;
    turnRows += rows;
    if (source.slots() > 0) {
      load.fullest = Math.max(load.fullest, (double) rows / source.slots());
    }
    if (drop == null) {
      return;
    }
    long fresh = lost - drop.known;
    drop.known = lost;
    if (fresh == 0 || drop.isSettling || source.slots() == 0) {
      drop.isSettling = false;
    } else {
      drop.isSettling = true;
      raise(load, levelsFor(rows + fresh, source.slots()));
    }
  }

  /** No rows come from there any more. */
  void forget(RowSource source) {
    drops.remove(source);
  }

  private Load loadOf(RowSampling sampling) {
    Load load = loads.get(sampling);
    if (load == null) {
      load = new Load(sampling);
      loads.put(sampling, load);
    }
    return load;
  }

  private static int levelsFor(long rows, int room) {
    int levels = 1;
    while (levels < MOST_AT_ONCE && rows >> levels > FULL * room) {
      levels++;
    }
    return levels;
  }

  /** All that waited was read. */
  void end(boolean hadRows) {
    long now = nanos.getAsLong();
    if (hadRows) {
      long took = now - turnStart;
      readingNanos += took;
      if (turnRows >= MANY || turnRows > 0 && took >= LONG_NANOS) {
        tellingNanos += turnCpuStart < 0 ? took : threadNanos.getAsLong() - turnCpuStart;
        tellingWork += turnWork;
      }
    }
    if (now - intervalStart >= INTERVAL_NANOS) {
      judge((now - intervalStart) / 1e9);
      beginInterval(now);
      // Not before: the first use of the meter costs what an application's start should not.
      isMetered = true;
    }
  }

  private void beginInterval(long now) {
    intervalStart = now;
    cpuAtStart = cpuSeconds.getAsDouble();
    readingNanos = 0;
    tellingNanos = 0;
    tellingWork = 0;
    for (Load load : loads.values()) {
      load.work = 0;
      load.fullest = 0;
    }
  }

  private void judge(double seconds) {
    double used = (cpuSeconds.getAsDouble() - cpuAtStart) / seconds;
    double reading = readingNanos / 1e9 / seconds;
    long work = work();
    if (2 * tellingWork > work) {
      nanosPerWork = (double) tellingNanos / tellingWork;
    }
    double rows = nanosPerWork * work / 1e9 / seconds;
    // On a crowded machine most of the time that passes is not ours.
    rows = used < rows ? used : rows;
    shareOut(rows);
    double allowed = Math.max(budget - (used - rows), LEAST_FOR_ROWS * budget);
    boolean isAbove = used > budget && rows > allowed;
    intervalsAbove = isAbove ? intervalsAbove + 1 : 0;
    if (isAbove) {
      if (isEnforcing || intervalsAbove >= PATIENCE) {
        isEnforcing = true;
        shed(rows, allowed);
      }
    } else {
      recover(rows, allowed, reading);
    }
  }

  private long work() {
    long work = 0;
    for (Load load : loads.values()) {
      work += load.work;
    }
    return work;
  }

  private void shareOut(double rows) {
    long work = work();
    for (Load load : loads.values()) {
      load.share = work == 0 ? 0 : rows * load.work / work;
      load.sinceLowered = Math.min(load.sinceLowered + 1, LONGEST_WAIT);
    }
  }

  private void shed(double rows, double allowed) {
    double left = rows;
    Map<Load, Integer> levels = new IdentityHashMap<>();
    while (left > allowed) {
      Load largest = null;
      for (Load load : loads.values()) {
        boolean canRise = load.sampling.level() + levels.getOrDefault(load, 0) < RowSampling.MOST;
        if (canRise && load.share > 0 && (largest == null || load.share > largest.share)) {
          largest = load;
        }
      }
      if (largest == null) {
        break;
      }
      largest.share /= 2;
      left -= largest.share;
      levels.merge(largest, 1, Integer::sum);
    }
    levels.forEach(this::raise);
  }

  private void raise(Load load, int levels) {
    if (load.wasLowered) {
      load.nextWait =
          load.sinceLowered <= SOON
              ? Math.min(2 * load.nextWait, LONGEST_WAIT)
              : Math.max(1, load.nextWait / 2);
      load.wasLowered = false;
    }
    load.wait = load.nextWait;
    change(load, load.sampling.level() + levels);
  }

  private void recover(double rows, double allowed, double reading) {
    List<Load> shed = new ArrayList<>();
    for (Load load : loads.values()) {
      boolean hasRoom = 2 * load.fullest <= FULL / 2;
      if (load.sampling.level() > 0 && load.wait-- <= 0 && hasRoom) {
        shed.add(load);
      }
    }
    shed.sort(Comparator.comparingDouble(load -> load.share));
    double more = 0;
    for (Load load : shed) {
      int levels = 0;
      while (levels < MOST_BACK_AT_ONCE && levels < load.sampling.level()) {
        double all = more + load.share;
        if (rows + all > ROOM * allowed || reading + all > BUSIEST) {
          break;
        }
        more = all;
        load.share *= 2;
        levels++;
      }
      if (levels > 0) {
        load.sinceLowered = 0;
        load.wasLowered = true;
        change(load, load.sampling.level() - levels);
      }
    }
    isEnforcing &= isShedding();
  }

  private boolean isShedding() {
    for (Load load : loads.values()) {
      if (load.sampling.level() > 0) {
        return true;
      }
    }
    return false;
  }

  private void change(Load load, int level) {
    int before = load.sampling.level();
    load.sampling.level(level);
    if (load.sampling.level() != before) {
      effect.sampled(load.sampling.model(), load.sampling.level(), before);
    }
  }
}
