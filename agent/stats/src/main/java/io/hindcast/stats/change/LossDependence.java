package io.hindcast.stats.change;

/**
 * How many labelled rows say as much as one that is drawn by itself, from losses in the order of
 * their predictions:
 *
 * <pre>D = max over b of mean (x̄ − x̄')² / (1/n + 1/n') / s²</pre>
 *
 * over neighbouring blocks of b = 16, 32, … rows, of means x̄ and x̄', where s² is the variance of
 * a row's loss, times what a block of twice the length would add if it added as much as this one
 * did to its half; at least 1, which it is for independent rows. It is the factor by which rows
 * that share something make a sum of losses vary more.
 */
public final class LossDependence {
  /*
   * Differences of neighbours do not mind a mean that moves slowly, and a change is one of them. A
   * length of blocks counts from 30 pairs on, and if it is above 1 by more than chance: the largest
   * of many would be above it anyway. Blocks end with the rows of a moment, which have no order.
   */
  private static final int LENGTHS = 24;
  private static final long SHORTEST = 16;
  private static final int LEAST_PAIRS = 30;
  private static final double Z = 1.6449;

  private final Length[] lengths = new Length[LENGTHS];
  private double rows;
  private double losses;
  private double squares;
  private double value = 1;

  public LossDependence() {
    for (int i = 0; i < LENGTHS; i++) {
      lengths[i] = new Length(SHORTEST << i);
    }
  }

  /**
   * Takes rows of the same moment.
   *
   * @param levels their different losses
   * @param counts how many rows have each
   */
  public void add(double[] levels, long[] counts) {
    long n = 0;
    double sum = 0;
    for (int i = 0; i < levels.length; i++) {
      n += counts[i];
      sum += counts[i] * levels[i];
      squares += counts[i] * levels[i] * levels[i];
    }
    rows += n;
    losses += sum;
    boolean isNew = false;
    for (Length length : lengths) {
      isNew |= length.add(n, sum);
    }
    if (isNew) {
      value = estimate();
    }
  }

  private double estimate() {
    double mean = losses / rows;
    double variance = squares / rows - mean * mean;
    double most = 1;
    double shorter = Double.POSITIVE_INFINITY;
    for (Length length : lengths) {
      if (length.pairs >= LEAST_PAIRS && variance > 0) {
        double ratio = length.sum / length.pairs / variance;
        // Pairs share a block with the next: two thirds of them are worth one by itself.
        double noise = 2 / (9 * length.pairs * 2 / 3.0);
        double root = 1 - noise + Z * Math.sqrt(noise);
        if (ratio > root * root * root) {
          double growth = Math.max(1, Math.min(2, ratio / shorter));
          most = Math.max(most, ratio * growth);
        }
        shorter = Math.max(1, ratio);
      }
    }
    return most;
  }

  /** At least 1. */
  public double value() {
    return value;
  }

  /** Blocks of so many rows. */
  private static final class Length {
    private final long size;
    private long n;
    private double of;
    private double nBefore;
    private double meanBefore;
    private double sum;
    private long pairs;

    Length(long size) {
      this.size = size;
    }

    /** Whether there is another pair. */
    boolean add(long rows, double losses) {
      n += rows;
      of += losses;
      if (n < size) {
        return false;
      }
      double mean = of / n;
      boolean isPair = nBefore > 0;
      if (isPair) {
        double difference = mean - meanBefore;
        sum += difference * difference / (1.0 / n + 1 / nBefore);
        pairs++;
      }
      nBefore = n;
      meanBefore = mean;
      n = 0;
      of = 0;
      return isPair;
    }
  }
}
