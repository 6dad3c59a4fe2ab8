package io.hindcast.core.window;

import io.hindcast.core.monitor.HistogramSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.reference.Binning;
import io.hindcast.core.reference.CategoryBinning;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.stats.summary.NumericBins;
import io.hindcast.stats.summary.Sum;
import io.hindcast.stats.summary.Sums;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of one feature or output by the cells of its reference, since start. Owned by the monitor
 * thread.
 */
public final class BinnedValues {
  private static final double[] NO_BOUNDS = {};

  private final Distribution reference;
  private final Binning binning;
  private final @Nullable NumericBinning numeric;
  private final long[] counts;

  /* Infinities lie in low and high, and in no histogram. */
  private long below;
  private long above;
  private final Sum sum = new Sum();

  /** Where the rest of the sum is: of values that were counted with those of their row. */
  private @Nullable Sums sums;

  private int placeInSums;

  /** Σ(w² − w) over the values counted, w their weights: others than 1 alone make it grow. */
  private long excessSquares;

  public BinnedValues(Distribution reference) {
    this.reference = reference;
    this.binning = reference.binning();
    this.numeric = binning instanceof NumericBinning numbers ? numbers : null;
    this.counts = new long[reference.counts().length];
  }

  /** The bins of numbers; null if the reference's values are none. */
  public @Nullable NumericBins numericBins() {
    return numeric == null ? null : numeric.numericBins();
  }

  /**
   * From now on values may be counted without asking here: in {@link #counts}, and with these sums.
   */
  public void sumIn(Sums of, int place) {
    Sums before = sums;
    if (before != null) {
      before.addTo(placeInSums, sum);
      before.clear(placeInSums);
    }
    sums = of;
    placeInSums = place;
  }

  private double sum() {
    Sum all = new Sum();
    all.merge(sum);
    if (sums != null) {
      sums.addTo(placeInSums, all);
    }
    return all.value();
  }

  /**
   * Counts a number that is neither NaN nor infinite and whose cell is known: nearly every value of
   * nearly every model comes this way.
   */
  public void addFinite(int cell, double number, long weight) {
    if (weight == 1) {
      counts[cell]++;
      sum.add(number);
    } else {
      counts[cell] += weight;
      sum.add(weight * number);
      weighted(weight);
    }
  }

  /** Counts a number that is not NaN. */
  public void addNumber(double number, long weight) {
    NumericBinning numbers = numeric;
    if (numbers != null && Math.abs(number) <= Double.MAX_VALUE) {
      addFinite(numbers.cellOf(number), number, weight);
    } else {
      add(number, null, weight);
    }
  }

  /**
   * Counts a value that is not missing.
   *
   * @param category null for a number
   * @param weight values that it stands for
   * @return its cell; {@link Binning#WRONG_TYPE}, and counted as missing, if it is of another type
   */
  public int add(double number, @Nullable CharSequence category, long weight) {
    int cell = binning.cellOf(number, category);
    if (cell == Binning.WRONG_TYPE) {
      addMissing(weight);
      return cell;
    }
    counts[cell] += weight;
    if (category == null) {
      if (Double.isFinite(number)) {
        sum.add(weight * number);
      } else if (number < 0) {
        below += weight;
      } else {
        above += weight;
      }
    }
    weighted(weight);
    return cell;
  }

  /**
   * @param weight values that it stands for
   */
  public void addMissing(long weight) {
    counts[binning.missing()] += weight;
    weighted(weight);
  }

  /** Counts a value that is known by its cell alone. */
  public void addCell(int cell, long weight) {
    counts[cell] += weight;
    weighted(weight);
  }

  private void weighted(long weight) {
    excessSquares += weight * (weight - 1);
  }

  /** Σw² − Σw over the values counted, so that (Σw)²/Σw² can be told; 0 if all were seen. */
  public long excessSquares() {
    return excessSquares;
  }

  /** The bucket of the histogram that a finite number belongs to; −1 if there is none. */
  public int bucketOf(double number) {
    return numeric == null || !Double.isFinite(number) ? -1 : numeric.cellOf(number);
  }

  public Distribution reference() {
    return reference;
  }

  /** Values that were counted as {@code other} for lack of room. */
  public long overflow() {
    int cell = binning instanceof CategoryBinning categories ? categories.overflow() : -1;
    return cell < 0 ? 0 : counts[cell];
  }

  /** By cell; live, for reading only. */
  public long[] counts() {
    return counts;
  }

  /** Values in a cell that are not infinite. */
  public long finite(int cell) {
    int high = binning.orderedCells() - 1;
    return counts[cell] - (cell == 0 ? below : 0) - (cell == high ? above : 0);
  }

  /** Every cell with its share of the reference. */
  public List<ModelSnapshot.Bin> bins() {
    List<String> names = binning.cells();
    var bins = new ArrayList<ModelSnapshot.Bin>(names.size());
    double total = reference.total();
    for (int i = 0; i < counts.length; i++) {
      double share = total == 0 ? Double.NaN : reference.counts()[i] / total;
      bins.add(new ModelSnapshot.Bin(names.get(i), counts[i], share));
    }
    return bins;
  }

  /**
   * Finite numbers by the reference's edges.
   *
   * @param withBounds else only their count and sum
   * @return null for anything but numbers
   */
  public @Nullable HistogramSnapshot histogram(boolean withBounds) {
    if (numeric == null) {
      return null;
    }
    double[] bounds = numeric.edges();
    long[] inside = new long[bounds.length + 1];
    for (int cell = 0; cell < inside.length; cell++) {
      inside[cell] = finite(cell);
    }
    if (withBounds) {
      return new HistogramSnapshot(bounds, inside, sum());
    }
    long all = 0;
    for (long count : inside) {
      all += count;
    }
    return new HistogramSnapshot(NO_BOUNDS, new long[] {all}, sum());
  }
}
