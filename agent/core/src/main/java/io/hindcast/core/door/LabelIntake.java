package io.hindcast.core.door;

import io.hindcast.core.capture.LabelQueue;
import io.hindcast.core.model.Durability;
import io.hindcast.core.model.LabelEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Hands rows over to the monitor thread, and tells what became of them. Any thread. */
final class LabelIntake {
  private static final int MOST_ERRORS = 100;

  private final LabelQueue queue;

  LabelIntake(LabelQueue queue) {
    this.queue = queue;
  }

  /**
   * What became of the rows of a batch.
   *
   * @param accepted rows that were handed over
   * @param durability null for a dry run, which keeps nothing
   * @param errors of the first rows that were not
   */
  record Answer(
      int accepted,
      Map<String, Long> byOutcome,
      @Nullable Durability durability,
      List<LabelRows.Wrong> errors) {
    String json() {
      var json = new StringBuilder(durability == null ? "{\"dry_run\": true, " : "{");
      json.append("\"accepted\": ").append(accepted).append(", \"by_outcome\": {");
      String comma = "";
      for (Map.Entry<String, Long> each : byOutcome.entrySet()) {
        json.append(comma).append('"').append(each.getKey()).append("\": ").append(each.getValue());
        comma = ", ";
      }
      json.append('}');
      if (durability != null) {
        json.append(", \"durability\": \"").append(durability.value()).append('"');
      }
      json.append(", \"errors\": [");
      comma = "";
      for (LabelRows.Wrong each : errors) {
        json.append(comma).append("{\"line\": ").append(each.line()).append(", \"reason\": ");
        json.append(quoted(each.reason())).append('}');
        comma = ", ";
      }
      return json.append("]}").toString();
    }
  }

  /** For text of our own. */
  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Whether so many labels would find room now. */
  boolean hasRoomFor(int labels) {
    return queue.hasRoomFor(labels);
  }

  /** Takes the rows; the answer comes when the last of them is as durable as it will be. */
  CompletableFuture<Answer> take(LabelRows rows) {
    return take(rows, false);
  }

  /**
   * Says what would become of each row if it came alone; nothing changes and nothing is counted.
   */
  CompletableFuture<Answer> tryOut(LabelRows rows) {
    return take(rows, true);
  }

  private CompletableFuture<Answer> take(LabelRows rows, boolean isDryRun) {
    var answer = new CompletableFuture<Answer>();
    int all = rows.size();
    List<LabelRows.Wrong> errors =
        List.copyOf(rows.errors().subList(0, Math.min(MOST_ERRORS, rows.errors().size())));
    if (all == 0) {
      answer.complete(new Answer(0, Map.of(), isDryRun ? null : Durability.DISK, errors));
      return answer;
    }
    var dropped = new int[1];
    var batch =
        new LabelEvent.Batch(
            all + 1,
            (byOutcome, durability) -> {
              var counts = new TreeMap<>(byOutcome);
              answer.complete(
                  new Answer(
                      rows.labels().size() - dropped[0],
                      counts,
                      isDryRun ? null : durability,
                      errors));
            },
            isDryRun);
    for (int i = 0; i < rows.errors().size(); i++) {
      if (!isDryRun) {
        queue.reject(null);
      }
      batch.refused("rejected");
    }
    for (LabelEvent label : rows.labels()) {
      if (!queue.offer(label.of(batch))) {
        dropped[0]++;
        batch.refused("dropped");
      }
    }
    // Not before `dropped` is complete.
    batch.settled(1, Durability.DISK);
    return answer;
  }
}
