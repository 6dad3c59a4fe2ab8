package io.hindcast.stats.performance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  @Test
  void add_countsTrueInRowsAndPredictedInColumns() {
    var matrix = new ConfusionMatrix(3);
    matrix.add(0, 2);
    matrix.add(0, 2);
    matrix.add(0, 0);
    matrix.add(1, 2);
    assertThat(matrix.count(0, 2)).isEqualTo(2);
    assertThat(matrix.count(2, 0)).isZero();
    assertThat(matrix.actualTotal(0)).isEqualTo(3);
    assertThat(matrix.predictedTotal(2)).isEqualTo(3);
    assertThat(matrix.correct()).isEqualTo(1);
    assertThat(matrix.total()).isEqualTo(4);
  }

  @Test
  void subtract_takesBackOnlyWhatIsThere() {
    var matrix = new ConfusionMatrix(2);
    matrix.add(1, 0);
    matrix.subtract(1, 0);
    assertThat(matrix.total()).isZero();
    assertThatThrownBy(() -> matrix.subtract(1, 0)).isInstanceOf(IllegalStateException.class);
    assertThat(matrix.total()).isZero();
  }

  @Test
  void classesOutsideTheMatrix_areRefused() {
    var matrix = new ConfusionMatrix(2);
    assertThatThrownBy(() -> matrix.add(0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> matrix.add(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new ConfusionMatrix(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void growTo_keepsEveryCell() {
    var matrix = new ConfusionMatrix(2);
    matrix.add(0, 1);
    matrix.add(1, 1);
    matrix.growTo(5);
    matrix.add(4, 0);
    matrix.growTo(3);
    assertThat(matrix.classes()).isEqualTo(5);
    assertThat(matrix.count(0, 1)).isEqualTo(1);
    assertThat(matrix.count(1, 1)).isEqualTo(1);
    assertThat(matrix.count(4, 0)).isEqualTo(1);
    assertThat(matrix.total()).isEqualTo(3);
  }

  @Test
  void merge_isTheMatrixOfAllRows() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var whole = new ConfusionMatrix(4);
    var left = new ConfusionMatrix(2);
    var right = new ConfusionMatrix(4);
    for (int i = 0; i < 2000; i++) {
      boolean goesLeft = random.nextBoolean();
      int actual = random.nextInt(goesLeft ? 2 : 4);
      int predicted = random.nextInt(goesLeft ? 2 : 4);
      whole.add(actual, predicted);
      (goesLeft ? left : right).add(actual, predicted);
    }
    left.merge(right);
    for (int actual = 0; actual < 4; actual++) {
      for (int predicted = 0; predicted < 4; predicted++) {
        assertThat(left.count(actual, predicted)).isEqualTo(whole.count(actual, predicted));
      }
    }
  }

  @Test
  void binary_ofOneAmongThree_countsTheRestAsNegative() {
    var matrix = new ConfusionMatrix(3);
    matrix.add(0, 1);
    matrix.add(1, 1);
    matrix.add(1, 2);
    matrix.add(2, 0);
    matrix.add(2, 2);
    matrix.add(2, 2);
    assertThat(matrix.binary(2)).isEqualTo(new BinaryMeasures(2, 1, 1, 2));
  }

  @Test
  void clear_forgetsEveryOutcome() {
    var matrix = new ConfusionMatrix(2);
    matrix.add(1, 1);
    matrix.clear();
    assertThat(matrix.total()).isZero();
  }
}
