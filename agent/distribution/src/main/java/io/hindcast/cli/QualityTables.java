package io.hindcast.cli;

import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.monitor.QualitySnapshot;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a snapshot says of outcomes beside their performance, for people. */
final class QualityTables {
  private static final Set<String> ACROSS = Set.of("accuracy", "recall", "rmse", "bias");

  private final PrintWriter out;
  private final QualitySnapshot quality;

  QualityTables(PrintWriter out, QualitySnapshot quality) {
    this.out = out;
    this.quality = quality;
  }

  void print() {
    bestThresholds();
    segments();
    fairness();
    comparisons();
  }

  /** The measures that fit side by side, of all rows. */
  private void segments() {
    Map<String, Map<String, ModelSnapshot.Performance>> parts = new LinkedHashMap<>();
    Set<String> measures = new LinkedHashSet<>();
    for (QualitySnapshot.Segment one : quality.segments()) {
      if (one.performance().window().equals("all")
          && ACROSS.contains(one.performance().measure())) {
        parts
            .computeIfAbsent(one.name() + " " + one.value(), part -> new LinkedHashMap<>())
            .put(one.performance().measure(), one.performance());
        measures.add(one.performance().measure());
      }
    }
    if (parts.isEmpty()) {
      return;
    }
    var header = new ArrayList<String>(List.of("segment", "n"));
    for (String measure : measures) {
      header.addAll(List.of(measure, "lower", "upper"));
    }
    var table = new TextTable(header.toArray(new String[0]));
    parts.forEach((part, of) -> table.row(line(part, of, measures)));
    title("Segments, all outcomes");
    table.print(out);
  }

  private static String[] line(
      String part, Map<String, ModelSnapshot.Performance> of, Set<String> measures) {
    var cells = new ArrayList<String>(List.of(part));
    cells.add(Long.toString(of.values().iterator().next().support()));
    for (String measure : measures) {
      ModelSnapshot.Performance one = of.get(measure);
      cells.add(TextTable.number(one == null ? Double.NaN : one.value()));
      cells.add(TextTable.number(one == null ? Double.NaN : one.lower()));
      cells.add(TextTable.number(one == null ? Double.NaN : one.upper()));
    }
    return cells.toArray(new String[0]);
  }

  private void fairness() {
    if (quality.fairness().isEmpty()) {
      return;
    }
    var table = new TextTable("segment", "measure", "value", "lower", "upper");
    for (QualitySnapshot.Fairness one : quality.fairness()) {
      table.row(
          one.segment() + " " + one.value(),
          one.measure(),
          TextTable.number(one.result()),
          TextTable.number(one.lower()),
          TextTable.number(one.upper()));
    }
    title("Fairness, against the largest value of the segment");
    table.print(out);
  }

  private void bestThresholds() {
    if (quality.bestThresholds().isEmpty()) {
      return;
    }
    var table = new TextTable("window", "threshold", "cost a row");
    for (QualitySnapshot.BestThreshold best : quality.bestThresholds()) {
      table.row(best.window(), TextTable.number(best.threshold()), TextTable.number(best.cost()));
    }
    title("Threshold that would have cost least, within one bin of the scores");
    table.print(out);
  }

  private void comparisons() {
    if (quality.comparisons().isEmpty()) {
      return;
    }
    var table = new TextTable("measure", "against version", "difference", "lower", "upper");
    for (QualitySnapshot.Comparison one : quality.comparisons()) {
      table.row(
          one.measure(),
          one.baselineVersion(),
          TextTable.number(one.difference()),
          TextTable.number(one.lower()),
          TextTable.number(one.upper()));
    }
    title("Against the model that it shadows, on the rows of both");
    table.print(out);
  }

  private void title(String title) {
    out.println();
    out.println(title);
  }
}
