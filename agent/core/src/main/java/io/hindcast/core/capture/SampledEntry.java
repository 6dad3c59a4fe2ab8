package io.hindcast.core.capture;

import io.hindcast.core.model.SampleHash;
import org.jspecify.annotations.Nullable;

/**
 * How a call begins while rows are sampled: which of its rows are kept is decided before anything
 * is copied.
 */
final class SampledEntry {
  /*
   * What the last prediction of the thread will be is noted at once, since the ids are at hand only
   * here and a row that is left out has an id too. It is not shown before the call has ended.
   */

  private SampledEntry() {}

  /**
   * @param n rows of a batch; negative for a single row
   */
  static long begin(
      PredictPlan plan,
      @Nullable Object[] calls,
      CapturePool into,
      @Nullable Object container,
      int n,
      @Nullable Object id,
      long idNumber,
      int level) {
    int first = -1;
    try {
      RowChoice choice = plan.choice();
      long number = ThreadCalls.nextNumber(calls);
      Object prepared = plan.reads().idOfCall(choice, id);
      long text = choice.textOf(prepared, idNumber);
      boolean isBatch = n >= 0;
      boolean remembers = choice.ids() != RowChoice.Ids.IN_RESULT && ThreadCalls.isOutermost(calls);
      Object[] rowIds = remembers && isBatch && plan.ownIds() ? new Object[n] : null;
      Object own = null;
      int last = -1;
      int row = 0;
      boolean isFull = false;
      do {
        own = plan.reads().idOfRow(choice, prepared, row);
        if (rowIds != null && row < n) {
          rowIds[row] = own;
        }
        if (choice.ids() == RowChoice.Ids.IN_RESULT
            || SampleHash.keeps(RowChoice.hashOf(own, text, number, row, isBatch), level)) {
          int slot = isFull ? -1 : into.claim();
          if (slot >= 0) {
            first = first < 0 ? slot : first;
            start(plan, into, slot, first, row, Math.max(n, n < 0 ? 1 : 0), number, level);
            if (last >= 0) {
              into.next(last, slot);
            }
            last = slot;
            if (!write(plan, into, slot, row, container, n)) {
              RowFlags.set(into, first, RowFlags.BROKEN);
              into.head(first, CapturePool.DURATION_NANOS, row + 1);
              isFull = true;
            }
          } else if (!isFull) {
            isFull = true;
            if (first < 0) {
              return Token.nothingKept(Math.abs(n), isBatch, false);
            }
            into.head(first, CapturePool.DURATION_NANOS, row);
          }
        }
        row++;
      } while (row < n);
      if (remembers && n != 0) {
        Object named = choice.ids() == RowChoice.Ids.OF_CALL ? prepared : isBatch ? null : own;
        LastPrediction.noteSampled(
            plan, calls, number, idNumber, named, text, rowIds, Math.abs(n), isBatch);
      }
      return first < 0 ? Token.nothingKept(Math.abs(n), isBatch, true) : plan.token(into, first);
    } catch (Throwable t) {
      int lost = first >= 0 ? PredictPlan.releaseAll(into, first) : Math.abs(n);
      plan.rows().failed.add(Math.max(1, lost));
      plan.faults().count(plan.place(), t);
      return Token.NOTHING_KEPT;
    }
  }

  private static void start(
      PredictPlan plan,
      CapturePool into,
      int slot,
      int first,
      int row,
      int callRows,
      long number,
      int level) {
    plan.start(into, slot, first, row, slot == first ? callRows : 0);
    into.head(slot, CapturePool.ID_NUMBER, number);
    RowFlags.idKind(into, slot, PredictionIds.GENERATED_IN_SAMPLING);
    RowFlags.level(into, slot, level);
    if (slot == first) {
      into.head(slot, CapturePool.DURATION_NANOS, callRows);
    }
  }

  /** Answers false if no further row can be read. */
  private static boolean write(
      PredictPlan plan, CapturePool into, int slot, int row, @Nullable Object container, int n) {
    if (n >= 0) {
      RowFlags.set(into, slot, n == 0 ? RowFlags.BATCH | RowFlags.NO_ROW : RowFlags.BATCH);
    }
    Primary primary = plan.primary();
    if (n == 0) {
      into.row(slot, 0, 0);
    } else if (primary != null && n < 0) {
      primary.write(into, slot, 0, container);
    } else if (primary != null) {
      return plan.reads().writeElement(primary, into, slot, row, container);
    }
    return true;
  }
}
