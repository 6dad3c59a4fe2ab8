package io.hindcast.core.join;

/**
 * Records by key, for a store that has them at hand: predictions that may still get a label, or
 * another one. A record stays when its label comes, so that a second one is recognised; it leaves
 * at its time to live, or earlier for lack of room. Single-threaded.
 */
public interface PendingStore {
  /**
   * How long a record that is past its time to live is still recognised: as long again, a minute at
   * least.
   */
  static long recognisedMillis(long timeToLiveMillis) {
    return Math.max(timeToLiveMillis, 60_000);
  }

  /** What became of a prediction. */
  enum Put {
    ADDED,
    /** The same answer is there under this id: a retry, ignored. */
    RETRY,
    /** Another answer is there under this id, and stays. */
    CONFLICT,
    /** There is no place to write it to. */
    LOST,
    /** Too many come; this one is not among those that are kept. */
    NOT_SAMPLED
  }

  /** What is there under an id. */
  enum Found {
    ABSENT,
    LIVE,
    /** Older than the time to live; the record is still there. */
    EXPIRED,
    /** Older than the time to live; all that is left is that it was there. */
    FORGOTTEN,
    /** Not there, and it would not be kept if it came now. */
    NOT_SAMPLED
  }

  Put put(PendingRecord record, long nowMillis);

  /** Fills {@code into} if something is there. */
  Found find(long keyHigh, long keyLow, PendingRecord into, long nowMillis);

  /** Writes the label of the record that {@link #find} filled last, or {@link #put} added. */
  void update(PendingRecord record);
}
