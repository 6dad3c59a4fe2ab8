package io.hindcast.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The story works only if the model is good where it should be, and bad where it should be. */
final class LoanModelTest {
  private static final LoanModel MODEL = LoanModel.train(1);

  private static final List<Case> CASES = Case.year(11, 2_000);

  @Test
  void cleanWeeks_areRightMoreThan93Times() {
    assertThat(accuracy(1, 3)).isGreaterThan(0.93);
  }

  @Test
  void shiftedInputs_doNotCostAccuracy() {
    assertThat(accuracy(4, 6)).isGreaterThan(0.93);
  }

  @Test
  void unitBug_breaksTheThreshold() {
    assertThat(accuracy(7, 8)).isBetween(0.75, 0.87);
  }

  @Test
  void newConcept_leadsBelowTheThreshold_weekByWeek() {
    assertThat(accuracy(9, 9)).isBetween(0.87, 0.92);
    assertThat(accuracy(10, 10)).isBetween(0.84, 0.89);
    assertThat(accuracy(12, 12)).isBetween(0.74, 0.83);
  }

  @Test
  void scores_areProbabilities() {
    List<Case> clean = CASES.stream().filter(c -> c.week() <= 3).toList();
    double mean = clean.stream().mapToDouble(LoanModelTest::score).average().orElseThrow();
    double rate = clean.stream().mapToInt(c -> c.repaid() ? 1 : 0).average().orElseThrow();
    assertThat(mean).isCloseTo(rate, within(0.02));

    List<Case> middle = clean.stream().filter(c -> score(c) > 0.3 && score(c) < 0.7).toList();
    double middleRate = middle.stream().mapToInt(c -> c.repaid() ? 1 : 0).average().orElseThrow();
    assertThat(middle).hasSizeGreaterThan(100);
    assertThat(middleRate).isBetween(0.3, 0.7);
  }

  @Test
  void training_isRepeatable() {
    LoanModel again = LoanModel.train(1);
    assertThat(CASES.subList(0, 200))
        .allMatch(c -> again.probabilityOfRepayment(c.application()) == score(c));
  }

  private static double accuracy(int first, int last) {
    return CASES.stream()
        .filter(c -> c.week() >= first && c.week() <= last)
        .mapToInt(c -> (score(c) >= 0.5) == c.repaid() ? 1 : 0)
        .average()
        .orElseThrow();
  }

  private static double score(Case c) {
    return MODEL.probabilityOfRepayment(c.application());
  }
}
