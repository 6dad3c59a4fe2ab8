package io.hindcast.stats.performance;

import io.hindcast.stats.summary.LogGamma;

/** Student's t distribution. */
final class StudentT {
  /*
   * Up to MANY degrees of freedom the tail is inverted by bisection. It is ½ I_x(ν/2, ½) with
   * x = ν/(ν+t²), the incomplete beta function by its continued fraction (Lentz's method, DLMF
   * 8.17.22). With more, the expansion around the normal quantile (Abramowitz & Stegun 26.7.5) is
   * off by less than 1e-9.
   */
  private static final int MANY = 200;
  private static final double TAIL = 0.025;

  private StudentT() {}

  /**
   * The 97.5 % quantile, what a two-sided 95 % interval of a mean takes.
   *
   * @param freedom degrees of freedom, not always a whole number; more than 0
   */
  static double quantile(double freedom) {
    return freedom > MANY ? expansion(freedom) : inverse(freedom);
  }

  private static double expansion(double v) {
    double z = WilsonInterval.Z;
    double z2 = z * z;
    double g1 = z * (z2 + 1) / 4;
    double g2 = z * ((5 * z2 + 16) * z2 + 3) / 96;
    double g3 = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    double g4 = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92_160;
    return z + (g1 + (g2 + (g3 + g4 / v) / v) / v) / v;
  }

  private static double inverse(double v) {
    double low = WilsonInterval.Z;
    double high = 1e9;
    while (high - low > 1e-12 * high) {
      double middle = low < high / 2 ? Math.sqrt(low * high) : (low + high) / 2;
      if (middle <= low || middle >= high) {
        break;
      }
      if (upperTail(middle, v) > TAIL) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** P(T > t), t > 0. */
  static double upperTail(double t, double v) {
    double x = v / (v + t * t);
    double front =
        Math.exp(v / 2 * Math.log(x) + 0.5 * Math.log1p(-x) - LogGamma.ofBeta(v / 2, 0.5));
    return x < (v / 2 + 1) / (v / 2 + 2.5)
        ? front * continuedFraction(x, v / 2, 0.5) / (v / 2) / 2
        : (1 - front * continuedFraction(1 - x, 0.5, v / 2) / 0.5) / 2;
  }

  private static double continuedFraction(double x, double a, double b) {
    double tiny = 1e-300;
    double c = 1;
    double d = 1 - (a + b) * x / (a + 1);
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m <= 500; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 + even * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + even / c;
      c = Math.abs(c) < tiny ? tiny : c;
      h *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 + odd * d;
      d = 1 / (Math.abs(d) < tiny ? tiny : d);
      c = 1 + odd / c;
      c = Math.abs(c) < tiny ? tiny : c;
      double step = d * c;
      h *= step;
      if (Math.abs(step - 1) < 1e-15) {
        break;
      }
    }
    return h;
  }
}
