package io.hindcast.stats.performance;

/**
 * The delta method on the cells of a confusion matrix, which are multinomial: a measure T that does
 * not change when all cells are multiplied has the standard error
 *
 * <pre>√(Σ p_ij u_ij² / n),  u_ij = n ∂T/∂C_ij,  p_ij = C_ij/n</pre>
 *
 * @see <a href="https://doi.org/10.1007/978-1-4757-1904-8">Bishop, Fienberg & Holland, Discrete
 *     Multivariate Analysis, 1975, chapter 14</a>
 */
final class CellInfluence {
  /** What a change of a cell does to a measure, times the rows: {@code u_ij}. */
  interface OfCell {
    double at(int actual, int predicted);
  }

  private CellInfluence() {}

  /**
   * @param effect Σw²/Σw: 1 without weights
   * @return NaN without rows
   */
  static double standardError(ConfusionMatrix matrix, OfCell influence, double effect) {
    int classes = matrix.classes();
    double n = 0;
    double sum = 0;
    double squares = 0;
    for (int actual = 0; actual < classes; actual++) {
      for (int predicted = 0; predicted < classes; predicted++) {
        long count = matrix.count(actual, predicted);
        if (count > 0) {
          double u = influence.at(actual, predicted);
          n += count;
          sum += count * u;
          squares += count * u * u;
        }
      }
    }
    double mean = sum / n;
    return Math.sqrt(Math.max(0, squares / n - mean * mean) * effect / n);
  }

  /**
   * {@code value ± z·error} within the range of the measure; none where the error is 0 or unknown:
   * the rows then say nothing of it.
   */
  static Interval around(double value, double error, double least, double most) {
    return error > 0
        ? new Interval(
            Math.max(least, value - WilsonInterval.Z * error),
            Math.min(most, value + WilsonInterval.Z * error))
        : Interval.NONE;
  }

  /**
   * The same for a correlation, on the scale of Fisher's {@code artanh}, on which its spread does
   * not depend on its value.
   */
  static Interval ofCorrelation(double value, double error) {
    double scale = 1 - value * value;
    if (!(error > 0 && scale > 0)) {
      return Interval.NONE;
    }
    double middle = 0.5 * Math.log((1 + value) / (1 - value));
    double half = WilsonInterval.Z * error / scale;
    return new Interval(Math.tanh(middle - half), Math.tanh(middle + half));
  }

  /** The same for a measure in (0, 1), on the scale of its log odds. */
  static Interval ofShare(double value, double error) {
    double scale = value * (1 - value);
    if (!(error > 0 && scale > 0)) {
      return Interval.NONE;
    }
    double middle = Math.log(value / (1 - value));
    double half = WilsonInterval.Z * error / scale;
    return new Interval(1 / (1 + Math.exp(half - middle)), 1 / (1 + Math.exp(-half - middle)));
  }
}
