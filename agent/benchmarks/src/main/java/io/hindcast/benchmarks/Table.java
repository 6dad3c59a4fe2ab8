package io.hindcast.benchmarks;

import io.hindcast.benchmarks.Main.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints what was measured as the tables of the README: first against the budgets, then the rest.
 */
final class Table {
  /** Calls of a short model to one whose clock is read, as the capture has it. */
  private static final double ONE_IN = 64;

  private final Map<String, Measured> results;

  Table(Map<String, Measured> results) {
    this.results = results;
  }

  void print() {
    System.out.printf(
        Locale.ROOT,
        "%n%s %s, %d processors; processor time, medians over iterations%n",
        System.getProperty("java.vm.name"),
        System.getProperty("java.version"),
        Runtime.getRuntime().availableProcessors());
    budgets();
    shapes();
    threads();
    others();
  }

  private void budgets() {
    Measured bare = get(Body.BARE, Shape.ARRAY, 30, 1);
    Measured copy = get(Body.COPY, Shape.ARRAY, 30, 1);
    Measured clock = get(Body.CLOCK, Shape.ARRAY, 30, 1);
    Measured woven = get(Body.WOVEN, Shape.ARRAY, 30, 1);
    Measured live = get(Body.LIVE, Shape.ARRAY, 30, 1);
    if (bare == null || copy == null || clock == null || woven == null) {
      return;
    }
    head("30 features as `double[]`", "ratio", "budget", "");
    // Short models are timed on a sample, as these are: what the sample costs is taken away.
    double added = woven.callerNanos() - bare.callerNanos();
    double clocks = clock.callerNanos() - bare.callerNanos();
    double copied = copy.callerNanos() - bare.callerNanos();
    double without = added - clocks / ONE_IN;
    budget("added to the caller, without clock reads / bare copy", without / copied, 2.5);
    budget("bytes allocated by the caller", woven.callerBytes(), 0.01);
    double total =
        live == null
            ? Double.NaN
            : live.callerNanos() - bare.callerNanos() - clocks / ONE_IN + live.agentNanos();
    records(Recorders.SDK, "30 SDK records", without, total, clocks);
    records(Recorders.SDK_REFUSING, "30 SDK records, half of them refused", without, total, clocks);
    Measured bareTwo = get(Body.BARE, Shape.ARRAY, 30, 2);
    Measured wovenTwo = get(Body.WOVEN, Shape.ARRAY, 30, 2);
    if (bareTwo != null && wovenTwo != null) {
      budget(
          "added to the caller, two threads / one thread",
          (wovenTwo.callerNanos() - bareTwo.callerNanos()) / added,
          1.15);
    }
    head("for the ratios, ns", "");
    row("bare copy", ns(copied));
    row("two clock reads", ns(clocks));
    row("added to the caller, one call in 64 timed", ns(added));
    if (live != null) {
      row("the agent's thread, a row", ns(live.agentNanos()));
    }
  }

  /** Against what the SDK takes in one way or the other. */
  private void records(
      Recorders recorder, String said, double without, double total, double clocks) {
    Measured measured = results.get(Main.key(Main.name(recorder), 1));
    if (measured == null) {
      return;
    }
    double records = measured.callerNanos();
    budget("added to the caller, without clock reads / " + said, without / records, 0.02);
    if (!Double.isNaN(total)) {
      budget("all threads, without clock reads / " + said, total / records, 0.2);
      budget("all threads, with clock reads / " + said, (total + clocks) / records, 0.25);
    }
  }

  private static void budget(String what, double ratio, double limit) {
    row(
        what,
        String.format(Locale.ROOT, "%.3f", ratio),
        String.format(Locale.ROOT, "%.2f", limit),
        ratio <= limit ? "within" : "over");
  }

  private void shapes() {
    int[] widths = {10, 30, 100};
    head("added a call, ns, caller", "10 features", "30", "100");
    for (Shape shape : Shape.values()) {
      var cells = new ArrayList<String>(List.of(shape.name().toLowerCase(Locale.ROOT)));
      for (int features : widths) {
        cells.add(added(shape, features, 1));
      }
      row(cells.toArray(new String[0]));
    }
  }

  private void threads() {
    head("added a call by threads, ns, `double[]` of 30", "1", "2", "4");
    row("caller", added(Shape.ARRAY, 30, 1), added(Shape.ARRAY, 30, 2), added(Shape.ARRAY, 30, 4));
  }

  private String added(Shape shape, int features, int threads) {
    Measured bare = get(Body.BARE, shape, features, threads);
    Measured woven = get(Body.WOVEN, shape, features, threads);
    if (bare == null || woven == null) {
      return "";
    }
    String bytes =
        woven.callerBytes() < 0.01
            ? ""
            : String.format(Locale.ROOT, " (%.1f B)", woven.callerBytes());
    return ns(woven.callerNanos() - bare.callerNanos()) + bytes;
  }

  private void others() {
    head("30 values elsewhere, ns", "", "bytes");
    for (Recorders recorder : Recorders.values()) {
      Measured measured = results.get(Main.key(Main.name(recorder), 1));
      if (measured != null) {
        row(recorder.name().toLowerCase(Locale.ROOT), ns(measured.callerNanos()), bytes(measured));
      }
    }
  }

  private static String bytes(Measured measured) {
    return String.format(Locale.ROOT, "%.0f", measured.callerBytes());
  }

  private @Nullable Measured get(Body body, Shape shape, int features, int threads) {
    return results.get(Main.key(Main.name(body, shape, features), threads));
  }

  private static void head(String... cells) {
    System.out.println();
    row(cells);
    System.out.println("|---".repeat(cells.length) + "|");
  }

  private static void row(String... cells) {
    System.out.println("| " + String.join(" | ", cells) + " |");
  }

  private static String ns(double value) {
    return String.format(Locale.ROOT, value < 20 ? "%.1f" : "%.0f", value);
  }
}
