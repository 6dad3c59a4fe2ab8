package io.hindcast.stats.performance;

import io.hindcast.stats.summary.Sum;

/**
 * What the predictions of a model that answers with a number let one expect of its errors before
 * the labels come: the mean loss by bin of the prediction, as labels have shown it, weighted by the
 * shares of the predictions that wait. It sees that other predictions come, never that equal ones
 * turn out otherwise.
 */
public final class ErrorForecast {
  /*
   * Bins with fewer than 30 labels go with their neighbours, so there are blocks B of m_B labels with
   * the mean loss μ_B and its variance v_B. Of n predictions with the shares s_B the mean loss is
   *   L = Σ s_B μ_B,   Var = Σ s_B² v_B/m_B + Σ s_B v_B/n:
   * the means are estimated, and the losses to come are drawn.
   */
  private static final long LEAST_LABELS = 30;
  private static final double MOST_UNSEEN = 0.05;

  private final int[] blockOf;
  private final boolean[] isSeen;
  private final double[] labels;
  private final Loss error;
  private final Loss absolute;
  private final Loss square;

  private ErrorForecast(
      int[] blockOf, boolean[] isSeen, double[] labels, Loss error, Loss absolute, Loss square) {
    this.blockOf = blockOf;
    this.isSeen = isSeen;
    this.labels = labels;
    this.error = error;
    this.absolute = absolute;
    this.square = square;
  }

  /** Mean and variance of a loss, by block. */
  private record Loss(double[] mean, double[] variance) {
    /** What is summed up of a bin. */
    interface Part {
      Sum of(BinnedErrors.Bin bin);
    }

    static Loss of(BinnedErrors.Bin[] blocks, Part sums, Part squares) {
      double[] mean = new double[blocks.length];
      double[] variance = new double[blocks.length];
      for (int i = 0; i < blocks.length; i++) {
        double rows = blocks[i].rows;
        Sum sum = sums.of(blocks[i]);
        mean[i] = sum.value() / rows;
        double spread = MeanInterval.variance(sum, squares.of(blocks[i]), blocks[i].rows);
        variance[i] = spread * rows / Math.max(1, rows - 1);
      }
      return new Loss(mean, variance);
    }
  }

  /** With fewer than 30 labels, a forecast that expects nothing. */
  public static ErrorForecast of(BinnedErrors labelled) {
    int bins = labelled.bins();
    int[] blockOf = new int[bins];
    boolean[] isSeen = new boolean[bins];
    int blocks = 0;
    long inBlock = 0;
    for (int bin = 0; bin < bins; bin++) {
      isSeen[bin] = labelled.bin(bin).rows > 0;
      blockOf[bin] = blocks;
      inBlock += labelled.bin(bin).rows;
      if (inBlock >= LEAST_LABELS) {
        blocks++;
        inBlock = 0;
      }
    }
    BinnedErrors.Bin[] of = new BinnedErrors(blocks).all();
    for (int bin = 0; bin < bins && blocks > 0; bin++) {
      // What is left at the end is too little for a block of its own.
      blockOf[bin] = Math.min(blockOf[bin], blocks - 1);
      of[blockOf[bin]].merge(labelled.bin(bin));
    }
    double[] labels = new double[blocks];
    for (int block = 0; block < blocks; block++) {
      labels[block] = of[block].rows / labelled.effect();
    }
    return new ErrorForecast(
        blockOf,
        isSeen,
        labels,
        Loss.of(of, bin -> bin.error, bin -> bin.square),
        Loss.of(of, bin -> bin.absolute, bin -> bin.square),
        Loss.of(of, bin -> bin.square, bin -> bin.fourthPower));
  }

  /**
   * What to expect of predictions that wait.
   *
   * @param waiting by bin, each as often as it stands for others
   * @param effect Σw²/Σw of them: 1 without weights
   */
  public Expectation expect(long[] waiting, double effect) {
    return new Expectation(waiting, effect);
  }

  /**
   * How far the errors of these labels are from what was learnt, in standard errors of both: beyond
   * 3.29 it does not hold any more. The larger of that of the absolute error and that of the error,
   * which sees a bias. NaN where nothing can be said.
   */
  public double contradiction(BinnedErrors realised) {
    double ofSize = z(realised, bin -> bin.absolute, absolute);
    double ofBias = z(realised, bin -> bin.error, error);
    return Double.isNaN(ofSize) || Math.abs(ofBias) > Math.abs(ofSize) ? ofBias : ofSize;
  }

  private double z(BinnedErrors realised, Loss.Part part, Loss loss) {
    long[] n = new long[labels.length];
    double difference = 0;
    double scale = 0;
    for (int bin = 0; bin < blockOf.length && labels.length > 0; bin++) {
      int block = blockOf[bin];
      BinnedErrors.Bin of = realised.bin(bin);
      double expected = of.rows * loss.mean[block];
      n[block] += of.rows;
      difference += part.of(of).value() - expected;
      scale += of.absolute.value() + Math.abs(expected);
    }
    double variance = 0;
    for (int block = 0; block < n.length; block++) {
      double rows = n[block];
      variance += loss.variance[block] * (rows * realised.effect() + rows * rows / labels[block]);
    }
    // Errors that never varied, and do now.
    boolean isOutOfNothing = variance == 0 && Math.abs(difference) > 1e-9 * scale;
    return variance > 0 || isOutOfNothing ? difference / Math.sqrt(variance) : Double.NaN;
  }

  /** Errors of predictions whose labels have not come. */
  public final class Expectation {
    private final double[] shares = new double[labels.length];
    private final long n;
    private final double effect;
    private final long unseen;

    private Expectation(long[] waiting, double effect) {
      long total = 0;
      long outside = 0;
      for (int bin = 0; bin < waiting.length; bin++) {
        total += waiting[bin];
        outside += isSeen[bin] ? 0 : waiting[bin];
      }
      for (int bin = 0; bin < waiting.length && labels.length > 0; bin++) {
        shares[blockOf[bin]] += Measured.ratio(waiting[bin], total);
      }
      this.n = total;
      this.effect = effect;
      this.unseen = outside;
    }

    /** Predictions that wait. */
    public long rows() {
      return n;
    }

    /** Whether labels have been seen of all but 5 % of such predictions. */
    public boolean isFamiliar() {
      return n > 0 && labels.length > 0 && unseen <= MOST_UNSEEN * n;
    }

    /** Mean error, in units of the label. */
    public Measured bias() {
      return expected(error, Double.NEGATIVE_INFINITY);
    }

    /** Mean absolute error, at least 0. */
    public Measured mae() {
      return expected(absolute, 0);
    }

    /** Mean squared error, at least 0. */
    public Measured mse() {
      return expected(square, 0);
    }

    /** Its root, with the roots of its interval. */
    public Measured rmse() {
      Measured squared = mse();
      Interval of = squared.interval();
      return new Measured(
          Math.sqrt(squared.value()),
          new Interval(Math.sqrt(of.lower()), Math.sqrt(of.upper())),
          squared.support());
    }

    private Measured expected(Loss loss, double least) {
      if (n == 0 || labels.length == 0) {
        return new Measured(Double.NaN, Interval.NONE, 0);
      }
      double value = 0;
      double variance = 0;
      for (int block = 0; block < shares.length; block++) {
        double s = shares[block];
        value += s * loss.mean[block];
        variance += loss.variance[block] * (s * s / labels[block] + s * effect / n);
      }
      Interval interval =
          CellInfluence.around(value, Math.sqrt(variance), least, Double.POSITIVE_INFINITY);
      return Measured.of(value, interval, n, effect);
    }
  }
}
