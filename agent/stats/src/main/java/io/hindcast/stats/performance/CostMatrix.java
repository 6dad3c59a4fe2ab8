package io.hindcast.stats.performance;

import org.jspecify.annotations.Nullable;

/**
 * What an outcome costs, by true and predicted class; whatever unit it is in.
 *
 * @param of the cost of a cell
 */
public record CostMatrix(OfCell of) {
  /*
   * The mean of a few rare and dear outcomes is far from normal. So there is an interval only where
   * the costs are as spread as those of ten equally dear rows: (Σc)²/Σc² of the rows is ten.
   */
  private static final double LEAST_EVENTS = 10;

  /** The cost of one outcome; finite. */
  public interface OfCell {
    double at(int actual, int predicted);
  }

  /** {@code Σ cost_ij·C_ij / n}; NaN without rows. With the interval of a mean. */
  public Measured mean(ConfusionMatrix matrix) {
    double effect = matrix.designEffect();
    long n = matrix.total();
    double sum = 0;
    double absolute = 0;
    double squares = 0;
    for (int actual = 0; actual < matrix.classes(); actual++) {
      for (int predicted = 0; predicted < matrix.classes(); predicted++) {
        long count = matrix.count(actual, predicted);
        if (count > 0) {
          double cost = of.at(actual, predicted);
          sum += count * cost;
          absolute += count * Math.abs(cost);
          squares += count * cost * cost;
        }
      }
    }
    double mean = Measured.ratio(sum, n);
    boolean isSpread = absolute * absolute >= LEAST_EVENTS * effect * squares && squares > 0;
    Interval interval =
        isSpread
            ? MeanInterval.of(mean, Math.max(0, squares / n - mean * mean), n / effect)
            : Interval.NONE;
    return Measured.of(mean, interval, n, effect);
  }

  /**
   * The threshold of two classes, 0 and 1, at which the scores would have cost least: within one
   * bin of the best.
   *
   * @return null without scores
   */
  public @Nullable Threshold best(ScoreBins scores) {
    long[] positive = scores.counts(true);
    long[] negative = scores.counts(false);
    double n = scores.total(true) + scores.total(false);
    if (n == 0) {
      return null;
    }
    // From the bottom: all predicted positive, then one bin after the other predicted negative.
    double cost = scores.total(true) * of.at(1, 1) + scores.total(false) * of.at(0, 1);
    double least = cost;
    double threshold = Double.NEGATIVE_INFINITY;
    double[] edges = scores.bins().edges();
    for (int i = 0; i < positive.length; i++) {
      cost += positive[i] * (of.at(1, 0) - of.at(1, 1));
      cost += negative[i] * (of.at(0, 0) - of.at(0, 1));
      if (cost < least) {
        least = cost;
        threshold = i < edges.length ? Math.nextUp(edges[i]) : Double.POSITIVE_INFINITY;
      }
    }
    return new Threshold(threshold, least / n);
  }

  /**
   * @param score the least that is predicted positive; infinite if all, or none, should be
   * @param cost per row
   */
  public record Threshold(double score, double cost) {}
}
