package io.hindcast.benchmarks.simulate;

import io.hindcast.stats.change.ChiSquare;
import io.hindcast.stats.performance.WilsonInterval;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/** Runs the rules on streams whose truth is known. */
final class Simulation {
  private static final long SEED = 20261124;
  private static final double[] DEPENDENT = {0.5, 0.9, 0.98, 0.995};

  private final int scale;

  /**
   * @param scale 1 for a test, 10 for the README
   */
  Simulation(int scale) {
    this.scale = scale;
  }

  /** Alarms in a number of steps without a change. */
  record FalseAlarms(String rule, long alarms, long steps) {
    /** Steps to an alarm, as estimated; infinite without any. */
    double runLength() {
      return (double) steps / alarms;
    }

    /** What the mean number of steps to an alarm is above and below, with 95 % each. */
    double lower() {
      return 2.0 * steps / ChiSquare.upperQuantile(0.05, (int) (2 * alarms + 2));
    }

    double upper() {
      return alarms == 0
          ? Double.POSITIVE_INFINITY
          : 2.0 * steps / ChiSquare.upperQuantile(0.95, (int) (2 * alarms));
    }
  }

  /** Every run begins with a reference of its own and goes on for 300 windows. */
  FalseAlarms[] nothingChanged(Streams.Shape shape, double every, int runs) {
    var rules = Rule.all(every);
    long[] alarms = new long[rules.size()];
    long[] steps = new long[rules.size()];
    for (int run = 0; run < runs; run++) {
      var draws = new Draws(SEED + run * 7919L + shape.hashCode());
      long[][] reference = shape.reference(draws);
      Rule[] running = rules.stream().map(rule -> rule.make().get()).toArray(Rule[]::new);
      for (int window = 0; window < 300; window++) {
        long[][] counts = shape.window(draws, Streams.even());
        for (int i = 0; i < running.length; i++) {
          alarms[i] += running[i].rises(reference, counts) ? 1 : 0;
          steps[i] += window >= rules.get(i).warmUp() ? 1 : 0;
        }
      }
    }
    var answer = new FalseAlarms[rules.size()];
    for (int i = 0; i < answer.length; i++) {
      answer[i] = new FalseAlarms(rules.get(i).name(), alarms[i], steps[i]);
    }
    return answer;
  }

  /**
   * How late each rule is.
   *
   * @param found share of the runs in which an alarm rose after the change
   * @param before share of the runs with one before it
   * @param median steps from the change to the alarm where it is found
   */
  record Delay(String rule, double found, double before, double median) {}

  /** The first feature of a hundred moves after twenty windows; forty more are looked at. */
  Delay[] oneMoved(Streams.Shape shape, double psi, double every, int runs) {
    var rules = Rule.all(every);
    double[][] delays = new double[rules.size()][runs];
    boolean[][] early = new boolean[rules.size()][runs];
    double[] moved = Streams.movedBy(psi);
    for (int run = 0; run < runs; run++) {
      var draws = new Draws(SEED + run * 104729L + shape.hashCode());
      long[][] reference = shape.reference(draws);
      Rule[] running = rules.stream().map(rule -> rule.make().get()).toArray(Rule[]::new);
      for (double[] of : delays) {
        of[run] = Double.NaN;
      }
      for (int window = 0; window < 60; window++) {
        long[][] counts = shape.window(draws, window < 20 ? Streams.even() : moved);
        for (int i = 0; i < running.length; i++) {
          if (running[i].rises(reference, counts)) {
            early[i][run] |= window < 20;
            if (window >= 20 && Double.isNaN(delays[i][run])) {
              delays[i][run] = window - 19;
            }
          }
        }
      }
    }
    var answer = new Delay[rules.size()];
    for (int i = 0; i < answer.length; i++) {
      answer[i] = delay(rules.get(i).name(), delays[i], early[i]);
    }
    return answer;
  }

  static Delay delay(String rule, double[] delays, boolean[] early) {
    double[] found = Arrays.stream(delays).filter(d -> !Double.isNaN(d)).sorted().toArray();
    double before = 0;
    for (boolean one : early) {
      before += one ? 1 : 0;
    }
    return new Delay(
        rule,
        (double) found.length / delays.length,
        before / early.length,
        found.length == 0 ? Double.NaN : found[found.length / 2]);
  }

  /** Rows without a change, after 1000 from which the rate is known; the first alarm ends a run. */
  FalseAlarms[] errorsUnchanged(double rate, int rows, double every, int runs) {
    var rules = ErrorRule.all(every);
    var answer = new FalseAlarms[rules.size()];
    for (int i = 0; i < answer.length; i++) {
      long alarms = 0;
      long steps = 0;
      for (int run = 0; run < runs; run++) {
        var draws = new Draws(SEED + run * 15485863L);
        ErrorRule rule = rules.get(i).make().apply(known(draws, rate));
        for (int row = 0; row < rows; row++) {
          steps++;
          if (rule.rises(draws.happens(rate))) {
            alarms++;
            break;
          }
        }
      }
      answer[i] = new FalseAlarms(rules.get(i).name(), alarms, steps);
    }
    return answer;
  }

