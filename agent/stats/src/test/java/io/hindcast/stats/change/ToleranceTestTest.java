package io.hindcast.stats.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.Oracle;
import io.hindcast.stats.drift.LikelihoodRatio;
import io.hindcast.stats.drift.TwoSampleChiSquare;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ToleranceTestTest {
  private static final LikelihoodRatio G = new LikelihoodRatio();
  private static final TwoSampleChiSquare CHI = new TwoSampleChiSquare();

  @Test
  void g_ofTwoHalvesAgainstThreeQuarters_byHand() {
    // ĉ and r̂ are 5/8 and 3/8 of 4: 2·[2 ln(2/2.5) + 2 ln(2/1.5) + 3 ln(3/2.5) + 1 ln(1/1.5)]
    double expected =
        2 * (2 * Math.log(0.8) + 2 * Math.log(4 / 3.0) + 3 * Math.log(1.2) + Math.log(2 / 3.0));
    assertThat(G.between(counts(2, 2), counts(3, 1))).isCloseTo(expected, within(1e-14));
  }

  @Test
  void golden_tenCells() {
    long[] reference = counts(100, 100, 100, 100, 100, 100, 100, 100, 100, 100);
    long[] current = counts(20, 15, 12, 10, 10, 9, 8, 7, 5, 4);
    assertThat(G.between(reference, current)).isCloseTo(17.708279, relative(17.708279));
    assertThat(G.between(reference, current) / 2200).isCloseTo(0.00804922, within(5e-9));
    assertThat(CHI.between(reference, current)).isCloseTo(18.0101151, relative(18.0101151));
    assertThat(ChiSquare.survival(18.0101151, 9)).isCloseTo(0.0350564, within(5e-8));
    double p = ChiSquare.survival(G.between(reference, current), 9);
    assertThat(p).isCloseTo(0.0387129, within(5e-8));
    assertThat(EValue.of(p)).isCloseTo(2.0410516, relative(2.0410516));
    // λ = .02 · 100 · 1000/1100
    double tolerated = ChiSquare.survival(G.between(reference, current), 9, 1.8181818181818);
    assertThat(tolerated).isCloseTo(0.0962593, within(5e-8));
    assertThat(EValue.of(tolerated)).isCloseTo(1.2863659, relative(1.2863659));
  }

  @Test
  void golden_tenCellsWithAReferenceThatIsLargeEnough_isTheTestItself() {
    long[] reference = new long[10];
    Arrays.fill(reference, 100_000);
    ToleranceTest.Result result =
        new ToleranceTest(0.02).of(reference, counts(20, 15, 12, 10, 10, 9, 8, 7, 5, 4));
    assertThat(result).isNotNull();
    // λ = .02 · 100 · 1e6/(1e6 + 100)
    assertThat(result.p()).isEqualTo(ChiSquare.survival(result.g(), 9, 2 / 1.0001));
    assertThat(result.e()).isEqualTo(EValue.of(result.p()));
  }

  @Test
  void golden_newCategory() {
    long[] reference = counts(60, 40, 0);
    long[] current = counts(55, 35, 10);
    assertThat(G.between(reference, current)).isCloseTo(14.4139846, relative(14.4139846));
    assertThat(ChiSquare.survival(G.between(reference, current), 2))
        .isCloseTo(0.00074138, within(5e-9));
  }

  @Test
  void identicalCounts_areNoEvidence() {
    long[] counts = counts(17, 0, 4, 900, 3);
    for (double tolerance : new double[] {0, 0.02, 0.5}) {
      ToleranceTest.Result result = new ToleranceTest(tolerance).of(counts, counts.clone());
      assertThat(result).isEqualTo(new ToleranceTest.Result(0, 3, 1));
      assertThat(result.e()).isEqualTo(0.5);
    }
    assertThat(CHI.between(counts, counts.clone())).isZero();
  }

  @Test
  void aSmallReference_isGivenItsOwnNoise() {
    // χ²_.95(9) = 16.919 over 100 rows is .16919, more than the tolerance.
    long[] reference = counts(10, 10, 10, 10, 10, 10, 10, 10, 10, 10);
    long[] current = counts(600, 400, 500, 500, 500, 500, 500, 500, 500, 500);
    ToleranceTest.Result result = new ToleranceTest(0.02).of(reference, current);
    assertThat(result).isNotNull();
    double lambda = 16.918977604620448 / 100 * 5000 * 100 / 5100;
    assertThat(result.p()).isCloseTo(ChiSquare.survival(result.g(), 9, lambda), within(1e-12));
  }

  @Test
  void oneCell_hasNoFreedom() {
    assertThat(new ToleranceTest(0.02).of(counts(5, 0), counts(9, 0)))
        .isEqualTo(new ToleranceTest.Result(0, 0, 1));
  }

  @Test
  void anEmptySide_isNoTest() {
    assertThat(new ToleranceTest(0.02).of(counts(0, 0), counts(9, 1))).isNull();
    assertThat(new ToleranceTest(0.02).of(counts(9, 1), counts(0, 0))).isNull();
  }

  @Test
  void aToleranceBelowZero_isRefused() {
    assertThatThrownBy(() -> new ToleranceTest(-0.1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ToleranceTest(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void terms_addUpAndAreNeverNegative() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int repetition = 0; repetition < 300; repetition++) {
      long[] reference = random.longs(8, 0, 500).toArray();
      long[] current = random.longs(8, 0, 500).toArray();
      double[] terms = LikelihoodRatio.terms(reference, current);
      assertThat(Arrays.stream(terms).allMatch(t -> t >= 0)).isTrue();
      assertThat(Arrays.stream(terms).sum()).isCloseTo(G.between(reference, current), within(1e-8));
      long[] tripled = Arrays.stream(reference).map(c -> 3 * c).toArray();
      assertThat(G.between(tripled, reference)).isZero();
      assertThat(CHI.between(tripled, reference)).isZero();
    }
  }

  @Test
  void twoSamples_areAsSciPyHasThem() {
    for (Oracle.Case c : Oracle.cases("two_samples")) {
      long[] reference = c.counts("reference");
      long[] current = c.counts("current");
      double g = G.between(reference, current);
      int degrees = LikelihoodRatio.degrees(reference, current);
      assertThat(degrees).isEqualTo(c.integer("degrees"));
      c.expect("g", g);
      c.expect("p", ChiSquare.survival(g, degrees));
      double chi = CHI.between(reference, current);
      c.expect("chi_square", chi);
      c.expect("p_chi_square", ChiSquare.survival(chi, degrees));
      ToleranceTest.Result result = new ToleranceTest(0.02).of(reference, current);
      assertThat(result).isNotNull();
      c.expect("p_tolerance", result.p());
    }
  }

  @Test
  void chiSquare_isAsSciPyHasIt_inItsTailsToo() {
    int smallTails = 0;
    for (Oracle.Case c : Oracle.cases("chi_square")) {
      int degrees = c.integer("degrees");
      double expected = c.number("survival");
      double survival = ChiSquare.survival(c.number("x"), degrees, c.number("noncentrality"));
      assertThat(survival)
          .as("x %s, %s, λ %s", c.number("x"), degrees, c.number("noncentrality"))
          .isCloseTo(expected, within(1e-9 * expected));
      c.expect("upper_quantile_05", ChiSquare.upperQuantile(0.05, degrees));
      smallTails += expected < 1e-6 ? 1 : 0;
    }
    assertThat(smallTails).isPositive();
  }

  @Test
  void chiSquare_farOut_doesNotOverflow() {
    assertThat(ChiSquare.survival(1e7, 9, 2000)).isZero();
    assertThat(ChiSquare.survival(1e-9, 9, 2000)).isCloseTo(1, within(1e-10));
    assertThat(ChiSquare.survival(2e6, 9, 2e6)).isBetween(0.49, 0.52);
    assertThat(ChiSquare.survival(5, 0, 3)).isEqualTo(1);
  }

  private static Offset<Double> relative(double value) {
    return within(1e-6 * value);
  }

  private static long[] counts(long... counts) {
    return counts;
  }
}
