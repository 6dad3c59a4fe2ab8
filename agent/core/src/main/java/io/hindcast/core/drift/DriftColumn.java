package io.hindcast.core.drift;

import io.hindcast.core.reference.Distribution;
import io.hindcast.core.window.BinnedValues;
import io.hindcast.stats.change.DesignEffect;
import org.jspecify.annotations.Nullable;

/** One feature or output in the windows of its model. Owned by the monitor thread. */
public final class DriftColumn {
  /*
   * Counts are only kept since start; a window is the difference to what they were when it opened.
   */
  private final String name;
  private final BinnedValues values;
  private final boolean brief;
  private final long leastRows;
  private final long[] before;
  private long excessBefore;
  private final BlockCounts blocks;
  private final DesignEffect designEffect = new DesignEffect();
  private @Nullable RollingCounts past;
  private @Nullable Drift last;

  /**
   * @param brief only the two measures for models with many features
   */
  public DriftColumn(String name, BinnedValues values, boolean brief) {
    this.name = name;
    this.values = values;
    this.brief = brief;
    this.leastRows = DriftEvaluator.leastRows(values.reference().binning());
    this.before = values.counts().clone();
    this.blocks = new BlockCounts(before.length);
  }

  public String name() {
    return name;
  }

  public BinnedValues values() {
    return values;
  }

  /** Compares with these windows, too. */
  void roll(RollingCounts windows) {
    past = windows;
  }

  void open() {
    System.arraycopy(values.counts(), 0, before, 0, before.length);
    excessBefore = values.excessSquares();
    blocks.open(before);
  }

  void endBlock() {
    blocks.end(values.counts());
  }

  void joinBlocks() {
    blocks.join();
  }

  /** Values of the window by block of rows and cell. */
  long[][] blocks() {
    return blocks.blocks();
  }

  /** Values since the window opened, by cell; once it has closed, until the next one opens. */
  public long[] current() {
    long[] current = values.counts().clone();
    for (int i = 0; i < current.length; i++) {
      current[i] -= before[i];
    }
    return current;
  }

  /** How many rows that are all seen say as much as those of the window: (Σw)²/Σw². */
  long effectiveRows() {
    double rows = total(current());
    double excess = values.excessSquares() - excessBefore;
    return excess == 0 ? (long) rows : (long) (rows * rows / (rows + excess));
  }

  boolean isSufficient() {
    return effectiveRows() >= leastRows;
  }

  Drift close(DriftEvaluator evaluator, long startMillis, WindowTimes times) {
    long[] current = current();
    long rows = total(current);
    Drift closed = Drift.insufficient(name, rows);
    if (isSufficient()) {
      designEffect.add(blocks(), (double) rows / effectiveRows());
      Distribution whole = values.reference();
      Distribution reference =
          times.areMinded() ? SeasonalReference.of(whole, times.rows()) : whole;
      closed =
          evaluator.evaluate(
              name, reference, current, effectiveRows(), designEffect.value(), brief);
    }
    if (past != null) {
      long[] earlier = past.before(startMillis, times.slots(), current.length);
      if (isSufficient() && total(earlier) >= leastRows) {
        closed = closed.beside(evaluator.rolling(values.reference().binning(), earlier, current));
      }
      past.add(startMillis, times.slots(), current);
    }
    last = closed;
    return closed;
  }

  private static long total(long[] counts) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  /** The last window that closed; null if none did. */
  public @Nullable Drift last() {
    return last;
  }
}
