package io.hindcast.stats.performance;

import io.hindcast.stats.change.ChiSquare;

/**
 * The most frequent class, and intervals of what belongs to it although it is itself found from the
 * rows: any class that is not behind it by more than chance may be it.
 */
final class Majority {
  /*
   * The largest of several shares is at least each of them and is one of them. So it is below the
   * greatest of their upper limits, where one limit may err, and above the greatest of their lower
   * limits, where each may: these are taken at a k-th of the level. With a clear majority k is 1 and
   * both are its own limits.
   */
  private final int most;
  private final boolean[] contends;
  private final double level;

  /** Limits of one class at a level. */
  interface OfClass {
    /**
     * @param z the normal quantile that is taken for 1.96
     */
    Interval at(int i, double z);
  }

  /**
   * @param totals rows by class
   * @param effect Σw²/Σw: 1 without weights
   */
  Majority(long[] totals, double effect) {
    int first = 0;
    for (int i = 1; i < totals.length; i++) {
      first = totals[i] > totals[first] ? i : first;
    }
    most = first;
    contends = new boolean[totals.length];
    int many = 0;
    for (int i = 0; i < totals.length; i++) {
      double both = (totals[most] + totals[i]) / effect;
      double ahead = (totals[most] - totals[i]) / effect;
      contends[i] = ahead < WilsonInterval.Z * Math.sqrt(both) || i == most;
      many += contends[i] ? 1 : 0;
    }
    level = many == 1 ? WilsonInterval.Z : Math.sqrt(ChiSquare.upperQuantile(0.05 / many, 1));
  }

  /** The class that has most rows, the first of equals. */
  int most() {
    return most;
  }

  /** Of the largest of the classes' values. */
  Interval largest(OfClass limits) {
    double lower = Double.NEGATIVE_INFINITY;
    double upper = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < contends.length; i++) {
      if (contends[i]) {
        // NaN where one has no limits.
        lower = Math.max(lower, limits.at(i, level).lower());
        upper = Math.max(upper, limits.at(i, WilsonInterval.Z).upper());
      }
    }
    return new Interval(lower, upper);
  }

  /** Of the smallest of the classes' values. */
  Interval smallest(OfClass limits) {
    Interval mirrored =
        largest(
            (i, z) -> {
              Interval of = limits.at(i, z);
              return new Interval(-of.upper(), -of.lower());
            });
    return new Interval(-mirrored.upper(), -mirrored.lower());
  }
}
