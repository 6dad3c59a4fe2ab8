package io.hindcast.stats.performance;

import static io.hindcast.stats.performance.Measured.ratio;

import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a confusion matrix says of several classes. Each measure is undefined (NaN) where its
 * denominator is 0; means run over the classes where the measure is defined and say how many.
 */
public final class MulticlassMeasures {
  /*
   * Intervals. Precisions of different classes rest on different rows, and so do recalls: their mean
   * is a mean of independent proportions. F1 of different classes share their errors, so its means
   * go by the delta method, with the derivatives of F_i = 2C_ii/(t_i + p_i) by C_ab:
   *   (2[a=b=i] − F_i([a=i] + [b=i])) / (t_i + p_i).
   * Which class is the most frequent is found in Majority.
   */
  private static final double LEAST_MARGIN = 10;

  /** Null where only its totals are known: then what goes by cells has no interval. */
  private final @Nullable ConfusionMatrix matrix;

  private final double effect;
  private final int classes;
  private final long[] actual;
  private final long[] predicted;
  private final long[] hits;
  private final long total;
  private final long correct;

  /**
   * @param actual rows by true class
   * @param predicted rows by predicted class
   * @param hits rows that are both
   * @param effect Σw²/Σw: 1 without weights
   */
  MulticlassMeasures(
      long[] actual,
      long[] predicted,
      long[] hits,
      double effect,
      @Nullable ConfusionMatrix matrix) {
    this.matrix = matrix;
    this.effect = effect;
    this.classes = actual.length;
    this.actual = actual;
    this.predicted = predicted;
    this.hits = hits;
    this.total = Arrays.stream(actual).sum();
    this.correct = Arrays.stream(hits).sum();
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
    return measured(
        ratio(2.0 * hits[i], (double) predicted[i] + actual[i]),
        F1Interval.of(
            hits[i] / effect, falsePositives / effect, falseNegatives / effect, total / effect),
        hits[i] + falsePositives + falseNegatives);
  }

  public ClassMean macroPrecision() {
    return macro(this::precision, ofShares(this::precision));
  }

  public ClassMean macroRecall() {
    return macro(this::recall, ofShares(this::recall));
  }

  public ClassMean macroF1() {
    return macro(this::f1, ofMacroF1());
  }

  /** Mean of the per-class precision, weighted by the true rows of the class. */
  public ClassMean weightedPrecision() {
    return weighted(this::precision, this::ofWeightedPrecision);
  }

  /** Mean of the per-class recall, weighted by the true rows of the class: the accuracy. */
  public ClassMean weightedRecall() {
    return weighted(this::recall, recall -> accuracy().interval());
  }

  /** Mean of the per-class F1, weighted by the true rows of the class. */
  public ClassMean weightedF1() {
    return weighted(this::f1, this::ofWeightedF1);
  }

  /** Mean recall over the classes that occur, in [0, 1]. Equal to {@link #macroRecall}. */
  public Measured balancedAccuracy() {
    ClassMean recall = macroRecall();
    return measured(recall.value(), recall.interval(), total);
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
    double value = Math.max(-1, Math.min(1, mcc));
    return measured(
        value, matrix == null ? Interval.NONE : new Agreement(matrix, effect).mcc(value), total);
  }

  /**
   * Cohen's kappa {@code (p_o − p_e)/(1 − p_e)}, in [−1, 1]; undefined if all rows are of one and
   * the same class, true and predicted.
   */
  public Measured kappa() {
    double value = ratio(agreementAboveChance(), pairsApart(actual, predicted));
    return measured(
        value, matrix == null ? Interval.NONE : new Agreement(matrix, effect).kappa(value), total);
  }

  /** Accuracy of always answering the most frequent class, in [1/K, 1]. */
  public Measured majorityBaseline() {
    var majority = new Majority(actual, effect);
    return measured(
        ratio(actual[majority.most()], total),
        majority.largest((i, z) -> limits(actual[i], z)),
        total);
  }

  private Interval limits(long rows, double z) {
    return z == WilsonInterval.Z
        ? WilsonInterval.of(rows / effect, total / effect)
        : WilsonInterval.atLevel(rows / effect, total / effect, z);
  }

  /** {@code accuracy − majorityBaseline}, in [−1, 1 − 1/K]. */
  public Measured lift() {
    var majority = new Majority(actual, effect);
    return measured(liftOver(majority.most()), majority.smallest((i, z) -> liftOver(i, z)), total);
  }

  /** Accuracy less that of always answering one class. */
  private double liftOver(int i) {
    return ratio(correct - actual[i], total);
  }

