package io.hindcast.stats.performance;

import java.util.Arrays;
import java.util.Objects;

/**
 * Outcomes by true and by predicted class, each from 0; a row may stand for several. The sum of two
 * matrices is the matrix of the pooled rows. Owned by one thread.
 */
public final class ConfusionMatrix {
  private int classes;
  private long[] cells;

  /** Σw² */
  private long squares;

  public ConfusionMatrix(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException(classes + " classes");
    }
    this.classes = classes;
    this.cells = new long[classes * classes];
  }

  public void add(int actual, int predicted) {
    change(actual, predicted, 1);
  }

  /**
   * Takes an outcome back that was added before.
   *
   * @throws IllegalStateException if there is none
   */
  public void subtract(int actual, int predicted) {
    change(actual, predicted, -1);
  }

  /**
   * Adds an outcome that stands for {@code weight} rows, or takes one back where the weight is
   * negative.
   *
   * @throws IllegalStateException if there is none to be taken back
   */
  public void change(int actual, int predicted, long weight) {
    int place = place(actual, predicted);
    if (cells[place] + weight < 0) {
      throw new IllegalStateException("no outcome of true " + actual + ", predicted " + predicted);
    }
    cells[place] += weight;
    squares += weight * Math.abs(weight);
  }

  /** Adds the outcomes of another, whose classes are the same; it may know fewer of them. */
  public void merge(ConfusionMatrix other) {
    growTo(other.classes);
    for (int actual = 0; actual < other.classes; actual++) {
      for (int predicted = 0; predicted < other.classes; predicted++) {
        cells[place(actual, predicted)] += other.count(actual, predicted);
      }
    }
    squares += other.squares;
  }

  /** Makes room for classes that come after those known by now. Never shrinks. */
  public void growTo(int wanted) {
    if (wanted <= classes) {
      return;
    }
    long[] grown = new long[wanted * wanted];
    for (int actual = 0; actual < classes; actual++) {
      System.arraycopy(cells, actual * classes, grown, actual * wanted, classes);
    }
    cells = grown;
    classes = wanted;
  }

  public void clear() {
    Arrays.fill(cells, 0);
    squares = 0;
  }

  public int classes() {
    return classes;
  }

  public long count(int actual, int predicted) {
    return cells[place(actual, predicted)];
  }

  /** Outcomes of a true class. */
  public long actualTotal(int actual) {
    long total = 0;
    for (int predicted = 0; predicted < classes; predicted++) {
      total += count(actual, predicted);
    }
    return total;
  }

  /** Outcomes of a predicted class. */
  public long predictedTotal(int predicted) {
    long total = 0;
    for (int actual = 0; actual < classes; actual++) {
      total += count(actual, predicted);
    }
    return total;
  }

  public long correct() {
    long correct = 0;
    for (int i = 0; i < classes; i++) {
      correct += count(i, i);
    }
    return correct;
  }

  public long total() {
    long total = 0;
    for (long cell : cells) {
      total += cell;
    }
    return total;
  }

  /**
   * How many rows one of them is worth, {@code Σw²/Σw}: 1 if none stands for others. Divided by it,
   * a count is the effective number of rows (Kish).
   */
  public double designEffect() {
    long total = total();
    return total <= 0 ? 1 : Math.max(1, (double) squares / total);
  }

  long squares() {
    return squares;
  }

  /** The measures of one class against the rest, as of now. */
  public BinaryMeasures binary(int positive) {
    long truePositives = count(positive, positive);
    long falsePositives = predictedTotal(positive) - truePositives;
    long falseNegatives = actualTotal(positive) - truePositives;
    return new BinaryMeasures(
        truePositives,
        falsePositives,
        falseNegatives,
        total() - truePositives - falsePositives - falseNegatives,
        designEffect());
  }

  /** The measures over all classes, as of now. */
  public MulticlassMeasures multiclass() {
    long[] ofActual = new long[classes];
    long[] ofPredicted = new long[classes];
    long[] hits = new long[classes];
    for (int i = 0; i < classes; i++) {
      ofActual[i] = actualTotal(i);
      ofPredicted[i] = predictedTotal(i);
      hits[i] = count(i, i);
    }
    return new MulticlassMeasures(ofActual, ofPredicted, hits, designEffect(), this);
  }

  private int place(int actual, int predicted) {
    return Objects.checkIndex(actual, classes) * classes + Objects.checkIndex(predicted, classes);
  }
}
