package io.hindcast.benchmarks.simulate;

import java.util.SplittableRandom;

/** Rows of numbers, each of which is normally distributed, whatever it shares with others. */
interface RowStreams {
  /** Fills the next row. */
  void next(double[] row, int hourOfDay);

  /** Nothing has to do with anything. */
  static RowStreams independent(SplittableRandom random) {
    return (row, hour) -> {
      for (int i = 0; i < row.length; i++) {
        row[i] = random.nextGaussian();
      }
    };
  }

  /** The same row so many times, as of one batch or of retries. */
  static RowStreams together(SplittableRandom random, int rows) {
    RowStreams each = independent(random);
    double[][] kept = {{}};
    int[] left = {0};
    return (row, hour) -> {
      if (left[0]-- == 0) {
        each.next(row, hour);
        kept[0] = row.clone();
        left[0] = rows - 1;
      }
      System.arraycopy(kept[0], 0, row, 0, row.length);
    };
  }

  /** Each row follows the one before it. */
  static RowStreams following(SplittableRandom random, double correlation) {
    double rest = Math.sqrt(1 - correlation * correlation);
    double[][] before = {{}};
    return (row, hour) -> {
      if (before[0].length == 0) {
        before[0] = new double[row.length];
        independent(random).next(before[0], hour);
      }
      for (int i = 0; i < row.length; i++) {
        row[i] = correlation * before[0][i] + rest * random.nextGaussian();
        before[0][i] = row[i];
      }
    };
  }

  /** Two standard deviations higher by day than by night. */
  static RowStreams daily(SplittableRandom random) {
    RowStreams each = independent(random);
    return (row, hour) -> {
      each.next(row, hour);
      for (int i = 0; i < row.length; i++) {
        row[i] += hour >= 8 && hour < 20 ? 2 : 0;
      }
    };
  }

  /** The second of each two features follows the first. */
  static RowStreams inPairs(SplittableRandom random, double correlation) {
    double rest = Math.sqrt(1 - correlation * correlation);
    RowStreams each = independent(random);
    return (row, hour) -> {
      each.next(row, hour);
      for (int i = 1; i < row.length; i += 2) {
        row[i] = correlation * row[i - 1] + rest * row[i];
      }
    };
  }

  /** The second feature alone follows the first. */
  static RowStreams onePair(SplittableRandom random, double correlation) {
    double rest = Math.sqrt(1 - correlation * correlation);
    RowStreams each = independent(random);
    return (row, hour) -> {
      each.next(row, hour);
      row[1] = correlation * row[0] + rest * row[1];
    };
  }
}
