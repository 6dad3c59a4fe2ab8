package locks;

/** Two models whose parents are in another loader. */
final class Models {
  private Models() {}
}

class LeftModel implements RightScorer {
  @Override
  public double score(double x) {
    return x;
  }
}

class RightModel implements LeftScorer {
  @Override
  public double score(double x) {
    return x;
  }
}
