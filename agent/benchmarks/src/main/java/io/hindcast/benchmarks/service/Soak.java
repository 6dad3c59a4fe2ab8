package io.hindcast.benchmarks.service;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Whether a watched service grows under steady load. In less than five minutes nobody can tell:
 * then only whether all is accounted for, and the heap stays below a bound.
 */
public final class Soak {
  private static final int RATE = 1000;
  private static final double LEAST_MINUTES = 5;

  /** The service takes ten, the agent 32 and its store 1; there is room for what a JVM adds. */
  private static final double MOST_HEAP_BYTES = 48 << 20;

  private static final int SAMPLES = 60;
  private static final double SHORTEST_PAUSE_SECONDS = 2;

  /** The least that a row that stays takes on the heap: a reference to it. An object takes 16. */
  private static final double LEAST_ON_HEAP = 4;

  /** The least that it takes outside: malloc's smallest block. */
  private static final double LEAST_OUTSIDE = 32;

  /** Everything with a bound is full, and every window has closed, before the first sample. */
  private static final String CONFIGURATION =
      """
      models:
        - name: loan-approval
          id: "args[0]"
          features:
            from: "args[1]"
            categorical: [elevel, car, zipcode]
          labels: { maturity: 5s }
          performance: { windows: [5s] }
          drift: { window: 5s }
      store: { memory: 1MiB }
      """;

  private record Sample(double seconds, Memory memory) {}

  private final List<Sample> samples = new ArrayList<>();

  /** The project's root, then minutes. */
  public static void main(String[] args) throws IOException, InterruptedException {
    double minutes = args.length > 1 ? Double.parseDouble(args[1]) : 30;
    System.exit(new Soak().run(Path.of(args[0]), minutes) ? 0 : 1);
  }

  private boolean run(Path root, double minutes) throws IOException, InterruptedException {
    Path directory = LoanProcess.newDirectory(root, "soak-");
    try (var service = new LoanProcess(root, directory, Optional.of(CONFIGURATION))) {
      Process load = load(service);
      TimeUnit.SECONDS.sleep(warmUpSeconds(minutes));
      sample(service.pid(), minutes * 60);
      load.getOutputStream().close();
      String said = new String(load.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (load.waitFor() != 0) {
        throw new IOException("a request was not answered: " + Files.readString(service.log()));
      }
      return print(minutes, Long.parseLong(said.trim()), service.end());
    }
  }

  private static long warmUpSeconds(double minutes) {
    return minutes < LEAST_MINUTES ? 15 : 60;
  }

  private static Process load(LoanProcess service) throws IOException {
    return new ProcessBuilder(
            LoanProcess.java(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            SteadyLoad.class.getName(),
            service.address().toString(),
            Integer.toString(RATE))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void sample(long pid, double seconds) throws IOException, InterruptedException {
    long began = System.nanoTime();
    long pause = (long) (1e9 * Math.max(SHORTEST_PAUSE_SECONDS, seconds / SAMPLES));
    for (long next = began; next <= began + seconds * 1e9; next += pause) {
      TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      Memory memory = Memory.of(pid);
      double at = (System.nanoTime() - began) / 1e9;
      samples.add(new Sample(at, memory));
      System.err.printf(
          Locale.ROOT,
          "%.1f s: heap %.0f KiB, resident %.1f MiB%n",
          at,
          memory.heapBytes() / 1024,
          memory.residentBytes() / 1048576);
    }
  }

  private boolean print(double minutes, long decisions, Telemetry telemetry) {
    System.out.printf(
        Locale.ROOT,
        "JDK %s, %d processors, load %.1f; %s minutes after %d s of warm-up, %d decisions a second and half of their outcomes, %d samples%n",
        System.getProperty("java.version"),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        minutes,
        warmUpSeconds(minutes),
        RATE,
        samples.size());
    System.out.printf(
        "%-24s %9s %9s %9s  %s%n", "", "first", "last", "KiB/min", "bytes a decision [95 %]");
    Verdict heap = line("heap after collection", Memory::heapBytes, LEAST_ON_HEAP);
    Verdict resident = line("resident", Memory::residentBytes, LEAST_OUTSIDE);
    boolean isExact = telemetry.accountsFor(decisions);
    boolean areLabelsExact = telemetry.settledLabels() == decisions / 2;
    System.out.printf(
        Locale.ROOT,
        "rows captured %.0f + dropped %.0f, decisions %d; labels %.0f of %d, predictions evicted %.0f: %s%n",
        telemetry.of("hindcast.rows.captured"),
        telemetry.of("hindcast.rows.dropped"),
        decisions,
        telemetry.settledLabels(),
        decisions / 2,
        telemetry.of("hindcast.pending.lost"),
        isExact && areLabelsExact ? "exact" : "NOT EQUAL");
    double most = samples.stream().mapToDouble(each -> each.memory.heapBytes()).max().orElse(0);
    boolean isBounded = most <= MOST_HEAP_BYTES;
    System.out.printf(
        Locale.ROOT,
        "largest heap after collection %.1f of %.0f MiB%n",
        most / 1048576,
        MOST_HEAP_BYTES / 1048576);
    boolean isFlat = heap != Verdict.OVER && resident != Verdict.OVER;
    return isExact && areLabelsExact && isBounded && (isFlat || minutes < LEAST_MINUTES);
  }

  /** A decision's share of the slope, against what a row that stays would add. */
  private Verdict line(String name, ToDoubleFunction<Memory> what, double least) {
    double[] seconds = samples.stream().mapToDouble(Sample::seconds).toArray();
    double[] bytes =
        samples.stream().mapToDouble(sample -> what.applyAsDouble(sample.memory)).toArray();
    Trend trend = Trend.of(seconds, bytes);
    Verdict verdict = Verdict.atMost(least, trend.lower() / RATE, trend.upper() / RATE);
    System.out.printf(
        Locale.ROOT,
        "%-24s %5.1f MiB %5.1f MiB %9.1f  %.2f [%.2f, %.2f], a row that stays takes %.0f or more: %s%n",
        name,
        bytes[0] / 1048576,
        bytes[bytes.length - 1] / 1048576,
        trend.slope() * 60 / 1024,
        trend.slope() / RATE,
        trend.lower() / RATE,
        trend.upper() / RATE,
        least,
        switch (verdict) {
          case WITHIN -> "no growth";
          case OVER -> "GROWS";
          case OPEN -> "open, run longer";
        });
    return verdict;
  }
}
