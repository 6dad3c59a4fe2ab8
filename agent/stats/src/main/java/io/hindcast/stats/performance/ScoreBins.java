package io.hindcast.stats.performance;

import io.hindcast.stats.summary.NumericBins;
import io.hindcast.stats.summary.Quantiles;
import io.hindcast.stats.summary.Sum;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scores by true class in the cells of {@link NumericBins}: ROC AUC and average precision of the
 * binned scores, with the bounds between which those of the scores themselves lie. Owned by one
 * thread.
 */
public final class ScoreBins {
  private static final int EQUAL_BINS = 50;
  private static final double LARGEST_SHARE = 0.05;

  private final NumericBins bins;
  private final long[] positives;
  private final long[] negatives;
  private final Sum positiveSum = new Sum();
  private final Sum negativeSum = new Sum();
  private long squaredWeights;

  public ScoreBins(NumericBins bins) {
    this.bins = bins;
    this.positives = new long[bins.cells()];
    this.negatives = new long[bins.cells()];
  }

  /**
   * The bounds for scores in [0, 1]: 0.02, 0.04, … 1, the decision threshold, and, where a bin so
   * far holds more than 5 % of the reference's scores, the quantiles that cut these into parts of
   * at most 5 % (equal scores stay together). The threshold t lies at {@code Math.nextDown(t)}, so
   * that a score of exactly t is above it, on the side that is predicted positive. A score of 0 is
   * in the lowest cell, one of 1 in the last but one; the last is for scores above 1.
   *
   * @param sortedReferenceScores finite, ascending; null without a reference
   */
  public static double[] edges(double threshold, double @Nullable [] sortedReferenceScores) {
    double[] edges = new double[EQUAL_BINS];
    for (int i = 0; i < EQUAL_BINS; i++) {
      edges[i] = (i + 1) / (double) EQUAL_BINS;
    }
    edges = withThreshold(edges, threshold);
    return sortedReferenceScores == null
        ? edges
        : withCrowdedBinsSplit(edges, sortedReferenceScores);
  }

  /** Ascending edges and the one just below a finite threshold, if it is not among them. */
  public static double[] withThreshold(double[] edges, double threshold) {
    double edge = Math.nextDown(threshold);
    return Double.isFinite(edge) && Arrays.binarySearch(edges, edge) < 0
        ? sortedWith(edges, edge)
        : edges;
  }

  private static double[] withCrowdedBinsSplit(double[] edges, double[] sorted) {
    double[] split = edges;
    int from = 0;
    for (int i = 0; i <= edges.length; i++) {
      double upper = i < edges.length ? edges[i] : Double.POSITIVE_INFINITY;
      int to = from;
      while (to < sorted.length && sorted[to] <= upper) {
        to++;
      }
      int parts = (int) Math.ceil((to - from) / (LARGEST_SHARE * sorted.length));
      double last = Double.NEGATIVE_INFINITY;
      for (int k = 1; k < parts; k++) {
        double edge = Quantiles.of(sorted, from, to, k, parts) + 0.0;
        // An edge at or above the largest of them, or at the edge before, would leave a part empty.
        if (edge > last && edge < sorted[to - 1]) {
          split = sortedWith(split, edge);
          last = edge;
        }
      }
      from = to;
    }
    return split;
  }

  private static double[] sortedWith(double[] edges, double edge) {
    double[] more = Arrays.copyOf(edges, edges.length + 1);
    more[edges.length] = edge;
    Arrays.sort(more);
    return more;
  }

  /**
   * @param score not NaN, finite
   */
  public void add(double score, boolean actual) {
    change(score, actual, 1);
  }

  /** Takes back what was added before. */
  public void subtract(double score, boolean actual) {
    change(score, actual, -1);
  }

  /** Adds a score that stands for {@code weight}; takes it back where that is negative. */
  public void change(double score, boolean actual, long weight) {
    counts(actual)[bins.cellOf(score)] += weight;
    sumOf(actual).add(weight * score);
    squaredWeights += weight * Math.abs(weight);
  }

  /** Adds the counts of another over equal edges. */
  public void merge(ScoreBins other) {
    if (bins != other.bins && !Arrays.equals(bins.edges(), other.bins.edges())) {
      throw new IllegalArgumentException("different edges");
    }
    for (int i = 0; i < positives.length; i++) {
      positives[i] += other.positives[i];
      negatives[i] += other.negatives[i];
    }
    positiveSum.merge(other.positiveSum);
    negativeSum.merge(other.negativeSum);
    squaredWeights += other.squaredWeights;
  }

