package io.hindcast.benchmarks.stores;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Predictions that wait in memory for their labels: whether the heap grows with them, and what one
 * takes outside of it.
 */
final class PendingCosts {
  private static final String LINE = "%,12d %9.1f %9.1f %9.1f %9.1f%n";
  private static final int LABELS = 2_000_000;

  private PendingCosts() {}

  /** Predictions, 10 million unless given. */
  public static void main(String[] args) throws Exception {
    int records = args.length > 0 ? Integer.parseInt(args[0]) : 10_000_000;
    Path nowhere = Files.createTempDirectory("hindcast-stores");
    System.out.printf(
        "%12s %9s %9s %9s %9s%n", "pending", "heap MiB", "direct", "resident", "put ns");
    Footprint first = Footprint.of(nowhere);
    print(0, first, Double.NaN);
    Footprint last = first;
    try (Subject subject = OwnSubject.memory(records)) {
      int put = 0;
      while (put < records) {
        int to = Math.min(records, put + (records + 9) / 10);
        long began = cpu();
        for (int id = put; id < to; id++) {
          subject.put(id);
        }
        double nanos = (double) (cpu() - began) / (to - put);
        put = to;
        last = Footprint.of(nowhere);
        print(put, last, nanos);
      }
      long began = cpu();
      int joined = 0;
      for (long id : Ids.inAnyOrder(records, LABELS)) {
        joined += subject.join(id) ? 1 : 0;
      }
      double nanos = (double) (cpu() - began) / LABELS;
      Footprint joinedAll = Footprint.of(nowhere);
      System.out.printf(
          "%n%,d of %,d labels joined, %.0f ns each (%,.0f a second of a core); heap after it %.1f MiB%n",
          joined, LABELS, nanos, 1e9 / nanos, Footprint.mib(joinedAll.heapBytes()));
    }
    System.out.printf(
        "heap grew by %.1f MiB, %.2f bytes a prediction; outside the heap %.1f bytes a prediction%n",
        Footprint.mib(last.heapBytes() - first.heapBytes()),
        (double) (last.heapBytes() - first.heapBytes()) / records,
        (double) (last.directBytes() - first.directBytes()) / records);
    Files.delete(nowhere);
  }

  private static void print(int pending, Footprint now, double putNanos) {
    System.out.printf(
        LINE,
        pending,
        Footprint.mib(now.heapBytes()),
        Footprint.mib(now.directBytes()),
        Footprint.mib(now.residentBytes()),
        putNanos);
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
