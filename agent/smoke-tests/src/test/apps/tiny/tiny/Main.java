package tiny;

/** One prediction. */
public class Main {
  public static void main(String[] args) {
    System.out.println(predict(3));
  }

  static double predict(double x) {
    return x;
  }
}
