package io.hindcast.stats.performance;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an outcome costs, by true and predicted class; whatever unit it is in.
 *
 * @param of the cost of a cell
 */
public record CostMatrix(OfCell of) {
  /*
   * The interval: outcomes of one price are a share of all rows, which has its Wilson interval; the
   * mean cost is a sum of such shares times their price. The squares of the arms add up (MOVER), and
   * twice their products times the correlation of two shares of one whole,
   *   ρ_jk = −√(q_j q_k / ((1 − q_j)(1 − q_k))).
   * So it holds where dear outcomes are rare: one without rows reaches up to its Wilson limit.
   * Zou, Huang & Zhang 2009, doi.org/10.1016/j.csda.2008.09.033.
   */

  /** The cost of one outcome; finite. */
  public interface OfCell {
    double at(int actual, int predicted);
  }

  /** {@code Σ cost_ij·C_ij / n}; NaN without rows. */
  public Measured mean(ConfusionMatrix matrix) {
    var byPrice = new TreeMap<Double, Long>();
    for (int actual = 0; actual < matrix.classes(); actual++) {
      for (int predicted = 0; predicted < matrix.classes(); predicted++) {
        double price = of.at(actual, predicted);
        if (price != 0) {
          byPrice.merge(price, matrix.count(actual, predicted), Long::sum);
        }
      }
    }
    double sum = 0;
    for (Map.Entry<Double, Long> each : byPrice.entrySet()) {
      sum += each.getKey() * each.getValue();
    }
    long n = matrix.total();
    double effect = matrix.designEffect();
    boolean hasInterval = n > 0 && !byPrice.isEmpty();
    return Measured.of(
        Measured.ratio(sum, n),
        hasInterval ? interval(byPrice, n, effect) : Interval.NONE,
        n,
        effect);
  }

  private static Interval interval(SortedMap<Double, Long> byPrice, long n, double effect) {
    int prices = byPrice.size();
    double[] share = new double[prices];
    double[] down = new double[prices];
    double[] up = new double[prices];
    double[] price = byPrice.keySet().stream().mapToDouble(Double::doubleValue).toArray();
    long[] rowsAt = byPrice.values().stream().mapToLong(Long::longValue).toArray();
    double mean = 0;
    for (int i = 0; i < prices; i++) {
      long rows = rowsAt[i];
      share[i] = (double) rows / n;
      Interval limits = WilsonInterval.of(rows / effect, n / effect);
      // Signed: what a share less, and a share more, makes of the mean.
      double less = price[i] * (share[i] - limits.lower());
      double more = price[i] * (limits.upper() - share[i]);
      down[i] = price[i] > 0 ? less : more;
      up[i] = price[i] > 0 ? more : less;
      mean += price[i] * share[i];
    }
    return new Interval(
        Math.max(Math.min(0, price[0]), mean - Math.sqrt(squared(down, share))),
        Math.min(Math.max(0, price[prices - 1]), mean + Math.sqrt(squared(up, share))));
  }

  /** Square of the sum of correlated arms. */
  private static double squared(double[] arms, double[] share) {
    double sum = 0;
    for (int j = 0; j < arms.length; j++) {
      sum += arms[j] * arms[j];
      for (int k = 0; k < j; k++) {
        double apart = (1 - share[j]) * (1 - share[k]);
        double correlation = apart > 0 ? Math.max(-1, -Math.sqrt(share[j] * share[k] / apart)) : 0;
        sum += 2 * correlation * arms[j] * arms[k];
      }
    }
    return Math.max(0, sum);
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
