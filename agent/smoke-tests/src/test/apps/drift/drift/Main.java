package drift;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Two windows: the reference's own rows; then, once the telemetry file has scores of the first, the
 * lower half of them, each twice.
 */
public class Main {
  private static final long WINDOW_MILLIS = 5000;

  public static void main(String[] args) throws Exception {
    nextWindow();
    for (int i = 0; i < 1000; i++) {
      score(i, i % 4 == 0 ? "a" : "b");
    }
    nextWindow();
    awaitScores(Path.of(args[0]));
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

  private static void awaitScores(Path telemetry) throws Exception {
    long end = System.nanoTime() + 120_000_000_000L;
    while (System.nanoTime() < end
        && !(Files.exists(telemetry)
            && Files.readString(telemetry).contains("\"ml.drift.score\""))) {
      Thread.sleep(50);
    }
  }

  static double score(double x, String letter) {
    return x / 1000;
  }
}
