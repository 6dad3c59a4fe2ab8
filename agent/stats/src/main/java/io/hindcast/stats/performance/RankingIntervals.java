package io.hindcast.stats.performance;

/** Intervals of measures of ranking, from binned scores. */
final class RankingIntervals {
  /*
   * ROC AUC: DeLong's variance, S₁/P + S₀/N, from the placements of the bins: the share of the
   * negatives below a positive, of the positives above a negative, ties half.
   *
   * Average precision: the logit interval of Boyd, whose standard error of the log odds is
   * 1/√(P·A(1−A)) with the P positives.
   *
   * Both are on the scale of the log odds, and then widened by how far the value of the scores
   * themselves may lie from that of the bins.
   */
  private static final double LEAST_ROWS = 10;

  private RankingIntervals() {}

  /**
   * @see <a href="https://doi.org/10.2307/2531595">DeLong, DeLong & Clarke-Pearson, Comparing the
   *     areas under two or more correlated receiver operating characteristic curves, 1988</a>
   */
  static Interval ofRocAuc(ScoreBins bins, double effect) {
    double auc = bins.rocAuc();
    return widened(deLong(bins, effect), auc - bins.rocAucLower(), bins.rocAucUpper() - auc);
  }

  /** Of the binned scores, in which a pair within a bin is a tie. */
  static Interval deLong(ScoreBins bins, double effect) {
    long positives = bins.total(true);
    long negatives = bins.total(false);
    if (Math.min(positives, negatives) / effect < LEAST_ROWS) {
      return Interval.NONE;
    }
    long[] positive = bins.counts(true);
    long[] negative = bins.counts(false);
    double auc = bins.rocAuc();
    double ofPositives = 0;
    double ofNegatives = 0;
    double negativesBelow = 0;
    double positivesBelow = 0;
    for (int i = 0; i < positive.length; i++) {
      double below = (negativesBelow + 0.5 * negative[i]) / negatives;
      double above = (positives - positivesBelow - 0.5 * positive[i]) / positives;
      ofPositives += positive[i] * (below - auc) * (below - auc);
      ofNegatives += negative[i] * (above - auc) * (above - auc);
      negativesBelow += negative[i];
      positivesBelow += positive[i];
    }
    double p = positives / effect;
    double n = negatives / effect;
    double variance = ofPositives / positives / (p - 1) + ofNegatives / negatives / (n - 1);
    return CellInfluence.ofShare(auc, Math.sqrt(variance));
  }

  /**
   * @see <a href="https://doi.org/10.1007/978-3-642-40994-3_29">Boyd, Eng & Page, Area under the
   *     precision–recall curve: point estimates and confidence intervals, 2013</a>
   */
  static Interval ofAveragePrecision(ScoreBins bins, double effect) {
    double positives = bins.total(true) / effect;
    if (positives < LEAST_ROWS || bins.total(false) / effect < LEAST_ROWS) {
      return Interval.NONE;
    }
    double value = bins.averagePrecision();
    double error = Math.sqrt(value * (1 - value) / positives);
    return widened(
        CellInfluence.ofShare(value, error),
        value - bins.averagePrecisionLower(),
        bins.averagePrecisionUpper() - value);
  }

  private static Interval widened(Interval interval, double below, double above) {
    return new Interval(
        Math.max(0, interval.lower() - below), Math.min(1, interval.upper() + above));
  }
}
