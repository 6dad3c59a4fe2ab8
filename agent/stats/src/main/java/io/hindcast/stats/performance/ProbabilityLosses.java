package io.hindcast.stats.performance;

import io.hindcast.stats.summary.SumVector;

/**
 * Log loss and Brier score of probabilities, binary or multiclass (not mixed), as running sums.
 * Rows that are no probabilities enter neither sum and are counted. Owned by one thread.
 */
public final class ProbabilityLosses {
  /*
   * Probabilities are clipped to [ε, 1 − ε] before the logarithm, ε = 2⁻⁵² as scikit-learn does for
   * doubles, so one row's log loss is at most 36.04; clipped rows are counted, because they dominate
   * the mean.
   *
   * scikit-learn refuses rows whose sum is off by 1.5e-8. Rows of floats are off by about 1e-7, so
   * the tolerance here is the one by which the contract recognises a probability array. Such rows
   * are taken as they are: renormalising would score a model that the application does not have.
   */
  static final double SUM_TOLERANCE = 1e-3;
  private static final double EPSILON = 0x1p-52;

  /*
   * Intervals. The mean of a few rare and dear rows is far from normal, and no correction helps where
   * windows often have none of them. So there is an interval only where the probabilities themselves
   * expect LEAST_DOUBT rows of the rarer kind, Σp(1−p): the labels, which the mean is made of, have no
   * say in it, so it does not pick among windows. (Simulated: 94 to 98 % hold from 4 on, 90 % at 2.)
   * Or where so many rows as LEAST_EVENTS were wholly wrong, for models that have no doubt: more than
   * the scores of any other let one expect.
   */
  private static final double LEAST_DOUBT = 4;
  private static final double LEAST_EVENTS = 30;

  /* A sequence may err at each of its looks, so that it begins later: 94 % held from 20 on, 95 % from
   * 100 on. */
  private static final double LEAST_DOUBT_OF_SEQUENCE = 100;

  private static final int LOG = 0;
  private static final int LOG2 = 1;
  private static final int LOG3 = 2;
  private static final int BRIER = 3;
  private static final int BRIER2 = 4;
  private static final int BRIER3 = 5;
  private static final int DOUBT = 6;
  private static final int SUMS = 7;

  private final SumVector sums = new SumVector(SUMS);
  private long n;
  private long squaredWeights;
  private long clipped;
  private long invalid;

  /**
   * Adds a binary row.
   *
   * @param p probability of the positive class
   * @return false if it is not in [0, 1]: then the row is only counted as invalid
   */
  public boolean add(double p, boolean actual) {
    return change(p, actual, 1);
  }

  /** Takes a binary row back that was added before. */
  public boolean subtract(double p, boolean actual) {
    return change(p, actual, -1);
  }

  /** Adds a binary row that stands for {@code weight}; takes it back where that is negative. */
  public boolean change(double p, boolean actual, long weight) {
    if (!(p >= 0 && p <= 1)) {
      invalid += weight;
      return false;
    }
    double error = actual ? 1 - p : p;
    enter(p, actual, error * error, p * (1 - p), weight);
    return true;
  }

  /**
   * Adds a multiclass row.
   *
   * @param count probabilities in the array, from its begin
   * @param trueClass place of the true class; negative if the array has no place for it
   * @return false if one is not in [0, 1], their sum is not 1 within 1e-3, or the true class is not
   *     among them: then the row is only counted as invalid
   */
  public boolean add(double[] probabilities, int count, int trueClass) {
    return change(probabilities, count, trueClass, 1);
  }

  /** Takes a multiclass row back that was added before. */
  public boolean subtract(double[] probabilities, int count, int trueClass) {
    return change(probabilities, count, trueClass, -1);
  }

