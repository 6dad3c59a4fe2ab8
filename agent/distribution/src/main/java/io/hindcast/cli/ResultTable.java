package io.hindcast.cli;

import io.hindcast.core.monitor.AlarmSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.monitor.ModelSnapshot.Performance;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a snapshot says of one model, for people. */
final class ResultTable {
  private static final int MOST_CLASSES_ACROSS = 10;
  private static final List<String> DRIFT_MEASURES =
      List.of(
          "jsd",
          "psi",
          "hellinger",
          "total_variation",
          "ks",
          "wasserstein",
          "rolling_jsd",
          "rolling_psi");

  private final PrintWriter out;
  private final ModelSnapshot model;

  ResultTable(PrintWriter out, ModelSnapshot model) {
    this.out = out;
    this.model = model;
  }

  void print() {
    long rows = model.calls().stream().mapToLong(ModelSnapshot.Calls::rows).sum();
    out.println(
        model.key().model()
            + ", version "
            + model.key().version()
            + ", "
            + model.task().name().toLowerCase(Locale.ROOT).replace('_', ' ')
            + ": "
            + rows
            + (rows == 1 ? " row, " : " rows, ")
            + labels());
    performance();
    new QualityTables(out, model.quality()).print();
    classes();
    confusion();
    drift();
    alarms();
  }

  private String labels() {
    var counts = new ArrayList<String>();
    model
        .labels()
        .forEach(
            (outcome, n) -> {
              if (n > 0) {
                counts.add(n + " " + outcome);
              }
            });
    return counts.isEmpty() ? "no labels" : "labels: " + String.join(", ", counts);
  }

  private void performance() {
    var windows = new LinkedHashSet<String>();
    model.performance().forEach(one -> windows.add(one.window()));
    model.coverage().forEach(one -> windows.add(one.window()));
    for (String window : windows) {
      var table = new TextTable("measure", "value", "lower", "upper", "support");
      for (Performance one : model.performance()) {
        if (one.window().equals(window) && one.className() == null) {
          table.row(
              one.measure(),
              TextTable.number(one.value()),
              TextTable.number(one.lower()),
              TextTable.number(one.upper()),
              Long.toString(one.support()));
        }
      }
      for (ModelSnapshot.Coverage one : model.coverage()) {
        if (one.window().equals(window) && one.predictedClass() == null) {
          table.row("coverage", TextTable.number(one.value()), "", "", "");
        }
      }
      title("Performance, " + (window.equals("all") ? "all outcomes" : "last window of " + window));
      table.print(out);
    }
  }

  /** Per class, of all outcomes. */
  private void classes() {
    Map<String, Map<String, Performance>> byClass = new LinkedHashMap<>();
    Set<String> measures = new LinkedHashSet<>();
    for (Performance one : model.performance()) {
      if (one.className() != null && one.window().equals("all")) {
        byClass
            .computeIfAbsent(one.className(), c -> new LinkedHashMap<>())
            .put(one.measure(), one);
        measures.add(one.measure());
      }
    }
    if (byClass.isEmpty()) {
      return;
    }
    var header = new ArrayList<String>(List.of("class"));
    for (String measure : measures) {
      header.add(measure);
      header.add("support");
    }
    var table = new TextTable(header.toArray(new String[0]));
    byClass.forEach(
        (name, values) -> {
          var cells = new ArrayList<String>(List.of(name));
          for (String measure : measures) {
            Performance one = values.get(measure);
            cells.add(TextTable.number(one == null ? Double.NaN : one.value()));
            cells.add(one == null ? "0" : Long.toString(one.support()));
          }
          table.row(cells.toArray(new String[0]));
        });
    title("By class, all outcomes");
    table.print(out);
  }

  private void confusion() {
    Map<String, Map<String, Long>> net = new LinkedHashMap<>();
    Set<String> predicted = new LinkedHashSet<>();
    for (ModelSnapshot.Confusion cell : model.confusion()) {
      predicted.add(cell.predicted());
      net.computeIfAbsent(cell.actual(), a -> new LinkedHashMap<>())
          .put(cell.predicted(), cell.joined() - cell.retracted());
    }
    if (net.isEmpty() || predicted.size() > MOST_CLASSES_ACROSS) {
      return;
    }
    var header = new ArrayList<String>(List.of("actual \\ predicted"));
    header.addAll(predicted);
    var table = new TextTable(header.toArray(new String[0]));
    net.forEach(
        (actual, counts) -> {
          var cells = new ArrayList<String>(List.of(actual));
          predicted.forEach(p -> cells.add(Long.toString(counts.getOrDefault(p, 0L))));
          table.row(cells.toArray(new String[0]));
        });
    title("Confusion");
    table.print(out);
  }

  private void drift() {
    if (model.drift().isEmpty()) {
      title(
          model.reference() == null
              ? "Drift: none measured, there were too few rows to learn a reference from"
              : "Drift: none measured, no window has closed");
      return;
    }
    List<ModelSnapshot.Drift> byJsd = new ArrayList<>(model.drift());
    byJsd.sort(
        Comparator.comparingDouble(
            (ModelSnapshot.Drift one) -> -one.scores().getOrDefault("jsd", -1.0)));
    List<String> measures =
        DRIFT_MEASURES.stream()
            .filter(m -> byJsd.stream().anyMatch(one -> one.scores().containsKey(m)))
            .toList();
    var header = new ArrayList<String>(List.of("feature or output"));
    header.addAll(measures);
    header.add("rows");
    var table = new TextTable(header.toArray(new String[0]));
    for (ModelSnapshot.Drift one : byJsd) {
      var cells = new ArrayList<String>();
      cells.add(one.isOutput() ? "output " + one.name() : one.name());
      measures.forEach(m -> cells.add(TextTable.number(one.scores().getOrDefault(m, Double.NaN))));
      cells.add(Long.toString(one.samples()));
      table.row(cells.toArray(new String[0]));
    }
    title("Drift, last closed window" + (measures.isEmpty() ? ": too few rows for a score" : ""));
    table.print(out);
  }

  private void alarms() {
    List<AlarmSnapshot.Event> events = model.alarms().events();
    if (events.isEmpty()) {
      title("Alarms: none");
      return;
    }
    long raised = model.alarms().raised().values().stream().mapToLong(Long::longValue).sum();
    title(
        raised > events.size() ? "Alarms, the last " + events.size() + " of " + raised : "Alarms");
    for (AlarmSnapshot.Event event : events) {
      out.println(
          Instant.ofEpochMilli(event.atMillis())
              + "  "
              + event.kind()
              + (event.sinceMillis() == null
                  ? ""
                  : ", since about " + Instant.ofEpochMilli(event.sinceMillis()))
              + ": "
              + event.text()
              + "; n "
              + event.samples()
              + (Double.isNaN(event.every())
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      "; a false alarm every %.0f %s at most",
                      event.every(),
                      event.steps())));
    }
    List<String> firing =
        model.alarms().active().entrySet().stream()
            .filter(Map.Entry::getValue)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    out.println("firing at the end: " + (firing.isEmpty() ? "none" : String.join(", ", firing)));
  }

  private void title(String title) {
    out.println();
    out.println(title);
  }
}
