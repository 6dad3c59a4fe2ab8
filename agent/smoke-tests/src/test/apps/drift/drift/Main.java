package drift;

/** Two windows: the reference's own rows; then the lower half of them, each twice. */
public class Main {
  private static final long WINDOW_MILLIS = 2000;

  public static void main(String[] args) throws Exception {
    nextWindow();
    for (int i = 0; i < 1000; i++) {
      score(i, i % 4 == 0 ? "a" : "b");
    }
    nextWindow();
    for (int i = 0; i < 1000; i++) {
      score(i / 2, i % 4 == 0 ? "a" : "b");
    }
    nextWindow();
    Thread.sleep(500);
    System.out.println("done");
  }

  private static void nextWindow() throws InterruptedException {
    Thread.sleep(WINDOW_MILLIS - System.currentTimeMillis() % WINDOW_MILLIS + 20);
  }

  static double score(double x, String letter) {
    return x / 1000;
  }
}
