package io.hindcast.benchmarks.service;

/** What an interval says about a limit. */
enum Verdict {
  WITHIN,
  OVER,
  /** The limit lies in the interval, or there is none: more runs, or a quieter machine. */
  OPEN;

  static Verdict atLeast(double limit, double lower, double upper) {
    return lower >= limit ? WITHIN : upper < limit ? OVER : OPEN;
  }

  static Verdict atMost(double limit, double lower, double upper) {
    return upper <= limit ? WITHIN : lower > limit ? OVER : OPEN;
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
