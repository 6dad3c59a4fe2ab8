package io.hindcast.core.monitor;

import io.hindcast.core.model.Row;
import io.hindcast.core.reference.CodedFeatures;
import io.hindcast.core.window.BinnedValues;
import io.hindcast.stats.summary.NumericBins;
import io.hindcast.stats.summary.Sums;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the features of rows of one schema. Whatever is no finite number goes to its {@link
 * FeatureMonitor}; the others, nearly all, are sorted into their bins here. Owned by the monitor
 * thread.
 */
final class FeatureRow {
  /*
   * The edges of all features lie one behind the other, sixteen places each, and all values of a row
   * take one step before any takes the next: a step waits for the one before it, but not for those of
   * other values. The steps are those of NumericBins. For 30 values that takes 76 ns with the counting,
   * one search after the other 100. Values that are no finite numbers take the steps too, which costs
   * less than to pass over them, and lead nowhere.
   */
  /*
   * A row of finite numbers alone, of features whose values are all numbers, is counted without
   * asking the features: a look whether that is so, the bins, the counts, the sums, each in a loop of
   * its own. Of 140 ns for 30 values that leaves half.
   */
  /** Places for the edges of a feature; +∞ where it has fewer. */
  private static final int EDGES = NumericBins.COMMON_EDGES;

  private static final long EXPONENT = 0x7FF0_0000_0000_0000L;
  private static final long LEAST_EXPONENT = 0x0010_0000_0000_0000L;

  private final FeatureMonitor[] features;
  private final @Nullable BinnedValues[] numbers;
  private final double[] edges;
  private final int[] cells;
  private final long[][] counts;
  private final Sums sums;
  private final boolean areAllNumbers;
  private final CodedFeatures codes;
  private final FeaturePairs.InRow pairs;

  /** Features of the reference that rows of this schema do not have. */
  private final List<FeatureMonitor> absent;

  /**
   * @param features by their place in the row
   * @param absent that every row lacks
   * @param pairs of features of these rows
   */
  FeatureRow(
      FeatureMonitor[] features,
      List<FeatureMonitor> absent,
      CodedFeatures codes,
      FeaturePairs.InRow pairs) {
    this.codes = codes;
    this.pairs = pairs;
    this.features = features;
    this.absent = absent;
    this.numbers = new @Nullable BinnedValues[features.length];
    this.edges = new double[features.length * EDGES];
    Arrays.fill(edges, Double.POSITIVE_INFINITY);
    this.cells = new int[features.length];
    this.counts = new long[features.length][];
    this.sums = new Sums(features.length);
    int found = 0;
    for (int i = 0; i < features.length; i++) {
      BinnedValues values = features[i].values();
      NumericBins bins = values == null ? null : values.numericBins();
      if (values != null && bins != null && bins.areFew() && !codes.isCode(features[i].name)) {
        numbers[i] = values;
        System.arraycopy(bins.edges(), 0, edges, i * EDGES, bins.edges().length);
        counts[i] = values.counts();
        values.sumIn(sums, i);
        found++;
      }
    }
    this.areAllNumbers = found > 0 && found == features.length;
  }

  int features() {
    return features.length;
  }

  /** Counts in every way what comes after the reference. */
  void accept(Row row) {
    if (areAllNumbers
        && row.hasNoCategories
        && row.weight == 1
        && row.features == features.length
        && areFinite(row.numbers)) {
      countFinite(row.numbers);
      acceptMissing(row, features.length);
    } else {
      int n = Math.min(row.features, features.length);
      acceptFinite(row, n);
      acceptMissing(row, n);
    }
    pairs.count(cells, row.weight);
  }

  private boolean areFinite(double[] values) {
    long sign = 0;
    for (int i = 0; i < features.length; i++) {
      // An exponent of nothing but ones carries into the sign.
      sign |= (Double.doubleToRawLongBits(values[i]) & EXPONENT) + LEAST_EXPONENT;
    }
    return sign >= 0;
  }

  private void countFinite(double[] values) {
    int[] at = cells;
    findCells(values, at.length);
    for (int i = 0; i < at.length; i++) {
      counts[i][at[i]]++;
    }
    sums.add(values);
  }

  private void acceptFinite(Row row, int n) {
    findCells(row.numbers, n);
    for (int i = 0; i < n; i++) {
      double number = row.numbers[i];
      BinnedValues values = numbers[i];
      if (values != null && row.categories[i] == null && Math.abs(number) <= Double.MAX_VALUE) {
        values.addFinite(cells[i], number, row.weight);
      } else {
        cells[i] = acceptAny(row, i);
      }
    }
  }

  /** As {@link NumericBins#cellOf} of each feature. */
  private void findCells(double[] values, int n) {
    int[] at = cells;
    double[] edges = this.edges;
    for (int i = 0; i < n; i++) {
      double value = values[i];
      int first = i * EDGES;
      at[i] =
          4
              * (NumericBins.isAbove(value, edges[first + 3])
                  + NumericBins.isAbove(value, edges[first + 7])
                  + NumericBins.isAbove(value, edges[first + 11]));
    }
    for (int i = 0; i < n; i++) {
      double value = values[i];
      int first = i * EDGES + at[i];
      at[i] +=
          NumericBins.isAbove(value, edges[first])
              + NumericBins.isAbove(value, edges[first + 1])
              + NumericBins.isAbove(value, edges[first + 2]);
    }
  }

  private int acceptAny(Row row, int i) {
    return features[i].accept(row.numbers[i], codes.categoryOf(row, i), row.weight);
  }

  private void acceptMissing(Row row, int from) {
    for (int i = from; i < features.length; i++) {
      cells[i] = features[i].accept(Double.NaN, null, row.weight);
    }
    for (FeatureMonitor feature : absent) {
      feature.accept(Double.NaN, null, row.weight);
    }
  }

  /** Checks rows that wait for a reference. */
  void check(Row row) {
    int n = Math.min(row.features, features.length);
    for (int i = 0; i < n; i++) {
      features[i].check(row.numbers[i], row.categories[i], row.weight);
    }
    for (int i = n; i < features.length; i++) {
      features[i].check(Double.NaN, null, row.weight);
    }
  }

  /** Counts the same rows, when there is one. */
  void count(Row row) {
    int n = Math.min(row.features, features.length);
    for (int i = 0; i < n; i++) {
      cells[i] = features[i].count(row.numbers[i], row.categories[i], row.weight);
    }
    for (int i = n; i < features.length; i++) {
      cells[i] = features[i].count(Double.NaN, null, row.weight);
    }
    for (FeatureMonitor feature : absent) {
      feature.count(Double.NaN, null, row.weight);
    }
    pairs.count(cells, row.weight);
  }
}
