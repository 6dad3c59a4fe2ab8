package io.hindcast.core.capture;

/**
 * What one call remembers of its beginning, in a {@code long}: an object would be garbage. Above 0
 * it names the row, the first one of a batch; below, there is none.
 */
final class Token {
  /*
   *   > 0     generation of the slot; whether it is in the early pool, was claimed alone, has no
   *           clock; slot + 1
   *   −1      nothing happened; also what a silenced site answers
   *   −2      a call inside a call of the same model, which counts alone
   *   ≤ −3    a call of which nothing is kept: −3 − token is four times its rows, plus two if they
   *           were sampled out (else there was no room), plus one for a batch
   * 0 is what an unlinked site may answer, and means nothing there; here, until a call has begun,
   * that it does not begin alone.
   */
  static final long NOT_ALONE = 0;

  static final long NOTHING = -1;

  static final long NESTED = -2;
  static final long NOTHING_KEPT = -3;

  private static final int ROWS = 2;
  private static final long LEFT_OUT = 2;
  private static final long OF_BATCH = 1;

  private static final int GENERATION = 33;
  private static final long EARLY = 1L << 32;
  private static final long ALONE = 1L << 31;
  private static final long UNTIMED = 1L << 30;
  private static final int SLOT = (1 << CapturePool.SLOT_BITS + 1) - 1;

  private Token() {}

  /** Of the first row of a call. */
  static long of(int generation, int slot, boolean isEarly) {
    return (long) generation << GENERATION | (isEarly ? EARLY : 0) | (slot + 1);
  }

  /**
   * Of a call that enters alone ({@link ThreadCalls#enterAlone}), in a slot on lease.
   *
   * @param isTimed whether its clock is read
   */
  static long alone(long generation, int slot, boolean isTimed) {
    return generation << GENERATION & Long.MAX_VALUE >>> 1
        | (isTimed ? ALONE : ALONE | UNTIMED)
        | (slot + 1);
  }

  /**
   * @param isChoice whether the rows were sampled out; else there was no room
   */
  static long nothingKept(long rows, boolean isBatch, boolean isChoice) {
    return NOTHING_KEPT - (rows << ROWS | (isChoice ? LEFT_OUT : 0) | (isBatch ? OF_BATCH : 0));
  }

  static boolean isAlone(long token) {
    return (token & (Long.MIN_VALUE | ALONE)) == ALONE;
  }

  /** Whether a call is alone and its clock is not read. */
  static boolean isAloneAndUntimed(long token) {
    return (token & (Long.MIN_VALUE | ALONE | UNTIMED)) == (ALONE | UNTIMED);
  }

  static boolean isTimed(long token) {
    return (token & UNTIMED) == 0;
  }

  static boolean isEarly(long token) {
    return (token & EARLY) != 0;
  }

  /** Whether the call counts by itself. */
  static boolean isOutermost(long token) {
    return token > 0 || token <= NOTHING_KEPT;
  }

  static int slot(long token) {
    return ((int) token & SLOT) - 1;
  }

  static int generation(long token) {
    return (int) (token >>> GENERATION);
  }

  /** Rows of a call of which nothing is kept. */
  static long lostRows(long token) {
    return NOTHING_KEPT - token >> ROWS;
  }

  static boolean isLeftOut(long token) {
    return (NOTHING_KEPT - token & LEFT_OUT) != 0;
  }

  static boolean isLostBatch(long token) {
    return (NOTHING_KEPT - token & OF_BATCH) != 0;
  }
}
