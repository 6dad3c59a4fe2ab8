package drift;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Two windows: the reference's own rows; then, once the telemetry file has scores of the first, the
 * lower half of them, each twice. Says "too slow" if the rows did not fit into their window.
 */
public class Main {
  private static long windowMillis;
  private static boolean fits = true;

  public static void main(String[] args) throws Exception {
    windowMillis = 1000 * Long.parseLong(args[1]);
    long first = nextWindow();
    for (int i = 0; i < 1000; i++) {
      score(i, i % 4 == 0 ? "a" : "b");
    }
    endsIn(first);
    nextWindow();
    awaitScores(Path.of(args[0]));
    long second = nextWindow();
    for (int i = 0; i < 1000; i++) {
      score(i / 2, i % 4 == 0 ? "a" : "b");
    }
    endsIn(second);
    nextWindow();
    Thread.sleep(500);
    System.out.println(fits ? "done" : "too slow");
  }

  private static long nextWindow() throws InterruptedException {
    Thread.sleep(windowMillis - System.currentTimeMillis() % windowMillis + 20);
    return System.currentTimeMillis() / windowMillis;
  }

  private static void endsIn(long window) {
    fits &= System.currentTimeMillis() / windowMillis == window;
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
