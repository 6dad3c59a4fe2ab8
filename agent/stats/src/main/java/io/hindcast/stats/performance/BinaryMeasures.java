package io.hindcast.stats.performance;

import static io.hindcast.stats.performance.Measured.ratio;

/**
 * What the four cells of a binary confusion matrix say. Each measure is undefined (NaN) where its
 * denominator is 0, and carries its own support.
 *
 * @param effect Σw²/Σw of the rows: 1 if none stands for others
 */
public record BinaryMeasures(
    long truePositives,
    long falsePositives,
    long falseNegatives,
    long trueNegatives,
    double effect) {
  private static final double LEAST_MARGIN = 10;

  /** Without weights. */
  public BinaryMeasures(
      long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {
    this(truePositives, falsePositives, falseNegatives, trueNegatives, 1);
  }

  public long total() {
    return positives() + negatives();
  }

  private long positives() {
    return truePositives + falseNegatives;
  }

  private long negatives() {
    return trueNegatives + falsePositives;
  }

  private long predictedPositives() {
    return truePositives + falsePositives;
  }

  private long predictedNegatives() {
    return trueNegatives + falseNegatives;
  }

  /** {@code (TP+TN)/n}, in [0, 1]. */
  public Measured accuracy() {
    return proportion(truePositives + trueNegatives, total());
  }

  /** {@code ½(recall + specificity)}, in [0, 1]; undefined if either is. */
  public Measured balancedAccuracy() {
    var mean = new MeanOfShares();
    mean.add(recall());
    mean.add(specificity());
    boolean isEnough = Math.min(positives(), negatives()) / effect >= LEAST_MARGIN;
    return measured(
        (recall().value() + specificity().value()) / 2,
        isEnough ? mean.interval() : Interval.NONE,
        total());
  }

  /** {@code TP/(TP+FP)}, in [0, 1]. */
  public Measured precision() {
    return proportion(truePositives, predictedPositives());
  }

  /** {@code TP/(TP+FN)}, in [0, 1]. Also sensitivity. */
  public Measured recall() {
    return proportion(truePositives, positives());
  }

  /** {@code TN/(TN+FP)}, in [0, 1]. */
  public Measured specificity() {
    return proportion(trueNegatives, negatives());
  }

  /**
   * {@code 2TP/(2TP+FP+FN)}, in [0, 1], from the counts, so it is 0 where there are errors and no
   * true positive.
   */
  public Measured f1() {
    long support = truePositives + falsePositives + falseNegatives;
    return measured(
        ratio(2.0 * truePositives, (double) truePositives + support),
        F1Interval.of(truePositives / effect, falsePositives / effect, falseNegatives / effect),
        support);
  }

  /**
   * Matthews' correlation coefficient {@code (TP·TN − FP·FN)/√((TP+FP)(TP+FN)(TN+FP)(TN+FN))}, in
   * [−1, 1]; undefined if a factor is 0.
   */
  public Measured mcc() {
    // The product of four longs would overflow. In these pairs the roots of a perfect answer are
    // exact; of other answers rounding may still carry the quotient past an end.
    double scale =
        Math.sqrt((double) predictedPositives() * positives())
            * Math.sqrt((double) predictedNegatives() * negatives());
    double mcc = ratio(determinant(), scale);
    double value = Math.max(-1, Math.min(1, mcc));
    return measured(value, new Agreement(matrix(), effect).mcc(value), total());
  }

  /**
   * Cohen's kappa {@code (p_o − p_e)/(1 − p_e)}, in [−1, 1]; undefined if all rows are of one and
   * the same class, true and predicted.
   */
  public Measured kappa() {
    // Times n²/2 above and below; the denominator is then a sum without cancellation.
    double denominator =
        (double) positives() * predictedNegatives() + (double) negatives() * predictedPositives();
    double value = ratio(2 * determinant(), denominator);
    return measured(value, new Agreement(matrix(), effect).kappa(value), total());
  }

  /** Accuracy of always answering the more frequent class: {@code max(P, N)/n}, in [½, 1]. */
  public Measured majorityBaseline() {
    return proportion(Math.max(positives(), negatives()), total());
  }

  /**
   * {@code accuracy − majorityBaseline}, in [−1, ½]. Its interval is that of a mean: a row counts 1
   * where only the model is right, −1 where only the majority is; none below ten such rows.
   */
  public Measured lift() {
    long modelAlone = positives() > negatives() ? trueNegatives : truePositives;
    long majorityAlone = positives() > negatives() ? falseNegatives : falsePositives;
    double n = total();
    double lift = ratio(modelAlone - majorityAlone, n);
    double variance = ratio(modelAlone + majorityAlone, n) - lift * lift;
    boolean isEnough = (modelAlone + majorityAlone) / effect >= LEAST_MARGIN;
    return measured(
        lift, isEnough ? MeanInterval.of(lift, variance, n / effect) : Interval.NONE, total());
  }

  private Measured proportion(long successes, long n) {
    return Measured.proportion(successes, n, effect);
  }

  private Measured measured(double value, Interval interval, long n) {
    return Measured.of(value, interval, n, effect);
  }

  private ConfusionMatrix matrix() {
    var matrix = new ConfusionMatrix(2);
    matrix.change(1, 1, truePositives);
    matrix.change(0, 1, falsePositives);
    matrix.change(1, 0, falseNegatives);
    matrix.change(0, 0, trueNegatives);
    return matrix;
  }

  private double determinant() {
    return (double) truePositives * trueNegatives - (double) falsePositives * falseNegatives;
  }
}
