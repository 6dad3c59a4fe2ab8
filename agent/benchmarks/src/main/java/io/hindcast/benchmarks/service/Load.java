package io.hindcast.benchmarks.service;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Requests in a closed loop, a process of its own: four callers, each asks again when it is
 * answered. Two services are asked in turn, a slice of time each, so that whatever else the machine
 * does meets both.
 */
final class Load {
  private static final int CALLERS = 4;
  private static final long SLICE_NANOS = 1_000_000_000;

  private final List<Target> targets = new ArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);

  /** Slices of warm-up and measured slices for each, and for each service its address and pid. */
  public static void main(String[] args) throws Exception {
    var load = new Load();
    for (int i = 2; i < args.length; i += 2) {
      load.targets.add(new Target(URI.create(args[i]), Long.parseLong(args[i + 1])));
    }
    load.run(Integer.parseInt(args[0]), false);
    load.targets.forEach(Target::begin);
    load.run(Integer.parseInt(args[1]), true);
    load.threads.shutdown();
    for (Target target : load.targets) {
      System.out.println(target.end());
    }
  }

  /** ABBA BAAB …: neither is always first, nor always after a pause of the machine. */
  private void run(int slices, boolean isMeasured) throws Exception {
    for (int slice = 0; slice < slices; slice++) {
      for (int i = 0; i < targets.size(); i++) {
        slice(targets.get((i + slice) % targets.size()), isMeasured);
      }
    }
  }

  private void slice(Target target, boolean isMeasured) throws Exception {
    long began = System.nanoTime();
    List<Callable<Void>> tasks = new ArrayList<>();
    for (Caller caller : target.callers) {
      tasks.add(
          () -> {
            caller.ask(began + SLICE_NANOS, isMeasured);
            return null;
          });
    }
    for (Future<Void> task : threads.invokeAll(tasks)) {
      task.get();
    }
    if (isMeasured) {
      target.nanos += System.nanoTime() - began;
    }
  }

  /**
   * What one service did.
   *
   * @param requests all of them, warm-up too
   * @param rate requests a second, of those measured, as the rest
   * @param medianMicros of the latency
   * @param p99Micros of the latency
   * @param cpuMicros processor time of the service a request
   */
  record Result(
      long requests, double rate, double medianMicros, double p99Micros, double cpuMicros) {
    static Result parse(String line) {
      String[] fields = line.split(" ");
      return new Result(
          Long.parseLong(fields[0]),
          Double.parseDouble(fields[1]),
          Double.parseDouble(fields[2]),
          Double.parseDouble(fields[3]),
          Double.parseDouble(fields[4]));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%d %f %f %f %f", requests, rate, medianMicros, p99Micros, cpuMicros);
    }
  }

  private static final class Target {
    final List<Caller> callers = new ArrayList<>();
    final long pid;
    long nanos;
    long cpuNanos;

    Target(URI service, long pid) throws Exception {
      this.pid = pid;
      for (int i = 0; i < CALLERS; i++) {
        callers.add(new Caller(new Connection(service), new Applicant(i)));
      }
    }

    void begin() {
      cpuNanos = LoanProcess.cpuNanos(pid);
    }

    Result end() {
      cpuNanos = LoanProcess.cpuNanos(pid) - cpuNanos;
      long[] latencies = callers.stream().flatMapToLong(Caller::latencies).sorted().toArray();
      int n = latencies.length;
      return new Result(
          callers.stream().mapToLong(caller -> caller.requests).sum(),
          n * 1e9 / nanos,
          latencies[n / 2] / 1e3,
          latencies[(int) (n * 0.99)] / 1e3,
          cpuNanos / 1e3 / n);
    }
  }

  private static final class Caller {
    final Connection connection;
    final Applicant applicant;
    long requests;
    private long[] latencies = new long[1 << 16];
    private int measured;

    Caller(Connection connection, Applicant applicant) {
      this.connection = connection;
      this.applicant = applicant;
    }

    void ask(long until, boolean isMeasured) throws Exception {
      for (long began = System.nanoTime(); began < until; ) {
        connection.post("/decisions", applicant.decision());
        long ended = System.nanoTime();
        requests++;
        if (isMeasured) {
          if (measured == latencies.length) {
            latencies = Arrays.copyOf(latencies, 2 * measured);
          }
          latencies[measured++] = ended - began;
        }
        began = ended;
      }
    }

    java.util.stream.LongStream latencies() {
      return Arrays.stream(latencies, 0, measured);
    }
  }
}