  /** The error rate rises after 5000 rows. */
  Delay[] errorsRisen(double rate, double after, double every, int runs) {
    var rules = ErrorRule.all(every);
    var answer = new Delay[rules.size()];
    for (int i = 0; i < answer.length; i++) {
      double[] delays = new double[runs];
      boolean[] early = new boolean[runs];
      for (int run = 0; run < runs; run++) {
        var draws = new Draws(SEED + run * 32452843L);
        ErrorRule rule = rules.get(i).make().apply(known(draws, rate));
        delays[run] = Double.NaN;
        for (int row = 0; row < 25_000 && Double.isNaN(delays[run]); row++) {
          if (rule.rises(draws.happens(row < 5000 ? rate : after))) {
            early[run] |= row < 5000;
            if (row >= 5000) {
              delays[run] = row - 4999;
            }
          }
        }
      }
      answer[i] = delay(rules.get(i).name(), delays, early);
    }
    return answer;
  }

  private static double known(Draws draws, double rate) {
    return (double) draws.binomial(ErrorRule.REFERENCE_ROWS, rate) / ErrorRule.REFERENCE_ROWS;
  }

  /**
   * How often the upper end of the interval of a sliding window falls below the objective, by
   * lengths of the window, if the model is better than the objective by so many half-widths of the
   * interval.
   */
  FalseAlarms objective(double halfWidths, int runs) {
    int buckets = 100;
    int rows = 20;
    double objective = 0.88;
    double half = 1.96 * Math.sqrt(objective * (1 - objective) / (buckets * rows));
    double accuracy = objective + halfWidths * half;
    long alarms = 0;
    long looks = 0;
    for (int run = 0; run < runs; run++) {
      var draws = new Draws(SEED + run * 49979687L);
      long[] hits = new long[buckets];
      long sum = 0;
      boolean active = false;
      for (int at = 0; at < 60 * buckets; at++) {
        long now = draws.binomial(rows, accuracy);
        sum += now - hits[at % buckets];
        hits[at % buckets] = now;
        if (at < buckets) {
          continue;
        }
        looks++;
        var interval = WilsonInterval.of(sum, buckets * (double) rows);
        boolean misses = interval.upper() < objective;
        alarms += misses && !active ? 1 : 0;
        active = misses || (active && interval.lower() < objective);
      }
    }
    return new FalseAlarms("objective", alarms, looks / buckets);
  }

