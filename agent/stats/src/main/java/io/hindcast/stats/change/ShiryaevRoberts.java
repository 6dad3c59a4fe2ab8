package io.hindcast.stats.change;

/**
 * The Shiryaev–Roberts statistic over e-values:
 *
 * <pre>M ← (M + 1)·e, from 0</pre>
 *
 * kept as its logarithm. If every e has a mean of at most 1 given the past, M<sub>t</sub> − t is a
 * supermartingale, so that the mean number of steps until M first reaches A is at least A.
 *
 * @see <a href="https://doi.org/10.51387/23-NEJSDS51">J. Shin, A. Ramdas, A. Rinaldo, E-detectors:
 *     a nonparametric framework for sequential change detection, 2024</a>
 */
public final class ShiryaevRoberts implements Evidence {
  private double ln = Double.NEGATIVE_INFINITY;

  /** One step. */
  public void add(double lnE) {
    add(lnE, 1);
  }

  /**
   * Steps that are only known together: M ← (M + steps)·e, where e is the product of theirs.
   *
   * @param steps at least 1
   */
  public void add(double lnE, long steps) {
    double lnSteps = steps == 1 ? 0 : Math.log(steps);
    double more = Math.max(ln, lnSteps);
    double less = Math.min(ln, lnSteps);
    ln = more + Math.log1p(Math.exp(less - more)) + lnE;
  }

  @Override
  public double ln() {
    return ln;
  }

  @Override
  public void hold(double lnMost) {
    ln = Math.min(ln, lnMost);
  }

  @Override
  public void reset() {
    ln = Double.NEGATIVE_INFINITY;
  }
}
