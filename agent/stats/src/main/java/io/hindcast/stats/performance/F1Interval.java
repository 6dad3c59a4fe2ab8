package io.hindcast.stats.performance;

/**
 * Interval of F1 by way of Jaccard's index, which is a proportion: {@code J = TP/(TP+FP+FN)}, and
 * {@code F1 = 2J/(1+J)} grows with J, so the ends of J's Wilson interval become those of F1.
 * Two-sided, 95 %, in [0, 1]; none without a positive, predicted or true.
 */
public final class F1Interval {
  private F1Interval() {}

  public static Interval of(double truePositives, double falsePositives, double falseNegatives) {
    return of(
        truePositives,
        falsePositives,
        falseNegatives,
        truePositives + falsePositives + falseNegatives);
  }

  /**
   * @param rows that the window has, the true negatives included
   */
  static Interval of(
      double truePositives, double falsePositives, double falseNegatives, double rows) {
    Interval jaccard =
        WilsonInterval.of(truePositives, truePositives + falsePositives + falseNegatives, rows);
    return new Interval(f1(jaccard.lower()), f1(jaccard.upper()));
  }

  private static double f1(double jaccard) {
    return 2 * jaccard / (1 + jaccard);
  }
}
