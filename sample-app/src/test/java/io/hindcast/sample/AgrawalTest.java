package io.hindcast.sample;

import static io.hindcast.sample.Agrawal.Concept.F2;
import static io.hindcast.sample.Agrawal.Concept.F7;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AgrawalTest {
  private static final int ROWS = 20_000;

  private final Agrawal agrawal = new Agrawal(new SplittableRandom(3));

  @Test
  void f7_isAnIncomeThatCarriesTheLoan() {
    // 2 · (60 000 + 30 000) / 3 − loan / 5 − 20 000 = 40 000 − loan / 5
    assertThat(F7.repays(applicant(60_000, 30_000, 30, 199_999))).isTrue();
    assertThat(F7.repays(applicant(60_000, 30_000, 30, 200_000))).isFalse();
  }

  @Test
  void f2_isASalaryThatFitsTheAge() {
    assertThat(F2.repays(applicant(50_000, 0, 39, 0))).isTrue();
    assertThat(F2.repays(applicant(50_000, 0, 40, 0))).isFalse();
    assertThat(F2.repays(applicant(125_000, 0, 59, 0))).isTrue();
    assertThat(F2.repays(applicant(125_000, 0, 60, 0))).isFalse();
    assertThat(F2.repays(applicant(25_000, 0, 60, 0))).isTrue();
    assertThat(F2.repays(applicant(100_001, 0, 39, 0))).isFalse();
  }

  @Test
  void shares_areThoseOfThePublishedFunctions() {
    // Group A of 200 000 rows: 0.49 under f7, 0.38 under f2; they disagree on 0.53. One standard
    // error here is 0.0035.
    List<Application> rows = Stream.generate(agrawal::next).limit(ROWS).toList();
    assertThat(share(rows, F7::repays)).isCloseTo(0.49, within(0.015));
    assertThat(share(rows, F2::repays)).isCloseTo(0.38, within(0.015));
    assertThat(share(rows, a -> F2.repays(a) != F7.repays(a))).isCloseTo(0.53, within(0.015));
  }

  @Test
  void commission_isForSalariesBelow75000() {
    List<Application> rows = Stream.generate(agrawal::next).limit(ROWS).toList();
    assertThat(rows)
        .allMatch(a -> a.salary() >= 75_000 ? a.commission() == 0 : a.commission() >= 10_000);
    assertThat(share(rows, a -> a.commission() > 0)).isCloseTo(55 / 130.0, within(0.015));
  }

  @Test
  void outcomes_goAgainstTheConceptByLuck() {
    List<Application> rows = Stream.generate(agrawal::next).limit(ROWS).toList();
    assertThat(share(rows, a -> agrawal.repays(a, F7) != F7.repays(a)))
        .isCloseTo(Agrawal.LUCK, within(0.005));
  }

  private static double share(List<Application> rows, Predicate<Application> of) {
    return rows.stream().filter(of).count() / (double) rows.size();
  }

  private static Application applicant(double salary, double commission, int age, double loan) {
    return new Application(salary, commission, age, 0, 0, 0, 100_000, 1, loan);
  }
}