  /** Adds a multiclass row that stands for {@code weight}; takes it back where it is negative. */
  public boolean change(double[] probabilities, int count, int trueClass, long weight) {
    boolean isValid = trueClass >= 0 && trueClass < count;
    double sum = 0;
    double squares = 0;
    double sumOfSquares = 0;
    for (int k = 0; k < count; k++) {
      double p = probabilities[k];
      isValid &= p >= 0 && p <= 1;
      sum += p;
      sumOfSquares += p * p;
      double error = k == trueClass ? 1 - p : p;
      squares += error * error;
    }
    if (!isValid || !(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      invalid += weight;
      return false;
    }
    enter(probabilities[trueClass], true, squares, (1 - sumOfSquares) / 2, weight);
    return true;
  }

  private void enter(double p, boolean actual, double squares, double ofDoubt, long weight) {
    double inside = Math.min(Math.max(p, EPSILON), 1 - EPSILON);
    double loss = actual ? -Math.log(inside) : -Math.log1p(-inside);
    clipped += inside == p ? 0 : weight;
    n += weight;
    squaredWeights += weight * Math.abs(weight);
    sums.add(LOG, weight * loss);
    sums.addSquare(LOG2, loss, weight);
    sums.add(LOG3, weight * (loss * loss * loss));
    sums.add(BRIER, weight * squares);
    sums.addSquare(BRIER2, squares, weight);
    sums.add(BRIER3, weight * (squares * squares * squares));
    sums.add(DOUBT, weight * ofDoubt);
  }

  public void merge(ProbabilityLosses other) {
    n += other.n;
    clipped += other.clipped;
    invalid += other.invalid;
    squaredWeights += other.squaredWeights;
    sums.merge(other.sums);
  }

  /** Rows behind both means; the effective number of those that stand for others. */
  public long support() {
    return Measured.rows(n, effect());
  }

  private double effect() {
    return n <= 0 ? 1 : Math.max(1, (double) squaredWeights / n);
  }

  /** Rows whose probability was 0, 1 or too close to them for a logarithm. */
  public long clipped() {
    return clipped;
  }

  /** Rows that entered neither sum. */
  public long invalid() {
    return invalid;
  }

  /**
   * Mean of {@code −ln} of the true class's probability, in nats, in [0, 36.05]; NaN without rows.
   */
  public double logLoss() {
    return mean(LOG);
  }

  /** {@link #logLoss} with the interval of a mean loss. */
  public Measured measuredLogLoss() {
    return measured(LOG, LOG2, LOG3);
  }

  /**
   * Brier score: mean of {@code (p − y)²} in [0, 1] for binary rows, of {@code Σ_k (p_k − 1[y=k])²}
   * in [0, 2] for multiclass ones; NaN without rows.
   */
  public double brier() {
    return mean(BRIER);
  }

  /** {@link #brier} with the interval of a mean loss. */
  public Measured measuredBrier() {
    return measured(BRIER, BRIER2, BRIER3);
  }

  /** Bounds of the log loss that hold at all times at once; none as long as rows are too few. */
  public Interval logLossSequence() {
    return sequence(LOG, LOG2);
  }

  /** Bounds of the Brier score that hold at all times at once; none as long as rows are too few. */
  public Interval brierSequence() {
    return sequence(BRIER, BRIER2);
  }

  private Interval sequence(int sum, int squares) {
    return sums.value(DOUBT) / effect() >= LEAST_DOUBT_OF_SEQUENCE
        ? MeanSequence.of(sums.get(sum), sums.get(squares), n, effect())
        : Interval.NONE;
  }

  private Measured measured(int sum, int squares, int cubes) {
    boolean isSound =
        sums.value(DOUBT) / effect() >= LEAST_DOUBT || sums.value(BRIER) / effect() >= LEAST_EVENTS;
    Interval interval =
        isSound
            ? LossInterval.notNegative(
                LossInterval.of(sums.get(sum), sums.get(squares), sums.get(cubes), n, effect()))
            : Interval.NONE;
    return Measured.of(mean(sum), interval, n, effect());
  }

  private double mean(int sum) {
    return n == 0 ? Double.NaN : Math.max(0, sums.value(sum)) / n;
  }
}
