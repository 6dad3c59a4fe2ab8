package io.hindcast.core.monitor;

import io.hindcast.core.drift.DriftAlarms;
import io.hindcast.core.drift.DriftColumn;
import io.hindcast.core.reference.FeaturePair;
import io.hindcast.core.window.BinnedValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pairs of features of a reference, as rows show them. Owned by the monitor thread. */
final class FeaturePairs {
  static final FeaturePairs NONE = new FeaturePairs(List.of());

  private final List<Counted> pairs;

  private FeaturePairs(List<Counted> pairs) {
    this.pairs = pairs;
  }

  private record Counted(FeaturePair pair, BinnedValues values) {}

  /**
   * Those of which both features are compared.
   *
   * @param inputs whose windows they belong to, after all features
   */
  static FeaturePairs of(
      List<FeaturePair> pairs, Map<String, DriftColumn> features, DriftAlarms inputs) {
    var counted = new ArrayList<Counted>();
    for (FeaturePair pair : pairs) {
      DriftColumn first = features.get(pair.first());
      DriftColumn second = features.get(pair.second());
      if (first != null && second != null) {
        var values = new BinnedValues(pair.joint());
        inputs.addPair(new DriftColumn(pair.name(), values, true), first, second);
        counted.add(new Counted(pair, values));
      }
    }
    return new FeaturePairs(counted);
  }

  /** In rows of these features; pairs that they do not have both of are not counted. */
  InRow in(List<String> names) {
    var there = new ArrayList<Counted>();
    for (Counted one : pairs) {
      if (names.contains(one.pair.first()) && names.contains(one.pair.second())) {
        there.add(one);
      }
    }
    return new InRow(there, names);
  }

  /** Counts the pairs of rows whose cells are known. */
  static final class InRow {
    static final InRow NONE = FeaturePairs.NONE.in(List.of());

    /*
     * The cell of a pair is the sum of a number for each of its features; one that is missing adds
     * so much that the sum is beyond all cells.
     */
    private static final int MISSING = 1 << 20;

    private final int[] first;
    private final int[] second;
    private final int[][] ofFirst;
    private final int[][] ofSecond;
    private final int[] missing;
    private final BinnedValues[] values;

    private InRow(List<Counted> pairs, List<String> names) {
      int n = pairs.size();
      first = new int[n];
      second = new int[n];
      ofFirst = new int[n][];
      ofSecond = new int[n][];
      missing = new int[n];
      values = new BinnedValues[n];
      for (int i = 0; i < n; i++) {
        FeaturePair pair = pairs.get(i).pair;
        first[i] = names.indexOf(pair.first());
        second[i] = names.indexOf(pair.second());
        int[] seconds = pair.secondGroups();
        int anySecond = firstPresent(seconds);
        ofFirst[i] = pair.firstGroups().clone();
        for (int cell = 0; cell < ofFirst[i].length; cell++) {
          ofFirst[i][cell] =
              pair.firstGroups()[cell] == FeaturePair.MISSING
                  ? MISSING
                  : pair.cellOf(cell, anySecond) - seconds[anySecond];
        }
        ofSecond[i] = seconds.clone();
        for (int cell = 0; cell < seconds.length; cell++) {
          ofSecond[i][cell] = seconds[cell] == FeaturePair.MISSING ? MISSING : seconds[cell];
        }
        values[i] = pairs.get(i).values;
        missing[i] = values[i].reference().binning().missing();
      }
    }

    private static int firstPresent(int[] groups) {
      int cell = 0;
      while (groups[cell] == FeaturePair.MISSING) {
        cell++;
      }
      return cell;
    }

    /**
     * Counts a row.
     *
     * @param cells of its features by place; negative where nothing is to be counted
     */
    void count(int[] cells, long weight) {
      for (int i = 0; i < values.length; i++) {
        int one = cells[first[i]];
        int other = cells[second[i]];
        if ((one | other) >= 0) {
          values[i].addCell(Math.min(ofFirst[i][one] + ofSecond[i][other], missing[i]), weight);
        }
      }
    }
  }
}
