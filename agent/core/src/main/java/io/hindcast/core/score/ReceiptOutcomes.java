package io.hindcast.core.score;

import io.hindcast.core.join.ForwardedOutcomes;
import io.hindcast.core.join.PendingRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a version, for labels that came with receipts: their predictions were counted
 * when they were made, here or elsewhere, and none of them waits. Owned by the monitor thread.
 */
record ReceiptOutcomes(ModelOutcomes to) implements ForwardedOutcomes {
  @Override
  public void predicted(PendingRecord prediction) {}

  @Override
  public void restored(PendingRecord record) {
    to.restoredLabel(record);
  }

  @Override
  public List<String> probabilityClasses() {
    return List.of();
  }

  @Override
  public void pending(int change) {}

  @Override
  public void waits(PendingRecord record, boolean isSo) {}

  @Override
  public @Nullable Double implied(PendingRecord record, long nowMillis) {
    return null;
  }

  @Override
  public @Nullable Absence absence() {
    return null;
  }

  @Override
  public @Nullable Double wouldImply(PendingRecord record, long nowMillis) {
    return null;
  }

  @Override
  public void lost(LostReason reason, long predictions) {}
}
