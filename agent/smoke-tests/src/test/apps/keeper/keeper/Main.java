package keeper;

import io.hindcast.api.LabelReport;
import io.hindcast.api.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Predicts in one process what another one labels: even ids are positive, and so are all truths. */
public final class Main {
  private static final int IDS = 200;

  public static double score(String id, double x) {
    return x;
  }

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "first" -> {
        for (int i = 0; i < IDS; i++) {
          score("customer-" + i, i % 2 == 0 ? 0.9 : 0.1);
        }
        report(0, 100, true);
        System.out.println("ready");
        Thread.sleep(600_000);
      }
      case "second" -> {
        report(0, 50, true);
        report(50, 60, false);
        report(100, 200, true);
        report(1000, 1010, true);
      }
      case "many" -> {
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
          score("customer-" + i, i % 2 == 0 ? 0.9 : 0.1);
        }
        System.out.println("ready");
        System.in.read();
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void report(int from, int to, boolean truth) throws Exception {
    List<LabelReport> reports = new ArrayList<>();
    for (int i = from; i < to; i++) {
      reports.add(LabelReport.of("customer-" + i, truth));
    }
    Map<String, Long> outcomes =
        Labels.reportAll(reports).toCompletableFuture().get(30, TimeUnit.SECONDS);
    System.out.println(new TreeMap<>(outcomes));
  }
}
