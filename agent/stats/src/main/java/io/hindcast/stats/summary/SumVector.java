package io.hindcast.stats.summary;

/**
 * Several running sums in one object, each as exact as a {@link Sum}: 16 bytes a sum. Owned by one
 * thread.
 */
public final class SumVector {
  /* As in Sum: the high part of sum i at 2i, behind it what its additions rounded off. */
  private final double[] parts;

  public SumVector(int sums) {
    parts = new double[2 * sums];
  }

  public void add(int i, double x) {
    double high = parts[2 * i];
    double sum = high + x;
    double back = sum - high;
    parts[2 * i + 1] += (high - (sum - back)) + (x - back);
    parts[2 * i] = sum;
  }

  /** Adds {@code weight} times x², as {@link Sum#addSquare(double, long)}. */
  public void addSquare(int i, double x, long weight) {
    double square = x * x;
    double rest = Math.fma(x, x, -square);
    add(i, weight * square);
    add(i, Math.fma(weight, square, -(weight * square)));
    add(i, weight * rest);
  }

  /** Adds the sums of another of the same length, each to its own. */
  public void merge(SumVector other) {
    for (int i = 0; i < parts.length / 2; i++) {
      add(i, other.parts[2 * i]);
      add(i, other.parts[2 * i + 1]);
    }
  }

  public double value(int i) {
    return parts[2 * i] + parts[2 * i + 1];
  }

  /** A copy of one sum as it is now. */
  public Sum get(int i) {
    var sum = new Sum();
    sum.add(parts[2 * i]);
    sum.add(parts[2 * i + 1]);
    return sum;
  }
}
