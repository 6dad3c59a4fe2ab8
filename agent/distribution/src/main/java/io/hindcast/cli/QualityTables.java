package io.hindcast.cli;

import io.hindcast.core.monitor.QualitySnapshot;
import java.io.PrintWriter;

/** What a snapshot says of outcomes beside their performance, for people. */
final class QualityTables {
  private final PrintWriter out;
  private final QualitySnapshot quality;

  QualityTables(PrintWriter out, QualitySnapshot quality) {
    this.out = out;
    this.quality = quality;
  }

  void print() {
    bestThresholds();
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

  private void title(String title) {
    out.println();
    out.println(title);
  }
}
