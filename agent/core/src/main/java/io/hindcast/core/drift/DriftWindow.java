package io.hindcast.core.drift;

import io.hindcast.core.config.ReferenceTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The windows of all features of a model, or of all its outputs: disjoint, aligned in UTC. One
 * opens with its first row; it closes when its time is over and every column has enough rows, else
 * it goes on for another length, at most seven in all, and then closes with columns that are
 * insufficient. Owned by the monitor thread.
 */
public final class DriftWindow {
  /*
   * A time without rows is no window: the last one that had some stays in sight.
   */
  private static final int LONGEST = 7;
  private static final long NOT_OPEN = Long.MAX_VALUE;

  private final long lengthMillis;
  private final DriftEvaluator evaluator;
  private final WindowTimes times;
  private final @Nullable Duration rolling;
  private final List<DriftColumn> columns = new ArrayList<>();
  private final List<PairColumn> pairs = new ArrayList<>();
  private final List<DriftColumn> all = new ArrayList<>();
  private final RowBlocks blocks = new RowBlocks(all);

  private long start = NOT_OPEN;
  private long end = NOT_OPEN;
  private long lastEnd = Long.MIN_VALUE;

  public DriftWindow(long lengthMillis, DriftEvaluator evaluator, ReferenceTimes minded) {
    this.times = new WindowTimes(minded);
    this.rolling = minded.rolling();
    this.lengthMillis = lengthMillis;
    this.evaluator = evaluator;
  }

  /**
   * A window that is over.
   *
   * @param columns in the order of the reference; then its pairs
   */
  public record Closed(long startMillis, long endMillis, List<Drift> columns) {
    public Closed {
      columns = List.copyOf(columns);
    }
  }

  public void add(DriftColumn column) {
    columns.add(column);
    all.add(column);
    if (rolling != null) {
      column.roll(new RollingCounts(rolling.toMillis()));
    }
  }

  /** After all columns. No window waits for its rows. */
  void addPair(DriftColumn pair, DriftColumn first, DriftColumn second) {
    pairs.add(new PairColumn(pair, columns.indexOf(first), columns.indexOf(second)));
    all.add(pair);
  }

  /**
   * Must be called before the values of a row are counted: opens a window if none is.
   *
   * @param weight rows that it stands for
   */
  public void begin(long rowMillis, long weight) {
    if (start == NOT_OPEN) {
      // A row that comes late belongs to a window that is closed; it is counted in the next.
      start = Math.floorDiv(Math.max(rowMillis, lastEnd), lengthMillis) * lengthMillis;
      end = start + lengthMillis;
      for (DriftColumn column : all) {
        column.open();
      }
      times.open();
      blocks.open();
    }
    blocks.add();
    times.add(rowMillis, weight);
  }

  /** The moment from which {@link #roll} has something to do. */
  public long end() {
    return end;
  }

  /** Closes the window if that is due, and answers it; else null. */
  public @Nullable Closed roll(long nowMillis) {
    while (end <= nowMillis) {
      if (end - start < LONGEST * lengthMillis && !isSufficient()) {
        end += lengthMillis;
        continue;
      }
      blocks.mark();
      var drifts = new ArrayList<Drift>(columns.size());
      for (DriftColumn column : columns) {
        drifts.add(column.close(evaluator, start, times));
      }
      for (PairColumn pair : pairs) {
        drifts.add(pair.close(drifts, evaluator, start, times));
      }
      var closed = new Closed(start, end, drifts);
      lastEnd = end;
      start = NOT_OPEN;
      end = NOT_OPEN;
      return closed;
    }
    return null;
  }

  private boolean isSufficient() {
    for (DriftColumn column : columns) {
      if (!column.isSufficient()) {
        return false;
      }
    }
    return true;
  }
}
