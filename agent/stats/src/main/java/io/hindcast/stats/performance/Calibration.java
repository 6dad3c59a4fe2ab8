package io.hindcast.stats.performance;

import io.hindcast.stats.summary.Sum;

/**
 * Do events of probability p happen in a share p of the cases? Ten equal bins of the probabilities
 * and the sums of two tests. What is not in [0, 1] enters nothing. Owned by one thread.
 */
public final class Calibration {
  public static final int BINS = 10;

  private final long[] rows = new long[BINS];
  private final long[] positives = new long[BINS];
  private final Sum[] probabilities = new Sum[BINS];
  private final Sum tilt = new Sum();
  private final Sum tiltVariance = new Sum();
  private final Sum variance = new Sum();
  private long squaredWeights;

  public Calibration() {
    for (int i = 0; i < BINS; i++) {
      probabilities[i] = new Sum();
    }
  }

  public void add(double p, boolean actual) {
    change(p, actual, 1);
  }

  /** Takes back what was added before. */
  public void subtract(double p, boolean actual) {
    change(p, actual, -1);
  }

  /** Adds a row that stands for {@code weight}; takes it back where that is negative. */
  public void change(double p, boolean actual, long weight) {
    if (!(p >= 0 && p <= 1)) {
      return;
    }
    int bin = binOf(p);
    rows[bin] += weight;
    positives[bin] += actual ? weight : 0;
    probabilities[bin].add(weight * p);
    double spread = p * (1 - p);
    double slope = 1 - 2 * p;
    tilt.add(weight * ((actual ? 1 - p : -p) * slope));
    tiltVariance.add(weight * (slope * slope * spread));
    variance.add(weight * spread);
    squaredWeights += weight * Math.abs(weight);
  }

  /** (0, .1] is the first, with 0 itself. */
  private static int binOf(double p) {
    int bin = Math.max(0, Math.min(BINS - 1, (int) Math.ceil(p * BINS) - 1));
    if (bin > 0 && p <= bin / (double) BINS) {
      bin--;
    } else if (p > (bin + 1) / (double) BINS) {
      bin++;
    }
    return bin;
  }

  public void merge(Calibration other) {
    for (int i = 0; i < BINS; i++) {
      rows[i] += other.rows[i];
      positives[i] += other.positives[i];
      probabilities[i].merge(other.probabilities[i]);
    }
    tilt.merge(other.tilt);
    tiltVariance.merge(other.tiltVariance);
    variance.merge(other.variance);
    squaredWeights += other.squaredWeights;
  }

  private long total() {
    long total = 0;
    for (long n : rows) {
      total += n;
    }
    return total;
  }

  /** Rows; the effective number of those that stand for others. */
  public long support() {
    return Measured.rows(total(), effect());
  }

  private double effect() {
    long total = total();
    return total <= 0 ? 1 : Math.max(1, (double) squaredWeights / total);
  }

  /** Rows of a bin. */
  public long rows(int bin) {
    return rows[bin];
  }

  /** Mean probability of a bin; NaN without rows. */
  public double meanProbability(int bin) {
    return Measured.ratio(probabilities[bin].value(), rows[bin]);
  }

  /** Share of a bin's rows that were positive; NaN without rows. */
  public double observedShare(int bin) {
    return Measured.ratio(positives[bin], rows[bin]);
  }

  /**
   * Expected calibration error, less what a perfect model shows by chance:
   *
   * <pre>max(0, Σ (n_b/n)·|p̄_b − ȳ_b| − Σ (n_b/n)·√(2p̄_b(1−p̄_b)/(π n_b)))</pre>
   *
   * in [0, 1]; NaN without rows. The raw value alone is .031 for a perfect model at 1000 rows.
   */
  public double correctedError() {
    double n = total();
    return n == 0 ? Double.NaN : Math.max(0, rawError() - errorByChance());
  }

  /** {@code Σ (n_b/n)·|p̄_b − ȳ_b|}, in [0, 1]; NaN without rows. */
  public double rawError() {
    double sum = 0;
    for (int i = 0; i < BINS; i++) {
      sum += Math.abs(probabilities[i].value() - positives[i]);
    }
    return Measured.ratio(sum, total());
  }

  /** What the raw value of a perfect model is on average; NaN without rows. */
  public double errorByChance() {
    double sum = 0;
    for (int i = 0; i < BINS; i++) {
      if (rows[i] > 0) {
        double p = Math.max(0, Math.min(1, meanProbability(i)));
        sum += rows[i] * Math.sqrt(2 * p * (1 - p) / (Math.PI * rows[i] / effect()));
      }
    }
    return Measured.ratio(sum, total());
  }

  /**
   * Spiegelhalter's test {@code Σ(y−p)(1−2p) / √Σ(1−2p)²p(1−p)}, standard normal for a calibrated
   * model; NaN where all probabilities are 0, ½ or 1.
   *
   * @see <a href="https://doi.org/10.1002/sim.4780050506">D. J. Spiegelhalter, Probabilistic
   *     prediction in patient management and clinical trials, 1986</a>
   */
  public double spiegelhalter() {
    return z(tilt.value(), tiltVariance.value());
  }

  /**
   * Calibration in the large {@code (Σy − Σp)/√Σp(1−p)}, standard normal for a calibrated model:
   * catches a shifted share of positives, which the other test can miss. NaN where all
   * probabilities are 0 or 1.
   */
  public double inTheLarge() {
    double difference = 0;
    for (int i = 0; i < BINS; i++) {
      difference += positives[i] - probabilities[i].value();
    }
    return z(difference, variance.value());
  }

  private double z(double sum, double ofVariance) {
    // What is left of rows that were taken back is rounding.
    return ofVariance > 1e-12 ? sum / Math.sqrt(ofVariance * effect()) : Double.NaN;
  }
}
