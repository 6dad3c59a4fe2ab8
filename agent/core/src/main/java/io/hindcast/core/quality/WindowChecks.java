package io.hindcast.core.quality;

import io.hindcast.core.reference.Binning;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.stats.change.UpperLimit;
import io.hindcast.stats.drift.JensenShannonDivergence;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a closed window is checked for, column by column. Pure: all that is needed is handed in.
 *
 * @see DataQuality for what follows from it
 */
final class WindowChecks {
  /*
   * Constant and frozen are tests: calls are independent, and a cell of the reference's share s holds
   * all of k calls with the probability sᵏ, which must be below that of one false alarm in the stated
   * run length, shared by all the checks of a window. The others are no tests but recognitions: what
   * lies beyond the reference's range lies inside after division by 100, and is distributed as its
   * rows are; a column is distributed as another column's reference and not as its own.
   */
  private static final int LEAST_CALLS = 30;
  private static final int LEAST_VALUES = 30;
  private static final double[] FACTORS = {100, 1000, 0.01, 0.001};
  private static final double ALIKE = 0.05;
  private static final double UNLIKE = 0.1;
  private static final double INSIDE = 0.9;
  private static final double MORE_MISSING = 0.05;
  private static final double MANY_DEVIATIONS = 6;
  private static final JensenShannonDivergence JSD = new JensenShannonDivergence();

  private final RowSample sample;
  private final int[] order;
  private final double lnChance;

  /**
   * @param chance of a false finding that one check may have
   */
  WindowChecks(RowSample sample, double chance) {
    this.sample = sample;
    this.order = sample.inOrder();
    this.lnChance = Math.log(chance);
  }

  /**
   * A feature of the rows.
   *
   * @param place in the row
   * @param counts of the window, by cell of its reference
   */
  record Column(String name, int place, Distribution reference, long[] counts) {
    long total() {
      return WindowChecks.total(counts);
    }
  }

  private static long total(long[] counts) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  /** Constant, else frozen; null if it is neither. */
  @Nullable Finding stuck(Column column) {
    if (order.length == 0) {
      return null;
    }
    int last = order[order.length - 1];
    if (sample.isMissing(last, column.place())) {
      return null;
    }
    int from = order.length - 1;
    int calls = 1;
    while (from > 0 && sample.isSame(order[from - 1], last, column.place())) {
      calls += sample.call(order[from - 1]) != sample.call(order[from]) ? 1 : 0;
      from--;
    }
    double share = shareOf(column, last);
    if (calls < LEAST_CALLS || share >= 1 || calls * Math.log(share) > lnChance) {
      return null;
    }
    boolean isWhole = from == 0 && isInOneCell(column.counts());
    double part = isWhole ? 1 : (double) (order.length - from) / order.length;
    return new Finding(
        isWhole ? "constant" : "frozen",
        column.name(),
        false,
        Math.round(part * column.total()),
        isWhole
            ? "one value in the whole window"
            : String.format(
                Locale.ROOT, "one value in the last %.0f %% of the window", 100 * part));
  }

  private static boolean isInOneCell(long[] counts) {
    int filled = 0;
    for (long count : counts) {
      filled += count > 0 ? 1 : 0;
    }
    return filled == 1;
  }

  /** The reference's share of the cell of a value, and of that of one row where it is empty. */
  private double shareOf(Column column, int place) {
    Distribution reference = column.reference();
    int cell = cellOf(reference.binning(), place, column.place());
    double m = reference.total();
    return m == 0 ? 1 : Math.max(1, reference.counts()[cell]) / m;
  }

  private int cellOf(Binning binning, int place, int feature) {
    if (sample.isMissing(place, feature)) {
      return binning.missing();
    }
    Object category = sample.category(place, feature);
    int cell =
        category instanceof CharSequence text
            ? binning.cellOf(Double.NaN, text)
            : binning.cellOf(sample.number(place, feature), null);
    return cell == Binning.WRONG_TYPE ? binning.missing() : cell;
  }

