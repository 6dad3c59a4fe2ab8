package io.hindcast.core.drift;

import io.hindcast.core.reference.Binning;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.LengthBinning;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.stats.change.ToleranceTest;
import io.hindcast.stats.drift.DriftMeasure;
import io.hindcast.stats.drift.HellingerDistance;
import io.hindcast.stats.drift.JensenShannonDivergence;
import io.hindcast.stats.drift.KolmogorovSmirnov;
import io.hindcast.stats.drift.LikelihoodRatio;
import io.hindcast.stats.drift.OpenCells;
import io.hindcast.stats.drift.PopulationStabilityIndex;
import io.hindcast.stats.drift.TotalVariation;
import io.hindcast.stats.drift.Wasserstein;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the counts of a window with the reference: by every measure that fits the cells, and by
 * the test that the alarms are made of.
 */
public final class DriftEvaluator {
  private static final int LEAST_ROWS = 200;
  private static final int ROWS_PER_BIN = 30;
  private static final int ROWS_OF_UNKNOWN_WORTH = 8;

  private static final List<DriftMeasure> BRIEF =
      List.of(new JensenShannonDivergence(), new PopulationStabilityIndex());
  private static final List<DriftMeasure> ANY_CELLS =
      List.of(
          new JensenShannonDivergence(),
          new PopulationStabilityIndex(),
          new HellingerDistance(),
          new TotalVariation());
  static final String ROLLING = "rolling_";

  private static final DriftMeasure KS = new KolmogorovSmirnov();

  private final ToleranceTest test;

  /**
   * @param tolerance PSI up to which nothing counts as changed
   */
  public DriftEvaluator(double tolerance) {
    this.test = new ToleranceTest(tolerance);
  }

  /** Rows below which a window says nothing: {@code max(200, 30 × bins)}. */
  public static long leastRows(Binning binning) {
    return Math.max(LEAST_ROWS, (long) ROWS_PER_BIN * binning.bins());
  }

  /**
   * Kolmogorov–Smirnov and Wasserstein only where cells have an order, and without the missing
   * ones.
   *
   * @param current counts of the window, by cell
   * @param effectiveRows how many rows that are all seen say as much
   * @param designEffect how many of these say as much as an independent one; NaN: not known
   * @param brief only JSD and PSI, for models with many features
   */
  Drift evaluate(
      String name,
      Distribution reference,
      long[] current,
      long effectiveRows,
      double designEffect,
      boolean brief) {
    Binning binning = reference.binning();
    int ordered = binning.orderedCells();
    long[] expected = reference.counts();
    long[] seen = OpenCells.fold(expected, current, ordered);
    var scores = new LinkedHashMap<String, Double>();
    for (DriftMeasure measure : brief ? BRIEF : ANY_CELLS) {
      put(scores, measure, expected, seen);
    }
    if (!brief && ordered > 0) {
      long[] expectedOrdered = Arrays.copyOf(expected, ordered);
      long[] seenOrdered = Arrays.copyOf(seen, ordered);
      put(scores, KS, expectedOrdered, seenOrdered);
      var wasserstein = new Wasserstein(edges(binning), reference.standardDeviation());
      put(scores, wasserstein, expectedOrdered, seenOrdered);
    }
    ToleranceTest.Result result =
        Double.isNaN(designEffect)
            ? asFew(expected, scaled(seen, effectiveRows))
            : test.of(expected, scaled(seen, effectiveRows), designEffect);
    return new Drift(
        name,
        scores,
        total(seen),
        result == null ? Double.NaN : result.e(),
        direction(expected, seen, ordered),
        () -> moved(binning, expected, seen));
  }

  /**
   * Of rows of which is not known how many share something: a window of them counts as eight. An
   * overwhelming change is seen in these, too.
   */
  private ToleranceTest.@Nullable Result asFew(long[] expected, long[] seen) {
    long each = Math.max(1, total(seen) / ROWS_OF_UNKNOWN_WORTH);
    // G of counts over D, where only those of the window are divided.
    return test.of(Arrays.stream(expected).map(one -> one * each).toArray(), seen, each);
  }

  /**
   * How far a window has moved from the windows before it: {@code rolling_jsd} and {@code
   * rolling_psi}. No evidence is made of it, since it learns slow drift as it goes.
   */
  Map<String, Double> rolling(Binning binning, long[] before, long[] current) {
    long[] seen = OpenCells.fold(before, current, binning.orderedCells());
    var scores = new LinkedHashMap<String, Double>();
    for (DriftMeasure measure : BRIEF) {
      double score = measure.between(before, seen);
      if (!Double.isNaN(score)) {
        scores.put(ROLLING + measure.name(), score);
      }
    }
    return scores;
  }

  /** Rows that stand for others are known no better for that. */
  private static long[] scaled(long[] counts, long rows) {
    double total = total(counts);
    if (rows >= total) {
      return counts;
    }
    return Arrays.stream(counts).map(count -> Math.round(count * (rows / total))).toArray();
  }

  private static double[] edges(Binning binning) {
    return binning instanceof LengthBinning length
        ? length.edges()
        : ((NumericBinning) binning).edges();
  }

  private static void put(
      Map<String, Double> scores, DriftMeasure measure, long[] reference, long[] current) {
    double score = measure.between(reference, current);
    if (!Double.isNaN(score)) {
      scores.put(measure.name(), score);
    }
  }

  /** The sign of what the mean rank has moved by: of Σ (F_p − F_q) over the edges. */
  private static int direction(long[] reference, long[] current, int ordered) {
    double m = total(Arrays.copyOf(reference, ordered));
    double n = total(Arrays.copyOf(current, ordered));
    if (m == 0 || n == 0) {
      return 0;
    }
    double below = 0;
    double sum = 0;
    for (int i = 0; i < ordered; i++) {
      below += reference[i] / m - current[i] / n;
      sum += below;
    }
    return Math.abs(sum) < 1e-12 ? 0 : sum > 0 ? 1 : -1;
  }

  /**
   * The cell that adds most to the statistic, for people: {@code bin 9 (52.1 and above) 10.0 % →
   * 31.4 %}. The outer edges of numbers, which are extremes of the reference, are not said.
   */
  private static String moved(Binning binning, long[] reference, long[] current) {
    double[] terms = LikelihoodRatio.terms(reference, current);
    int most = 0;
    for (int i = 1; i < terms.length; i++) {
      if (terms[i] > terms[most]) {
        most = i;
      }
    }
    if (terms.length == 0 || !(terms[most] > 0)) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%s %.1f %% → %.1f %%",
        called(binning, most),
        100.0 * reference[most] / total(reference),
        100.0 * current[most] / total(current));
  }

  private static String called(Binning binning, int cell) {
    String name = binning.cells().get(cell);
    int ordered = binning.orderedCells();
    if (cell == 0 && ordered > 0) {
      return "below the reference's range";
    }
    if (cell == ordered - 1) {
      return "above the reference's range";
    }
    if (cell >= ordered) {
      return name;
    }
    double[] edges = edges(binning);
    String range =
        cell == 1 && cell == ordered - 2
            ? "the whole range"
            : cell == 1
                ? "up to " + number(edges[cell])
                : cell == ordered - 2
                    ? "above " + number(edges[cell - 1])
                    : number(edges[cell - 1]) + " to " + number(edges[cell]);
    return "bin " + name + " (" + range + ")";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  private static long total(long[] counts) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
