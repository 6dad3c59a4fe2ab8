package io.hindcast.stats.change;

import io.hindcast.stats.drift.LikelihoodRatio;
import java.util.Arrays;

/**
 * How many rows of a stream say as much as one that is drawn by itself, from the counts of blocks
 * of rows that followed each other:
 *
 * <pre>D = V·(1 + r)/(1 − r)·u², at least 1,  u = d·Σλ²/(Σλ)²</pre>
 *
 * V is the variance of a block's shares over that of independent rows, as a mean over the cells' d
 * degrees of freedom; r the correlation of blocks that are neighbours; u how unequal the d
 * variances λ are of which V is the mean. 1 for independent rows and where nothing is known, 5 for
 * rows that come in fives. Where rows share so much that a window is worth fewer than 32 of them,
 * its blocks do not tell how much; then V of whole windows takes the place of V·(1 + r)/(1 − r),
 * and D is unknown until there are enough of them. Counts over D have a G no larger than that of
 * independent rows.
 *
 * @see <a href="https://doi.org/10.1214/aos/1176346391">J. N. K. Rao, A. J. Scott, On chi-squared
 *     tests for multiway contingency tables with cell proportions estimated from survey data,
 *     1984</a>
 */
public final class DesignEffect {
  /*
   * V is X² of homogeneity of the blocks over its degrees of freedom. What reaches from a block into
   * the next is in r, as if it fell off geometrically. All blocks deviate from a mean that they are
   * part of, so that both are too low by D over their number, which is solved for (`long run`).
   *
   * G of dependent rows is Σλχ²(1), whose tail is that of the largest λ: Σλ²/Σλ = V·u
   * (Satterthwaite) lies between their mean and the largest, and still is too small far out; V·u²
   * kept the run length where rows follow each other (agent/benchmarks/simulate). Σλ² is taken from
   * pairs of blocks, (z·z')², and not from squared variances, which chance enlarges; neighbours are
   * left out of it.
   *
   * A window alone knows D of two cells to half of its value, and one in which something changes
   * takes the change for dependence. So the median of the last sixteen windows counts; a window that
   * is beyond it by more than chance counts itself.
   *
   * Whole windows are compared with the one before the last, since those that follow each other
   * may share something, too. The median again: a change makes two such pairs. Its upper limit (95 %,
   * by Wilson and Hilferty's cube) is also the most that blocks can say: rows that are sorted, or
   * change with the hour, in every window alike are no such noise.
   */
  private static final int MEMORY = 16;
  private static final int LEAST_BLOCKS = 4;
  private static final double Z = 1.6449;
  private static final double QUARTILE = 0.6745;
  private static final double LEAST_WORTH = 32;
  private static final int LEAST_ALIKE = 6;
  private static final double MOST_BEYOND = 1.4;

  /** A median is known less well than a mean, and pairs of windows that share one are not apart. */
  private static final double WORTH = 2 / Math.PI;

  private static final double WORTH_OF_A_PAIR = 2 / 3.0 * WORTH;

  private static final double FORGETS = 0.9;
  private static final double LEAST_SHARE = 0.001;

