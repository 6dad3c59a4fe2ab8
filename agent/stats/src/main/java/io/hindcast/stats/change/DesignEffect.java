package io.hindcast.stats.change;

import io.hindcast.stats.drift.LikelihoodRatio;
import io.hindcast.stats.drift.TwoSampleChiSquare;

/**
 * How many rows of a stream say as much as one that is drawn by itself, from the counts of blocks
 * of rows that followed each other:
 *
 * <pre>D = V·(1 + r)/(1 − r)·u², at least 1,  u = d·Σλ²/(Σλ)²</pre>
 *
 * V is the variance of a block's shares over that of independent rows, as a mean over the cells' d
 * degrees of freedom; r the correlation of blocks that are neighbours; u how unequal the d
 * variances λ are of which V is the mean. 1 for independent rows and where nothing is known, 5 for
 * rows that come in fives. Counts over D have a G no larger than that of independent rows, if a
 * block is longer than what its rows share.
 *
 * @see <a href="https://doi.org/10.1214/aos/1176346391">J. N. K. Rao, A. J. Scott, On chi-squared
 *     tests for multiway contingency tables with cell proportions estimated from survey data,
 *     1984</a>
 */
public final class DesignEffect {
  /*
   * V is X² of homogeneity of the blocks over its degrees of freedom. What reaches from a block into
   * the next is in r, as if it fell off geometrically. G of dependent rows is Σλχ²(1), whose tail is
   * that of the largest λ: Σλ²/Σλ = V·u (Satterthwaite) lies between their mean and the largest, and
   * still is too small far out; V·u² kept the run length where rows follow each other with a
   * correlation of 0.9 (agent/benchmarks/simulate). Σλ² is taken from pairs of blocks, (z·z')², and
   * not from squared variances, which chance enlarges; neighbours are left out of it.
   *
   * A window alone knows D of two cells to half of its value. So windows are pooled, each with nine
   * tenths of the weight of the next.
   *
   * Rows that are sorted, or change with the hour, in every window alike are no such noise: the
   * windows differ by less than their blocks let one expect. So D is at most what X² between each
   * earlier window and the next allows (the upper limit of 95 %, by Wilson and Hilferty's cube), and
   * a block is always worth two rows.
   */
  private static final double MEMORY = 0.9;

  private static final int LEAST_BLOCKS = 4;
  private static final double Z = 1.6449;
  private static final double MOST_SHARED = 0.9;
  private static final double LEAST_WORTH = 2;
  private static final TwoSampleChiSquare CHI_SQUARE = new TwoSampleChiSquare();

  private double weight;
  private double variance;
  private double covariance;
  private double squares;

  private double blockRows = 1;
  private long[] before = {};
  private double differences;
  private double pairDegrees;
  private double allowed = Double.POSITIVE_INFINITY;

  /**
   * Takes a window.
   *
   * @param blocks counts by block and cell, in the order of the rows; of about as many rows each
   * @param unit what a row counts for on average, Σw²/Σw; 1 where all count for one
   */
  public void add(long[][] blocks, double unit) {
    if (blocks.length < LEAST_BLOCKS) {
      return;
    }
    long[] whole = sum(blocks);
    blockRows = total(whole) / unit / blocks.length;
    allowed = between();
    addWithin(blocks, whole, unit);
    if (before.length == whole.length) {
      addBetween(before, whole, unit);
    }
    before = whole;
  }

  private void addWithin(long[][] blocks, long[] whole, double unit) {
    int n = blocks.length;
    int degrees = LikelihoodRatio.degrees(whole, whole);
    if (degrees == 0) {
      return;
    }
    double[][] z = new double[n][];
    for (int i = 0; i < n; i++) {
      z[i] = standardised(blocks[i], whole, unit, degrees + 1);
    }
    double own = 0;
    double next = 0;
    double near = 0;
    for (int i = 0; i < n; i++) {
      double square = product(z[i], z[i]);
      own += square;
      near += square * square;
      if (i > 0) {
        double both = product(z[i - 1], z[i]);
        next += both;
        near += 2 * both * both;
      }
    }
    double pairs = (squareOfGram(z) - near) / 2;
    double trace = own / (n - 1);
    // Deviations from a mean that they are part of lean away from each other by an n-th.
    double neighbours = next / (n - 1) + trace / n;
    double squared = pairs / ((n - 1) * (n - 2) / 2.0) - trace * trace / ((double) n * n);
    double w = (n - 1.0) * degrees;
    weight = MEMORY * weight + w;
    variance = MEMORY * variance + w * trace / degrees;
    covariance = MEMORY * covariance + w * neighbours / degrees;
    squares = MEMORY * squares + w * squared / degrees;
  }

  private void addBetween(long[] one, long[] other, double unit) {
    // Windows that follow each other share one of the two: two thirds of the pairs count.
    pairDegrees = MEMORY * pairDegrees + LikelihoodRatio.degrees(one, other) * 2 / 3.0;
    differences = MEMORY * differences + CHI_SQUARE.between(one, other) / unit * 2 / 3.0;
  }

  /** At least 1. */
  public double value() {
    if (variance == 0) {
      return 1;
    }
    double v = variance / weight;
    double r = Math.max(-MOST_SHARED, Math.min(MOST_SHARED, covariance / variance));
    // Rows that are more even than by chance are no less independent for it.
    double uneven = Math.max(1, squares / weight / Math.max(1, v * v));
    double within = v * (1 + r) / (1 - r);
    double most = Math.min(within, allowed) * uneven * uneven;
    return Math.max(1, Math.min(most, blockRows / LEAST_WORTH));
  }

  /** The upper limit; infinite while too few windows are known. */
  private double between() {
    double noise = 2 / (9 * pairDegrees);
    double root = 1 - noise - Z * Math.sqrt(noise);
    return root > 0 ? differences / pairDegrees / (root * root * root) : Double.POSITIVE_INFINITY;
  }

  private static long[] sum(long[][] blocks) {
    long[] sum = new long[blocks[0].length];
    for (long[] block : blocks) {
      for (int cell = 0; cell < sum.length; cell++) {
        sum[cell] += block[cell];
      }
    }
    return sum;
  }

  private static double total(long[] counts) {
    double total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  /** Deviations from the shares of the whole, in standard deviations of independent rows. */
  private static double[] standardised(long[] block, long[] whole, double unit, int cells) {
    double part = total(block) / total(whole);
    double[] z = new double[cells];
    int next = 0;
    for (int cell = 0; cell < block.length; cell++) {
      if (whole[cell] > 0) {
        double expected = part * whole[cell];
        z[next++] = expected > 0 ? (block[cell] - expected) / Math.sqrt(unit * expected) : 0;
      }
    }
    return z;
  }

  /** Σ (z·z')² over all z and z', which is that over pairs of cells. */
  private static double squareOfGram(double[][] z) {
    int cells = z[0].length;
    double sum = 0;
    for (int a = 0; a < cells; a++) {
      for (int b = 0; b <= a; b++) {
        double of = 0;
        for (double[] one : z) {
          of += one[a] * one[b];
        }
        sum += a == b ? of * of : 2 * of * of;
      }
    }
    return sum;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
