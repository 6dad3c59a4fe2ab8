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

  /** {@code (TP+TN)/n}, in [0, 1]. */
  public Measured accuracy() {
    return proportion(truePositives + trueNegatives, total());
  }

  /** {@code ½(recall + specificity)}, in [0, 1]; undefined if either is. */
  public Measured balancedAccuracy() {
    var mean = new MeanOfShares();
    mean.add(recall());
    mean.add(specificity());
    return measured((recall().value() + specificity().value()) / 2, mean.interval(), total());
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
        F1Interval.of(
            truePositives / effect,
            falsePositives / effect,
            falseNegatives / effect,
            total() / effect),
        support);
  }

  /**
   * Matthews' correlation coefficient {@code (TP·TN − FP·FN)/√((TP+FP)(TP+FN)(TN+FP)(TN+FN))}, in
   * [−1, 1]; undefined if a factor is 0.
   */
  public Measured mcc() {
    double mcc = mcc(truePositives, falsePositives, falseNegatives, trueNegatives);
    return measured(mcc, rates().of(BinaryMeasures::mcc, -1, 1), total());
  }

  private static double mcc(double tp, double fp, double fn, double tn) {
    // The product of four longs would overflow. In these pairs the roots of a perfect answer are
    // exact; of other answers rounding may still carry the quotient past an end.
    double scale = Math.sqrt((tp + fp) * (tp + fn)) * Math.sqrt((tn + fn) * (tn + fp));
    return Math.max(-1, Math.min(1, ratio(tp * tn - fp * fn, scale)));
  }

  /**
   * Cohen's kappa {@code (p_o − p_e)/(1 − p_e)}, in [−1, 1]; undefined if all rows are of one and
   * the same class, true and predicted.
   */
  public Measured kappa() {
    double kappa = kappa(truePositives, falsePositives, falseNegatives, trueNegatives);
    return measured(kappa, rates().of(BinaryMeasures::kappa, -1, 1), total());
  }

  private static double kappa(double tp, double fp, double fn, double tn) {
    // Times n²/2 above and below; the denominator is then a sum without cancellation.
    return ratio(2 * (tp * tn - fp * fn), (tp + fn) * (tn + fn) + (tn + fp) * (tp + fp));
  }

  /** Accuracy of always answering the more frequent class: {@code max(P, N)/n}, in [½, 1]. */
  public Measured majorityBaseline() {
    return proportion(Math.max(positives(), negatives()), total());
  }

  /** {@code accuracy − majorityBaseline}, in [−1, ½]. */
  public Measured lift() {
    long modelAlone = positives() > negatives() ? trueNegatives : truePositives;
    long majorityAlone = positives() > negatives() ? falseNegatives : falsePositives;
    return measured(
        ratio(modelAlone - majorityAlone, total()),
        // Of tp − fp and tn − fn the one whose class is in the minority, which is the smaller.
        rates().of((tp, fp, fn, tn) -> Math.min(tp - fp, tn - fn), -1, 0.5),
        total());
  }

  private RatesInterval rates() {
    return new RatesInterval(truePositives, falsePositives, falseNegatives, trueNegatives, effect);
  }

  private Measured proportion(long successes, long n) {
    return Measured.proportion(successes, n, total(), effect);
  }

  private Measured measured(double value, Interval interval, long n) {
    return Measured.of(value, interval, n, effect);
  }
}
