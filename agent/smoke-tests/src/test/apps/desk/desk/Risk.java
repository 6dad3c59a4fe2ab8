package desk;

/** A model of two features; some inputs make it misbehave. */
class Risk {
  static final double EXIT = -77;
  static final double THROW = -78;

  static IllegalStateException thrown;

  double score(String id, double[] x) {
    if (x == null || x.length == 0 || Double.isNaN(x[0])) {
      return 0.5;
    }
    if (x[0] == EXIT) {
      System.exit(7);
    }
    if (x[0] == THROW) {
      thrown = new IllegalStateException("on purpose");
      throw thrown;
    }
    return 1 / (1 + Math.exp(0.5 - x[0] - (x.length > 1 ? x[1] : 0)));
  }
}