  private final Recent within = new Recent();
  private final Recent variances = new Recent();
  private final Recent squares = new Recent();
  private final Recent between = new Recent();
  private double[] usual = {};
  private double usualRows;
  private int degrees;
  private double withinDegrees;
  private double own;
  private long windows;
  private double rows;
  private final long[][] before = {{}, {}};

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
    windows++;
    long[] whole = sum(blocks);
    rows = total(whole) / unit;
    int freedom = LikelihoodRatio.degrees(whole, whole);
    if (freedom > 0 && (total(whole) - largest(whole)) / unit >= blocks.length) {
      addWithin(blocks, whole, unit, freedom);
    }
    addToUsual(whole);
    if (before[0].length == whole.length) {
      addBetween(before[0], whole, unit);
    }
    before[0] = before[1];
    before[1] = whole;
  }

  private void addToUsual(long[] whole) {
    if (usual.length != whole.length) {
      usual = new double[whole.length];
      usualRows = 0;
    }
    double total = total(whole);
    usualRows = FORGETS * usualRows + 1;
    for (int cell = 0; cell < usual.length; cell++) {
      usual[cell] = FORGETS * usual[cell] + whole[cell] / total;
    }
  }

  /*
   * By the usual shares: those of two windows alone are of few cells, if rows share much.
   */
  private void addBetween(long[] one, long[] other, double unit) {
    double n = total(one);
    double m = total(other);
    double sum = 0;
    int cells = 0;
    for (int cell = 0; cell < usual.length; cell++) {
      double share = usual[cell] / usualRows;
      if (one[cell] + other[cell] > 0 || share > LEAST_SHARE) {
        double difference = one[cell] / n - other[cell] / m;
        sum += difference * difference / share;
        cells++;
      }
    }
    degrees = Math.max(1, cells - 1);
    double noise = 2 / (9.0 * degrees);
    double root = 1 - noise + QUARTILE * Math.sqrt(noise);
    between.add(sum / (unit / n + unit / m) / degrees / (root * root * root));
  }

  private void addWithin(long[][] blocks, long[] whole, double unit, int degrees) {
    int n = blocks.length;
    double[][] z = new double[n][];
    for (int i = 0; i < n; i++) {
      z[i] = standardised(blocks[i], whole, unit, degrees + 1);
    }
    double sum = 0;
    double next = 0;
    double near = 0;
    for (int i = 0; i < n; i++) {
      double square = product(z[i], z[i]);
      sum += square;
      near += square * square;
      if (i > 0) {
        double both = product(z[i - 1], z[i]);
        next += both;
        near += 2 * both * both;
      }
    }
    double pairs = (squareOfGram(z) - near) / 2;
    double trace = sum / (n - 1);
    double squared = pairs / ((n - 1) * (n - 2) / 2.0) - trace * trace / ((double) n * n);
    double longRun = longRun(sum / n / degrees, next / (n - 1) / degrees, n);
    withinDegrees = (n - 1) * degrees / 3.0;
    double limit = limit(withinDegrees);
    own = limit > 0 ? longRun * limit : 0;
    within.add(longRun);
    variances.add(trace / degrees);
    squares.add(squared / degrees);
  }

  /**
   * D of V = v + D/n and r = (c + D/n)/V, where D = V·(1 + r)/(1 − r); infinite if none is.
   *
   * @param v mean square of n blocks
   * @param c mean product of neighbours
   */
  private static double longRun(double v, double c, int n) {
    if (v <= 0) {
      return 0;
    }
    // With x = D/n: (v + x)(v + c + 2x) = n·x·(v − c).
    double linear = 3 * v + c - n * (v - c);
    double constant = v * (v + c);
    double root = linear * linear - 8 * constant;
    if (constant <= 0) {
      return 0;
    }
    return linear < 0 && root >= 0
        ? n * 2 * constant / (-linear + Math.sqrt(root))
        : Double.POSITIVE_INFINITY;
  }

  /** At least 1; NaN while rows are known to share something, but not how much. */
  public double value() {
    if (within.isEmpty()) {
      return windows == 0 || between.size() >= LEAST_ALIKE ? 1 : Double.NaN;
    }
    if (between.isEmpty() && variances.median() * limit(3 * withinDegrees) > 1) {
      return Double.NaN;
    }
    double v = Math.max(1, variances.median());
    // Rows that are more even than by chance are no less independent for it.
    double uneven = Math.max(1, squares.median() / (v * v));
    double reached = Math.max(within.median(), own);
    boolean isWithin = reached * LEAST_WORTH <= rows && reached <= v * mostBeyond();
    double u = isWithin ? uneven : Math.max(uneven, following(degrees));
    double known = between.size() * degrees / u * WORTH_OF_A_PAIR;
    double limit = between.isEmpty() ? 0 : limit(known);
    double most = limit > 0 ? between.quantile(0.75) / limit : Double.POSITIVE_INFINITY;
    double counts = isWithin ? Math.min(reached, most) : most;
    return counts == Double.POSITIVE_INFINITY ? Double.NaN : Math.max(1, counts * u * u);
  }

  /** D over V of blocks that share something with each other, and not by chance. */
  private double mostBeyond() {
    return MOST_BEYOND * (1 + Math.sqrt(2 / (within.size() * withinDegrees * WORTH)));
  }

  /** u of values that follow each other: λ is one over 1, 2, … */
  private static double following(int degrees) {
    double sum = 0;
    double squares = 0;
    for (int i = 1; i <= degrees; i++) {
      sum += 1.0 / i;
      squares += 1.0 / i / i;
    }
    return degrees * squares / (sum * sum);
  }

  /** The share of its mean that χ² over its degrees of freedom exceeds in 95 %; at most 0: any. */
  private static double limit(double degrees) {
    double noise = 2 / (9 * degrees);
    double root = 1 - noise - Z * Math.sqrt(noise);
    return root * root * root;
  }

  /** What the last windows were. */
  private static final class Recent {
    private final double[] values = new double[MEMORY];
    private long count;

    void add(double value) {
      values[(int) (count++ % MEMORY)] = value;
    }

    boolean isEmpty() {
      return count == 0;
    }

    int size() {
      return (int) Math.min(count, MEMORY);
    }

    double median() {
      return quantile(0.5);
    }

    double quantile(double share) {
      double[] sorted = Arrays.copyOf(values, size());
      Arrays.sort(sorted);
      double place = share * (sorted.length - 1);
      int below = (int) place;
      double rest = place - below;
      // Infinite ones cannot be mixed.
      return rest == 0 ? sorted[below] : (1 - rest) * sorted[below] + rest * sorted[below + 1];
    }
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

  private static long largest(long[] counts) {
    long largest = 0;
    for (long count : counts) {
      largest = Math.max(largest, count);
    }
    return largest;
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
