package io.hindcast.sample;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Prints what Hindcast saw, week by week, from {@code RUN.jsonl}; and beside it what was true, from
 * the driver's books. The exit code is 1 if the totals of the two differ.
 */
public final class WeeklyTable {
  private static final double THRESHOLD = 0.88;

  private static final String ROW =
      "%4s  %-15s  %-20s  %5s  %6s  %5s  %-16s  %-5s | %5s %5s %6s %5s %s";

  private final Telemetry telemetry;
  private final Truth truth;
  private final PrintStream out;

  WeeklyTable(Telemetry telemetry, Truth truth, PrintStream out) {
    this.telemetry = telemetry;
    this.truth = truth;
    this.out = out;
  }

  public static void main(String[] args) {
    Options options = Options.parse(args, "telemetry=RUN.jsonl", "truth=truth.json");
    try {
      Telemetry telemetry = Telemetry.read(Path.of(options.text("telemetry")));
      Truth truth = Truth.read(Path.of(options.text("truth")));
      if (telemetry.exports().isEmpty()) {
        System.err.println(options.text("telemetry") + " holds no metrics: was the agent there?");
        System.exit(3);
      }
      System.exit(new WeeklyTable(telemetry, truth, System.out).print() ? 0 : 1);
    } catch (IOException e) {
      System.err.println("Cannot be read: " + e);
      System.exit(3);
    }
  }

  /** True if the totals are equal. */
  boolean print() {
    say("%-89s | %s", "SEEN BY HINDCAST", "THE DRIVER'S TRUTH");
    say(
        ROW,
        "week",
        "what happens",
        "accuracy [95 %]",
        "prec.",
        "recall",
        "cover",
        "top drift, JSD",
        "alert",
        "acc.",
        "prec.",
        "recall",
        "n",
        "");
    truth.weeks().forEach(this::sayWeek);
    sayLegend();
    return sayTotals();
  }

  private void sayWeek(Truth.Week week) {
    SeenWeek seen = SeenWeek.of(week.week(), telemetry, truth);
    Confusion actual = week.confusion();
    say(
        ROW,
        week.week(),
        week.story(),
        number(seen.accuracy()) + interval(seen),
        number(seen.precision()),
        number(seen.recall()),
        number(seen.coverage()),
        seen.drifted() + " " + number(seen.divergence()),
        alert(seen),
        number(actual.accuracy()),
        number(actual.precision()),
        number(actual.recall()),
        actual.outcomes(),
        seen.agreesWith(week) ? "=" : "");
  }

  private void sayLegend() {
    say("");
    for (Story story : Story.values()) {
      say("weeks %-5s %s", story.first + "-" + story.last, story.explanation);
    }
    say("alert       accuracy below %.2f; ALERT: all of its interval is", THRESHOLD);
    say("cover       share of the predictions whose label came");
    say("JSD         Jensen-Shannon divergence in nats, 0 to 0.693; below 0.02 it may be chance");
    say("=           Hindcast and the driver agree on this week to the last outcome");
    if (truth.lagMillis() > Case.OPENS * truth.weekMillis()) {
      say(
          "The machine was busy: requests went out up to %d ms late, some of them in the week after theirs.",
          truth.lagMillis());
    }
  }

  private boolean sayTotals() {
    List<Total> totals = totals();
    say("");
    say("%-25s  %12s  %12s", "totals", "Hindcast", "driver");
    for (Total total : totals) {
      say(
          "%-25s  %12s  %12s  %s",
          total.name,
          total.text(total.seen),
          total.text(total.actual),
          total.same() ? "=" : "DIFFERENT");
    }
    boolean same = totals.stream().allMatch(Total::same);
    say(same ? "All equal." : "NOT EQUAL: Hindcast counted something else than the driver sent.");
    return same;
  }

  private List<Total> totals() {
    Telemetry.Export end = telemetry.last();
    List<Total> totals = new ArrayList<>();
    totals.add(new Total("predictions", end.sum("ml.predictions", Map.of()), truth.predictions()));
    totals.add(labels("joined", truth.labels().joined()));
    totals.add(labels("duplicate", truth.labels().duplicate()));
    totals.add(labels("corrected", truth.labels().corrected()));
    for (Truth.Cell cell : truth.confusion()) {
      var classes =
          Map.of("ml.class.actual", cell.actual(), "ml.class.predicted", cell.predicted());
      long net = end.sum("ml.confusion", classes) - end.sum("ml.confusion.retracted", classes);
      String name = "actual " + cell.actual() + ", predicted " + cell.predicted();
      totals.add(new Total(name, net, cell.net()));
    }
    double accuracy = end.gauge("ml.performance", SeenWeek.measure("accuracy", "all"));
    totals.add(new Total("accuracy", accuracy, truth.net().accuracy()));
    return totals;
  }

  private Total labels(String outcome, long actual) {
    long seen = telemetry.last().sum("ml.labels", Map.of("ml.label.outcome", outcome));
    return new Total("labels " + outcome, seen, actual);
  }

  static String alert(SeenWeek seen) {
    return seen.upper() < THRESHOLD ? "ALERT" : seen.accuracy() < THRESHOLD ? "alert" : "";
  }

  private static String interval(SeenWeek seen) {
    return Double.isNaN(seen.lower())
        ? ""
        : " [" + number(seen.lower()) + ", " + number(seen.upper()) + "]";
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }

  private record Total(String name, double seen, double actual) {
    boolean same() {
      return SeenWeek.near(seen, actual);
    }

    String text(double value) {
      return value == Math.rint(value)
          ? Long.toString((long) value)
          : String.format(Locale.ROOT, "%.9f", value);
    }
  }
}
