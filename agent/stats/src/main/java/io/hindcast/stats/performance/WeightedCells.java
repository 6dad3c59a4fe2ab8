package io.hindcast.stats.performance;

/**
 * The four cells of two classes when outcomes count for others that are still to come, each by a
 * weight of its own. Values without intervals: the weights are estimates themselves.
 */
public final class WeightedCells {
  private final double[] cells = new double[4];
  private double weights;
  private double squares;

  /**
   * @param rows that count so much each
   */
  public void add(boolean actual, boolean predicted, long rows, double weight) {
    cells[(actual ? 2 : 0) + (predicted ? 1 : 0)] += rows * weight;
    weights += rows * weight;
    squares += rows * weight * weight;
  }

  /** {@code (Σw)²/Σw²}; 0 without rows. */
  public double effectiveRows() {
    return squares == 0 ? 0 : weights * weights / squares;
  }

  public double accuracy() {
    return Measured.ratio(cells[3] + cells[0], weights);
  }

  public double precision() {
    return Measured.ratio(cells[3], cells[3] + cells[1]);
  }

  public double recall() {
    return Measured.ratio(cells[3], cells[3] + cells[2]);
  }

  public double specificity() {
    return Measured.ratio(cells[0], cells[0] + cells[1]);
  }

  public double balancedAccuracy() {
    return (recall() + specificity()) / 2;
  }

  public double f1() {
    return Measured.ratio(2 * cells[3], 2 * cells[3] + cells[1] + cells[2]);
  }
}
