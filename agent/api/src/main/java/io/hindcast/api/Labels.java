package io.hindcast.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reports what really happened. Safe to send twice: the same value again changes nothing, another
 * value corrects the first. Never throws, never blocks; without the agent it answers {@link
 * LabelAck#NO_AGENT}.
 */
public final class Labels {
  private Labels() {}

  /** The truth about one prediction, for every model that holds the id. */
  public static LabelAck report(String id, boolean actual) {
    return report(LabelReport.of(id, actual));
  }

  /** The truth about one prediction, for every model that holds the id. */
  public static LabelAck report(String id, long actual) {
    return report(LabelReport.of(id, actual));
  }

  /** The truth about one prediction, for every model that holds the id. */
  public static LabelAck report(String id, double actual) {
    return report(LabelReport.of(id, actual));
  }

  /** The truth about one prediction; null means that it cannot be known. */
  public static LabelAck report(String id, String actual) {
    return report(LabelReport.of(id, actual));
  }

  /** The truth about one prediction, with what else is known about it. */
  public static LabelAck report(LabelReport report) {
    return report == null ? LabelAck.INVALID : ack(AgentHook.report(report.toArray()));
  }

  /**
   * Many labels at once.
   *
   * @return the number of labels per outcome, as in the metric {@code ml.labels}, once they are
   *     joined; labels that were not handed over count under {@code dropped} or {@code rejected}
   */
  public static CompletionStage<Map<String, Long>> reportAll(
      Iterable<? extends LabelReport> reports) {
    List<Object[]> labels = new ArrayList<>();
    if (reports != null) {
      for (LabelReport report : reports) {
        // A missing report is a label without an id.
        labels.add(report == null ? new Object[0] : report.toArray());
      }
    }
    CompletableFuture<Map<String, Long>> counts = new CompletableFuture<>();
    if (!AgentHook.reportAll(labels, counts)) {
      counts.complete(Map.of("dropped", (long) labels.size()));
    }
    return counts;
  }

  /** Takes the label of a prediction back. */
  public static LabelAck retract(String id) {
    return ack(AgentHook.retract(id));
  }

  private static LabelAck ack(int ordinal) {
    LabelAck[] all = LabelAck.values();
    // An agent newer than this jar may know more answers; none of them means that it was taken.
    return ordinal >= 0 && ordinal < all.length ? all[ordinal] : LabelAck.NO_AGENT;
  }
}
