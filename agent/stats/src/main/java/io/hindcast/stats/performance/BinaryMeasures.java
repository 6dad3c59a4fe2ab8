package io.hindcast.stats.performance;

import static io.hindcast.stats.performance.Measured.proportion;
import static io.hindcast.stats.performance.Measured.ratio;
import static io.hindcast.stats.performance.Measured.withoutInterval;

/**
 * What the four cells of a binary confusion matrix say. Each measure is undefined (NaN) where its
 * denominator is 0, and carries its own support.
 */
public record BinaryMeasures(
    long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {

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
    return withoutInterval((recall().value() + specificity().value()) / 2, total());
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
    return new Measured(
        ratio(2.0 * truePositives, (double) truePositives + support),
        F1Interval.of(truePositives, falsePositives, falseNegatives),
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
    return withoutInterval(Math.max(-1, Math.min(1, mcc)), total());
  }

  /**
   * Cohen's kappa {@code (p_o − p_e)/(1 − p_e)}, in [−1, 1]; undefined if all rows are of one and
   * the same class, true and predicted.
   */
  public Measured kappa() {
    // Times n²/2 above and below; the denominator is then a sum without cancellation.
    double denominator =
        (double) positives() * predictedNegatives() + (double) negatives() * predictedPositives();
    return withoutInterval(ratio(2 * determinant(), denominator), total());
  }

  /** Accuracy of always answering the more frequent class: {@code max(P, N)/n}, in [½, 1]. */
  public Measured majorityBaseline() {
    return withoutInterval(ratio(Math.max(positives(), negatives()), total()), total());
  }

  /** {@code accuracy − majorityBaseline}. */
  public Measured lift() {
    return withoutInterval(
        ratio(truePositives + trueNegatives - Math.max(positives(), negatives()), total()),
        total());
  }

  private double determinant() {
    return (double) truePositives * trueNegatives - (double) falsePositives * falseNegatives;
  }
}
