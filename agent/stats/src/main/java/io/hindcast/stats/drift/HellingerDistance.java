package io.hindcast.stats.drift;

/**
 * Hellinger distance:
 *
 * <pre>H = √(1 − Σ √(p·q)) = √(½ Σ (√p − √q)²)</pre>
 *
 * in [0, 1]; 0 for equal shares, 1 for disjoint ones; NaN if a side is empty.
 */
public final class HellingerDistance implements DriftMeasure {
  /*
   * Computed by the second form: the first subtracts two numbers close to 1 and answers 1e-8 where
   * nothing changed.
   */
  @Override
  public String name() {
    return "hellinger";
  }

  @Override
  public double between(long[] reference, long[] current) {
    Counts.requireSameCells(reference, current);
    double m = Counts.total(reference);
    double n = Counts.total(current);
    if (m == 0 || n == 0) {
      return Double.NaN;
    }
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      double difference = Math.sqrt(reference[i] / m) - Math.sqrt(current[i] / n);
      sum += difference * difference;
    }
    return Math.min(Math.sqrt(sum / 2), 1);
  }
}
