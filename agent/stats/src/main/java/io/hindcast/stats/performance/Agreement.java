package io.hindcast.stats.performance;

/**
 * Matthews' correlation and Cohen's kappa of a confusion matrix of any size, with intervals by the
 * delta method on Fisher's scale. No interval where fewer than ten rows are outside the largest
 * true or predicted class, or fewer than five are wrong: the normal law does not hold there.
 */
final class Agreement {
  /*
   * With n rows, S = ΣC_ii, t and p the true and predicted totals, R = Σ t_i p_i, and the dash for
   * the derivative by the cell (a, b):
   *   K = (nS − R)/(n² − R),              (nS − R)' = S + n[a=b] − (p_a + t_b),  R' = p_a + t_b
   *   M = (nS − R)/√(D_p D_t),            D_p = n² − Σp², D_p' = 2n − 2p_b, D_t likewise.
   */
  private static final double LEAST_MARGIN = 10;
  private static final double LEAST_ERRORS = 5;

  private final ConfusionMatrix matrix;
  private final double effect;
  private final long[] actual;
  private final long[] predicted;
  private final double n;
  private final double correct;
  private final double above;
  private final double apart;
  private final double apartPredicted;
  private final double apartActual;

  /**
   * @param effect Σw²/Σw of the rows
   */
  Agreement(ConfusionMatrix matrix, double effect) {
    this.matrix = matrix;
    this.effect = effect;
    int classes = matrix.classes();
    actual = new long[classes];
    predicted = new long[classes];
    for (int i = 0; i < classes; i++) {
      actual[i] = matrix.actualTotal(i);
      predicted[i] = matrix.predictedTotal(i);
    }
    n = matrix.total();
    correct = matrix.correct();
    apart = pairsApart(actual, predicted);
    apartPredicted = pairsApart(predicted, predicted);
    apartActual = pairsApart(actual, actual);
    above = n * correct - (n * n - apart);
  }

  /** n² − Σ a_i b_i without its cancellation: exactly 0 if one class has all of both. */
  private double pairsApart(long[] a, long[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * (n - b[i]);
    }
    return sum;
  }

  Interval mcc(double value) {
    double scale = Math.sqrt(apartPredicted) * Math.sqrt(apartActual);
    double error =
        CellInfluence.standardError(
            matrix,
            (a, b) ->
                n
                    * (numerator(a, b) / scale
                        - value
                            * ((n - predicted[b]) / apartPredicted
                                + (n - actual[a]) / apartActual)),
            effect);
    return isEnough() ? CellInfluence.ofCorrelation(value, error) : Interval.NONE;
  }

  Interval kappa(double value) {
    double error =
        CellInfluence.standardError(
            matrix,
            (a, b) -> n * (numerator(a, b) - value * (2 * n - predicted[a] - actual[b])) / apart,
            effect);
    return isEnough() ? CellInfluence.ofCorrelation(value, error) : Interval.NONE;
  }

  private double numerator(int a, int b) {
    return correct + (a == b ? n : 0) - predicted[a] - actual[b];
  }

  private boolean isEnough() {
    return outsideLargest(actual) / effect >= LEAST_MARGIN
        && outsideLargest(predicted) / effect >= LEAST_MARGIN
        && (n - correct) / effect >= LEAST_ERRORS
        && above != 0;
  }

  private double outsideLargest(long[] totals) {
    long largest = 0;
    for (long total : totals) {
      largest = Math.max(largest, total);
    }
    return n - largest;
  }
}
