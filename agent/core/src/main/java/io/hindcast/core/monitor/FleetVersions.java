package io.hindcast.core.monitor;

import io.hindcast.core.join.FleetBooks;
import io.hindcast.core.join.ForwardedOutcomes;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Task;
import io.hindcast.core.receipt.ReceiptLabels;
import io.hindcast.core.score.Fleet;
import io.hindcast.core.score.ModelOutcomes;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the store tells of all processes to the versions of models, those that only others
 * have among them. Owned by the monitor thread.
 */
record FleetVersions(Fleet fleet, BiFunction<ModelKey, Task, ModelFamily.Version> versions)
    implements FleetBooks {

  @Override
  public void begin() {
    fleet.begin();
  }

  @Override
  public @Nullable OutcomeSink stream(StreamKey key, List<String> probabilityClasses) {
    var modelKey = new ModelKey(key.model(), key.version());
    ModelFamily.Version version = versions.apply(modelKey, key.task());
    if (!version.monitor.key.equals(modelKey)) {
      return null;
    }
    ModelOutcomes outcomes = version.monitor.outcomes(key.task());
    ModelOutcomes ofAll = outcomes == null ? null : outcomes.ofFleet(probabilityClasses);
    if (ofAll == null) {
      return null;
    }
    boolean isOfReceipts = key.output().equals(ReceiptLabels.OUTPUT);
    return isOfReceipts ? ofAll.byReceipt() : new InUse(version, ofAll);
  }

  @Override
  public void complete() {
    fleet.complete();
  }

  @Override
  public void end() {
    fleet.end();
  }

  /** Keeps a version shown that others use. */
  private record InUse(ModelFamily.Version version, OutcomeSink to) implements ForwardedOutcomes {
    @Override
    public void predicted(PendingRecord prediction) {
      version.usedMillis = Math.max(version.usedMillis, prediction.predictedAtMillis);
      to.predicted(prediction);
    }
  }
}
