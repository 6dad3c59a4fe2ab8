package served;

/** Knows nothing of spans; an agent makes them around {@code handle}. */
public class Main {
  public static void main(String[] args) throws Exception {
    for (int i = 0; i < 40; i++) {
      handle(i);
      Thread.sleep(20);
    }
    System.out.println("done");
  }

  static double handle(double x) {
    return score(x) + 1;
  }

  static double score(double x) {
    return x;
  }
}
