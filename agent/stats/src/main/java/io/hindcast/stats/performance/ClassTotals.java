package io.hindcast.stats.performance;

import java.util.Arrays;

/**
 * What is left of a {@link ConfusionMatrix} without room for its cells: how many rows are truly of
 * a class, how many are predicted so, and how many are both. Every measure but a cost follows, and
 * every interval but those that go by cells. The sum of two totals is that of the pooled rows.
 * Owned by one thread.
 */
public final class ClassTotals {
  private long[] actual;
  private long[] predicted;
  private long[] hits;

  /** Σw² */
  private long squares;

  private ClassTotals(int classes) {
    actual = new long[classes];
    predicted = new long[classes];
    hits = new long[classes];
  }

  public static ClassTotals of(ConfusionMatrix matrix) {
    var totals = new ClassTotals(matrix.classes());
    for (int i = 0; i < matrix.classes(); i++) {
      totals.actual[i] = matrix.actualTotal(i);
      totals.predicted[i] = matrix.predictedTotal(i);
      totals.hits[i] = matrix.count(i, i);
    }
    totals.squares = matrix.squares();
    return totals;
  }

  /** Adds an outcome that stands for {@code weight} rows; takes it back where that is negative. */
  public void change(int trueClass, int predictedClass, long weight) {
    growTo(Math.max(trueClass, predictedClass) + 1);
    actual[trueClass] += weight;
    predicted[predictedClass] += weight;
    hits[trueClass] += trueClass == predictedClass ? weight : 0;
    squares += weight * Math.abs(weight);
  }

  /** Adds others; they may know fewer classes. */
  public void merge(ClassTotals other) {
    growTo(other.actual.length);
    for (int i = 0; i < other.actual.length; i++) {
      actual[i] += other.actual[i];
      predicted[i] += other.predicted[i];
      hits[i] += other.hits[i];
    }
    squares += other.squares;
  }

  private void growTo(int classes) {
    if (classes > actual.length) {
      actual = Arrays.copyOf(actual, classes);
      predicted = Arrays.copyOf(predicted, classes);
      hits = Arrays.copyOf(hits, classes);
    }
  }

  public long total() {
    return Arrays.stream(actual).sum();
  }

  /** The measures over all classes, as of now. */
  public MulticlassMeasures multiclass() {
    long total = total();
    double effect = total <= 0 ? 1 : Math.max(1, (double) squares / total);
    return new MulticlassMeasures(actual.clone(), predicted.clone(), hits.clone(), effect, null);
  }
}
