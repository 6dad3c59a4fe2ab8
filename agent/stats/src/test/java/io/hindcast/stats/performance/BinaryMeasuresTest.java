package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.Oracle;
import org.junit.jupiter.api.Test;

class BinaryMeasuresTest {
  @Test
  void sixRows_areTwoThirdsRightInEveryWay() {
    int[] actual = {0, 1, 1, 0, 1, 0};
    int[] predicted = {0, 1, 0, 0, 1, 1};
    var matrix = new ConfusionMatrix(2);
    for (int i = 0; i < actual.length; i++) {
      matrix.add(actual[i], predicted[i]);
    }
    BinaryMeasures measures = matrix.binary(1);
    assertThat(measures).isEqualTo(new BinaryMeasures(2, 1, 1, 2));
    double twoThirds = 2 / 3.0;
    assertThat(measures.accuracy().value()).isEqualTo(twoThirds);
    assertThat(measures.precision().value()).isEqualTo(twoThirds);
    assertThat(measures.recall().value()).isEqualTo(twoThirds);
    assertThat(measures.specificity().value()).isEqualTo(twoThirds);
    assertThat(measures.balancedAccuracy().value()).isEqualTo(twoThirds);
    assertThat(measures.f1().value()).isEqualTo(twoThirds);
    assertThat(measures.mcc().value()).isCloseTo(1 / 3.0, within(1e-15));
    assertThat(measures.kappa().value()).isCloseTo(1 / 3.0, within(1e-15));
    assertThat(measures.accuracy().interval()).isEqualTo(WilsonInterval.of(4, 6));
    assertThat(measures.f1().interval()).isEqualTo(F1Interval.of(2, 1, 1));
  }

  @Test
  void everyMeasure_hasItsOwnValueAndSupport() {
    // 10 positives, 90 negatives; 6 of 11 predicted positives are right.
    var measures = new BinaryMeasures(6, 5, 4, 85);
    expect(measures.accuracy(), 0.91, 100);
    expect(measures.precision(), 6 / 11.0, 11);
    expect(measures.recall(), 0.6, 10);
    expect(measures.specificity(), 85 / 90.0, 90);
    expect(measures.balancedAccuracy(), (0.6 + 85 / 90.0) / 2, 100);
    expect(measures.f1(), 12 / 21.0, 15);
    expect(measures.mcc(), (6 * 85 - 5 * 4) / Math.sqrt(11.0 * 10 * 90 * 89), 100);
    // By chance 0.1·0.11 + 0.9·0.89 = 0.812 agree.
    expect(measures.kappa(), (0.91 - 0.812) / (1 - 0.812), 100);
    expect(measures.majorityBaseline(), 0.9, 100);
    expect(measures.lift(), 0.01, 100);
  }

  @Test
  void withoutRows_nothingIsDefined() {
    var none = new BinaryMeasures(0, 0, 0, 0);
    for (Measured measure :
        new Measured[] {
          none.accuracy(),
          none.balancedAccuracy(),
          none.precision(),
          none.recall(),
          none.specificity(),
          none.f1(),
          none.mcc(),
          none.kappa(),
          none.majorityBaseline(),
          none.lift()
        }) {
      assertThat(measure.isDefined()).isFalse();
      assertThat(measure.interval().isDefined()).isFalse();
      assertThat(measure.support()).isZero();
    }
  }

  @Test
  void undefinedIsNotZero() {
    var noPositives = new BinaryMeasures(0, 2, 0, 8);
    assertThat(noPositives.recall().isDefined()).isFalse();
    assertThat(noPositives.recall().support()).isZero();
    assertThat(noPositives.balancedAccuracy().isDefined()).isFalse();
    assertThat(noPositives.mcc().isDefined()).isFalse();
    // Errors without a hit are a true 0.
    assertThat(noPositives.precision().value()).isZero();
    assertThat(noPositives.f1().value()).isZero();
    var neverPositive = new BinaryMeasures(0, 0, 3, 7);
    assertThat(neverPositive.precision().isDefined()).isFalse();
    assertThat(neverPositive.recall().value()).isZero();
    assertThat(neverPositive.mcc().isDefined()).isFalse();
    assertThat(neverPositive.kappa().value()).isZero();
    var allOfOneClass = new BinaryMeasures(0, 0, 0, 9);
    assertThat(allOfOneClass.kappa().isDefined()).isFalse();
    assertThat(allOfOneClass.accuracy().value()).isEqualTo(1);
  }

  @Test
  void countsOfYears_doNotOverflow() {
    long many = 1L << 45;
    var measures = new BinaryMeasures(3 * many, many, many, 3 * many);
    assertThat(measures.mcc().value()).isCloseTo(0.5, within(1e-12));
    assertThat(measures.kappa().value()).isCloseTo(0.5, within(1e-12));
    assertThat(measures.f1().value()).isCloseTo(0.75, within(1e-12));
  }

  @Test
  void randomCases_areAsScikitLearnHasThem() {
    for (Oracle.Case c : Oracle.cases("binary")) {
      var measures =
          new BinaryMeasures(c.integer("tp"), c.integer("fp"), c.integer("fn"), c.integer("tn"));
      c.expect("accuracy", measures.accuracy().value());
      c.expect("balanced_accuracy", measures.balancedAccuracy().value());
      c.expect("precision", measures.precision().value());
      c.expect("recall", measures.recall().value());
      c.expect("specificity", measures.specificity().value());
      c.expect("f1", measures.f1().value());
      c.expect("mcc", measures.mcc().value());
      c.expect("kappa", measures.kappa().value());
      c.expect("majority_baseline", measures.majorityBaseline().value());
      c.expect("lift", measures.lift().value());
    }
  }

  private static void expect(Measured measure, double value, long support) {
    assertThat(measure.value()).isCloseTo(value, within(1e-14));
    assertThat(measure.support()).isEqualTo(support);
  }
}
