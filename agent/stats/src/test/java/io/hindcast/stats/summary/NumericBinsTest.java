package io.hindcast.stats.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NumericBinsTest {
  @Test
  void cellOf_isUpperInclusive() {
    var bins = new NumericBins(new double[] {1, 2, 4});
    assertThat(bins.cells()).isEqualTo(4);
    assertThat(bins.bins()).isEqualTo(2);
    assertThat(bins.cellOf(Double.NEGATIVE_INFINITY)).isZero();
    assertThat(bins.cellOf(1)).isZero();
    assertThat(bins.cellOf(Math.nextUp(1.0))).isEqualTo(1);
    assertThat(bins.cellOf(2)).isEqualTo(1);
    assertThat(bins.cellOf(3)).isEqualTo(2);
    assertThat(bins.cellOf(4)).isEqualTo(2);
    assertThat(bins.cellOf(Math.nextUp(4.0))).isEqualTo(3);
    assertThat(bins.cellOf(Double.POSITIVE_INFINITY)).isEqualTo(3);
  }

  @Test
  void cellOf_minusZero_isThatOfZero() {
    var atZero = new NumericBins(new double[] {-1, 0, 1});
    assertThat(atZero.cellOf(-0.0)).isEqualTo(1);
    assertThat(atZero.cellOf(0.0)).isEqualTo(1);
    var atMinusZero = new NumericBins(new double[] {-1, -0.0, 1});
    assertThat(atMinusZero.cellOf(0.0)).isEqualTo(1);
    assertThat(atMinusZero.edges()).isEqualTo(new double[] {-1, 0.0, 1});
  }

  @Test
  void cellOf_anyNumberOfEdges_isTheNumberOfEdgesBelow() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int n = 1; n <= 140; n++) {
      double[] edges =
          DoubleStream.generate(random::nextGaussian).distinct().limit(n).sorted().toArray();
      var bins = new NumericBins(edges);
      double[] probes =
          DoubleStream.concat(
                  Arrays.stream(edges)
                      .flatMap(e -> DoubleStream.of(Math.nextDown(e), e, Math.nextUp(e))),
                  DoubleStream.of(-Double.MAX_VALUE, Double.MAX_VALUE, Double.POSITIVE_INFINITY))
              .toArray();
      for (double v : probes) {
        assertThat(bins.cellOf(v))
            .as("%s among %s", v, edges)
            .isEqualTo((int) Arrays.stream(edges).filter(e -> e < v).count());
      }
    }
  }

  @Test
  void cellOf_betweenNumbersWhoseDifferenceIsTinyOrHuge_isExact() {
    double tiny = Double.MIN_VALUE;
    double huge = Double.MAX_VALUE;
    var bins = new NumericBins(new double[] {-huge, -tiny, 0, tiny, Math.nextDown(huge), huge});
    assertThat(bins.cellOf(-huge)).isZero();
    assertThat(bins.cellOf(-tiny)).isEqualTo(1);
    assertThat(bins.cellOf(-0.0)).isEqualTo(2);
    assertThat(bins.cellOf(tiny)).isEqualTo(3);
    assertThat(bins.cellOf(2 * tiny)).isEqualTo(4);
    assertThat(bins.cellOf(huge)).isEqualTo(5);
    assertThat(bins.cellOf(Double.POSITIVE_INFINITY)).isEqualTo(6);
  }

  @Test
  void constructor_refusesEdgesThatAreNoEdges() {
    for (double[] edges :
        new double[][] {
          {}, {1, 1}, {2, 1}, {0.0, -0.0}, {Double.NaN}, {1, Double.POSITIVE_INFINITY}
        }) {
      assertThatThrownBy(() -> new NumericBins(edges))
          .as(Arrays.toString(edges))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void constructor_copiesItsEdges() {
    double[] edges = {1, 2};
    var bins = new NumericBins(edges);
    edges[0] = 5;
    assertThat(bins.edges()).containsExactly(1, 2);
  }

  @Test
  void ofReference_sixtyZerosAndOneToForty() {
    double[] values = new double[100];
    for (int i = 1; i <= 40; i++) {
      values[i] = i;
    }
    NumericBins bins = NumericBins.ofReference(values, 10).orElseThrow();
    double[] edges = bins.edges();
    assertThat(edges).hasSize(6);
    assertThat(edges[0]).isEqualTo(Math.nextDown(0.0));
    assertThat(edges[1]).isZero();
    assertThat(edges[2]).isCloseTo(10.3, within(1e-12));
    assertThat(edges[3]).isCloseTo(20.2, within(1e-12));
    assertThat(edges[4]).isCloseTo(30.1, within(1e-12));
    assertThat(edges[5]).isEqualTo(40);
    assertThat(counts(bins, values)).containsExactly(0, 60, 10, 10, 10, 10, 0);
  }

  @Test
  void ofReference_upToTenDistinctValues_givesEachItsBin() {
    double[] values = {3, 1, 1, 2, 1, -0.0, 0.0, 1e9, 2};
    NumericBins bins = NumericBins.ofReference(values, 10).orElseThrow();
    assertThat(bins.edges()).containsExactly(Math.nextDown(0.0), 0, 1, 2, 3, 1e9);
    assertThat(counts(bins, values)).containsExactly(0, 2, 3, 2, 1, 1, 0);
    double[] ten = IntStream.range(0, 100).mapToDouble(i -> i % 10).toArray();
    assertThat(NumericBins.ofReference(ten, 10).orElseThrow().edges())
        .containsExactly(Math.nextDown(0.0), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void ofReference_elevenDistinctValues_areQuantileBins() {
    double[] values = IntStream.rangeClosed(0, 10).mapToDouble(i -> i).toArray();
    NumericBins bins = NumericBins.ofReference(values, 10).orElseThrow();
    assertThat(bins.edges()).containsExactly(Math.nextDown(0.0), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(counts(bins, values)).containsExactly(0, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0);
  }

  @Test
  void ofReference_constant_isBelowItAndAbove() {
    NumericBins bins = NumericBins.ofReference(new double[] {7, 7, 7}, 10).orElseThrow();
    assertThat(bins.edges()).containsExactly(Math.nextDown(7.0), 7);
    assertThat(bins.cellOf(Math.nextDown(7.0))).isZero();
    assertThat(bins.cellOf(7)).isEqualTo(1);
    assertThat(bins.cellOf(Math.nextUp(7.0))).isEqualTo(2);
  }

  @Test
  void ofReference_passesOverWhatIsNotFinite() {
    double[] values = {Double.NaN, 1, Double.POSITIVE_INFINITY, 2, Double.NEGATIVE_INFINITY};
    assertThat(NumericBins.ofReference(values, 10).orElseThrow().edges())
        .containsExactly(Math.nextDown(1.0), 1, 2);
    assertThat(NumericBins.ofReference(new double[] {Double.NaN}, 10)).isEmpty();
    assertThat(NumericBins.ofReference(new double[0], 10)).isEmpty();
  }

  @Test
  void ofReference_atTheEndsOfTheDoubles_staysFinite() {
    double[] values =
        IntStream.rangeClosed(-10, 10).mapToDouble(i -> i / 10.0 * Double.MAX_VALUE).toArray();
    NumericBins bins = NumericBins.ofReference(values, 10).orElseThrow();
    assertThat(bins.edges()).doesNotContain(Double.NEGATIVE_INFINITY).isSorted();
    assertThat(Arrays.stream(counts(bins, values)).sum()).isEqualTo(21);
    // There is no finite number below the lowest one, which is therefore low.
    assertThat(bins.cellOf(-Double.MAX_VALUE)).isZero();
    assertThat(NumericBins.ofReference(new double[] {-Double.MAX_VALUE}, 10).orElseThrow().edges())
        .containsExactly(-Double.MAX_VALUE);
  }

  @Test
  void ofReference_anySample_leavesNoBinEmptyAndNothingOutside() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int repetition = 0; repetition < 300; repetition++) {
      double grain = Math.pow(10, random.nextInt(4));
      double[] values =
          DoubleStream.generate(() -> Math.rint(random.nextGaussian() * grain) / grain)
              .limit(1 + random.nextInt(200))
              .toArray();
      NumericBins bins = NumericBins.ofReference(values, 10).orElseThrow();
      long[] counts = counts(bins, values);
      assertThat(bins.bins()).isBetween(1, 10);
      assertThat(counts[0]).isZero();
      assertThat(counts[counts.length - 1]).isZero();
      assertThat(Arrays.copyOfRange(counts, 1, counts.length - 1)).doesNotContain(0L);
      double[] backwards = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        backwards[i] = values[values.length - 1 - i];
      }
      assertThat(NumericBins.ofReference(backwards, 10).orElseThrow().edges())
          .isEqualTo(bins.edges());
    }
  }

  private static long[] counts(NumericBins bins, double[] values) {
    long[] counts = new long[bins.cells()];
    for (double v : values) {
      counts[bins.cellOf(v)]++;
    }
    return counts;
  }
}
