package io.hindcast.stats.performance;

import io.hindcast.stats.summary.Sum;

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

  private final Sum logLoss = new Sum();
  private final Sum brier = new Sum();
  private long n;
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

  private boolean change(double p, boolean actual, int sign) {
    if (!(p >= 0 && p <= 1)) {
      invalid += sign;
      return false;
    }
    double error = actual ? 1 - p : p;
    enter(p, actual, error * error, sign);
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

  private boolean change(double[] probabilities, int count, int trueClass, int sign) {
    boolean isValid = trueClass >= 0 && trueClass < count;
    double sum = 0;
    double squares = 0;
    for (int k = 0; k < count; k++) {
      double p = probabilities[k];
      isValid &= p >= 0 && p <= 1;
      sum += p;
      double error = k == trueClass ? 1 - p : p;
      squares += error * error;
    }
    if (!isValid || !(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      invalid += sign;
      return false;
    }
    enter(probabilities[trueClass], true, squares, sign);
    return true;
  }

  private void enter(double p, boolean actual, double squares, int sign) {
    double inside = Math.min(Math.max(p, EPSILON), 1 - EPSILON);
    double loss = actual ? -Math.log(inside) : -Math.log1p(-inside);
    clipped += inside == p ? 0 : sign;
    n += sign;
    logLoss.add(sign * loss);
    brier.add(sign * squares);
  }

  public void merge(ProbabilityLosses other) {
    n += other.n;
    clipped += other.clipped;
    invalid += other.invalid;
    logLoss.merge(other.logLoss);
    brier.merge(other.brier);
  }

  /** Rows behind both means. */
  public long support() {
    return n;
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
    return mean(logLoss);
  }

  /**
   * Brier score: mean of {@code (p − y)²} in [0, 1] for binary rows, of {@code Σ_k (p_k − 1[y=k])²}
   * in [0, 2] for multiclass ones; NaN without rows.
   */
  public double brier() {
    return mean(brier);
  }

  private double mean(Sum sum) {
    return n == 0 ? Double.NaN : Math.max(0, sum.value()) / n;
  }
}
