package io.hindcast.core.drift;

import io.hindcast.core.reference.Binning;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.LengthBinning;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.stats.drift.DriftMeasure;
import io.hindcast.stats.drift.HellingerDistance;
import io.hindcast.stats.drift.JensenShannonDivergence;
import io.hindcast.stats.drift.KolmogorovSmirnov;
import io.hindcast.stats.drift.OpenCells;
import io.hindcast.stats.drift.PopulationStabilityIndex;
import io.hindcast.stats.drift.TotalVariation;
import io.hindcast.stats.drift.Wasserstein;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares the counts of a window with the reference, by every measure that fits the cells. */
public final class DriftEvaluator {
  private static final int LEAST_ROWS = 200;
  private static final int ROWS_PER_BIN = 30;

  private static final List<DriftMeasure> BRIEF =
      List.of(new JensenShannonDivergence(), new PopulationStabilityIndex());
  private static final List<DriftMeasure> ANY_CELLS =
      List.of(
          new JensenShannonDivergence(),
          new PopulationStabilityIndex(),
          new HellingerDistance(),
          new TotalVariation());
  private static final DriftMeasure KS = new KolmogorovSmirnov();

  private DriftEvaluator() {}

  /** Rows below which a window says nothing: {@code max(200, 30 × bins)}. */
  public static long leastRows(Binning binning) {
    return Math.max(LEAST_ROWS, (long) ROWS_PER_BIN * binning.bins());
  }

  /**
   * Scores by measure; a measure without a value is left out. Kolmogorov–Smirnov and Wasserstein
   * only where cells have an order, and without the missing ones.
   *
   * @param current counts of the window, by cell
   * @param brief only JSD and PSI, for models with many features
   */
  public static Map<String, Double> scores(Distribution reference, long[] current, boolean brief) {
    Binning binning = reference.binning();
    int ordered = binning.orderedCells();
    long[] expected = reference.counts();
    long[] seen = OpenCells.fold(expected, current, ordered);
    var scores = new LinkedHashMap<String, Double>();
    for (DriftMeasure measure : brief ? BRIEF : ANY_CELLS) {
      put(scores, measure, expected, seen);
    }
    if (!brief && ordered > 0) {
      expected = Arrays.copyOf(expected, ordered);
      seen = Arrays.copyOf(seen, ordered);
      put(scores, KS, expected, seen);
      var wasserstein = new Wasserstein(edges(binning), reference.standardDeviation());
      put(scores, wasserstein, expected, seen);
    }
    return Collections.unmodifiableMap(scores);
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
}
