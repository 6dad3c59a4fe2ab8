package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ClassTotalsTest {
  private final long seed = Long.getLong("hindcast.test.seed", 20_261_124);
  private final Random random = new Random(seed);

  @Test
  void everyMeasure_isThatOfTheMatrix_howeverItIsAddedUp() {
    var matrix = new ConfusionMatrix(12);
    var before = new ConfusionMatrix(4);
    ClassTotals totals = ClassTotals.of(before);
    ClassTotals more = ClassTotals.of(new ConfusionMatrix(1));
    for (int i = 0; i < 5000; i++) {
      int actual = random.nextInt(12);
      int predicted = random.nextInt(3) == 0 ? random.nextInt(12) : actual;
      long weight = 1L << random.nextInt(3);
      matrix.change(actual, predicted, weight);
      (i % 2 == 0 ? totals : more).change(actual, predicted, weight);
      totals.change(predicted, actual, weight);
      totals.change(predicted, actual, -weight);
    }
    totals.merge(more);
    assertThat(totals.total()).as("seed %d", seed).isEqualTo(matrix.total());
    same(totals.multiclass(), matrix.multiclass());
    same(ClassTotals.of(matrix).multiclass(), matrix.multiclass());
  }

  private void same(MulticlassMeasures one, MulticlassMeasures other) {
    List<Function<MulticlassMeasures, Measured>> whole =
        List.of(
            MulticlassMeasures::accuracy,
            MulticlassMeasures::balancedAccuracy,
            MulticlassMeasures::majorityBaseline,
            MulticlassMeasures::lift,
            of -> of.precision(7),
            of -> of.f1(11));
    for (Function<MulticlassMeasures, Measured> each : whole) {
      assertThat(each.apply(one)).as("seed %d", seed).isEqualTo(each.apply(other));
    }
    assertThat(one.macroPrecision()).as("seed %d", seed).isEqualTo(other.macroPrecision());
    assertThat(one.weightedRecall()).as("seed %d", seed).isEqualTo(other.weightedRecall());
    List<Function<MulticlassMeasures, Double>> byCells =
        List.of(
            of -> of.mcc().value(),
            of -> of.kappa().value(),
            of -> of.macroF1().value(),
            of -> of.weightedF1().value(),
            of -> of.weightedPrecision().value());
    for (Function<MulticlassMeasures, Double> each : byCells) {
      assertThat(each.apply(one)).as("seed %d", seed).isEqualTo(each.apply(other));
    }
    assertThat(one.mcc().interval()).isEqualTo(Interval.NONE);
    assertThat(one.kappa().interval()).isEqualTo(Interval.NONE);
    assertThat(one.macroF1().interval()).isEqualTo(Interval.NONE);
    assertThat(other.macroF1().interval().isDefined()).isTrue();
  }
}
