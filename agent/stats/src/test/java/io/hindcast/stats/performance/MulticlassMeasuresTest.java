package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.stats.Oracle;
import org.junit.jupiter.api.Test;

class MulticlassMeasuresTest {
  @Test
  void golden_sixRowsOfThreeClasses() {
    MulticlassMeasures measures =
        matrix(3, new int[] {2, 0, 2, 2, 0, 1}, new int[] {0, 0, 2, 2, 0, 2}).multiclass();
    assertThat(measures.accuracy().value()).isCloseTo(4 / 6.0, within(1e-15));
    assertThat(measures.accuracy().support()).isEqualTo(6);
    expect(measures.macroF1(), 0.4888889, 3);
    // Class 1 is never predicted, so it has no precision.
    expect(measures.macroPrecision(), 0.6666667, 2);
    assertThat(measures.precision(1).isDefined()).isFalse();
    assertThat(measures.precision(1).support()).isZero();
    assertThat(measures.recall(1).value()).isZero();
    expect(measures.weightedF1(), 0.60, 3);
    assertThat(measures.kappa().value()).isCloseTo(0.4285714, within(1e-7));
  }

  @Test
  void perClass_hasItsOwnValueAndSupport() {
    var matrix = new ConfusionMatrix(3);
    fill(matrix, 0, 5, 1, 0);
    fill(matrix, 1, 2, 3, 1);
    fill(matrix, 2, 0, 0, 8);
    MulticlassMeasures measures = matrix.multiclass();
    assertThat(measures.precision(0)).isEqualTo(Measured.proportion(5, 7, 1));
    assertThat(measures.recall(0)).isEqualTo(Measured.proportion(5, 6, 1));
    assertThat(measures.f1(0).value()).isCloseTo(10 / 13.0, within(1e-15));
    assertThat(measures.f1(0).support()).isEqualTo(8);
    assertThat(measures.f1(0).interval()).isEqualTo(F1Interval.of(5, 2, 1));
    assertThat(measures.accuracy()).isEqualTo(Measured.proportion(16, 20, 1));
    assertThat(measures.balancedAccuracy().value())
        .isCloseTo((5 / 6.0 + 0.5 + 1) / 3, within(1e-15));
    assertThat(measures.weightedRecall().value()).isCloseTo(0.8, within(1e-15));
    assertThat(measures.weightedPrecision().value())
        .isCloseTo((6 * 5 / 7.0 + 6 * 0.75 + 8 * 8 / 9.0) / 20, within(1e-15));
    assertThat(measures.majorityBaseline().value()).isEqualTo(0.4);
    assertThat(measures.lift().value()).isCloseTo(0.4, within(1e-15));
    // 20·16 − (6·7 + 6·4 + 8·9) = 182; 400 − (49 + 16 + 81) = 254; 400 − (36 + 36 + 64) = 264.
    assertThat(measures.mcc().value()).isCloseTo(182 / Math.sqrt(254.0 * 264), within(1e-15));
    assertThat(measures.kappa().value()).isCloseTo(182 / (400.0 - 138), within(1e-15));
  }

  @Test
  void twoClasses_areTheBinaryOnes() {
    var matrix = new ConfusionMatrix(2);
    fill(matrix, 0, 85, 5);
    fill(matrix, 1, 4, 6);
    BinaryMeasures binary = matrix.binary(1);
    MulticlassMeasures multiclass = matrix.multiclass();
    assertThat(multiclass.mcc().value()).isCloseTo(binary.mcc().value(), within(1e-14));
    assertThat(multiclass.kappa().value()).isCloseTo(binary.kappa().value(), within(1e-14));
    assertThat(multiclass.balancedAccuracy().value())
        .isCloseTo(binary.balancedAccuracy().value(), within(1e-14));
    assertThat(multiclass.f1(1).value()).isEqualTo(binary.f1().value());
  }

  @Test
  void mccOfPerfectAnswers_isOne_andNothingIsBeyondIt() {
    for (int a = 1; a < 40; a++) {
      var matrix = new ConfusionMatrix(2);
      fill(matrix, 0, a, 0);
      fill(matrix, 1, 0, 7);
      assertThat(matrix.binary(1).mcc().value()).isEqualTo(1);
      assertThat(matrix.multiclass().mcc().value()).isBetween(1 - 1e-15, 1.0);
    }
  }

  @Test
  void undefinedIsNotZero() {
    MulticlassMeasures none = new ConfusionMatrix(3).multiclass();
    assertThat(none.accuracy().isDefined()).isFalse();
    assertThat(none.macroF1()).isEqualTo(new ClassMean(Double.NaN, Interval.NONE, 0, 3, 0));
    assertThat(none.balancedAccuracy().isDefined()).isFalse();
    MulticlassMeasures oneClass = matrix(3, new int[] {1, 1}, new int[] {1, 1}).multiclass();
    assertThat(oneClass.mcc().isDefined()).isFalse();
    assertThat(oneClass.kappa().isDefined()).isFalse();
    assertThat(oneClass.accuracy().value()).isEqualTo(1);
    expect(oneClass.macroRecall(), 1, 1);
  }

  @Test
  void randomCases_areAsScikitLearnHasThem() {
    for (Oracle.Case c : Oracle.cases("multiclass")) {
      MulticlassMeasures measures =
          matrix(c.integer("classes"), c.classes("actual"), c.classes("predicted")).multiclass();
      c.expect("accuracy", measures.accuracy().value());
      c.expect("precision", measures.macroPrecision().value());
      c.expect("recall", measures.macroRecall().value());
      c.expect("f1", measures.macroF1().value());
      c.expect("precision_weighted", measures.weightedPrecision().value());
      c.expect("recall_weighted", measures.weightedRecall().value());
      c.expect("f1_weighted", measures.weightedF1().value());
      c.expect("balanced_accuracy", measures.balancedAccuracy().value());
      c.expect("mcc", measures.mcc().value());
      c.expect("kappa", measures.kappa().value());
      c.expect("majority_baseline", measures.majorityBaseline().value());
      c.expect("lift", measures.lift().value());
    }
  }

  private static void expect(ClassMean mean, double value, int defined) {
    assertThat(mean.value()).isCloseTo(value, within(1e-7));
    assertThat(mean.defined()).isEqualTo(defined);
    assertThat(mean.classes()).isEqualTo(3);
  }

  private static ConfusionMatrix matrix(int classes, int[] actual, int[] predicted) {
    var matrix = new ConfusionMatrix(classes);
    for (int i = 0; i < actual.length; i++) {
      matrix.add(actual[i], predicted[i]);
    }
    return matrix;
  }

  private static void fill(ConfusionMatrix matrix, int actual, int... counts) {
    for (int predicted = 0; predicted < counts.length; predicted++) {
      for (int i = 0; i < counts[predicted]; i++) {
        matrix.add(actual, predicted);
      }
    }
  }
}
