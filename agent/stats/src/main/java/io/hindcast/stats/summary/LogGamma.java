package io.hindcast.stats.summary;

/** Natural logarithms of the gamma and the beta function. */
public final class LogGamma {
  /*
   * Stirling's series, whose sixth term is below 1e-18 from 16 on; smaller arguments are brought
   * there by ln Γ(x) = ln Γ(x+1) − ln x.
   */
  private static final double LARGE = 16;

  private LogGamma() {}

  /**
   * @param x positive
   */
  public static double of(double x) {
    double product = 1;
    double y = x;
    while (y < LARGE) {
      product *= y;
      y++;
    }
    return (y - 0.5) * Math.log(y)
        - y
        + 0.5 * Math.log(2 * Math.PI)
        + series(y)
        - Math.log(product);
  }

  private static double series(double y) {
    double inverse = 1 / y;
    double s = inverse * inverse;
    return inverse
        * (1 / 12.0
            - s
                * (1 / 360.0
                    - s
                        * (1 / 1260.0
                            - s * (1 / 1680.0 - s * (1 / 1188.0 - s * 691 / 360_360.0)))));
  }

  /** {@code ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b)}. */
  public static double ofBeta(double a, double b) {
    return of(a) + of(b) - of(a + b);
  }
}
