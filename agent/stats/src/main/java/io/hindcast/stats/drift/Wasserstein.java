package io.hindcast.stats.drift;

/**
 * First Wasserstein (earth mover's) distance over the reference's standard deviation:
 *
 * <pre>W = ∫ |F_p − F_q| dx / sd</pre>
 *
 * with both distribution functions linear inside a bin, and what lies beyond the edges taken to lie
 * at the edge. At least 0; 0 for equal shares; NaN if a side is empty or sd is not positive and
 * finite. An approximation: a shift far beyond the reference's range counts only up to its edge.
 *
 * <p>Cells are low, the bins between the edges, high. Missing values have no place: leave them out.
 */
public final class Wasserstein implements DriftMeasure {
  private final double[] edges;
  private final double referenceStandardDeviation;

  /**
   * @param edges ascending, shared
   */
  public Wasserstein(double[] edges, double referenceStandardDeviation) {
    this.edges = edges;
    this.referenceStandardDeviation = referenceStandardDeviation;
  }

  @Override
  public String name() {
    return "wasserstein";
  }

  @Override
  public double between(long[] reference, long[] current) {
    Counts.requireSameCells(reference, current);
    if (reference.length != edges.length + 1) {
      throw new IllegalArgumentException(reference.length + " cells, " + edges.length + " edges");
    }
    double m = Counts.total(reference);
    double n = Counts.total(current);
    double sd = referenceStandardDeviation;
    if (m == 0 || n == 0 || !(sd > 0 && sd <= Double.MAX_VALUE)) {
      return Double.NaN;
    }
    double sum = 0;
    long referenceBelow = reference[0];
    long currentBelow = current[0];
    double left = referenceBelow / m - currentBelow / n;
    for (int i = 1; i < edges.length; i++) {
      referenceBelow += reference[i];
      currentBelow += current[i];
      double right = referenceBelow / m - currentBelow / n;
      // Divided first: the width of a bin may be beyond the doubles.
      sum += (edges[i] / sd - edges[i - 1] / sd) * meanSize(left, right);
      left = right;
    }
    return sum;
  }

  /** Mean of |d| where d runs in a line from left to right. */
  private static double meanSize(double left, double right) {
    double sizes = Math.abs(left) + Math.abs(right);
    if (sizes == 0) {
      return 0;
    }
    return left * right >= 0 ? sizes / 2 : (left * left + right * right) / (2 * sizes);
  }
}
