package doors;

import io.hindcast.api.Labels;
import io.hindcast.api.Predictions;

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
    score("here", 0.9);
    for (int i = 1; i < args.length; i++) {
      Labels.report(args[i], i % 2 == 0);
    }
    System.out.println("ready");
    System.in.read();
  }
}
