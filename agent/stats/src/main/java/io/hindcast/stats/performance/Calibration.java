package io.hindcast.stats.performance;

import io.hindcast.stats.summary.Sum;

/**
 * Do events of probability p happen in a share p of the cases? Ten equal bins of the probabilities
 * and the sums of two tests. What is not in [0, 1] enters nothing. Owned by one thread.
 */
public final class Calibration {
  public static final int BINS = 10;

  private static final double LEAST_DOUBT = 4;

  private final long[] rows = new long[BINS];
  private final long[] positives = new long[BINS];
  private final Sum[] probabilities = new Sum[BINS];
  private final Sum tilt = new Sum();
  private final Sum tiltVariance = new Sum();
  private final Sum squaredTilt = new Sum();
  private final Sum cubedTilt = new Sum();
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
    double tilted = (actual ? 1 - p : -p) * slope;
    tilt.add(weight * tilted);
    squaredTilt.addSquare(tilted, weight);
    cubedTilt.add(weight * (tilted * tilted * tilted));
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
    squaredTilt.merge(other.squaredTilt);
    cubedTilt.merge(other.cubedTilt);
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

  /**
   * {@link #correctedError} with an interval for the error over these bins of all rows to come:
   *
   * <pre>[max(0, raw − chance − zS),  min(1, raw + zS)]</pre>
   *
   * with the standard error S of {@code Σ (n_b/n)(p̄_b − ȳ_b)·sign_b}. Nobody knows how much of the
   * chance is in the raw value: all of it for a perfect model, none for one whose bins are all off.
   * The interval allows for both, and so holds more often than 95 %.
   */
  public Measured measuredError() {
    double n = total();
    double noise = 0;
    double squares = 0;
    for (int i = 0; i < BINS; i++) {
      if (rows[i] > 0) {
        double off = probabilities[i].value() / rows[i] - (double) positives[i] / rows[i];
        // Two rows of each kind more: a bin of few rows is not sure of its share (Agresti & Coull).
        double count = rows[i] / effect();
        double share = (positives[i] / effect() + 2) / (count + 4);
        noise += rows[i] / n * (rows[i] / n) * share * (1 - share) / count;
        squares += rows[i] / n * off * off;
      }
    }
    double raw = rawError();
    double ofBins = Math.max(0, squares - raw * raw) * effect() / n;
    double half = WilsonInterval.Z * Math.sqrt(noise + ofBins);
    return Measured.of(
        correctedError(),
        new Interval(Math.max(0, raw - errorByChance() - half), Math.min(1, raw + half)),
        total(),
        effect());
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
   * {@link #spiegelhalter} with an interval for the value that so many rows have on average: that
   * of the mean of {@code (y−p)(1−2p)}, see {@link LossInterval}, in the same unit; about z ± 1.96
   * for a calibrated model. None where {@code Σp(1−p)}, the rows expected of the rarer kind, is
   * below 4.
   */
  public Measured measuredSpiegelhalter() {
    double z = spiegelhalter();
    long n = total();
    double expected = tiltVariance.value();
    Interval interval = Interval.NONE;
    if (!Double.isNaN(z) && variance.value() / effect() >= LEAST_DOUBT) {
      Interval mean = LossInterval.of(tilt, squaredTilt, cubedTilt, n, effect());
      double scale = n / Math.sqrt(expected * effect());
      interval = new Interval(mean.lower() * scale, mean.upper() * scale);
    }
    return Measured.of(z, interval, n, effect());
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
