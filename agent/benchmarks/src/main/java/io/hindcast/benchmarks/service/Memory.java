package io.hindcast.benchmarks.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory of another JVM, seen from outside.
 *
 * @param heapBytes of what lives after a full collection
 * @param residentBytes as the system says; NaN where there is no {@code /proc}
 */
record Memory(double heapBytes, double residentBytes) {
  /** Collects, then looks. */
  static Memory of(long pid) throws IOException, InterruptedException {
    return new Memory(heap(pid), resident(pid));
  }

  private static double heap(long pid) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    // A histogram of what lives is made after a full collection. Its last line: Total, instances,
    // bytes.
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.lines()
        .filter(line -> line.startsWith("Total "))
        .mapToDouble(line -> Double.parseDouble(line.trim().split(" +")[2]))
        .findFirst()
        .orElseThrow(() -> new IOException("no histogram of process " + pid + ": " + said));
  }

  private static double resident(long pid) throws IOException {
    Path status = Path.of("/proc/" + pid + "/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> 1024 * Double.parseDouble(line.split("\\s+")[1]))
        .findFirst()
        .orElse(Double.NaN);
  }
}
