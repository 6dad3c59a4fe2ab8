package io.hindcast.stats.performance;

import io.hindcast.stats.summary.Sum;

/**
 * Errors of a model that answers with a number, {@code e = predicted − actual}, by bin of the
 * prediction: what {@link ErrorForecast} is made of. Errors of 1e70 and more enter nothing. Owned
 * by one thread.
 */
public final class BinnedErrors {
  /** Errors whose fourth power is a double. */
  private static final double LARGEST = 1e70;

  private final Bin[] bins;
  private long squaredWeights;

  /**
   * @param bins of the predictions
   */
  public BinnedErrors(int bins) {
    this.bins = new Bin[bins];
    for (int i = 0; i < bins; i++) {
      this.bins[i] = new Bin();
    }
  }

  /** Of one bin, or of several together. */
  static final class Bin {
    long rows;
    final Sum error = new Sum();
    final Sum absolute = new Sum();
    final Sum square = new Sum();
    final Sum fourthPower = new Sum();

    void merge(Bin other) {
      rows += other.rows;
      error.merge(other.error);
      absolute.merge(other.absolute);
      square.merge(other.square);
      fourthPower.merge(other.fourthPower);
    }
  }

  /** Adds an error that stands for {@code weight}; takes it back where that is negative. */
  public void change(int bin, double e, long weight) {
    double size = Math.abs(e);
    if (!(size < LARGEST)) {
      return;
    }
    Bin of = bins[bin];
    of.rows += weight;
    squaredWeights += weight * Math.abs(weight);
    of.error.add(weight * e);
    of.absolute.add(weight * size);
    of.square.addSquare(e, weight);
    of.fourthPower.addSquare(e * e, weight);
  }

  /** Adds the sums of another over equal bins. */
  public void merge(BinnedErrors other) {
    squaredWeights += other.squaredWeights;
    for (int i = 0; i < bins.length; i++) {
      bins[i].merge(other.bins[i]);
    }
  }

  public int bins() {
    return bins.length;
  }

  Bin[] all() {
    return bins;
  }

  Bin bin(int at) {
    return bins[at];
  }

  /** Rows, those that others stand for included. */
  public long total() {
    long total = 0;
    for (Bin each : bins) {
      total += each.rows;
    }
    return total;
  }

  /** Mean absolute error, at least 0; NaN without rows. */
  public double mae() {
    double sum = 0;
    for (Bin each : bins) {
      sum += each.absolute.value();
    }
    return Measured.ratio(Math.max(0, sum), total());
  }

  /** Σw²/Σw: 1 without weights. */
  double effect() {
    long total = total();
    return total <= 0 ? 1 : Math.max(1, (double) squaredWeights / total);
  }
}
