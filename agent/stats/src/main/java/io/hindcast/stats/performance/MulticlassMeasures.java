package io.hindcast.stats.performance;

import static io.hindcast.stats.performance.Measured.proportion;
import static io.hindcast.stats.performance.Measured.ratio;
import static io.hindcast.stats.performance.Measured.withoutInterval;

import java.util.function.IntFunction;

/**
 * What a confusion matrix says of several classes. Each measure is undefined (NaN) where its
 * denominator is 0; means run over the classes where the measure is defined and say how many.
 */
public final class MulticlassMeasures {
  private final int classes;
  private final long[] actual;
  private final long[] predicted;
  private final long[] hits;
  private final long total;
  private final long correct;

  MulticlassMeasures(ConfusionMatrix matrix) {
    classes = matrix.classes();
    actual = new long[classes];
    predicted = new long[classes];
    hits = new long[classes];
    for (int i = 0; i < classes; i++) {
      actual[i] = matrix.actualTotal(i);
      predicted[i] = matrix.predictedTotal(i);
      hits[i] = matrix.count(i, i);
    }
    total = matrix.total();
    correct = matrix.correct();
  }

  public long total() {
    return total;
  }

  /** {@code ΣC_ii/n}, in [0, 1]. Equal to micro precision, recall and F1. */
  public Measured accuracy() {
    return proportion(correct, total);
  }

  /** {@code C_ii} over the rows predicted i, in [0, 1]. */
  public Measured precision(int i) {
    return proportion(hits[i], predicted[i]);
  }

  /** {@code C_ii} over the rows truly i, in [0, 1]. */
  public Measured recall(int i) {
    return proportion(hits[i], actual[i]);
  }

  /** {@code 2C_ii/(truly i + predicted i)}, in [0, 1]. */
  public Measured f1(int i) {
    long falsePositives = predicted[i] - hits[i];
    long falseNegatives = actual[i] - hits[i];
    return new Measured(
        ratio(2.0 * hits[i], (double) predicted[i] + actual[i]),
        F1Interval.of(hits[i], falsePositives, falseNegatives),
        hits[i] + falsePositives + falseNegatives);
  }

  public ClassMean macroPrecision() {
    return macro(this::precision);
  }

  public ClassMean macroRecall() {
    return macro(this::recall);
  }

  public ClassMean macroF1() {
    return macro(this::f1);
  }

  /** Mean of the per-class precision, weighted by the true rows of the class. */
  public ClassMean weightedPrecision() {
    return weighted(this::precision);
  }

  /** Mean of the per-class recall, weighted by the true rows of the class: the accuracy. */
  public ClassMean weightedRecall() {
    return weighted(this::recall);
  }

  /** Mean of the per-class F1, weighted by the true rows of the class. */
  public ClassMean weightedF1() {
    return weighted(this::f1);
  }

  /** Mean recall over the classes that occur, in [0, 1]. Equal to {@link #macroRecall}. */
  public Measured balancedAccuracy() {
    return withoutInterval(macroRecall().value(), total);
  }

  /**
   * Matthews' correlation coefficient for several classes (Gorodkin's R_K), in [−1, 1]:
   *
   * <pre>(n ΣC_ii − Σ t_i p_i) / √((n² − Σ p_i²)(n² − Σ t_i²))</pre>
   *
   * with t true and p predicted rows of a class; undefined if all rows are truly, or predicted, of
   * one class.
   *
   * @see <a href="https://doi.org/10.1016/j.compbiolchem.2004.09.006">J. Gorodkin, Comparing two
   *     K-category assignments by a K-category correlation coefficient, 2004</a>
   */
  public Measured mcc() {
    double scale =
        Math.sqrt(pairsApart(predicted, predicted)) * Math.sqrt(pairsApart(actual, actual));
    double mcc = ratio(agreementAboveChance(), scale);
    // The roots are rounded, so a perfect answer may come out a bit above 1.
    return withoutInterval(Math.max(-1, Math.min(1, mcc)), total);
  }

  /**
   * Cohen's kappa {@code (p_o − p_e)/(1 − p_e)}, in [−1, 1]; undefined if all rows are of one and
   * the same class, true and predicted.
   */
  public Measured kappa() {
    return withoutInterval(ratio(agreementAboveChance(), pairsApart(actual, predicted)), total);
  }

  /** Accuracy of always answering the most frequent class, in [1/K, 1]. */
  public Measured majorityBaseline() {
    return withoutInterval(ratio(mostFrequent(), total), total);
  }

  /** {@code accuracy − majorityBaseline}. */
  public Measured lift() {
    return withoutInterval(ratio(correct - mostFrequent(), total), total);
  }

  private long mostFrequent() {
    long most = 0;
    for (long rows : actual) {
      most = Math.max(most, rows);
    }
    return most;
  }

  /** n ΣC_ii − Σ t_i p_i. */
  private double agreementAboveChance() {
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      sum += (double) hits[i] * total - (double) actual[i] * predicted[i];
    }
    return sum;
  }

  /** n² − Σ a_i b_i without its cancellation: exactly 0 if one class has all of both. */
  private double pairsApart(long[] a, long[] b) {
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      sum += (double) a[i] * (total - b[i]);
    }
    return sum;
  }

  private ClassMean macro(IntFunction<Measured> measure) {
    double sum = 0;
    int defined = 0;
    for (int i = 0; i < classes; i++) {
      Measured ofClass = measure.apply(i);
      if (ofClass.isDefined()) {
        sum += ofClass.value();
        defined++;
      }
    }
    return new ClassMean(ratio(sum, defined), defined, classes, total);
  }

  private ClassMean weighted(IntFunction<Measured> measure) {
    double sum = 0;
    long weight = 0;
    int defined = 0;
    for (int i = 0; i < classes; i++) {
      Measured ofClass = measure.apply(i);
      if (ofClass.isDefined()) {
        sum += actual[i] * ofClass.value();
        weight += actual[i];
        defined++;
      }
    }
    return new ClassMean(ratio(sum, weight), defined, classes, total);
  }
}
