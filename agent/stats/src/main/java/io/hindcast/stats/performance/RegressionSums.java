package io.hindcast.stats.performance;

import io.hindcast.stats.summary.Sum;
import java.math.BigDecimal;

/**
 * Errors of a regression, {@code e = predicted − actual}, as running sums. Merging adds the sums,
 * so it equals the pooled rows. Rows that are not finite (or too large to be squared) enter no sum
 * and are counted. Owned by one thread.
 */
public final class RegressionSums {
  /*
   * R² subtracts Σy² and (Σy)²/n, which agree in all but their last digits where the labels are far
   * from 0. Both sums are therefore kept to twice a double's digits and subtracted exactly when
   * somebody asks. A shift would do with plain doubles, but buckets with different shifts do not add.
   * What remains is a residue of about 1e-30·Σy² after labels that were all equal, or were taken
   * away again: a spread below SMALLEST_SPREAD of the mean square is none.
   */
  private static final double LARGEST = 1e145;

  /** Errors whose fourth power is a double. */
  private static final double LARGEST_OF_FOURTH = 1e70;

  private static final double SMALLEST_SPREAD = 1e-24;

  private long n;
  private long invalid;
  private long nonZero;
  private long squaredWeights;
  private long withoutFourth;
  private final Sum error = new Sum();
  private final Sum absoluteError = new Sum();
  private final Sum squaredError = new Sum();
  private final Sum relativeError = new Sum();
  private final Sum actual = new Sum();
  private final Sum absoluteActual = new Sum();
  private final Sum squaredActual = new Sum();
  private final Sum fourthPower = new Sum();
  private final Sum errorTimesActual = new Sum();

  /**
   * @return false if a number is not finite, or at least 1e145 in size: then the row is only
   *     counted as invalid
   */
  public boolean add(double predicted, double actual) {
    return change(predicted, actual, 1);
  }

  /** Takes a row back that was added before. */
  public boolean subtract(double predicted, double actual) {
    return change(predicted, actual, -1);
  }

  /**
   * Adds a row that stands for {@code weight}; takes it back where that is negative.
   *
   * @return as {@link #add}
   */
  public boolean change(double predicted, double y, long weight) {
    if (!(Math.abs(predicted) < LARGEST && Math.abs(y) < LARGEST)) {
      invalid += weight;
      return false;
    }
    double e = predicted - y;
    double relative = Math.abs(e / y);
    n += weight;
    squaredWeights += weight * Math.abs(weight);
    error.add(weight * e);
    absoluteError.add(weight * Math.abs(e));
    actual.add(weight * y);
    absoluteActual.add(weight * Math.abs(y));
    squaredError.addSquare(e, weight);
    squaredActual.addSquare(y, weight);
    if (Math.abs(e) < LARGEST_OF_FOURTH && Math.abs(y) < LARGEST_OF_FOURTH) {
      fourthPower.addSquare(e * e, weight);
      errorTimesActual.add(weight * Math.abs(e * y));
    } else {
      withoutFourth += weight;
    }
    // Not for y = 0, nor for a y so small that the quotient is beyond the doubles.
    if (relative <= Double.MAX_VALUE) {
      nonZero += weight;
      relativeError.add(weight * relative);
    }
    return true;
  }

  public void merge(RegressionSums other) {
    n += other.n;
    invalid += other.invalid;
    nonZero += other.nonZero;
    squaredWeights += other.squaredWeights;
    withoutFourth += other.withoutFourth;
    error.merge(other.error);
    absoluteError.merge(other.absoluteError);
    squaredError.merge(other.squaredError);
    relativeError.merge(other.relativeError);
    actual.merge(other.actual);
    absoluteActual.merge(other.absoluteActual);
    squaredActual.merge(other.squaredActual);
    fourthPower.merge(other.fourthPower);
    errorTimesActual.merge(other.errorTimesActual);
  }

  /**
   * Rows behind every measure but {@link #mape}; the effective number of those that stand for
   * others.
   */
  public long support() {
    return rows(n);
  }

  private long rows(long some) {
    return Measured.rows(some, effect());
  }

  private double effect() {
    return n <= 0 ? 1 : Math.max(1, (double) squaredWeights / n);
  }

  /** Rows that entered no sum. */
  public long invalid() {
    return invalid;
  }

  /** Mean error {@code Σe/n}, in units of the label; NaN without rows. */
  public double bias() {
    return n == 0 ? Double.NaN : error.value() / n;
  }

  /** Mean absolute error {@code Σ|e|/n}, at least 0; NaN without rows. */
  public double mae() {
    return mean(absoluteError, n);
  }

  /** Mean squared error {@code Σe²/n}, at least 0; NaN without rows. */
  public double mse() {
    return mean(squaredError, n);
  }

  /** {@code √MSE}, in units of the label; NaN without rows. */
  public double rmse() {
    return Math.sqrt(mse());
  }