  public NumericBins bins() {
    return bins;
  }

  /** Scores per cell of one true class; live, for reading only. */
  public long[] counts(boolean actual) {
    return actual ? positives : negatives;
  }

  /** Sum of the scores of one true class. */
  public double sum(boolean actual) {
    return sumOf(actual).value();
  }

  private Sum sumOf(boolean actual) {
    return actual ? positiveSum : negativeSum;
  }

  public long total(boolean actual) {
    return Arrays.stream(counts(actual)).sum();
  }

  /** Scores; the effective number of those that stand for others. */
  public long support() {
    return Measured.rows(total(true) + total(false), effect());
  }

  double effect() {
    long total = total(true) + total(false);
    return total <= 0 ? 1 : Math.max(1, (double) squaredWeights / total);
  }

  /** {@link #rocAuc} with its interval. */
  public Measured measuredRocAuc() {
    return new Measured(rocAuc(), RankingIntervals.ofRocAuc(this, effect()), support());
  }

  /** {@link #averagePrecision} with its interval. */
  public Measured measuredAveragePrecision() {
    return new Measured(
        averagePrecision(), RankingIntervals.ofAveragePrecision(this, effect()), support());
  }

  /**
   * Area under the ROC curve, in [0, 1]: the share of pairs of a positive and a negative in which
   * the positive scores higher, a pair in one bin counted half. NaN without a positive or without a
   * negative.
   */
  public double rocAuc() {
    return pairShare(0.5);
  }

  /** No pair within a bin is in order: the AUC of the scores themselves is not less. */
  public double rocAucLower() {
    return pairShare(0);
  }

  /** Every pair within a bin is in order: the AUC of the scores themselves is not more. */
  public double rocAucUpper() {
    return pairShare(1);
  }

  private double pairShare(double withinBin) {
    double pairs = 0;
    double negativesBelow = 0;
    for (int i = 0; i < positives.length; i++) {
      pairs += positives[i] * (negativesBelow + withinBin * negatives[i]);
      negativesBelow += negatives[i];
    }
    return Measured.ratio(pairs, (double) total(true) * total(false));
  }

  /**
   * Average precision of the binned scores, {@code Σ (R_k − R_(k−1))·P_k} over the bins from the
   * top, in [0, 1]. Not the area under the linear precision–recall curve. NaN without a positive.
   */
  public double averagePrecision() {
    double sum = 0;
    double truePositives = 0;
    double falsePositives = 0;
    for (int i = positives.length - 1; i >= 0; i--) {
      truePositives += positives[i];
      falsePositives += negatives[i];
      if (positives[i] > 0) {
        sum += positives[i] * truePositives / (truePositives + falsePositives);
      }
    }
    return Measured.ratio(sum, total(true));
  }

  /** In each bin all negatives come first: that of the scores themselves is not less. */
  public double averagePrecisionLower() {
    /*
     * T + j of the first T + j + D are positive when the j-th of a bin's p positives is reached, D
     * being the negatives down to and with this bin. The sum over j is at least the integral,
     *   ∫₀ᵖ (T + x)/(T + x + D) dx = p − D ln((T + p + D)/(T + D)).
     */
    double sum = 0;
    double truePositives = 0;
    double falsePositives = 0;
    for (int i = positives.length - 1; i >= 0; i--) {
      falsePositives += negatives[i];
      double p = positives[i];
      sum +=
          falsePositives == 0
              ? p
              : p - falsePositives * Math.log1p(p / (truePositives + falsePositives));
      truePositives += p;
    }
    return Measured.ratio(sum, total(true));
  }

  /** In each bin all positives come first, tied: that of the scores themselves is not more. */
  public double averagePrecisionUpper() {
    double sum = 0;
    double truePositives = 0;
    double falsePositives = 0;
    for (int i = positives.length - 1; i >= 0; i--) {
      truePositives += positives[i];
      if (positives[i] > 0) {
        sum += positives[i] * truePositives / (truePositives + falsePositives);
      }
      falsePositives += negatives[i];
    }
    return Measured.ratio(sum, total(true));
  }
}
