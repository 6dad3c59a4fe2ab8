package io.hindcast.benchmarks.simulate;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What it costs the agent's own thread to evaluate a window: processor time of the call that closes
 * one of 1000 rows, with all measures, tests and checks of data quality.
 */
final class WindowCost {
  private static final int WINDOWS = 120;
  private static final int COLD = 10;

  private WindowCost() {}

  private static double[] millis(int features) {
    var random = new SplittableRandom(20261124);
    RowStreams stream = RowStreams.inPairs(random, 0.8);
    var agent =
        new RowSimulation.Agent(new RowSimulation.Shape("", features, 1000, r -> stream), stream);
    double[] millis = new double[WINDOWS];
    for (int window = 0; window < WINDOWS; window++) {
      agent.rows(stream);
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      agent.close();
      long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
      millis[window] = nanos / 1e6;
    }
    return millis;
  }

  private static double median(double[] of, int from, int to) {
    double[] sorted = Arrays.copyOfRange(of, from, to);
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Prints a table. */
  public static void main(String[] arguments) {
    System.out.println("| features | first ten windows, ms | once compiled, ms | budget |");
    System.out.println("|---|---|---|---|");
    for (int features : new int[] {200, 30}) {
      double[] millis = millis(features);
      System.out.printf(
          Locale.ROOT,
          "| %d | %.1f | %.2f | 5 |%n",
          features,
          median(millis, 0, COLD),
          median(millis, WINDOWS / 2, WINDOWS));
    }
  }
}
