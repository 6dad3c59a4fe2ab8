package io.hindcast.benchmarks;

/** What the method does beside its prediction. */
enum Body {
  /** Nothing. */
  BARE,
  /** Copies its row into an array of its thread: the least that keeping a row can cost. */
  COPY,
  /** Reads the clock twice, and keeps the difference. */
  CLOCK,
  /** What the agent weaves into it; the callers read their rows themselves, unmeasured. */
  WOVEN,
  /** The same, and the agent's thread reads and counts them on another processor. */
  LIVE;

  boolean isWoven() {
    return this == WOVEN || this == LIVE;
  }
}
