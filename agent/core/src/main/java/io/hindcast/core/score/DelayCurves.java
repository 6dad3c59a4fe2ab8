package io.hindcast.core.score;

import java.util.TreeMap;

/**
 * By which age the labels of each class have come, as far as that is known: from predictions that
 * are old enough to have all their labels. Owned by the monitor thread.
 */
final class DelayCurves {
  /*
   * Delays of younger predictions are censored: only the short ones have been seen. So delays are
   * kept by the time of their prediction, in stretches of a thirty-second of the longest time that
   * labels may take, twice that far back. Four bins an octave from a second to 97 days.
   */
  private static final int STRETCHES = 32;
  private static final int BINS = 92;
  private static final int MOST_CLASSES = 10;
  private static final long LEAST_LABELS = 30;

  private final long width;
  private final TreeMap<Long, int[][]> stretches = new TreeMap<>();

  /**
   * @param longestMillis that labels may take
   */
  DelayCurves(long longestMillis) {
    this.width = Math.max(1, longestMillis / STRETCHES);
  }

  private static int binOf(long millis) {
    double octaves = Math.log(Math.max(1, millis / 1000.0)) / Math.log(2);
    return Math.min(BINS - 1, (int) Math.ceil(4 * octaves));
  }

  void add(long predictedAtMillis, int actual, long delayMillis) {
    if (actual >= MOST_CLASSES) {
      return;
    }
    long start = Math.floorDiv(predictedAtMillis, width) * width;
    int[][] counts = stretches.computeIfAbsent(start, at -> new int[MOST_CLASSES][]);
    if (counts[actual] == null) {
      counts[actual] = new int[BINS];
    }
    counts[actual][binOf(delayMillis)]++;
    stretches.headMap(stretches.lastKey() - 2 * STRETCHES * width).clear();
  }

  /** The shares of labels by age, for predictions of at least this maturity. */
  Curves mature(long nowMillis, long maturityMillis) {
    long[][] counts = new long[MOST_CLASSES][BINS];
    for (int[][] stretch : stretches.headMap(nowMillis - maturityMillis - width, true).values()) {
      for (int c = 0; c < MOST_CLASSES; c++) {
        for (int bin = 0; stretch[c] != null && bin < BINS; bin++) {
          counts[c][bin] += stretch[c][bin];
        }
      }
    }
    return new Curves(counts);
  }

  /** Labels by class and delay. */
  record Curves(long[][] counts) {
    /** The share of a class's labels that has come by an age; NaN where too few have come. */
    double share(int actual, long ageMillis) {
      if (actual >= MOST_CLASSES) {
        return Double.NaN;
      }
      long within = 0;
      long all = 0;
      int last = ageMillis < 1000 ? -1 : binOf(ageMillis) - 1;
      for (int bin = 0; bin < BINS; bin++) {
        all += counts[actual][bin];
        // The bin that the age lies in is half there.
        within += bin <= last ? 2 * counts[actual][bin] : bin == last + 1 ? counts[actual][bin] : 0;
      }
      return all < LEAST_LABELS ? Double.NaN : within / (2.0 * all);
    }
  }
}
