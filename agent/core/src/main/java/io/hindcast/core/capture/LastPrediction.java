package io.hindcast.core.capture;

import org.jspecify.annotations.Nullable;

/**
 * Notes what {@code Predictions.latest()} will answer: which prediction the thread made last, and
 * what its receipt says. On the thread of the call.
 */
final class LastPrediction {
  private LastPrediction() {}

  /** Of a call that began alone: one row, and every row is kept. */
  static void noteAlone(
      PredictPlan plan, @Nullable Object[] calls, long[] words, CapturePool of, int slot) {
    if (plan.choice().ids() == RowChoice.Ids.GENERATED && !plan.keepsOutput()) {
      ThreadCalls.rememberAlone(words, of.last, of.head(slot, CapturePool.ID_NUMBER));
    } else {
      note(plan, calls, of, slot, 1, false);
      keep(plan, calls, of, slot, 1);
    }
  }

  static void note(
      PredictPlan plan,
      @Nullable Object[] calls,
      CapturePool of,
      int first,
      int count,
      boolean batch) {
    if (RowFlags.level(of, first) > 0 && plan.choice().ids() != RowChoice.Ids.IN_RESULT) {
      ThreadCalls.rows(calls, count); // all else was noted when the call began
      return;
    }
    Object[] rowIds = null;
    int kind = RowFlags.idKind(of, first);
    Object id = of.held(first, CapturePool.ID);
    if (batch && plan.ownIds()) {
      // The base of rows without an id is generated; only such batches allocate.
      rowIds = new Object[count];
      for (int slot = first; slot >= 0; slot = of.next(slot)) {
        int index = of.rowIndex(slot);
        if (index < count) {
          rowIds[index] = of.held(slot, CapturePool.ID);
        }
      }
      kind = PredictionIds.GENERATED;
      id = null;
    }
    ThreadCalls.remember(
        calls,
        plan.model(),
        kind,
        of.head(first, CapturePool.ID_NUMBER),
        id,
        rowIds,
        of.number,
        count,
        batch);
  }

  /** While rows are sampled, when the call begins. */
  static void noteSampled(
      PredictPlan plan,
      @Nullable Object[] calls,
      long number,
      long idNumber,
      @Nullable Object id,
      long text,
      @Nullable Object @Nullable [] rowIds,
      int count,
      boolean batch) {
    boolean isNamed = rowIds == null && (id != null || text != RowChoice.NO_TEXT);
    boolean isNumber = plan.choice().ids() == RowChoice.Ids.NUMBER;
    int kind = PredictionIds.GENERATED_IN_SAMPLING;
    if (isNamed) {
      kind = isNumber ? PredictionIds.NUMBER : PredictionIds.VALUE;
    }
    ThreadCalls.remember(
        calls,
        plan.model(),
        kind,
        isNumber ? idNumber : number,
        isNamed ? id : null,
        rowIds,
        0,
        count,
        batch);
  }

  /** The output of the call, where receipts are made. */
  static void keep(
      PredictPlan plan, @Nullable Object[] calls, CapturePool of, int first, int count) {
    // Of rows that are chosen by an id in the result, some have a slot and are not kept.
    boolean areKept =
        plan.choice().ids() != RowChoice.Ids.IN_RESULT || RowFlags.level(of, first) == 0;
    if (plan.keepsOutput() && areKept) {
      ThreadCalls.keep(
          calls, KeptOutput.of(ThreadCalls.kept(calls), of, first, count, plan.rows()));
    }
  }

  /** What was noted when the call began does not hold. */
  static void forgetSampled(@Nullable Object @Nullable [] calls, CapturePool of, int first) {
    if (calls != null && RowFlags.level(of, first) > 0) {
      ThreadCalls.forget(calls);
    }
  }
}