  /** Values beyond the range that are the reference's, multiplied by 100 or 1000 or divided. */
  @Nullable Finding unitChange(Column column) {
    if (!(column.reference().binning() instanceof NumericBinning binning)) {
      return null;
    }
    double[] edges = binning.edges();
    double low = edges[0];
    double high = edges[edges.length - 1];
    for (double factor : FACTORS) {
      long[] scaled = new long[binning.cells().size()];
      int outside = 0;
      int inside = 0;
      for (int place : order) {
        double value = sample.number(place, column.place());
        if (sample.category(place, column.place()) != null
            || !Double.isFinite(value)
            || (value > low && value <= high)) {
          continue;
        }
        outside++;
        int cell = binning.cellOf(value / factor);
        if (cell > 0 && cell < edges.length) {
          inside++;
          scaled[cell]++;
        }
      }
      if (outside < LEAST_VALUES || inside < INSIDE * outside) {
        continue;
      }
      // Only cells that the factor carries out of the range as a whole can be compared.
      long[] expected = new long[scaled.length];
      for (int cell = 1; cell < edges.length; cell++) {
        boolean leaves = leaves(edges[cell - 1] * factor, edges[cell] * factor, low, high);
        expected[cell] = leaves ? column.reference().counts()[cell] : 0;
        scaled[cell] = leaves ? scaled[cell] : 0;
      }
      if (total(scaled) >= LEAST_VALUES && JSD.between(expected, scaled) < ALIKE) {
        long[] counts = column.counts();
        double part = (double) inside / outside;
        return new Finding(
            "unit_change",
            column.name(),
            false,
            Math.round(part * (counts[0] + counts[edges.length])),
            factor >= 1
                ? String.format(Locale.ROOT, "×%.0f", factor)
                : String.format(Locale.ROOT, "÷%.0f", 1 / factor));
      }
    }
    return null;
  }

  private static boolean leaves(double one, double other, double low, double high) {
    return Math.min(one, other) > high || Math.max(one, other) <= low;
  }

  /** Columns that hold what belongs into others of them. */
  List<Finding> swapped(List<Column> columns) {
    int n = columns.size();
    int[] looksLike = new int[n];
    for (int i = 0; i < n; i++) {
      looksLike[i] = -1;
      double own = distance(columns.get(i), columns.get(i));
      double best = Math.min(ALIKE, own / 4);
      if (own < UNLIKE) {
        continue;
      }
      for (int j = 0; j < n; j++) {
        double other = i == j ? Double.NaN : distance(columns.get(i), columns.get(j));
        if (other < best) {
          best = other;
          looksLike[i] = j;
        }
      }
    }
    var findings = new ArrayList<Finding>();
    for (int i = 0; i < n; i++) {
      var circle = new LinkedHashSet<Integer>();
      int at = i;
      while (at >= 0 && circle.add(at)) {
        at = looksLike[at];
      }
      if (at == i) {
        findings.add(
            new Finding(
                "column_order",
                columns.get(i).name(),
                false,
                columns.get(i).total(),
                "holds the values of " + columns.get(looksLike[i]).name()));
      }
    }
    return findings;
  }

  /** Between the values of a column and the reference of another. */
  private double distance(Column values, Column reference) {
    Binning binning = reference.reference().binning();
    long[] counts = new long[binning.cells().size()];
    for (int place : order) {
      counts[cellOf(binning, place, values.place())]++;
    }
    return JSD.between(reference.reference().counts(), counts);
  }

  /** Far more missing values, or values of a wrong type, than the reference has. */
  @Nullable Finding missing(Column column) {
    double m = column.reference().total();
    double n = column.total();
    if (m == 0 || n == 0) {
      return null;
    }
    int cell = column.reference().binning().missing();
    double usual = UpperLimit.of(column.reference().counts()[cell] / m, m);
    double excess = column.counts()[cell] / n - usual;
    double deviation = Math.sqrt(usual * (1 - usual) / n);
    if (excess < MORE_MISSING || excess < MANY_DEVIATIONS * deviation) {
      return null;
    }
    boolean isOfWrongType = isMostlyOfWrongType(column);
    return new Finding(
        isOfWrongType ? "wrong_type" : "missing",
        column.name(),
        false,
        column.counts()[cell],
        String.format(
            Locale.ROOT,
            (isOfWrongType ? "of another type" : "missing")
                + " in %.1f %%, in the reference %.1f %%",
            100 * column.counts()[cell] / n,
            100 * column.reference().counts()[cell] / m));
  }

  /** Of the sampled values that are not there, whether most are, and are of another type. */
  private boolean isMostlyOfWrongType(Column column) {
    Binning binning = column.reference().binning();
    int feature = column.place();
    int missing = 0;
    int ofWrongType = 0;
    for (int place : order) {
      if (cellOf(binning, place, feature) == binning.missing()) {
        missing++;
        boolean isSomething =
            sample.category(place, feature) != null || !Double.isNaN(sample.number(place, feature));
        ofWrongType += isSomething ? 1 : 0;
      }
    }
    return 2 * ofWrongType > missing;
  }
}
