package io.hindcast.stats.change;

/**
 * Evidence that the mean of losses x in [0, 1] has risen above u:
 *
 * <pre>e = 1 + λ(x − u),  λ = (a − u)/(u(1 − u)),  a = min(ρu, (1 + u)/2)</pre>
 *
 * for each ratio ρ of 1.1, 1.25, 1.5, 2, 3 and 5, gathered by {@link ShiryaevRoberts}; the
 * statistic is the mean of the six. For losses of 0 and 1, e is the likelihood ratio of a against
 * u. The mean number of rows to a false alarm at A is at least A for any losses whose mean is at
 * most u, whatever their distribution, if they are independent. If they are not, ln e is divided by
 * what {@link LossDependence} finds, and u is the limit of so many rows fewer: then that holds as
 * far as simulated (agent/benchmarks/simulate). Where losses fall, nothing is found.
 *
 * @see <a href="https://doi.org/10.51387/23-NEJSDS51">J. Shin, A. Ramdas, A. Rinaldo, E-detectors:
 *     a nonparametric framework for sequential change detection, 2024</a>
 */
public final class ErrorDetector implements Evidence {
  /*
   * Beside M each ratio keeps how far the sum of ln e is above its lowest point so far (CUSUM). Where
   * the lowest point lies is the most likely moment of the change, if the ratio is right; of the six
   * the one whose sum has climbed most is the likeliest.
   *
   * Where two alternatives meet at (1 + u)/2, they agree.
   */
  private static final double MOST = 0.999;
  private static final double[] RATIOS = {1.1, 1.25, 1.5, 2, 3, 5};

  private final double[] ratios;
  private final double[] bets;
  private final LossDependence dependence;
  private final double normal;
  private final double normalRows;
  private double u;
  private double shared = 1;
  private final ShiryaevRoberts[] each;
  private final double[] climbed;
  private final long[] since;
  private final long[] rowsSince;
  private final double[] lossSince;

  /**
   * @param mean what is normal, from 0 to 1
   * @param rows behind it
   * @param dependence of the same rows as here, told of them by the caller
   */
  public ErrorDetector(double mean, double rows, LossDependence dependence) {
    this(mean, rows, UpperLimit.of(mean, rows), dependence, RATIOS);
  }

  /**
   * @param u within (0, 1): never an estimate, but a limit that the true mean was hardly above
   */
  public ErrorDetector(double u) {
    this(u, RATIOS);
  }

  ErrorDetector(double u, double... ratios) {
    this(Double.NaN, Double.NaN, u, new LossDependence(), ratios);
  }

  private ErrorDetector(
      double normal, double normalRows, double u, LossDependence dependence, double... ratios) {
    this.normal = normal;
    this.normalRows = normalRows;
    this.dependence = dependence;
    this.ratios = ratios;
    this.bets = new double[ratios.length];
    this.each = new ShiryaevRoberts[ratios.length];
    this.climbed = new double[ratios.length];
    this.since = new long[ratios.length];
    this.rowsSince = new long[ratios.length];
    this.lossSince = new double[ratios.length];
    assume(u);
    for (int i = 0; i < ratios.length; i++) {
      each[i] = new ShiryaevRoberts();
    }
  }

  private void assume(double mean) {
    if (!(mean > 0 && mean < 1)) {
      throw new IllegalArgumentException("mean loss " + mean);
    }
    u = mean;
    for (int i = 0; i < ratios.length; i++) {
      double alternative = Math.min(ratios[i] * u, (1 + u) / 2);
      bets[i] = (alternative - u) / (u * (1 - u));
    }
  }

  /** Before the rows of a moment are taken, so that they do not decide on themselves. */
  private void look() {
    double found = dependence.value();
    if (found != shared && !Double.isNaN(normal)) {
      shared = found;
      assume(Math.min(MOST, UpperLimit.of(normal, normalRows / shared)));
    }
  }

  /** The mean that is taken for unchanged. */
  public double u() {
    return u;
  }

  /** One row. */
  public void add(double loss, long at) {
    add(new double[] {loss}, new long[] {1}, at);
  }

  /**
   * Rows of the same moment, in no order.
   *
   * @param losses their different values
   * @param rows how many rows have each
   * @param at the moment, never earlier than the last one
   */
  public void add(double[] losses, long[] rows, long at) {
    long all = 0;
    double loss = 0;
    for (int level = 0; level < losses.length; level++) {
      all += rows[level];
      loss += rows[level] * losses[level];
    }
    if (all == 0) {
      return;
    }
    look();
    for (int i = 0; i < bets.length; i++) {
      double lnE = 0;
      for (int level = 0; level < losses.length; level++) {
        if (rows[level] > 0) {
          lnE += rows[level] * Math.log1p(bets[i] * (losses[level] - u));
        }
      }
      lnE /= shared;
      each[i].add(lnE, all);
      if (climbed[i] == 0) {
        since[i] = at;
        rowsSince[i] = 0;
        lossSince[i] = 0;
      }
      rowsSince[i] += all;
      lossSince[i] += loss;
      climbed[i] = Math.max(0, climbed[i] + lnE);
    }
  }

  /** When the losses are most likely to have risen; the moment of the last row if they have not. */
  public long began() {
    return since[likeliest()];
  }

  /** Rows since then. */
  public long rowsSince() {
    return rowsSince[likeliest()];
  }

  /** Their mean loss; NaN before the first. */
  public double meanSince() {
    int i = likeliest();
    return rowsSince[i] == 0 ? Double.NaN : lossSince[i] / rowsSince[i];
  }

  private int likeliest() {
    int best = 0;
    for (int i = 1; i < climbed.length; i++) {
      if (climbed[i] > climbed[best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public double ln() {
    double most = Double.NEGATIVE_INFINITY;
    for (ShiryaevRoberts one : each) {
      most = Math.max(most, one.ln());
    }
    if (most == Double.NEGATIVE_INFINITY) {
      return most;
    }
    double sum = 0;
    for (ShiryaevRoberts one : each) {
      sum += Math.exp(one.ln() - most);
    }
    return most + Math.log(sum) - Math.log(each.length);
  }

  @Override
  public void hold(double lnMost) {
    for (ShiryaevRoberts one : each) {
      one.hold(lnMost);
    }
  }

  @Override
  public void reset() {
    for (int i = 0; i < each.length; i++) {
      each[i].reset();
      climbed[i] = 0;
    }
  }
}
