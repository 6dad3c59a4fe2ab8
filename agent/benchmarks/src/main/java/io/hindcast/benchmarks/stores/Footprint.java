package io.hindcast.benchmarks.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * What this process and a directory hold.
 *
 * @param heapBytes of what lives after a full collection
 * @param directBytes of buffers outside the heap
 * @param residentBytes as the system says; NaN where there is no {@code /proc}
 * @param diskBytes of the files of a directory, as long as they say they are
 */
record Footprint(long heapBytes, long directBytes, double residentBytes, long diskBytes) {

  /** Collects until it frees no more, then looks. */
  static Footprint of(Path directory) throws IOException, InterruptedException {
    long direct;
    long before = Long.MAX_VALUE;
    // Buffers that nobody refers to are freed by a thread that comes after the collection.
    for (direct = collected(); direct < before; direct = collected()) {
      before = direct;
    }
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    return new Footprint(heap, direct, resident(), disk(directory));
  }

  private static long collected() throws InterruptedException {
    System.gc();
    Thread.sleep(100);
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static double resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> 1024 * Double.parseDouble(line.split("\\s+")[1]))
        .findFirst()
        .orElse(Double.NaN);
  }

  private static long disk(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).mapToLong(Footprint::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  static double mib(double bytes) {
    return bytes / (1 << 20);
  }
}
