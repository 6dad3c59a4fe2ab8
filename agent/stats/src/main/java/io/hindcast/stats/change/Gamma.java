package io.hindcast.stats.change;

import io.hindcast.stats.summary.LogGamma;

/** The incomplete gamma function, as far as the distributions here need it. */
final class Gamma {
  /*
   * Its power series left of the mean, Lentz's evaluation of the continued fraction right of it
   * (Abramowitz & Stegun 6.5.29 and 6.5.31), so that small tails are never differences of large
   * numbers.
   */
  private static final double SMALLEST = 1e-17;
  private static final double TINY = 1e-300;
  private static final int MOST_TERMS = 1_000_000;

  private Gamma() {}

  /** x^a e^−x / Γ(a+1): how much Q(a+1, x) exceeds Q(a, x). */
  static double step(double a, double x) {
    return Math.exp(a * Math.log(x) - x - LogGamma.of(a + 1));
  }

  /** The regularised upper incomplete gamma function Q(a, x), for a > 0 and x ≥ 0. */
  static double upper(double a, double x) {
    if (x <= 0) {
      return 1;
    }
    return x < a + 1 ? 1 - lowerBySeries(a, x) : upperByFraction(a, x);
  }

  private static double lowerBySeries(double a, double x) {
    double term = 1;
    double sum = 1;
    for (int i = 1; i < MOST_TERMS && term > SMALLEST * sum; i++) {
      term *= x / (a + i);
      sum += term;
    }
    return Math.min(1, sum * step(a, x));
  }

  private static double upperByFraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1 / TINY;
    double d = 1 / b;
    double h = d;
    for (int i = 1; i < MOST_TERMS; i++) {
      double numerator = -i * (i - a);
      b += 2;
      d = numerator * d + b;
      d = 1 / (Math.abs(d) < TINY ? TINY : d);
      c = b + numerator / c;
      c = Math.abs(c) < TINY ? TINY : c;
      double change = d * c;
      h *= change;
      if (Math.abs(change - 1) < 1e-16) {
        break;
      }
    }
    return Math.min(1, h * a * step(a, x));
  }
}
