package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.Oracle;
import io.hindcast.stats.summary.NumericBins;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScoreBinsTest {
  @Test
  void golden_fourBins() {
    var bins = new ScoreBins(new NumericBins(new double[] {0.25, 0.5, 0.75}));
    int[] positives = {1, 2, 3, 4};
    int[] negatives = {5, 3, 1, 1};
    for (int b = 0; b < 4; b++) {
      double score = 0.1 + 0.25 * b;
      IntStream.range(0, positives[b]).forEach(i -> bins.add(score, true));
      IntStream.range(0, negatives[b]).forEach(i -> bins.add(score, false));
    }
    assertThat(bins.rocAucLower()).isCloseTo(0.70, within(1e-15));
    assertThat(bins.rocAuc()).isCloseTo(0.79, within(1e-15));
    assertThat(bins.rocAucUpper()).isCloseTo(0.88, within(1e-15));
    assertThat(bins.averagePrecisionLower()).isCloseTo(0.6295946, within(1e-7));
    assertThat(bins.averagePrecision()).isCloseTo(0.7319048, within(1e-7));
    assertThat(bins.averagePrecisionUpper()).isCloseTo(0.8928030, within(1e-7));
  }

  @Test
  void golden_fourScores() {
    double[] p = {0.1, 0.4, 0.35, 0.8};
    var bins = new ScoreBins(new NumericBins(ScoreBins.edges(0.5, null)));
    for (int i = 0; i < 4; i++) {
      bins.add(p[i], i >= 2);
    }
    assertThat(bins.rocAuc()).isEqualTo(0.75);
    assertThat(bins.averagePrecision()).isCloseTo(5 / 6.0, within(1e-15));
    assertThat(bins.sum(true)).isCloseTo(1.15, within(1e-15));
    assertThat(bins.sum(false)).isCloseTo(0.5, within(1e-15));
    assertThat(bins.total(true)).isEqualTo(2);
  }

  @Test
  void oneClassAlone_hasNoAuc() {
    var bins = new ScoreBins(new NumericBins(new double[] {0.5}));
    assertThat(bins.rocAuc()).isNaN();
    assertThat(bins.averagePrecision()).isNaN();
    bins.add(0.7, false);
    assertThat(bins.rocAuc()).isNaN();
    assertThat(bins.averagePrecision()).isNaN();
    assertThat(bins.averagePrecisionLower()).isNaN();
    bins.subtract(0.7, false);
    bins.add(0.7, true);
    assertThat(bins.rocAuc()).isNaN();
    assertThat(bins.averagePrecision()).isEqualTo(1);
    assertThat(bins.averagePrecisionLower()).isEqualTo(1);
    assertThat(bins.counts(false)).containsOnly(0);
  }

  @Test
  void randomScores_areAsScikitLearnHasThem_binned_andWithinTheBoundsUnbinned() {
    double[] edges = IntStream.rangeClosed(1, 10).mapToDouble(i -> i / 10.0).toArray();
    for (Oracle.Case c : Oracle.cases("scores")) {
      int[] actual = c.classes("actual");
      double[] score = c.numbers("score");
      var bins = new ScoreBins(new NumericBins(edges));
      var distinct =
          new ScoreBins(new NumericBins(Arrays.stream(score).sorted().distinct().toArray()));
      for (int i = 0; i < actual.length; i++) {
        bins.add(score[i], actual[i] == 1);
        distinct.add(score[i], actual[i] == 1);
      }
      c.expect("binned_roc_auc", bins.rocAuc());
      c.expect("binned_average_precision", bins.averagePrecision());
      c.expect("roc_auc", distinct.rocAuc());
      c.expect("average_precision", distinct.averagePrecision());
      assertThat(c.number("roc_auc"))
          .isBetween(bins.rocAucLower() - 1e-12, bins.rocAucUpper() + 1e-12);
      assertThat(c.number("average_precision"))
          .isBetween(bins.averagePrecisionLower() - 1e-12, bins.averagePrecisionUpper() + 1e-12);
    }
  }

  @Test
  void merge_isTheBinsOfAllRows() {
    var bins = new NumericBins(new double[] {0.5});
    var left = new ScoreBins(bins);
    var right = new ScoreBins(new NumericBins(new double[] {0.5}));
    left.add(0.1, true);
    right.add(0.9, true);
    right.add(0.2, false);
    left.merge(right);
    assertThat(left.counts(true)).containsExactly(1, 1);
    assertThat(left.counts(false)).containsExactly(1, 0);
    assertThat(left.sum(true)).isEqualTo(1);
    assertThatThrownBy(() -> left.merge(new ScoreBins(new NumericBins(new double[] {0.4}))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void edges_areFiftyAndTheThreshold() {
    double[] edges = ScoreBins.edges(0.5, null);
    assertThat(edges).hasSize(51).isSorted();
    assertThat(edges[0]).isEqualTo(0.02);
    assertThat(edges[29]).isEqualTo(0.58);
    assertThat(edges[50]).isEqualTo(1);
    assertThat(edges).contains(Math.nextDown(0.5), 0.5);
  }

  @Test
  void edges_putAScoreOfTheThresholdAboveIt() {
    for (double threshold : new double[] {0, 0.02, 0.3, 0.37, 0.5, 1}) {
      double[] edges = ScoreBins.edges(threshold, null);
      var bins = new NumericBins(edges);
      int at = bins.cellOf(threshold);
      assertThat(bins.cellOf(Math.nextDown(threshold))).isEqualTo(at - 1);
      assertThat(edges[at - 1]).isEqualTo(Math.nextDown(threshold));
    }
  }

  @Test
  void edges_atZeroAndOne_haveTheirCells() {
    var bins = new NumericBins(ScoreBins.edges(0.5, null));
    assertThat(bins.cellOf(0)).isZero();
    assertThat(bins.cellOf(1)).isEqualTo(bins.cells() - 2);
    assertThat(bins.cellOf(1.01)).isEqualTo(bins.cells() - 1);
  }

  @Test
  void edges_splitWhatARareEventModelPutsIntoOneBin() {
    // 900 scores in (0, 0.01], 100 spread evenly above.
    double[] scores =
        DoubleStream.concat(
                IntStream.rangeClosed(1, 900).mapToDouble(i -> i / 90_000.0),
                IntStream.rangeClosed(1, 100).mapToDouble(i -> 0.01 + 0.0099 * i))
            .sorted()
            .toArray();
    double[] edges = ScoreBins.edges(0.5, scores);
    // The lowest bin holds 901 of 1000, so it is cut into 19 parts of 47 or 48.
    assertThat(edges).hasSize(51 + 18).isSorted();
    long[] counts = new long[edges.length + 1];
    var bins = new NumericBins(edges);
    Arrays.stream(scores).forEach(s -> counts[bins.cellOf(s)]++);
    assertThat(Arrays.stream(counts).max().orElseThrow()).isBetween(47L, 50L);
  }

  @Test
  void edges_ofEqualScores_setThemApartFromTheRest() {
    // 60 % are exactly 0: no edge can split them, but one can follow them.
    double[] scores = new double[100];
    for (int i = 60; i < 100; i++) {
      scores[i] = (i - 59) / 2001.0;
    }
    double[] edges = ScoreBins.edges(0.5, scores);
    assertThat(edges[0]).isZero();
    assertThat(edges).doesNotHaveDuplicates().isSorted();
    double[] constant = new double[100];
    Arrays.fill(constant, 0.3);
    assertThat(ScoreBins.edges(0.5, constant)).isEqualTo(ScoreBins.edges(0.5, null));
  }

  @Test
  void withThreshold_addsItsEdgeOnce() {
    double[] edges = {-3, 0, 3};
    double[] with = ScoreBins.withThreshold(edges, 1);
    assertThat(with).containsExactly(-3, 0, Math.nextDown(1.0), 3);
    assertThat(ScoreBins.withThreshold(with, 1)).isEqualTo(with);
    assertThat(ScoreBins.withThreshold(edges, Double.NaN)).isEqualTo(edges);
  }
}
