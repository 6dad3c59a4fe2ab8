package doors;

import io.hindcast.api.LabelAck;
import io.hindcast.api.Labels;
import io.hindcast.api.Predictions;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Predicts, says the receipts, and waits to be told to end. */
public class Main {
  static double score(String id, double x) {
    return x;
  }

  public static void main(String[] args) throws Exception {
    if (args[0].equals("predict")) {
      for (int i = 0; i < 10; i++) {
        score("id" + i, i / 10.0);
        System.out.println(Predictions.latest().receipt());
      }
      return;
    }
    if (args[0].equals("loaders")) {
      labelFromTwoLoaders(args[1]);
      return;
    }
    score("here", 0.9);
    if (args[0].equals("ending")) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> askAtTheEnd(args[1])));
      return;
    }
    for (int i = 1; i < args.length; i++) {
      Labels.report(args[i], i % 2 == 0);
    }
    System.out.println("ready");
    System.in.read();
  }

  /** Libraries of two applications in one JVM, each with the API in its own loader. */
  private static void labelFromTwoLoaders(String api) throws Exception {
    score("first", 0.9);
    score("second", 0.9);
    for (String id : new String[] {"first", "second"}) {
      URLClassLoader loader =
          new URLClassLoader(
              new URL[] {Path.of(api).toUri().toURL()}, ClassLoader.getPlatformClassLoader());
      Class<?> labels = Class.forName("io.hindcast.api.Labels", true, loader);
      if (labels == Labels.class) {
        throw new IllegalStateException("the same class");
      }
      System.out.println(
          labels.getMethod("report", String.class, boolean.class).invoke(null, id, true));
    }
  }

  /** Says what API and endpoint answer once the agent has ended, which it does meanwhile. */
  private static void askAtTheEnd(String url) {
    try {
      long deadline = System.nanoTime() + 20_000_000_000L;
      Object ack = Labels.report("here", true);
      while (ack == LabelAck.ACCEPTED && System.nanoTime() < deadline) {
        Thread.sleep(1);
        ack = Labels.report("here", true);
      }
      HttpURLConnection post = (HttpURLConnection) new URL(url).openConnection();
      post.setRequestMethod("POST");
      post.setDoOutput(true);
      post.setRequestProperty("Authorization", "Bearer 0123456789abcdef");
      post.setRequestProperty("Content-Type", "application/json");
      post.getOutputStream().write("[]".getBytes());
      System.out.println(
          ack + " " + Labels.retract("here") + " " + post.getResponseCode());
    } catch (Exception e) {
      System.out.println(e);
    }
  }
}
