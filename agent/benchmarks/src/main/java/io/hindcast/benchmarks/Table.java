package io.hindcast.benchmarks;

import io.hindcast.benchmarks.Main.Measured;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints what was measured: first against the budgets, then the rest. */
final class Table {
  private static final String LINE = "%-58s %10s %10s %8s%n";

  private final Map<String, Measured> results;

  Table(Map<String, Measured> results) {
    this.results = results;
  }

  void print() {
    System.out.printf(
        Locale.ROOT,
        "%s %s, %d processors; processor time, medians over iterations%n%n",
        System.getProperty("java.vm.name"),
        System.getProperty("java.version"),
        Runtime.getRuntime().availableProcessors());
    budgets();
    System.out.println();
    shapes();
    System.out.println();
    threads();
    System.out.println();
    others();
  }

  private void budgets() {
    Measured bare = get(Body.BARE, Shape.ARRAY, 30, 1);
    Measured copy = get(Body.COPY, Shape.ARRAY, 30, 1);
    Measured clock = get(Body.CLOCK, Shape.ARRAY, 30, 1);
    Measured woven = get(Body.WOVEN, Shape.ARRAY, 30, 1);
    Measured live = get(Body.LIVE, Shape.ARRAY, 30, 1);
    Measured sdk = results.get(Main.key(Main.name(Recorders.SDK), 1));
    System.out.printf(LINE, "30 features as double[], against the budgets", "ratio", "budget", "");
    if (bare == null || copy == null || clock == null || woven == null) {
      return;
    }
    // Time of two clock reads is measured by themselves and taken away: the plan has none without.
    double added = woven.callerNanos() - bare.callerNanos();
    double clocks = clock.callerNanos() - bare.callerNanos();
    double copied = copy.callerNanos() - bare.callerNanos();
    budget("added to the caller, without clock reads / bare copy", (added - clocks) / copied, 2.5);
    budget("bytes allocated by the caller", woven.callerBytes(), 0.01);
    if (sdk != null && live != null) {
      double records = sdk.callerNanos();
      budget(
          "added to the caller, without clock reads / 30 SDK records",
          (added - clocks) / records,
          1.0 / 50);
      double total = live.callerNanos() - bare.callerNanos() + live.agentNanos();
      budget("all threads, without clock reads / 30 SDK records", (total - clocks) / records, 0.2);
      budget("all threads, with clock reads / 30 SDK records", total / records, 0.25);
    }
    Measured bareTwo = get(Body.BARE, Shape.ARRAY, 30, 2);
    Measured wovenTwo = get(Body.WOVEN, Shape.ARRAY, 30, 2);
    if (bareTwo != null && wovenTwo != null) {
      budget(
          "added to the caller, two threads / one thread",
          (wovenTwo.callerNanos() - bareTwo.callerNanos()) / added,
          1.15);
    }
    System.out.printf(LINE, "for information, ns: two clock reads", ns(clocks), "", "");
    System.out.printf(LINE, "for information, ns: bare copy", ns(copied), "", "");
  }

  private static void budget(String what, double ratio, double limit) {
    System.out.printf(
        LINE,
        what,
        String.format(Locale.ROOT, "%.3f", ratio),
        String.format(Locale.ROOT, "%.2f", limit),
        ratio <= limit ? "within" : "over");
  }

  private void shapes() {
    System.out.printf(LINE, "added a call, ns", "caller", "agent", "bytes");
    for (Shape shape : Shape.values()) {
      for (int features : new int[] {10, 30, 100}) {
        added(shape, features, 1);
      }
    }
  }

  private void threads() {
    System.out.printf(LINE, "added a call by threads, ns", "caller", "agent", "bytes");
    for (int threads : new int[] {1, 2, 4}) {
      added(Shape.ARRAY, 30, threads);
    }
  }

  private void added(Shape shape, int features, int threads) {
    Measured bare = get(Body.BARE, shape, features, threads);
    Measured woven = get(Body.WOVEN, shape, features, threads);
    if (bare != null && woven != null) {
      System.out.printf(
          LINE,
          Main.key(features + " features, " + shape.name().toLowerCase(Locale.ROOT), threads),
          ns(woven.callerNanos() - bare.callerNanos()),
          ns(woven.agentNanos()),
          ns(woven.callerBytes()));
    }
  }

  private void others() {
    System.out.printf(LINE, "30 values elsewhere, ns", "caller", "", "bytes");
    for (Recorders recorder : Recorders.values()) {
      Measured measured = results.get(Main.key(Main.name(recorder), 1));
      if (measured != null) {
        System.out.printf(
            LINE,
            recorder.name().toLowerCase(Locale.ROOT),
            ns(measured.callerNanos()),
            "",
            ns(measured.callerBytes()));
      }
    }
  }

  private @Nullable Measured get(Body body, Shape shape, int features, int threads) {
    return results.get(Main.key(Main.name(body, shape, features), threads));
  }

  private static String ns(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
