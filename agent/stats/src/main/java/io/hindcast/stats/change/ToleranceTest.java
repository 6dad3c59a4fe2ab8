package io.hindcast.stats.change;

import io.hindcast.stats.drift.LikelihoodRatio;
import org.jspecify.annotations.Nullable;

/**
 * Whether two samples over the same cells differ by more than a tolerance δ, in units of PSI:
 *
 * <pre>p = P(χ²(B−1, λ) ≥ G),  λ = δ'·nm/(n+m),  δ' = max(δ, χ²_.95(B−1)/m)</pre>
 *
 * where n and m are the rows of the window and of the reference. Small counts differ by chance, and
 * large ones always differ by something: the first is in χ², the second in δ.
 */
public final class ToleranceTest {
  /*
   * The noise of the reference itself is the same in every window, so windows are not independent
   * given it, and evidence would gather from it without end. δ' is at least as much as that noise is
   * with a probability of 95 %.
   */
  private static final LikelihoodRatio G = new LikelihoodRatio();
  private static final double REFERENCE_NOISE = 0.05;

  private final double tolerance;
  private final double[] quantiles = new double[64];

  /**
   * @param tolerance δ, at least 0; 0 asks whether anything beyond the reference's noise changed
   */
  public ToleranceTest(double tolerance) {
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("tolerance " + tolerance);
    }
    this.tolerance = tolerance;
  }

  /**
   * @param g the statistic
   * @param degrees of freedom; 0 for a single cell: then g is 0 and p is 1
   * @param p of the hypothesis that nothing has changed by more than the tolerance
   */
  public record Result(double g, int degrees, double p) {
    public double e() {
      return EValue.of(p);
    }
  }

  /**
   * Of independent rows.
   *
   * @return null if a side is empty
   */
  public @Nullable Result of(long[] reference, long[] current) {
    return of(reference, current, 1);
  }

  /**
   * Of rows that are worth less: all counts are divided by the design effect.
   *
   * @param designEffect at least 1, see {@link DesignEffect}
   * @return null if a side is empty
   */
  public @Nullable Result of(long[] reference, long[] current, double designEffect) {
    double g = G.between(reference, current) / designEffect;
    if (Double.isNaN(g)) {
      return null;
    }
    int degrees = LikelihoodRatio.degrees(reference, current);
    if (degrees == 0) {
      return new Result(0, 0, 1);
    }
    double m = total(reference) / designEffect;
    double n = total(current) / designEffect;
    double allowed = Math.max(tolerance, quantile(degrees) / m);
    return new Result(g, degrees, ChiSquare.survival(g, degrees, allowed * n * m / (n + m)));
  }

  private static double total(long[] counts) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }

  private double quantile(int degrees) {
    if (degrees >= quantiles.length) {
      return ChiSquare.upperQuantile(REFERENCE_NOISE, degrees);
    }
    if (quantiles[degrees] == 0) {
      quantiles[degrees] = ChiSquare.upperQuantile(REFERENCE_NOISE, degrees);
    }
    return quantiles[degrees];
  }
}
