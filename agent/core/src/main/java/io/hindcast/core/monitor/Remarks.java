package io.hindcast.core.monitor;

import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.ModelKey;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says that rows and labels are not as they should be: one line for each model and each way. How
 * often that happens is in the metrics. Owned by the monitor thread.
 */
final class Remarks {
  private final AgentLog log;
  private final Set<String> said = new HashSet<>();
  private final Set<ModelKey> withheld = new HashSet<>();
  private final Set<ModelKey> without = new HashSet<>();

  Remarks(AgentLog log) {
    this.log = log;
  }

  /** At least one value of the feature is a violation of this kind. */
  void violation(String model, String feature, String kind) {
    String what =
        switch (kind) {
          case FeatureMonitor.MISSING -> "is missing (null, NaN, or not there)";
          case FeatureMonitor.NOT_FINITE -> "is infinite";
          default ->
              "is of another type than in the reference, or holds several values (which"
                  + " features.paths can name)";
        };
    once(model, kind, "feature " + feature + " " + what + " in a row; counted as '" + kind + "'");
  }

  /** At least one row had more values than there are places for. */
  void overflow(String model) {
    once(
        model,
        "overflow",
        "a row has more values than features are named or have room; the others are counted by"
            + " hindcast.cardinality.overflow alone");
  }

  /** At least one row found the queue full. */
  void queueFull(String model) {
    once(
        model,
        "queue",
        "rows come faster than they are counted; those that find no room in the queue are in"
            + " hindcast.rows.dropped");
  }

  /** At least one label found the queue full. */
  void labelsDropped() {
    if (said.add("labels")) {
      log.warn("labels come faster than they are joined; those without room are 'dropped'");
    }
  }

  /** At least one label has found no prediction. */
  void unknownLabel() {
    if (said.add("unknown")) {
      log.warn(
          "a label came for an id that no prediction here has; such labels are counted as"
              + " 'unknown'");
    }
  }

  /**
   * At least one receipt was refused.
   *
   * @param areKnown whether there are keys to check receipts with
   */
  void rejectedReceipt(boolean areKnown) {
    if (said.add("receipt")) {
      log.warn(
          areKnown
              ? "a receipt was refused: forged, altered, of another tenant or model, or its key is not"
                  + " in the file; such labels are counted as 'rejected'"
              : "a label came with a receipt, and the configuration names no keys: add receipts: {"
                  + " keys: FILE }; such labels are counted as 'rejected'");
    }
  }

  /** Labels come for some predicted classes more often than for others. */
  void selectiveLabels(String model, String how) {
    once(model, "selective", how);
  }

  /**
   * A model is compared by the hour of the week.
   *
   * @param unknown of its 48 slots, those of which its reference has too few rows
   */
  void season(String model, int unknown) {
    if (unknown > 0) {
      once(
          model,
          "season",
          "its reference has too few rows for "
              + unknown
              + " of the 48 hours of weekdays and weekends; windows of these are compared with the"
              + " whole reference; make one of weeks with a column time: reference build");
    }
  }

  /**
   * Estimates of a version are withheld, or shown again.
   *
   * @param why null if they are shown
   */
  void estimates(ModelKey key, @Nullable String why) {
    if (why != null && withheld.add(key)) {
      log.warn(of(key) + ": ml.performance.estimated is withheld; " + why);
    } else if (why == null && withheld.remove(key)) {
      log.warn(of(key) + ": ml.performance.estimated is shown again");
    }
  }

  /** Where there is no memory for what a model should have. */
  void room(ModelKey key, ModelRoom room) {
    String refusal = room.refusal();
    if (refusal != null && without.add(key)) {
      log.warn(of(key) + ": " + refusal);
    } else if (refusal == null && without.remove(key)) {
      log.warn(of(key) + ": there is memory for its features now");
    }
  }

  private static String of(ModelKey key) {
    return "model " + key.model() + " version " + key.version();
  }

  private void once(String model, String kind, String remark) {
    if (said.add(kind + " " + model)) {
      log.warn("model " + model + ": " + remark);
    }
  }
}
