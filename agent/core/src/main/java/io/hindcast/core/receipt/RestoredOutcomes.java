package io.hindcast.core.receipt;

import io.hindcast.core.join.ForwardedOutcomes;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import java.util.function.Consumer;

/**
 * The outcomes of a version, of whose records from before somebody else is told, too. Owned by the
 * monitor thread.
 */
record RestoredOutcomes(OutcomeSink to, Consumer<PendingRecord> told) implements ForwardedOutcomes {
  @Override
  public void restored(PendingRecord record) {
    to.restored(record);
    told.accept(record);
  }
}
