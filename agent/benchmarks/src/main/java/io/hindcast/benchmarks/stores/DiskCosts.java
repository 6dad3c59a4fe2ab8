package io.hindcast.benchmarks.stores;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory with many predictions: written by one JVM, opened by another, and joined in any order
 * there.
 */
final class DiskCosts {
  private static final int LABELS = 1_000_000;

  private DiskCosts() {}

  /** Predictions, 60 million unless given; the other JVMs say `write` or `join` and a directory. */
  public static void main(String[] args) throws Exception {
    if (args.length == 3) {
      long records = Long.parseLong(args[2]);
      if (args[0].equals("write")) {
        write(Path.of(args[1]), records);
      } else {
        join(Path.of(args[1]), records);
      }
      return;
    }
    long records = args.length > 0 ? Long.parseLong(args[0]) : 60_000_000;
    Path directory = Files.createTempDirectory("hindcast-stores");
    try {
      run("write", directory, records);
      run("join", directory, records);
    } finally {
      Footprint.delete(directory);
    }
  }

  private static void run(String what, Path directory, long records)
      throws IOException, InterruptedException {
    List<String> command = StoreCosts.java("-Xms256m", "-Xmx256m", "-XX:MaxDirectMemorySize=8g");
    command.addAll(
        List.of(
            StoreCosts.class.getName(),
            "disk",
            what,
            directory.toString(),
            String.valueOf(records)));
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException(what + " ended with " + exit);
    }
  }

  private static void write(Path directory, long records) throws Exception {
    var watch = new Watch();
    try (Subject subject = OwnSubject.directory(directory, records)) {
      for (long id = 0; id < records; id++) {
        subject.put(id);
      }
      subject.settle();
    }
    watch.print("put", records);
    System.out.printf(
        "on disk %.1f bytes a prediction%n",
        (double) Footprint.of(directory).diskBytes() / records);
  }

  private static void join(Path directory, long records) throws Exception {
    Footprint before = Footprint.of(directory);
    var watch = new Watch();
    try (Subject subject = OwnSubject.directory(directory, records)) {
      watch.print("open", records);
      Footprint open = Footprint.of(directory);
      System.out.printf(
          "in memory %.1f bytes a prediction outside the heap, %.2f on it; resident %.0f MiB, of"
              + " which heap %.0f MiB%n",
          (double) (open.directBytes() - before.directBytes()) / records,
          (double) (open.heapBytes() - before.heapBytes()) / records,
          Footprint.mib(open.residentBytes()),
          Footprint.mib(open.heapBytes()));
      long[] labels = Ids.inAnyOrder(records, LABELS);
      int joined = 0;
      watch = new Watch();
      for (long id : labels) {
        joined += subject.join(id) ? 1 : 0;
      }
      subject.settle();
      watch.print("join", LABELS);
      System.out.printf("%,d of %,d labels joined%n", joined, LABELS);
    }
  }

  /** Time by the wall and of the processor. */
  private static final class Watch {
    private final long beganNanos = System.nanoTime();
    private final long beganCpu = cpu();

    void print(String what, long times) {
      double seconds = (System.nanoTime() - beganNanos) / 1e9;
      double cpuNanos = cpu() - beganCpu;
      System.out.printf(
          "%s %,d: %.1f s, %.0f ns of processor time each (%,.0f a second of a core)%n",
          what, times, seconds, cpuNanos / times, times / cpuNanos * 1e9);
    }

    private static long cpu() {
      return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
  }
}
