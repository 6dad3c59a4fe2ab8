package io.hindcast.stats.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.Oracle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DriftMeasuresTest {
  private static final Offset<Double> GOLDEN = within(1e-7);

  private final DriftMeasure jsd = new JensenShannonDivergence();
  private final DriftMeasure psi = new PopulationStabilityIndex();
  private final DriftMeasure hellinger = new HellingerDistance();
  private final DriftMeasure totalVariation = new TotalVariation();
  private final DriftMeasure ks = new KolmogorovSmirnov();
  private final List<DriftMeasure> all = List.of(jsd, psi, hellinger, totalVariation, ks);

  @Test
  void names_areThoseOfTheCatalogue() {
    assertThat(all)
        .extracting(DriftMeasure::name)
        .containsExactly("jsd", "psi", "hellinger", "total_variation", "ks");
    assertThat(new Wasserstein(new double[] {0}, 1).name()).isEqualTo("wasserstein");
  }

  @Test
  void psi_ofAQuarterMovedBetweenTwoHalves_isAQuarterOfLn3() {
    // (0.75 − 0.5)·ln(0.75/0.5) + (0.25 − 0.5)·ln(0.25/0.5) = 0.25·ln 3
    assertThat(psi.between(counts(50_000, 50_000), counts(75_000, 25_000)))
        .isCloseTo(0.25 * Math.log(3), within(1e-4));
  }

  @Test
  void psi_ofAnEmptyCell_isByJeffreysHalf() {
    // 2.5/5 against 0.5/5 and 2.5/5 against 4.5/5.
    double expected = 0.4 * Math.log(5) + 0.4 * Math.log(0.9 / 0.5);
    assertThat(psi.between(counts(2, 2), counts(0, 4))).isCloseTo(expected, within(1e-15));
  }

  @Test
  void jsd_ofOneSidedAgainstEven_byHand() {
    // a = (¾, ¼): ½·ln(1/¾) + ½·(½·ln(½/¾) + ½·ln(½/¼))
    double expected = 0.5 * Math.log(4 / 3.0) + 0.25 * Math.log(2 / 3.0) + 0.25 * Math.log(2);
    assertThat(jsd.between(counts(8, 0), counts(5, 5))).isCloseTo(expected, within(1e-15));
  }

  @Test
  void disjointCounts_areAsFarApartAsCanBe() {
    long[] left = counts(3, 7, 0, 0);
    long[] right = counts(0, 0, 90, 10);
    assertThat(jsd.between(left, right)).isEqualTo(Math.log(2));
    assertThat(hellinger.between(left, right)).isCloseTo(1, within(1e-15)).isLessThanOrEqualTo(1);
    assertThat(totalVariation.between(left, right)).isEqualTo(1);
    assertThat(ks.between(left, right)).isEqualTo(1);
  }

  @Test
  void golden_tenCells() {
    long[] reference = counts(100, 100, 100, 100, 100, 100, 100, 100, 100, 100);
    long[] current = counts(20, 15, 12, 10, 10, 9, 8, 7, 5, 4);
    assertThat(jsd.between(reference, current)).isCloseTo(0.0243748, GOLDEN);
    assertThat(Math.sqrt(jsd.between(reference, current) / Math.log(2)))
        .isCloseTo(0.1875244, GOLDEN);
    assertThat(psi.between(reference, current)).isCloseTo(0.1793864, GOLDEN);
    assertThat(hellinger.between(reference, current)).isCloseTo(0.1569279, GOLDEN);
    assertThat(totalVariation.between(reference, current)).isCloseTo(0.17, within(1e-15));
    assertThat(ks.between(reference, current)).isCloseTo(0.17, within(1e-15));
  }

  @Test
  void golden_newCategory() {
    long[] reference = counts(60, 40, 0);
    long[] current = counts(55, 35, 10);
    assertThat(psi.between(reference, current)).isCloseTo(0.3106933, GOLDEN);
    assertThat(totalVariation.between(reference, current)).isCloseTo(0.10, within(1e-15));
    assertThat(hellinger.between(reference, current)).isCloseTo(0.2266671, GOLDEN);
  }

  @Test
  void aSideWithoutRows_hasNoDistance() {
    for (DriftMeasure measure : all) {
      assertThat(measure.between(counts(1, 2), counts(0, 0))).as(measure.name()).isNaN();
      assertThat(measure.between(counts(0, 0), counts(1, 2))).as(measure.name()).isNaN();
      assertThat(measure.between(counts(), counts())).as(measure.name()).isNaN();
    }
  }

  @Test
  void oneCell_isNoDistance() {
    for (DriftMeasure measure : all) {
      assertThat(measure.between(counts(5), counts(9))).as(measure.name()).isZero();
    }
  }

  @Test
  void sidesWithDifferentCells_areRefused() {
    for (DriftMeasure measure : all) {
      assertThatThrownBy(() -> measure.between(counts(1), counts(1, 2)))
          .as(measure.name())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void randomCounts_keepTheLawsOfDistances() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int repetition = 0; repetition < 500; repetition++) {
      int cells = 1 + random.nextInt(13);
      long[] a = randomCounts(random, cells);
      long[] b = randomCounts(random, cells);
      for (DriftMeasure measure : all) {
        String name = measure.name();
        double distance = measure.between(a, b);
        assertThat(measure.between(a, a.clone())).as(name).isZero();
        assertThat(distance).as(name).isGreaterThanOrEqualTo(0);
        assertThat(measure.between(b, a)).as(name).isCloseTo(distance, within(1e-12));
        assertThat(measure.between(withEmptyCell(a), withEmptyCell(b)))
            .as(name)
            .isEqualTo(distance);
        if (measure != psi) {
          assertThat(distance).as(name).isLessThanOrEqualTo(1);
          assertThat(measure.between(a, times(3, a))).as(name).isZero();
        }
        if (measure != ks) {
          List<Integer> order = new ArrayList<>(IntStream.range(0, cells).boxed().toList());
          Collections.shuffle(order, random);
          assertThat(measure.between(permuted(a, order), permuted(b, order)))
              .as(name)
              .isCloseTo(distance, within(1e-12));
        }
      }
      assertThat(ks.between(a, b)).isLessThanOrEqualTo(totalVariation.between(a, b) + 1e-12);
    }
  }

  @Test
  void randomCounts_areAsSciPyHasThem() {
    for (Oracle.Case c : Oracle.cases("drift")) {
      long[] reference = c.counts("reference");
      long[] current = c.counts("current");
      c.expect("jsd", jsd.between(reference, current));
      c.expect("hellinger", hellinger.between(reference, current));
      c.expect("total_variation", totalVariation.between(reference, current));
      c.expect("ks", ks.between(reference, current));
      c.expect("wasserstein", new Wasserstein(c.numbers("edges"), 1).between(reference, current));
    }
  }

  private static long[] randomCounts(Random random, int cells) {
    long[] counts = new long[cells];
    for (int i = 0; i < cells; i++) {
      counts[i] = random.nextInt(3) == 0 ? 0 : random.nextInt(1000);
    }
    counts[random.nextInt(cells)]++;
    return counts;
  }

  private static long[] withEmptyCell(long[] counts) {
    return Arrays.copyOf(counts, counts.length + 1);
  }

  private static long[] times(long factor, long[] counts) {
    return Arrays.stream(counts).map(c -> factor * c).toArray();
  }

  private static long[] permuted(long[] counts, List<Integer> order) {
    return order.stream().mapToLong(i -> counts[i]).toArray();
  }

  private static long[] counts(long... counts) {
    return counts;
  }
}
