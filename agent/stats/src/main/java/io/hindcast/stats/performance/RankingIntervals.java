package io.hindcast.stats.performance;

/** Intervals of measures of ranking, from binned scores. */
final class RankingIntervals {
  /*
   * ROC AUC: DeLong's variance, S₁/P + S₀/N, from the placements of the bins: the share of the
   * negatives below a positive, of the positives above a negative, ties half.
   *
   * Average precision: the logit interval of Boyd, whose standard error of the log odds is
   * 1/√(P·A(1−A)) with the P positives; and since precision goes with the share of positives, what
   * their Wilson limits make of it, the bins of either class kept as they are. The squares of the
   * arms add up (MOVER).
   *
   * Where all of a few positives are on top, placements hardly differ, and DeLong's interval is far
   * too short (one lower end in eight too high, for ten positives of 500 and an AUC of .87). So it
   * reaches at least to the areas that are 1.96 standard errors away, by the variance that Hanley &
   * McNeil give to such an area, the larger one of the two ways in which classes may be taken.
   *
   * Both are on the scale of the log odds, with Student's quantile of the smaller class, and then
   * widened by how far the value of the scores themselves may lie from that of the bins.
   */
  private static final double LEAST_ROWS = 10;

  private RankingIntervals() {}

  /**
   * @see <a href="https://doi.org/10.2307/2531595">DeLong, DeLong & Clarke-Pearson, Comparing the
   *     areas under two or more correlated receiver operating characteristic curves, 1988</a>
   */
  static Interval ofRocAuc(ScoreBins bins, double effect) {
    double positives = bins.total(true) / effect;
    double negatives = bins.total(false) / effect;
    if (Math.min(positives, negatives) < LEAST_ROWS) {
      return Interval.NONE;
    }
    double auc = bins.rocAuc();
    double lower = farthest(auc, 0, positives, negatives);
    double upper = farthest(auc, 1, positives, negatives);
    Interval placements = deLong(bins, effect);
    return widened(
        placements.isDefined()
            ? new Interval(Math.min(lower, placements.lower()), Math.max(upper, placements.upper()))
            : new Interval(lower, upper),
        auc - bins.rocAucLower(),
        bins.rocAucUpper() - auc);
  }

  /**
   * The area between {@code auc} and an end that is 1.96 of its own standard errors away.
   *
   * @see <a href="https://doi.org/10.1148/radiology.143.1.7063747">Hanley & McNeil, The meaning and
   *     use of the area under a receiver operating characteristic curve, 1982</a>
   */
  private static double farthest(double auc, double end, double positives, double negatives) {
    double inside = auc;
    double outside = end;
    for (int i = 0; i < 50; i++) {
      double middle = (inside + outside) / 2;
      double error =
          Math.sqrt(
              Math.max(
                  varianceOfArea(middle, positives, negatives),
                  varianceOfArea(middle, negatives, positives)));
      if (Math.abs(middle - auc) <= WilsonInterval.Z * error) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return inside;
  }

  private static double varianceOfArea(double area, double positives, double negatives) {
    double above = area / (2 - area) - area * area;
    double below = 2 * area * area / (1 + area) - area * area;
    return (area * (1 - area) + (positives - 1) * above + (negatives - 1) * below)
        / (positives * negatives);
  }

  /** Of the binned scores, in which a pair within a bin is a tie; none if all placements agree. */
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
    return CellInfluence.ofShare(auc, Math.sqrt(variance) * students(Math.min(p, n)));
  }

  /**
   * @see <a href="https://doi.org/10.1007/978-3-642-40994-3_29">Boyd, Eng & Page, Area under the
   *     precision–recall curve: point estimates and confidence intervals, 2013</a>
   */
  static Interval ofAveragePrecision(ScoreBins bins, double effect) {
    double positives = bins.total(true) / effect;
    double negatives = bins.total(false) / effect;
    if (Math.min(positives, negatives) < LEAST_ROWS) {
      return Interval.NONE;
    }
    double value = bins.averagePrecision();
    double error = Math.sqrt(value * (1 - value) / positives);
    Interval boyd = CellInfluence.ofShare(value, error * students(Math.min(positives, negatives)));
    Interval share = WilsonInterval.of(positives, positives + negatives);
    double below = Math.hypot(value - boyd.lower(), value - averagePrecision(bins, share.lower()));
    double above = Math.hypot(boyd.upper() - value, averagePrecision(bins, share.upper()) - value);
    return widened(
        new Interval(value - below, value + above),
        value - bins.averagePrecisionLower(),
        bins.averagePrecisionUpper() - value);
  }

  /** If positives were another share of all. */
  private static double averagePrecision(ScoreBins bins, double share) {
    long[] positive = bins.counts(true);
    long[] negative = bins.counts(false);
    double ofPositive = share / bins.total(true);
    double ofNegative = (1 - share) / bins.total(false);
    double sum = 0;
    double truePositive = 0;
    double falsePositive = 0;
    for (int i = positive.length - 1; i >= 0; i--) {
      truePositive += positive[i] * ofPositive;
      falsePositive += negative[i] * ofNegative;
      if (positive[i] > 0) {
        sum += positive[i] * truePositive / (truePositive + falsePositive);
      }
    }
    return sum / bins.total(true);
  }

  /** Student's quantile over that of the normal law. */
  private static double students(double rows) {
    return StudentT.quantile(rows - 1) / WilsonInterval.Z;
  }

  private static Interval widened(Interval interval, double below, double above) {
    return new Interval(
        Math.max(0, interval.lower() - below), Math.min(1, interval.upper() + above));
  }
}
