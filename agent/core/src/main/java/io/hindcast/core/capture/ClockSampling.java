package io.hindcast.core.capture;

/**
 * Whether the clock is read for every call of a plan, or for one in {@value #ONE_IN}: to read it
 * twice costs more than all else that is done for a call, so a model that answers within a
 * microsecond and is asked often pays for a sample only. Set by the monitor thread, read by every
 * caller.
 */
final class ClockSampling {
  /*
   * Which calls are timed is a hash of their number, so that it goes along with no rhythm of the
   * application. The others are counted with the duration of the next one that is timed: the number
   * of calls stays exact, their distribution and sum become estimates.
   *
   * Rows that have no clock of their own began, as far as is known, when rows were last looked for,
   * some milliseconds ago. That blurs their order, which a reference that is learnt of the first rows
   * wants to be right; so sampling begins late.
   */
  private static final int BITS = 6;
  static final int ONE_IN = 1 << BITS;
  static final long SHORT_NANOS = 1_000;

  /** Rows of a site before which every call is timed. */
  static final long LEAST_ROWS = 20_000;

  /** Calls in a tenth of a second; with fewer, the time is of no account. */
  static final long OFTEN = 200;

  private static final int LOOKS = 5;

  /** The highest bits of a long. */
  private static final long SOME = -1L << Long.SIZE - BITS;

  private volatile long mask;

  /* Owned by the monitor thread. Since the last look: */
  private long calls;
  private long timed;
  private long shortOnes;

  private long rows;
  private int looks;

  /** So many bits of a call's hash must be 0 for its clock to be read. Any thread. */
  int bits() {
    return Long.bitCount(mask);
  }

  /** These bits; none if every clock is read. Any thread. */
  long mask() {
    return mask;
  }

  /** Sees the duration of a call, or that it was not timed (negative). Monitor thread only. */
  void saw(long durationNanos) {
    calls++;
    if (durationNanos >= 0) {
      timed++;
      shortOnes += durationNanos < SHORT_NANOS ? 1 : 0;
    }
  }

  /** A tenth of a second has passed. Monitor thread only. */
  void tick() {
    rows += calls;
    boolean areShort = 10 * shortOnes >= 9 * timed;
    if (mask != 0 && (calls < OFTEN || timed > 0 && !areShort)) {
      mask = 0;
      looks = 0;
    } else if (mask == 0 && calls >= OFTEN && areShort && rows >= LEAST_ROWS) {
      looks++;
      mask = looks >= LOOKS ? SOME : 0;
    } else if (mask == 0) {
      looks = 0;
    }
    calls = 0;
    timed = 0;
    shortOnes = 0;
  }
}
