package io.hindcast.core.drift;

import io.hindcast.core.window.BinnedValues;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one feature or output: disjoint, aligned in UTC. One opens with its first row; it
 * closes when its time is over and it has enough rows, else it goes on for another length, at most
 * seven in all, and closes as insufficient. Owned by the monitor thread.
 */
public final class DriftWindow {
  /*
   * Counts are only kept since start; a window is the difference to what they were when it opened.
   * A time without rows is no window: the last one that had some stays in sight.
   */
  private static final int LONGEST = 7;
  private static final long NOT_OPEN = Long.MAX_VALUE;

  private final BinnedValues values;
  private final long lengthMillis;
  private final boolean brief;
  private final long leastRows;
  private final long[] before;

  private long start = NOT_OPEN;
  private long end = NOT_OPEN;
  private long lastEnd = Long.MIN_VALUE;
  private @Nullable Closed closed;

  /**
   * @param brief only the two measures for models with many features
   */
  public DriftWindow(BinnedValues values, long lengthMillis, boolean brief) {
    this.values = values;
    this.lengthMillis = lengthMillis;
    this.brief = brief;
    this.leastRows = DriftEvaluator.leastRows(values.reference().binning());
    this.before = values.counts().clone();
  }

  /**
   * A window that is over.
   *
   * @param scores by measure; empty if the rows were too few
   * @param samples rows in it
   */
  public record Closed(Map<String, Double> scores, long samples) {}

  /** Must be called before the values of a row are counted: opens a window if none is. */
  public void begin(long rowMillis) {
    if (start == NOT_OPEN) {
      // A row that comes late belongs to a window that is closed; it is counted in the next.
      start = Math.floorDiv(Math.max(rowMillis, lastEnd), lengthMillis) * lengthMillis;
      end = start + lengthMillis;
      System.arraycopy(values.counts(), 0, before, 0, before.length);
    }
  }

  /** Whether {@link #begin} has nothing to do. */
  public boolean isOpen() {
    return start != NOT_OPEN;
  }

  /** The moment from which {@link #roll} has something to do. */
  public long end() {
    return end;
  }

  /** Closes the window if that is due. */
  public void roll(long nowMillis) {
    while (end <= nowMillis) {
      long[] current = current();
      long samples = 0;
      for (long count : current) {
        samples += count;
      }
      boolean isEnough = samples >= leastRows;
      if (!isEnough && end - start < LONGEST * lengthMillis) {
        end += lengthMillis;
        continue;
      }
      closed =
          new Closed(
              isEnough ? DriftEvaluator.scores(values.reference(), current, brief) : Map.of(),
              samples);
      lastEnd = end;
      start = NOT_OPEN;
      end = NOT_OPEN;
    }
  }

  private long[] current() {
    long[] current = values.counts().clone();
    for (int i = 0; i < current.length; i++) {
      current[i] -= before[i];
    }
    return current;
  }

  /** The last one that closed; null if none did. */
  public @Nullable Closed closed() {
    return closed;
  }
}
