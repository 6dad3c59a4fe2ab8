package io.hindcast.stats.performance;

/**
 * Whether labels turn out as others did before, bin by bin of their scores: two tests, of which one
 * sees that more of them are positive, and one that the higher scores are no longer the more often
 * positive ones, or are so more than they were.
 */
final class CalibrationAudit {
  /*
   * Neighbouring bins with fewer than 30 labels are one group. With k of n positive where it was K of
   * m, and v the variance of a label by both together,
   *   z = Σ s (k − n K/m) / √Σ s² v (n + n²/m)
   * over the groups, s = 1 for the one test and the place of the group from the middle for the other.
   * The rates are those of the groups and not the monotone ones: these are steeper than the truth by
   * what chance made of them, and a slope that follows the rates would count that as a change.
   */
  private static final long LEAST_LABELS = 30;

  private final int[] groupOf;
  private final double[] positives;
  private final double[] labels;
  private final double effect;

  /**
   * @param effect Σw²/Σw of the labels: 1 without weights
   */
  CalibrationAudit(long[] positives, long[] negatives, double effect) {
    int bins = positives.length;
    this.effect = effect;
    this.groupOf = new int[bins];
    int groups = 0;
    long inGroup = 0;
    for (int bin = 0; bin < bins; bin++) {
      groupOf[bin] = groups;
      inGroup += positives[bin] + negatives[bin];
      if (inGroup >= LEAST_LABELS) {
        groups++;
        inGroup = 0;
      }
    }
    this.positives = new double[groups];
    this.labels = new double[groups];
    for (int bin = 0; bin < bins && groups > 0; bin++) {
      groupOf[bin] = Math.min(groupOf[bin], groups - 1);
      this.positives[groupOf[bin]] += positives[bin];
      this.labels[groupOf[bin]] += positives[bin] + negatives[bin];
    }
  }

  /** What a test adds up. */
  record Sums(double difference, double variance) {
    Sums plus(Sums more) {
      return new Sums(difference + more.difference, variance + more.variance);
    }

    /** NaN where nothing can be said. */
    double z() {
      return variance > 0 ? difference / Math.sqrt(variance) : Double.NaN;
    }
  }

  /**
   * Of later labels.
   *
   * @param isTilted for the test of the slope
   */
  Sums of(long[] laterPositives, long[] laterNegatives, double ofLater, boolean isTilted) {
    int groups = labels.length;
    double[] k = new double[groups];
    double[] n = new double[groups];
    for (int bin = 0; bin < groupOf.length && groups > 0; bin++) {
      k[groupOf[bin]] += laterPositives[bin];
      n[groupOf[bin]] += laterPositives[bin] + laterNegatives[bin];
    }
    double difference = 0;
    double variance = 0;
    for (int group = 0; group < groups; group++) {
      double slope = isTilted ? group - (groups - 1) / 2.0 : 1;
      double m = labels[group];
      double rate = (positives[group] + k[group] + 0.5) / (m + n[group] + 1);
      double spread = slope * slope * rate * (1 - rate);
      difference += slope * (k[group] - n[group] * positives[group] / m);
      variance += spread * (n[group] * ofLater + n[group] * n[group] * effect / m);
    }
    return new Sums(difference, variance);
  }

  /** Of the two, the one that is further from 0. */
  static double larger(double inTheLarge, double tilted) {
    return Math.abs(tilted) > Math.abs(inTheLarge) || Double.isNaN(inTheLarge)
        ? tilted
        : inTheLarge;
  }
}
