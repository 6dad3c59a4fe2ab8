package io.hindcast.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs all of it and prints the ratios, with the budgets that the design gives some of them. */
public final class Main {
  private static final int[] WIDTHS = {10, 30, 100};
  private static final int[] THREADS = {1, 2, 4};

  private final boolean quick;
  private final List<String> only;
  private final Map<String, Measured> results = new LinkedHashMap<>();

  private Main(boolean quick, List<String> only) {
    this.quick = quick;
    this.only = only;
  }

  /**
   * @param arguments {@code --quick}, and words that the names of what is run must begin with
   */
  public static void main(String[] arguments) throws RunnerException {
    var words = new ArrayList<>(List.of(arguments));
    boolean quick = words.remove("--quick");
    new Main(quick, words).run();
  }

  private void run() throws RunnerException {
    // What is compared runs one after the other.
    for (int features : WIDTHS) {
      for (Shape shape : Shape.values()) {
        for (Body body : Body.values()) {
          boolean alsoForArraysAlone = body == Body.COPY || body == Body.CLOCK || body == Body.LIVE;
          if (!alsoForArraysAlone || (shape == Shape.ARRAY && features == 30)) {
            measure(name(body, shape, features), 1);
          }
        }
      }
    }
    for (Recorders recorder : Recorders.values()) {
      measure(name(recorder), 1);
    }
    for (int threads : THREADS) {
      if (threads > 1) {
        measure(name(Body.BARE, Shape.ARRAY, 30), threads);
        measure(name(Body.COPY, Shape.ARRAY, 30), threads);
        measure(name(Body.WOVEN, Shape.ARRAY, 30), threads);
        measure(name(Body.LIVE, Shape.ARRAY, 30), threads);
      }
    }
    if (results.isEmpty()) {
      System.err.println(
          "no name begins with "
              + String.join(" or ", only)
              + "; names are as woven-array-30, sdk-30");
      System.exit(2);
    }
    new Table(results).print();
  }

  static String name(Body body, Shape shape, int features) {
    return (body + "-" + shape + "-" + features).toLowerCase(java.util.Locale.ROOT);
  }

  static String name(Recorders recorder) {
    return recorder.name().toLowerCase(java.util.Locale.ROOT) + "-30";
  }

  static String key(String what, int threads) {
    return what + " x" + threads;
  }

  /** What is asked for, and what that is compared with. */
  private boolean isWanted(String what) {
    int shape = what.indexOf('-');
    boolean isCompared =
        what.startsWith("bare-") || what.startsWith("copy-") || what.startsWith("clock-");
    return isNamed(what)
        || isCompared
            && (isNamed("woven" + what.substring(shape))
                || isNamed("live" + what.substring(shape)));
  }

  private boolean isNamed(String what) {
    return only.isEmpty() || only.stream().anyMatch(what::startsWith);
  }

  private void measure(String what, int threads) throws RunnerException {
    if (!isWanted(what)) {
      return;
    }
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(CallBenchmark.class.getName() + ".burst")
            .param("what", what)
            .threads(threads)
            .forks(quick ? 1 : 3)
            .warmupIterations(quick ? 3 : 4)
            .warmupTime(TimeValue.milliseconds(quick ? 500 : 1000))
            .measurementIterations(quick ? 5 : 5)
            .measurementTime(TimeValue.milliseconds(quick ? 300 : 1000))
            .timeUnit(TimeUnit.NANOSECONDS)
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .jvmArgs(
                "-Xms1g",
                "-Xmx1g",
                // Else a busy machine measures what its compiler threads have not come to.
                "-Xbatch",
                "-XX:CompileCommand=quiet",
                "-XX:CompileCommand=dontinline,io.hindcast.benchmarks.generated.Model::predict");
    for (RunResult result : new Runner(options.build()).run()) {
      Measured measured = Measured.of(result);
      results.put(key(what, threads), measured);
      System.err.println(key(what, threads) + ": " + measured);
    }
  }

  /**
   * Medians over iterations of what one call costs.
   *
   * @param callerNanos processor time of the calling thread
   * @param agentNanos of the agent's thread
   * @param callerBytes allocated by the calling thread
   * @param bytes allocated by all threads, as JMH's GC profiler sees it
   * @param dropped share of the calls that found no room
   * @param spread of the caller's time: the 10th and 90th percentile over its median
   */
  record Measured(
      double callerNanos,
      double agentNanos,
      double callerBytes,
      double bytes,
      double dropped,
      double[] spread) {
    static Measured of(RunResult result) {
      var caller = new ArrayList<Double>();
      var agent = new ArrayList<Double>();
      var callerBytes = new ArrayList<Double>();
      var bytes = new ArrayList<Double>();
      var dropped = new ArrayList<Double>();
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          double calls = of(iteration, "calls");
          caller.add(of(iteration, "callerNanos") / calls);
          agent.add(of(iteration, "agentNanos") / calls);
          callerBytes.add(of(iteration, "bytes") / calls);
          dropped.add(of(iteration, "dropped") / calls);
          bytes.add(of(iteration, "gc.alloc.rate.norm"));
        }
      }
      double median = quantile(caller, 0.5);
      return new Measured(
          median,
          quantile(agent, 0.5),
          quantile(callerBytes, 0.5),
          quantile(bytes, 0.5),
          quantile(dropped, 1),
          new double[] {quantile(caller, 0.1) / median, quantile(caller, 0.9) / median});
    }

    private static double of(IterationResult iteration, String counter) {
      var result = iteration.getSecondaryResults().get(counter);
      return result == null ? Double.NaN : result.getScore();
    }

    private static double quantile(List<Double> values, double q) {
      List<Double> sorted = values.stream().sorted().toList();
      return sorted.get((int) Math.round(q * (sorted.size() - 1)));
    }

    double totalNanos() {
      return callerNanos + agentNanos;
    }

    @Override
    public String toString() {
      return String.format(
          java.util.Locale.ROOT,
          "caller %.1f ns (%.2f to %.2f of it), agent %.1f ns, caller %.2f bytes, all %.1f bytes, dropped %.2g",
          callerNanos,
          spread[0],
          spread[1],
          agentNanos,
          callerBytes,
          bytes,
          dropped);
    }
  }
}