  void print(PrintStream out) {
    out.println("### Nothing has changed: windows to an alarm (stated: at least 1000)");
    out.println();
    out.println("| features | rows a window | " + names(Rule.all(1000)) + " |");
    out.println("|---|---|" + "---|".repeat(Rule.all(1000).size()));
    Streams.Shape[] shapes = {
      new Streams.Shape(10, 0, 20_000, 300),
      new Streams.Shape(10, 0, 20_000, 1000),
      new Streams.Shape(10, 0, 20_000, 10_000),
      new Streams.Shape(10, 0, 20_000, 100_000),
      new Streams.Shape(200, 0, 20_000, 300),
      new Streams.Shape(200, 0, 20_000, 1000),
      new Streams.Shape(200, 0, 20_000, 10_000),
      new Streams.Shape(200, 100, 20_000, 1000),
      new Streams.Shape(200, 100, 20_000, 100_000),
    };
    for (Streams.Shape shape : shapes) {
      int runs = scale * (shape.features() > 50 ? 2 : 4);
      var row = new StringBuilder("| " + shape.features());
      row.append(shape.copies() > 0 ? ", half of them copies" : "");
      row.append(" | ").append(shape.rows()).append(" |");
      for (FalseAlarms one : nothingChanged(shape, 1000, runs)) {
        row.append(' ').append(runLength(one)).append(" |");
      }
      out.println(row);
      out.flush();
    }
    for (RowSimulation.Shape shape : RowSimulation.shapes()) {
      var row = new StringBuilder("| " + shape.features() + " | " + shape.rows());
      row.append(", ").append(shape.name()).append(" |");
      int runs = Math.max(1, scale * 4 / Math.max(1, shape.rows() / 1000));
      for (FalseAlarms one : RowSimulation.nothingChanged(shape, runs)) {
        row.append(' ').append(runLength(one)).append(" |");
      }
      out.println(row);
      out.flush();
    }
    out.println();
    out.println(
        "### One feature of 100 has moved: found, median windows to the alarm; alarms before");
    out.println();
    out.println("| PSI | rows a window | " + names(Rule.all(1000)) + " |");
    out.println("|---|---|" + "---|".repeat(Rule.all(1000).size()));
    for (int rows : new int[] {1000, 10_000}) {
      for (double psi : new double[] {0.05, 0.1, 0.25}) {
        var row = new StringBuilder("| " + psi + " | " + rows + " |");
        var shape = new Streams.Shape(100, 0, 20_000, rows);
        for (Delay one : oneMoved(shape, psi, 1000, 4 * scale)) {
          row.append(' ').append(words(one)).append(" |");
        }
        out.println(row);
        out.flush();
      }
    }
    out.println();
    out.println("### Two features no longer follow each other (0.8 → 0), each as it was: likewise");
    out.println();
    out.println("| features | rows a window | " + names(Rule.all(1000)) + " |");
    out.println("|---|---|" + "---|".repeat(Rule.all(1000).size()));
    for (int features : new int[] {10, 50}) {
      for (int rows : new int[] {300, 1000}) {
        var row = new StringBuilder("| " + features + " | " + rows + " |");
        for (Delay one : RowSimulation.oneBroken(features, rows, 2 * scale)) {
          row.append(' ').append(words(one)).append(" |");
        }
        out.println(row);
        out.flush();
      }
    }
    out.println();
    out.println(
        "### Errors: rows to an alarm if nothing changes (stated: at least 100 000), and delay");
    out.println();
    out.println("| error rate | " + errorNames() + " |");
    out.println("|---|" + "---|".repeat(ErrorRule.all(1e5).size()));
    for (double rate : new double[] {0.1, 0.02}) {
      var row = new StringBuilder("| " + rate + " |");
      for (FalseAlarms one : errorsUnchanged(rate, 20_000, 1e5, 20 * scale)) {
        row.append(' ').append(runLength(one)).append(" |");
      }
      out.println(row);
    }
    for (double correlation : DEPENDENT) {
      var row = new StringBuilder("| 0.1, correlation " + correlation + " to the next |");
      FalseAlarms[] all = DependentErrors.unchanged(correlation, 60_000, 4 * scale);
      for (int i = 0; i < all.length; i++) {
        row.append(' ').append(runLength(all[i])).append(i == 0 ? " | |" : " |");
      }
      out.println(row);
      out.flush();
    }
    double[][] changes = {{0.1, 0.15}, {0.1, 0.2}, {0.02, 0.03}, {0.02, 0.04}};
    for (double[] change : changes) {
      var row = new StringBuilder("| " + change[0] + " → " + change[1] + " |");
      for (Delay one : errorsRisen(change[0], change[1], 1e5, 10 * scale)) {
        row.append(' ').append(words(one)).append(" |");
      }
      out.println(row);
      out.flush();
    }
    for (double correlation : DEPENDENT) {
      Delay one = DependentErrors.doubled(correlation, 60_000, 2 * scale);
      out.println(
          "| 0.1 → 0.2, correlation "
              + correlation
              + " to the next | "
              + words(one)
              + " | | | | |");
      out.flush();
    }
    out.println();
    out.println(
        "### Objective: lengths of the window to a false alarm, looked at 100 times in each");
    out.println();
    for (double halfWidths : new double[] {0, 0.5, 1}) {
      out.println(
          "- better than the objective by "
              + halfWidths
              + " half-widths of the interval: "
              + runLength(objective(halfWidths, 3 * scale)));
    }
  }

  private static String names(java.util.List<Rule.Named> rules) {
    return String.join(" | ", rules.stream().map(Rule.Named::name).toList());
  }

  private static String errorNames() {
    return String.join(" | ", ErrorRule.all(1e5).stream().map(ErrorRule.Named::name).toList());
  }

  private static String runLength(FalseAlarms one) {
    return one.alarms() == 0
        ? String.format(Locale.ROOT, "none in %d", one.steps())
        : String.format(Locale.ROOT, one.runLength() < 10 ? "%.1f" : "%.0f", one.runLength());
  }

  private static String words(Delay one) {
    String found =
        Double.isNaN(one.median())
            ? "never"
            : String.format(Locale.ROOT, "%.0f %%, %.0f", 100 * one.found(), one.median());
    return one.before() == 0
        ? found
        : String.format(Locale.ROOT, "%s; %.0f %% false before", found, 100 * one.before());
  }

  /**
   * Prints every table.
   *
   * @param arguments how many times the runs of a test; default 10
   */
  public static void main(String[] arguments) {
    int scale = arguments.length == 0 ? 10 : Integer.parseInt(arguments[0]);
    new Simulation(scale).print(System.out);
  }
}
