package many;

/** One class of ten thousand: the others are copies of its class file under other names. */
public class C00000 implements Part {
  private final double weight;

  public C00000() {
    weight = 0.5;
  }

  @Override
  public double score(double x, double[] more) {
    double sum = weight * x;
    for (double each : more) {
      sum += each;
    }
    return sum;
  }

  public String describe() {
    return "part " + weight;
  }
}
