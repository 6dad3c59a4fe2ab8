package io.hindcast.core.capture;

/** What one word of a slot says about its row. Owned by whoever owns the slot. */
final class RowFlags {
  private static final long ID_KIND = 3;

  /** Row of a batch. */
  static final long BATCH = 1 << 2;

  /** The id is the row's own, and not that of its call. */
  static final long OWN_ID = 1 << 3;

  /** A call without rows. */
  static final long NO_ROW = 1 << 4;

  /** The predicted class is the number that stands in place of the score. */
  static final long PREDICTED_NUMBER = 1 << 5;

  /** The call has returned; its result is still to come. */
  static final long PENDING = 1 << 6;

  /** The span of the caller is known. */
  static final long HAS_SPAN = 1 << 7;

  /** The slot was on lease: {@link CapturePool#callers} knows the thread. */
  static final long LEASED = 1 << 8;

  /** A vector of the row found no room, so the row is dropped when it is read. */
  static final long WITHOUT_VECTOR = 1 << 12;

  /** Of the first row: what holds the rows could not be read further, so the rest has none. */
  static final long BROKEN = 1 << 13;

  private static final int LEVEL = 32;
  private static final long LEVELS = 31;

  private static final int PROBABILITIES = 16;
  private static final long COUNT = 0xFFFF;
  private static final int SEGMENTS = 48;

  private RowFlags() {}

  static void set(CapturePool pool, int slot, long flag) {
    pool.head(slot, CapturePool.FLAGS, pool.head(slot, CapturePool.FLAGS) | flag);
  }

  static boolean has(CapturePool pool, int slot, long flag) {
    return (pool.head(slot, CapturePool.FLAGS) & flag) != 0;
  }

  static void idKind(CapturePool pool, int slot, int kind) {
    pool.head(
        slot, CapturePool.FLAGS, pool.head(slot, CapturePool.FLAGS) & ~ID_KIND | kind & ID_KIND);
  }

  static int idKind(CapturePool pool, int slot) {
    return (int) (pool.head(slot, CapturePool.FLAGS) & ID_KIND);
  }

  /** The row was chosen with the probability 2⁻ˡᵉᵛᵉˡ. */
  static void level(CapturePool pool, int slot, int level) {
    set(pool, slot, (long) level << LEVEL);
  }

  static int level(CapturePool pool, int slot) {
    return (int) (pool.head(slot, CapturePool.FLAGS) >>> LEVEL & LEVELS);
  }

  static void probabilities(CapturePool pool, int slot, int count) {
    set(pool, slot, (long) count << PROBABILITIES);
  }

  static int probabilities(CapturePool pool, int slot) {
    return (int) (pool.head(slot, CapturePool.FLAGS) >>> PROBABILITIES & COUNT);
  }

  /** Adds the bits of a segment. */
  static void segments(CapturePool pool, int slot, int codes) {
    set(pool, slot, (long) codes << SEGMENTS);
  }

  static int segments(CapturePool pool, int slot) {
    return (int) (pool.head(slot, CapturePool.FLAGS) >>> SEGMENTS);
  }
}
