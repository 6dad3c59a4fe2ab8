package io.hindcast.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class CaseTest {
  private static final List<Case> CASES = Case.year(5, 1_000);

  @Test
  void seed_decidesEverything() {
    assertThat(Case.year(5, 1_000)).isEqualTo(CASES);
    assertThat(Case.year(6, 1_000)).isNotEqualTo(CASES);
  }

  @Test
  void ids_areDifferent_alsoBetweenSeeds() {
    assertThat(CASES.stream().map(Case::id).distinct()).hasSize(12_000);
    assertThat(Case.year(6, 1).get(0).id()).isNotIn(CASES.stream().map(Case::id).toList());
  }

  @Test
  void traffic_staysInsideItsWeek() {
    assertThat(CASES)
        .allMatch(
            c -> c.sent() > c.week() - 1 + Case.OPENS && c.sent() < c.week() - 1 + Case.CLOSES);
  }

  @Test
  void labels_comeLateAndNeverLaterThanMaturity() {
    List<Double> delays =
        CASES.stream().filter(labelled()).map(c -> c.labelled() - c.sent()).sorted().toList();
    assertThat(delays.get(0)).isGreaterThan(0.09);
    assertThat(delays.get(delays.size() / 2)).isCloseTo(5 / 7.0, within(0.03));
    assertThat(CASES)
        .filteredOn(c -> !Double.isNaN(c.again()))
        .allMatch(c -> c.again() > c.labelled())
        .allMatch(c -> c.again() - c.sent() < Truth.MATURITY_WEEKS);
  }

  @Test
  void fates_haveTheirShares() {
    assertThat(share(labelled().negate())).isCloseTo(0.10, within(0.01));
    assertThat(share(c -> c.wrongAtFirst())).isCloseTo(0.04, within(0.01));
    assertThat(share(c -> !c.wrongAtFirst() && !Double.isNaN(c.again())))
        .isCloseTo(0.05, within(0.01));
    assertThat(CASES).filteredOn(Case::wrongAtFirst).noneMatch(c -> Double.isNaN(c.again()));
  }

  @Test
  void unitBug_isInFourRegions() {
    assertThat(CASES)
        .filteredOn(c -> c.application().salary() < 1_000)
        .hasSizeGreaterThan(500)
        .allMatch(c -> c.week() == 7 || c.week() == 8)
        .allMatch(c -> c.application().zipcode() < 4);
  }

  @Test
  void newConcept_risesOnALogisticRamp() {
    assertThat(Story.CONCEPT_CHANGES.shareOfNewConcept(12.5)).isEqualTo(0.5);
    // 1 / (1 + e²)
    assertThat(Story.CONCEPT_CHANGES.shareOfNewConcept(8.5)).isCloseTo(0.1192029, within(1e-7));
    assertThat(Story.CLEAN.shareOfNewConcept(12.5)).isZero();
  }

  private static Predicate<Case> labelled() {
    return c -> !Double.isNaN(c.labelled());
  }

  private static double share(Predicate<Case> of) {
    return CASES.stream().filter(of).count() / (double) CASES.size();
  }
}
