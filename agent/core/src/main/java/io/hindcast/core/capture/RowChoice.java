package io.hindcast.core.capture;

import io.hindcast.core.model.SampleHash;
import org.jspecify.annotations.Nullable;

/**
 * Where a method's rows have their ids, and so by what they are chosen while rows are sampled. On
 * the application's threads, and only then; allocates nothing.
 *
 * @param step that reads the ids, where they are in an argument that is no integer
 */
record RowChoice(Ids ids, @Nullable ValueStep step) {
  static final RowChoice GENERATED = new RowChoice(Ids.GENERATED, null);

  /** Stands for the hash of a text where the call has no id. */
  static final long NO_TEXT = -1;

  /** Which ids there are. */
  enum Ids {
    GENERATED,
    /** An integer argument. */
    NUMBER,
    /** One for the call. */
    OF_CALL,
    /** One for each row. */
    OF_ROWS,
    /** The result tells: then the choice waits for it. */
    IN_RESULT
  }

  /** The id of a call, or what holds those of its rows; null if they are generated. */
  @Nullable Object prepare(@Nullable Object argument) throws Throwable {
    return step == null || ids == Ids.IN_RESULT ? null : step.prepare(argument);
  }

  /** The hash of the text of a call's id, or {@link #NO_TEXT}. */
  long textOf(@Nullable Object prepared, long number) {
    if (ids == Ids.NUMBER) {
      return SampleHash.hashCodeOf(number) & 0xFFFF_FFFFL;
    }
    return ids == Ids.OF_CALL && prepared != null
        ? SampleHash.hashCodeOf(prepared) & 0xFFFF_FFFFL
        : NO_TEXT;
  }

  /** The id of a row, where rows have their own; null if it has none. */
  @Nullable Object idOf(@Nullable Object prepared, int row) throws Throwable {
    return step instanceof ValueStep.IdOfEach each && ids == Ids.OF_ROWS
        ? each.idOf(prepared, row)
        : null;
  }

  /**
   * The hash of one row.
   *
   * @param own its own id
   * @param text of the call's id, as {@link #textOf} answers
   * @param generated what its id is made of otherwise
   */
  static long hashOf(@Nullable Object own, long text, long generated, int row, boolean isOfBatch) {
    if (own != null) {
      return SampleHash.ofText(SampleHash.hashCodeOf(own));
    }
    if (text == NO_TEXT) {
      return SampleHash.ofGenerated(generated, row);
    }
    return SampleHash.ofText(isOfBatch ? SampleHash.hashCodeOfRow((int) text, row) : (int) text);
  }

  /** The hash of a row that was captured, whose result has told its id. */
  static long hashOf(CapturePool of, int slot) {
    long number = of.head(slot, CapturePool.ID_NUMBER);
    Object held = of.held(slot, CapturePool.ID);
    boolean isOwn = RowFlags.has(of, slot, RowFlags.OWN_ID);
    long text = NO_TEXT;
    if (RowFlags.idKind(of, slot) == PredictionIds.NUMBER) {
      text = SampleHash.hashCodeOf(number) & 0xFFFF_FFFFL;
    } else if (held != null) {
      text = SampleHash.hashCodeOf(held) & 0xFFFF_FFFFL;
    }
    return hashOf(
        null, text, number, of.rowIndex(slot), RowFlags.has(of, slot, RowFlags.BATCH) && !isOwn);
  }
}
