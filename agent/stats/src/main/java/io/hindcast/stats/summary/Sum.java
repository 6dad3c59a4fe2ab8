package io.hindcast.stats.summary;

import java.math.BigDecimal;

/**
 * A running sum of doubles that keeps what each addition rounds off, so that 10⁹ terms of one sign
 * come out right to the last digit of the result. Terms are finite. Owned by one thread.
 */
public final class Sum {
  /*
   * Knuth's two-sum: high + x = s + e exactly, and the e's are added up in a second double. The
   * error is about u·|sum| + n·u²·Σ|x| with u = 2⁻⁵³, also after terms were taken away again.
   */
  private double high;
  private double low;

  public void add(double x) {
    double sum = high + x;
    double back = sum - high;
    low += (high - (sum - back)) + (x - back);
    high = sum;
  }

  public void subtract(double x) {
    add(-x);
  }

  /** Adds x² without rounding it. */
  public void addSquare(double x) {
    double square = x * x;
    add(square);
    add(Math.fma(x, x, -square));
  }

  /** Takes x² away without rounding it. */
  public void subtractSquare(double x) {
    double square = x * x;
    add(-square);
    add(-Math.fma(x, x, -square));
  }

  /**
   * Adds {@code weight} times x² without rounding the square; takes it away where the weight is
   * negative.
   */
  public void addSquare(double x, long weight) {
    double square = x * x;
    double rest = Math.fma(x, x, -square);
    add(weight * square);
    add(Math.fma(weight, square, -(weight * square)));
    add(weight * rest);
  }

  /** The sum of both, as if the other's terms had been added here. */
  public void merge(Sum other) {
    double otherLow = other.low;
    add(other.high);
    add(otherLow);
  }

  public void clear() {
    high = 0;
    low = 0;
  }

  public double value() {
    return high + low;
  }

  /** Both parts, unrounded: for differences of large sums. */
  public BigDecimal exactValue() {
    return new BigDecimal(high).add(new BigDecimal(low));
  }
}