  /** Its interval is that of a mean: none below ten rows on which the two differ. */
  private Interval liftOver(int i, double z) {
    // A row counts 1 where only the model is right, −1 where only the other is.
    double differ = correct + actual[i] - 2.0 * hits[i];
    double lift = liftOver(i);
    if (differ / effect < LEAST_MARGIN) {
      return Interval.NONE;
    }
    Interval interval = MeanInterval.of(lift, differ / total - lift * lift, total / effect);
    double half = (interval.upper() - lift) * z / WilsonInterval.Z;
    return new Interval(lift - half, lift + half);
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

  private ClassMean macro(IntFunction<Measured> measure, Interval interval) {
    double sum = 0;
    int defined = 0;
    for (int i = 0; i < classes; i++) {
      Measured ofClass = measure.apply(i);
      if (ofClass.isDefined()) {
        sum += ofClass.value();
        defined++;
      }
    }
    return new ClassMean(ratio(sum, defined), interval, defined, classes, rows());
  }

  private ClassMean weighted(IntFunction<Measured> measure, DoubleFunction<Interval> interval) {
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
    double mean = ratio(sum, weight);
    return new ClassMean(mean, interval.apply(mean), defined, classes, rows());
  }

  // Intervals

  private Interval ofShares(IntFunction<Measured> share) {
    var mean = new MeanOfShares();
    for (int i = 0; i < classes; i++) {
      Measured ofClass = share.apply(i);
      if (ofClass.isDefined()) {
        if (ofClass.support() < LEAST_MARGIN) {
          return Interval.NONE;
        }
        mean.add(ofClass);
      }
    }
    return mean.interval();
  }

  private Interval ofMacroF1() {
    double[] f1 = new double[classes];
    double mean = 0;
    int defined = 0;
    for (int i = 0; i < classes; i++) {
      f1[i] = f1(i).value();
      if (!Double.isNaN(f1[i])) {
        if (rows(actual[i] + predicted[i]) < 2 * LEAST_MARGIN) {
          return Interval.NONE;
        }
        mean += f1[i];
        defined++;
      }
    }
    double k = defined;
    return ofShare(
        mean / k,
        (a, b) -> {
          double change = (a == b ? 2 * total / both(a) : 0) / k;
          return change - (total * f1[a] / both(a) + total * f1[b] / both(b)) / k;
        });
  }

  /** The value is T = Σ t_i F_i / Σ t_i over the classes that have rows: all that are true. */
  private Interval ofWeightedF1(double value) {
    double[] f1 = new double[classes];
    for (int i = 0; i < classes; i++) {
      f1[i] = f1(i).value();
      if (actual[i] > 0 && rows(actual[i]) < LEAST_MARGIN) {
        return Interval.NONE;
      }
    }
    // Σ t_i F_i / n by C_ab: F_a, the change of F_a and F_b, and of n.
    return ofShare(
        value,
        (a, b) ->
            f1[a]
                - value
                + (a == b ? 2.0 * actual[a] / both(a) : 0)
                - actual[a] * f1[a] / both(a)
                - actual[b] * f1[b] / both(b));
  }

  /** The same with precision, which is defined only for classes that are predicted. */
  private Interval ofWeightedPrecision(double value) {
    double[] precision = new double[classes];
    double weight = 0;
    for (int i = 0; i < classes; i++) {
      precision[i] = precision(i).value();
      boolean isDefined = predicted[i] > 0;
      weight += isDefined ? actual[i] : 0;
      if (isDefined && (rows(actual[i]) < LEAST_MARGIN || rows(predicted[i]) < LEAST_MARGIN)) {
        return Interval.NONE;
      }
    }
    double share = weight / total;
    return ofShare(
        value,
        (a, b) ->
            ((predicted[a] > 0 ? precision[a] - value : 0)
                    + actual[b] * ((a == b ? 1 : 0) - precision[b]) / predicted[b])
                / share);
  }

  private double both(int i) {
    return (double) actual[i] + predicted[i];
  }

  private Interval ofShare(double value, CellInfluence.OfCell influence) {
    return matrix == null
        ? Interval.NONE
        : CellInfluence.ofShare(value, CellInfluence.standardError(matrix, influence, effect));
  }

  private long rows(long n) {
    return Measured.rows(n, effect);
  }

  private long rows() {
    return rows(total);
  }

  private Measured proportion(long successes, long n) {
    return Measured.proportion(successes, n, total, effect);
  }

  private Measured measured(double value, Interval interval, long n) {
    return Measured.of(value, interval, n, effect);
  }
}
