package io.hindcast.core.score;

import io.hindcast.core.window.Histogram;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Delays of the labels of one model, and the age at which they are all there. */
public final class LabelDelays {
  /*
   * Learnt: the smallest of STEPS by which 95 % of the labels joined so far had come, and 95 % of
   * those of each class that has LEAST_OF_CLASS, at most the time to live, and an hour before there
   * is any. A class that is rare and slow would else be missing from windows that count as mature:
   * with one positive in ten after a median of eight days the precision of .625 was shown as .579.
   * Delays are right-censored, so the answer is short while the process is younger than its labels
   * are slow; it grows as they come, and the window moves back with it. Whoever knows the delay
   * writes `maturity`.
   */
  private static final double[] BOUNDS = {
    1, 60, 300, 900, 3_600, 21_600, 43_200, 86_400, 259_200, 604_800, 1_209_600, 2_592_000,
    5_184_000, 7_776_000
  };
  private static final int[] STEPS = {4, 5, 7, 8, 9, 10, 11, 12};
  private static final double LEARNT_SHARE = 0.95;
  private static final long LEAST_OF_CLASS = 30;
  private static final int MOST_CLASSES = ClassNumbers.MOST + 1;

  private final Duration timeToLive;
  private final Duration least;
  private final long[] counts = new long[BOUNDS.length + 1];

  /* By name, since the versions of a model number their classes each on its own. */
  private final Map<String, long[]> ofClasses = new HashMap<>();

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

  /**
   * Counts a delay among those of a class, too.
   *
   * @param delay what {@link #add} answered; 0 for none
   */
  void ofClass(String name, int delay) {
    long[] ofClass = ofClasses.get(name);
    if (ofClass == null && ofClasses.size() < MOST_CLASSES) {
      ofClass = new long[counts.length];
      ofClasses.put(name, ofClass);
    }
    if (ofClass != null && delay > 0 && delay <= counts.length) {
      ofClass[delay - 1]++;
    }
  }

  /**
   * The p95 of all labels and of those of each class, the longest of them rounded up to 1 h, 6 h,
   * 1, 3, 7, 14, 30 or 60 d; at most the time to live.
   */
  public Duration learntMaturity() {
    int step = stepOf(counts, 0);
    for (long[] ofClass : ofClasses.values()) {
      step = Math.max(step, stepOf(ofClass, LEAST_OF_CLASS));
    }
    return limited(Duration.ofSeconds((long) BOUNDS[STEPS[step]]));
  }

  private static int stepOf(long[] delays, long least) {
    long total = Arrays.stream(delays).sum();
    for (int step = 0; total >= least && step < STEPS.length; step++) {
      long within = Arrays.stream(delays, 0, STEPS[step] + 1).sum();
      if (within >= LEARNT_SHARE * total) {
        return step;
      }
    }
    return total < least ? 0 : STEPS.length - 1;
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
