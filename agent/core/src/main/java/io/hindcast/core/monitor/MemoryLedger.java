package io.hindcast.core.monitor;

import java.util.EnumMap;
import java.util.Map;

/**
 * Who holds how much of the memory that all models share beside queue and store. Whoever wants more
 * asks before it is taken, so the sum is bounded whatever comes. Owned by the monitor thread.
 */
final class MemoryLedger {
  private final long bytes;
  private final Map<Part, Long> held = new EnumMap<>(Part.class);

  /**
   * @param bytes for all models together
   */
  MemoryLedger(long bytes) {
    this.bytes = bytes;
  }

  /** What memory is held for. */
  enum Part {
    /** Bins, blocks of the drift windows, sampled rows, reference, pairs, and what is exported. */
    FEATURES,

    /** The first rows, until they are a reference. */
    LEARNING
  }

  /** What one version of a model holds. */
  final class Account {
    private final Map<Part, Long> own = new EnumMap<>(Part.class);

    /**
     * Holds so much for this part from now on, more or less than before.
     *
     * @return false if there is not so much; then nothing changes
     */
    boolean hold(Part part, long wanted) {
      long before = own.getOrDefault(part, 0L);
      if (wanted - before > free()) {
        return false;
      }
      own.put(part, wanted);
      held.merge(part, wanted - before, Long::sum);
      return true;
    }

    long held(Part part) {
      return own.getOrDefault(part, 0L);
    }

    MemoryLedger ledger() {
      return MemoryLedger.this;
    }

    /** Gives everything back. */
    void close() {
      own.forEach((part, bytes) -> held.merge(part, -bytes, Long::sum));
      own.clear();
    }
  }

  Account open() {
    return new Account();
  }

  /** Bytes for all models. */
  long bytes() {
    return bytes;
  }

  long held(Part part) {
    return held.getOrDefault(part, 0L);
  }

  /** Bytes that nobody holds. */
  long free() {
    long all = 0;
    for (long each : held.values()) {
      all += each;
    }
    return bytes - all;
  }
}
