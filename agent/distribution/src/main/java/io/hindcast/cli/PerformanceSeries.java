package io.hindcast.cli;

import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.ModelSnapshot;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the performance of one model's windows went: a line whenever a window says something new. */
final class PerformanceSeries {
  private static final int MOST_LINES = 120;
  private static final List<String> OF_CLASSES =
      List.of("accuracy", "precision", "recall", "f1", "roc_auc");
  private static final List<String> OF_NUMBERS = List.of("rmse", "mae", "bias", "r2");

  /** By window; the oldest lines go when there are too many. */
  private final Map<String, Lines> windows = new LinkedHashMap<>();

  private static final class Lines {
    final List<String> measures;
    final List<String[]> lines = new ArrayList<>();
    long forgotten;

    Lines(List<String> measures) {
      this.measures = measures;
    }
  }

  /**
   * @param untilMillis where the cohorts of these windows end
   */
  void add(long untilMillis, ModelSnapshot model) {
    var byWindow = new HashMap<String, Map<String, ModelSnapshot.Performance>>();
    for (ModelSnapshot.Performance one : model.performance()) {
      if (one.className() == null && !one.window().equals("all")) {
        byWindow.computeIfAbsent(one.window(), w -> new HashMap<>()).put(one.measure(), one);
      }
    }
    List<String> measures = model.task() == Task.REGRESSION ? OF_NUMBERS : OF_CLASSES;
    byWindow.forEach(
        (window, values) ->
            windows
                .computeIfAbsent(window, w -> new Lines(measures))
                .lines
                .add(line(untilMillis, measures, values, coverage(model, window))));
    windows.values().forEach(PerformanceSeries::tidy);
  }

  private static double coverage(ModelSnapshot model, String window) {
    return model.coverage().stream()
        .filter(c -> c.predictedClass() == null && c.window().equals(window))
        .mapToDouble(ModelSnapshot.Coverage::value)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static String[] line(
      long untilMillis,
      List<String> measures,
      Map<String, ModelSnapshot.Performance> values,
      double coverage) {
    var cells = new ArrayList<String>();
    cells.add(Instant.ofEpochMilli(untilMillis).toString());
    ModelSnapshot.Performance first = values.get(measures.get(0));
    cells.add(first == null ? "0" : Long.toString(first.support()));
    cells.add(TextTable.number(first == null ? Double.NaN : first.value()));
    cells.add(TextTable.number(first == null ? Double.NaN : first.lower()));
    cells.add(TextTable.number(first == null ? Double.NaN : first.upper()));
    for (String measure : measures.subList(1, measures.size())) {
      ModelSnapshot.Performance value = values.get(measure);
      cells.add(TextTable.number(value == null ? Double.NaN : value.value()));
    }
    cells.add(TextTable.number(coverage));
    return cells.toArray(new String[0]);
  }

  /** Keeps a line only if it differs from the one before it in more than its time. */
  private static void tidy(Lines of) {
    List<String[]> lines = of.lines;
    int last = lines.size() - 1;
    if (last > 0
        && Arrays.equals(
            lines.get(last),
            1,
            lines.get(last).length,
            lines.get(last - 1),
            1,
            lines.get(last - 1).length)) {
      lines.remove(last);
    }
    if (lines.size() > MOST_LINES) {
      lines.remove(0);
      of.forgotten++;
    }
  }

  void print(PrintWriter out) {
    windows.forEach(
        (window, of) -> {
          var header = new ArrayList<String>(List.of("until", "n", of.measures.get(0)));
          header.add("lower");
          header.add("upper");
          header.addAll(of.measures.subList(1, of.measures.size()));
          header.add("coverage");
          var table = new TextTable(header.toArray(new String[0]));
          of.lines.forEach(table::row);
          out.println();
          out.println(
              "Over time, windows of "
                  + window
                  + (of.forgotten == 0 ? "" : " (" + of.forgotten + " earlier ones left out)"));
          table.print(out);
        });
  }
}
