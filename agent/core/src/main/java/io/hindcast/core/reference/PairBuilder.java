package io.hindcast.core.reference;

import io.hindcast.core.model.Row;
import io.hindcast.stats.drift.LikelihoodRatio;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pairs of features that a reference keeps together, and counts them. Owned by one
 * thread.
 */
final class PairBuilder {
  /*
   * All pairs of a few features. Of more, those that depend on each other in a sample of the rows (G
   * of independence beyond the 99.9 % quantile of χ²(4)): strongest first those that join features
   * which are not joined yet (Kruskal), so that a group of copies does not take all places.
   *
   * Projections of the whole row on random directions (statistics.md) do not see a pair: if one of
   * ten features no longer follows another with a correlation of 0.8, the variance along a direction
   * changes by 16 % at most, which is a PSI of 0.013 and within the tolerance; with fifty features it
   * is 0.0005. The table of the pair itself moves by more than 1.
   */
  static final int MOST = 16;
  private static final int FEW_FEATURES = 6;
  private static final double DEPENDENT = 18.467;
  private static final int SAMPLE = 500;
  private static final int MOST_FEATURES = 200;
  private static final LikelihoodRatio LIKELIHOOD_RATIO = new LikelihoodRatio();

  private final SplittableRandom random = new SplittableRandom(1);
  private final List<Sampled> sample = new ArrayList<>();
  private final List<Pair> pairs = new ArrayList<>();
  private long seen;

  private record Sampled(ReferenceColumn[] columns, double[] numbers, @Nullable Object[] values) {}

  /** A feature whose values in the sample lie in more than one group. */
  private record Candidate(String name, ReferenceColumn column, int[] groups, int[] sampled) {
    List<String> names() {
      return FeaturePair.names(column.binning(), groups);
    }
  }

  private record Pair(Candidate first, Candidate second, SlotCounts slots, Distribution joint) {}

  private record Dependence(int first, int second, double g) {}

  /** First pass: each row has the same chance to be sampled (algorithm R). */
  void observe(Row row, ReferenceColumn[] byPlace, CodedFeatures codes) {
    long place = seen < SAMPLE ? seen : random.nextLong(seen + 1);
    seen++;
    if (place >= SAMPLE) {
      return;
    }
    @Nullable Object[] values = new @Nullable Object[row.features];
    for (int i = 0; i < values.length; i++) {
      values[i] = codes.categoryOf(row, i);
    }
    var one = new Sampled(byPlace, Arrays.copyOf(row.numbers, row.features), values);
    if (place == sample.size()) {
      sample.add(one);
    } else {
      sample.set((int) place, one);
    }
  }

  /** Between the passes, when the cells of all features are fixed. */
  void choose(Map<String, ReferenceColumn> features) {
    List<Candidate> all = candidates(features);
    var dependences = new ArrayList<Dependence>();
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        double g = dependence(all.get(i), all.get(j));
        if (all.size() <= FEW_FEATURES || g > DEPENDENT) {
          dependences.add(new Dependence(i, j, g));
        }
      }
    }
    dependences.sort(Comparator.comparingDouble((Dependence one) -> -one.g));
    int[] joined = new int[all.size()];
    Arrays.setAll(joined, i -> i);
    var left = new ArrayList<Dependence>();
    for (Dependence one : dependences) {
      if (joined[one.first] == joined[one.second]) {
        left.add(one);
      } else {
        int from = joined[one.second];
        int to = joined[one.first];
        Arrays.setAll(joined, i -> joined[i] == from ? to : joined[i]);
        add(all, one);
      }
    }
    left.forEach(one -> add(all, one));
    sample.clear();
  }

  private List<Candidate> candidates(Map<String, ReferenceColumn> features) {
    var all = new ArrayList<Candidate>();
    features.forEach(
        (name, column) -> {
          if (all.size() < MOST_FEATURES && !(column.binning() instanceof PresenceBinning)) {
            int[] cells = sampledCells(column);
            long[] counts = new long[column.binning().cells().size()];
            for (int cell : cells) {
              counts[cell]++;
            }
            int[] groups = FeaturePair.groups(column.binning(), counts);
            int[] sampled = Arrays.stream(cells).map(cell -> groups[cell]).toArray();
            if (Arrays.stream(sampled).filter(group -> group >= 0).distinct().count() > 1) {
              all.add(new Candidate(name, column, groups, sampled));
            }
          }
        });
    return all;
  }

  private int[] sampledCells(ReferenceColumn column) {
    int[] cells = new int[sample.size()];
    int place = 0;
    for (int i = 0; i < cells.length; i++) {
      Sampled row = sample.get(i);
      if (place >= row.columns.length || row.columns[place] != column) {
        place = Math.max(0, Arrays.asList(row.columns).indexOf(column));
      }
      cells[i] =
          place < row.values.length && row.columns[place] == column
              ? column.cellOf(row.numbers[place], row.values[place])
              : column.binning().missing();
    }
    return cells;
  }

  /** G of the hypothesis that the two are independent. */
  private static double dependence(Candidate one, Candidate other) {
    int width = FeaturePair.MOST_GROUPS;
    long[][] rows = new long[width][width];
    for (int i = 0; i < one.sampled.length; i++) {
      if (one.sampled[i] >= 0 && other.sampled[i] >= 0) {
        rows[one.sampled[i]][other.sampled[i]]++;
      }
    }
    // G of a table is that of its first row and the second, and of their sum and the third.
    long[] sum = rows[0].clone();
    double g = 0;
    for (int i = 1; i < width; i++) {
      double more = LIKELIHOOD_RATIO.between(sum, rows[i]);
      g += Double.isNaN(more) ? 0 : more;
      for (int j = 0; j < width; j++) {
        sum[j] += rows[i][j];
      }
    }
    return g;
  }

  private void add(List<Candidate> all, Dependence one) {
    if (pairs.size() < MOST) {
      Candidate first = all.get(one.first);
      Candidate second = all.get(one.second);
      Binning joint = FeaturePair.binning(first.name, first.names(), second.name, second.names());
      int cells = joint.cells().size();
      pairs.add(
          new Pair(
              first,
              second,
              new SlotCounts(cells),
              new Distribution(joint, new long[cells], Double.NaN, Double.NaN)));
    }
  }

  /** Second pass, after the row has been counted by its features. */
  void count(int slot) {
    for (Pair pair : pairs) {
      int one = pair.first.groups[pair.first.column.lastCell()];
      int other = pair.second.groups[pair.second.column.lastCell()];
      int cell =
          one < 0 || other < 0
              ? pair.joint.binning().missing()
              : one * FeaturePair.groups(pair.second.groups) + other;
      pair.joint.counts()[cell]++;
      pair.slots.add(slot, cell, 1);
    }
  }

  /**
   * @param kept features that the reference has
   */
  List<FeaturePair> build(Map<String, Distribution> kept, boolean byHour) {
    var built = new ArrayList<FeaturePair>();
    for (Pair pair : pairs) {
      if (kept.containsKey(pair.first.name) && kept.containsKey(pair.second.name)) {
        built.add(
            new FeaturePair(
                pair.first.name,
                pair.second.name,
                pair.first.groups,
                pair.second.groups,
                new Distribution(
                    pair.joint.binning(),
                    pair.joint.counts(),
                    Double.NaN,
                    Double.NaN,
                    byHour ? pair.slots : null)));
      }
    }
    return built;
  }
}