  /**
   * Coefficient of determination {@code 1 − Σe²/Σ(y−ȳ)²}, at most 1; NaN for fewer than two rows or
   * equal labels.
   */
  public double r2() {
    return oneMinusShareOfSpread(Math.max(0, squaredError.value()));
  }

  /** {@code 1 − Var(e)/Var(y)}: R² without the bias; NaN where R² is. */
  public double explainedVariance() {
    return n == 0 ? Double.NaN : oneMinusShareOfSpread(spread(error, squaredError));
  }

  private double oneMinusShareOfSpread(double unexplained) {
    if (n < 2) {
      return Double.NaN;
    }
    double spread = spread(actual, squaredActual);
    return spread == 0 ? Double.NaN : 1 - unexplained / spread;
  }

  /** Σ(x − x̄)² from Σx and Σx². */
  private double spread(Sum sum, Sum squares) {
    BigDecimal rows = BigDecimal.valueOf(n);
    BigDecimal total = sum.exactValue();
    double timesRows =
        squares.exactValue().multiply(rows).subtract(total.multiply(total)).doubleValue();
    double spread = timesRows / n;
    return spread > SMALLEST_SPREAD * squares.value() ? spread : 0;
  }

  /**
   * Mean absolute percentage error as a fraction: mean of {@code |e/y|} over the rows with {@code y
   * ≠ 0}, at least 0; NaN if there are none.
   */
  public double mape() {
    return mean(relativeError, nonZero);
  }

  /** Rows behind {@link #mape}. */
  public long mapeSupport() {
    return rows(nonZero);
  }

  /** Weighted MAPE {@code Σ|e|/Σ|y|}, at least 0; NaN if every label is 0. */
  public double weightedMape() {
    double labels = absoluteActual.value();
    return n == 0 || !(labels > 0) ? Double.NaN : Math.max(0, absoluteError.value()) / labels;
  }

  /** Σe², never negative: what {@code ml.regression.squared_error} counts. */
  public double squaredErrorSum() {
    return Math.max(0, squaredError.value());
  }

  /** {@link #bias} with the interval of a mean. */
  public Measured measuredBias() {
    return measured(bias(), MeanInterval.of(error, squaredError, n, effect()));
  }

  /** {@link #mae} with the interval of a mean. */
  public Measured measuredMae() {
    return measured(mae(), notNegative(MeanInterval.of(absoluteError, squaredError, n, effect())));
  }

  /** {@link #mse} with the interval of a mean. */
  public Measured measuredMse() {
    return measured(mse(), mseInterval());
  }

  /** {@link #rmse}, whose interval has the roots of the ends of {@link #measuredMse}'s. */
  public Measured measuredRmse() {
    Interval squared = mseInterval();
    return measured(rmse(), new Interval(Math.sqrt(squared.lower()), Math.sqrt(squared.upper())));
  }

  private Interval mseInterval() {
    return withoutFourth != 0
        ? Interval.NONE
        : notNegative(MeanInterval.of(squaredError, fourthPower, n, effect()));
  }

  /**
   * {@link #weightedMape} with the interval of a ratio of means, {@code R ± t·s(|e| − R|y|)/(√n
   * ·mean|y|)}; none where the mean of {@code |y|} is itself uncertain by a fifth or more.
   */
  public Measured measuredWeightedMape() {
    double ratio = weightedMape();
    double mean = absoluteActual.value() / n;
    double rows = n / effect();
    double spread =
        (squaredError.value()
                - 2 * ratio * errorTimesActual.value()
                + ratio * ratio * squaredActual.value())
            / n;
    double ofMean = MeanInterval.variance(absoluteActual, squaredActual, n) / rows;
    boolean isSound = withoutFourth == 0 && Math.sqrt(ofMean) < 0.2 * mean;
    return measured(
        ratio,
        isSound
            ? notNegative(MeanInterval.of(ratio, Math.max(0, spread) / (mean * mean), rows))
            : Interval.NONE);
  }

  /** Bounds of the mean absolute error that hold at all times at once. */
  public Interval maeSequence() {
    return MeanSequence.of(absoluteError, squaredError, n, effect());
  }

  /** Bounds of the bias that hold at all times at once. */
  public Interval biasSequence() {
    return MeanSequence.of(error, squaredError, n, effect());
  }

  /** Bounds of the mean squared error that hold at all times at once. */
  public Interval mseSequence() {
    return withoutFourth != 0
        ? Interval.NONE
        : MeanSequence.of(squaredError, fourthPower, n, effect());
  }

  private Measured measured(double value, Interval interval) {
    return Measured.of(value, interval, n, effect());
  }

  private static Interval notNegative(Interval interval) {
    return new Interval(Math.max(0, interval.lower()), interval.upper());
  }

  private static double mean(Sum sum, long rows) {
    return rows == 0 ? Double.NaN : Math.max(0, sum.value()) / rows;
  }
}
