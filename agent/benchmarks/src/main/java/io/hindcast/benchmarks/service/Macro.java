package io.hindcast.benchmarks.service;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Throughput, latency and processor time of a service with the agent over those without it. */
public final class Macro {
  private static final String WARM_UP_SLICES = "8";
  private static final String SLICES = "10";
  private static final double THROUGHPUT_GOAL = 0.98;
  private static final double P99_GOAL = 1.10;

  /** As an owner of this service would write it; the reference is learnt in the warm-up. */
  private static final String CONFIGURATION =
      """
      models:
        - name: loan-approval
          id: "args[0]"
          features:
            from: "args[1]"
            categorical: [elevel, car, zipcode]
      """;

  /*
   * Both JVMs of a pair live at the same time and are asked in slices of a second, by turns: the load
   * of a shared machine changes within seconds, and between two runs one after the other it would be
   * most of the difference. What the agent does while its service is not asked, the rest of the
   * queue and half of the exports, is in its processor time but meets the other's requests.
   */
  private final Path root;
  private final Path directory;
  private final List<Pair> pairs = new ArrayList<>();

  private Macro(Path root) throws IOException {
    this.root = root;
    directory = LoanProcess.newDirectory(root, "macro-");
  }

  /** The project's root, then the number of pairs. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int pairs = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    var macro = new Macro(Path.of(args[0]));
    for (int i = 0; i < pairs; i++) {
      Pair pair = macro.pair(i);
      System.err.printf(Locale.ROOT, "pair %d, load %.1f: %s%n", i + 1, load(), pair);
      macro.pairs.add(pair);
    }
    System.exit(macro.print() ? 0 : 1);
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private Pair pair(int number) throws IOException, InterruptedException {
    boolean withFirst = number % 2 == 0;
    Path here = directory.resolve("pair-" + number);
    // Which one starts first alternates too.
    try (var first = start(here.resolve("first"), withFirst);
        var second = start(here.resolve("second"), !withFirst)) {
      List<Load.Result> results = load(first, second);
      Telemetry telemetry = (withFirst ? first : second).end();
      return new Pair(results.get(withFirst ? 0 : 1), results.get(withFirst ? 1 : 0), telemetry);
    }
  }

  private LoanProcess start(Path here, boolean withAgent) throws IOException, InterruptedException {
    return new LoanProcess(root, here, withAgent ? Optional.of(CONFIGURATION) : Optional.empty());
  }

  private List<Load.Result> load(LoanProcess... services) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(LoanProcess.java(), "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Load.class.getName()));
    command.addAll(List.of(WARM_UP_SLICES, SLICES));
    for (LoanProcess service : services) {
      command.addAll(List.of(service.address().toString(), Long.toString(service.pid())));
    }
    Process load =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(load.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (load.waitFor() != 0) {
      throw new IOException(
          "a request was not answered; what the services said is in " + directory);
    }
    return said.lines().map(Load.Result::parse).toList();
  }

  /** Whether nothing is over its goal and every row is accounted for. */
  private boolean print() {
    System.out.printf(
        "JDK %s, %d processors, %d pairs; median over pairs [interval of 95 %% by order statistics]%n",
        System.getProperty("java.version"),
        Runtime.getRuntime().availableProcessors(),
        pairs.size());
    System.out.printf("%-44s %10s %10s%n", "", "without", "with");
    absolute("requests a second", Load.Result::rate);
    absolute("latency, median, µs", Load.Result::medianMicros);
    absolute("latency, 99th percentile, µs", Load.Result::p99Micros);
    absolute("processor time of the service a request, µs", Load.Result::cpuMicros);
    System.out.printf("%-44s %21s %18s%n", "with / without", "", "goal");
    MedianInterval rate = ratio("throughput", Load.Result::rate, "≥ 0.98");
    Verdict throughput = Verdict.atLeast(THROUGHPUT_GOAL, rate.lower(), rate.upper());
    System.out.println(" " + throughput);
    MedianInterval tail = ratio("latency, 99th percentile", Load.Result::p99Micros, "≤ 1.10");
    Verdict p99 = Verdict.atMost(P99_GOAL, tail.median(), tail.median());
    System.out.println(" " + p99);
    ratio("latency, median", Load.Result::medianMicros, "");
    System.out.println();
    ratio("processor time of the service a request", Load.Result::cpuMicros, "");
    System.out.println();
    line("the agent's own threads, share of it", MedianInterval.of(of(Pair::agentShare)), "");
    System.out.println();
    return accounts() && throughput != Verdict.OVER && p99 != Verdict.OVER;
  }

  private boolean accounts() {
    long requests = pairs.stream().mapToLong(pair -> pair.with.requests()).sum();
    boolean isExact = pairs.stream().allMatch(Pair::isExact);
    System.out.printf(
        Locale.ROOT,
        "rows captured %.0f + dropped %.0f, requests %d: %s%n",
        pairs.stream().mapToDouble(pair -> pair.telemetry.of("hindcast.rows.captured")).sum(),
        pairs.stream().mapToDouble(pair -> pair.telemetry.of("hindcast.rows.dropped")).sum(),
        requests,
        isExact ? "exact in every run" : "NOT EQUAL");
    return isExact;
  }

  private void absolute(String name, ToDoubleFunction<Load.Result> what) {
    System.out.printf(
        Locale.ROOT,
        "%-44s %10.1f %10.1f%n",
        name,
        MedianInterval.of(of(pair -> what.applyAsDouble(pair.without))).median(),
        MedianInterval.of(of(pair -> what.applyAsDouble(pair.with))).median());
  }

  private MedianInterval ratio(String name, ToDoubleFunction<Load.Result> what, String goal) {
    var ratio =
        MedianInterval.of(
            of(pair -> what.applyAsDouble(pair.with) / what.applyAsDouble(pair.without)));
    line(name, ratio, goal);
    return ratio;
  }

  private static void line(String name, MedianInterval value, String goal) {
    String interval =
        Double.isNaN(value.lower())
            ? "[needs 6 pairs]"
            : String.format(Locale.ROOT, "[%.4f, %.4f]", value.lower(), value.upper());
    System.out.printf(Locale.ROOT, "%-44s %10.4f %-18s %10s", name, value.median(), interval, goal);
  }

  private double[] of(ToDoubleFunction<Pair> what) {
    return pairs.stream().mapToDouble(what).toArray();
  }

  /** Two JVMs that met the same machine. */
  private record Pair(Load.Result with, Load.Result without, Telemetry telemetry) {
    boolean isExact() {
      return telemetry.accountsFor(with.requests());
    }

    /** Processor time of the agent's threads a request, over the service's; both without start. */
    double agentShare() {
      return telemetry.cpuMicrosPerRow() / with.cpuMicros();
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "throughput %.4f of %.0f/s, p99 %.3f of %.0f µs, processor time %.3f of %.0f µs, %s",
          with.rate() / without.rate(),
          without.rate(),
          with.p99Micros() / without.p99Micros(),
          without.p99Micros(),
          with.cpuMicros() / without.cpuMicros(),
          without.cpuMicros(),
          isExact() ? "all rows accounted for" : "ROWS MISSING: " + telemetry);
    }
  }
}
