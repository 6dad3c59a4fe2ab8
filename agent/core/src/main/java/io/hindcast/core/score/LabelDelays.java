package io.hindcast.core.score;

import io.hindcast.core.window.Histogram;
import java.time.Duration;

/** Delays of the labels of one model, and the age at which they are all there. */
public final class LabelDelays {
  /*
   * Learnt: the smallest of STEPS by which 95 % of the labels joined so far had come, at most the
   * time to live, and an hour before there is any. Delays are right-censored, so the answer is short
   * while the process is younger than its labels are slow; it grows as they come, and the window
   * moves back with it. Whoever knows the delay writes `maturity`.
   */
  private static final double[] BOUNDS = {
    1, 60, 300, 900, 3_600, 21_600, 43_200, 86_400, 259_200, 604_800, 1_209_600, 2_592_000,
    5_184_000, 7_776_000
  };
  private static final int[] STEPS = {4, 5, 7, 8, 9, 10, 11, 12};
  private static final double LEARNT_SHARE = 0.95;

  private final Duration timeToLive;
  private final Duration least;
  private final long[] counts = new long[BOUNDS.length + 1];

  public LabelDelays(Duration timeToLive) {
    this(timeToLive, Duration.ZERO);
  }

  /**
   * @param least maturity: before it, labels of one kind alone can have come
   */
  public LabelDelays(Duration timeToLive, Duration least) {
    this.timeToLive = timeToLive;
    this.least = least;
  }

  /** A histogram of delays in seconds, as exported. */
  static Histogram newHistogram() {
    return new Histogram(BOUNDS);
  }

  /**
   * Counts a delay.
   *
   * @return 1 to 15, what {@link #restore} takes
   */
  int add(double seconds) {
    int i = 0;
    while (i < BOUNDS.length && seconds > BOUNDS[i]) {
      i++;
    }
    counts[i]++;
    return i + 1;
  }

  /** Counts a delay that an earlier process has seen; 0 for none. */
  void restore(int delay) {
    if (delay > 0 && delay <= counts.length) {
      counts[delay - 1]++;
    }
  }

  /** p95 rounded up to 1 h, 6 h, 1, 3, 7, 14, 30 or 60 d; at most the time to live. */
  public Duration learntMaturity() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    Duration maturity = Duration.ofSeconds((long) BOUNDS[STEPS[STEPS.length - 1]]);
    for (int step : STEPS) {
      long within = 0;
      for (int i = 0; i <= step; i++) {
        within += counts[i];
      }
      if (within >= LEARNT_SHARE * total) {
        maturity = Duration.ofSeconds((long) BOUNDS[step]);
        break;
      }
    }
    return limited(maturity);
  }

  /** The longest that can be learnt. */
  public Duration longestMaturity() {
    Duration longest = Duration.ofSeconds((long) BOUNDS[STEPS[STEPS.length - 1]]);
    return limited(longest);
  }

  private Duration limited(Duration maturity) {
    Duration enough = maturity.compareTo(least) < 0 ? least : maturity;
    return enough.compareTo(timeToLive) > 0 ? timeToLive : enough;
  }
}
