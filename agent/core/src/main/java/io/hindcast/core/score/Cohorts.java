package io.hindcast.core.score;

import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cohorts of predictions in buckets of prediction time, as far back as a window reaches. Owned by
 * the monitor thread.
 */
final class Cohorts {
  /*
   * A bucket is about a hundredth of the smallest window, and there are at most 1024 (256 for many
   * classes, whose buckets are larger): an hour for 7d while labels take no longer than a month,
   * else some hours. Only buckets with predictions exist.
   */
  private static final long[] WIDTHS = {
    1_000,
    5_000,
    15_000,
    60_000,
    300_000,
    900_000,
    3_600_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    7 * 86_400_000L
  };
  private static final int BUCKETS_PER_WINDOW = 100;

  private final Supplier<Cohort> empty;
  private final long width;
  private final long reachMillis;
  private final NavigableMap<Long, Cohort> buckets = new TreeMap<>();
  private long newest = Long.MIN_VALUE;
  private @Nullable Cohort last;
  private long lastStart = Long.MIN_VALUE;

  /**
   * @param oldestMaturity the longest time that may lie between a window and now
   */
  Cohorts(
      List<Duration> windows, Duration oldestMaturity, int mostBuckets, Supplier<Cohort> empty) {
    this.empty = empty;
    long smallest = windows.stream().mapToLong(Duration::toMillis).min().orElse(0);
    long largest = windows.stream().mapToLong(Duration::toMillis).max().orElse(0);
    long reach = largest + oldestMaturity.toMillis();
    this.width = width(smallest / BUCKETS_PER_WINDOW, reach / mostBuckets);
    this.reachMillis = reach + 2 * width;
  }

  /** The largest width up to {@code most} that is at least {@code least}. */
  private static long width(long most, long least) {
    long chosen = WIDTHS[0];
    for (long width : WIDTHS) {
      if (width <= most || chosen < least) {
        chosen = width;
      }
    }
    return Math.max(chosen, least);
  }

  /** What a cohort covers. */
  long widthMillis() {
    return width;
  }

  /** The cohort of a prediction; null if it is older than any window reaches. */
  @Nullable Cohort at(long predictedAtMillis) {
    long sinceLast = predictedAtMillis - lastStart;
    if (sinceLast >= 0 && sinceLast < width) {
      return last;
    }
    long start = Math.floorDiv(predictedAtMillis, width) * width;
    newest = Math.max(newest, start);
    if (start < newest - reachMillis) {
      return null;
    }
    Cohort cohort = buckets.get(start);
    if (cohort == null) {
      buckets.headMap(newest - reachMillis).clear();
      cohort = empty.get();
      buckets.put(start, cohort);
    }
    last = cohort;
    lastStart = start;
    return cohort;
  }

  /**
   * The predictions of {@code [end − W, end)}, where end is the last bucket limit that is at least
   * the maturity ago.
   */
  Cohort window(Duration window, Duration maturity, long nowMillis) {
    long end = Math.floorDiv(nowMillis - maturity.toMillis(), width) * width;
    Cohort sum = empty.get();
    for (Cohort cohort : buckets.subMap(end - window.toMillis(), end).values()) {
      sum.merge(cohort);
    }
    return sum;
  }

  /** The predictions of the last stretch of this length, those of this moment among them. */
  Cohort youngest(Duration window, long nowMillis) {
    Cohort sum = empty.get();
    for (Cohort cohort : youngestByBegin(window, nowMillis).values()) {
      sum.merge(cohort);
    }
    return sum;
  }

  /** The cohorts of these predictions, by their begin. */
  NavigableMap<Long, Cohort> youngestByBegin(Duration window, long nowMillis) {
    return buckets.tailMap(lastEnd(nowMillis) - window.toMillis(), true);
  }

  /** The end of the youngest cohort. */
  long lastEnd(long nowMillis) {
    return Math.floorDiv(nowMillis, width) * width + width;
  }

  Cohort between(long beginMillis, long endMillis) {
    Cohort sum = empty.get();
    for (Cohort cohort : buckets.subMap(beginMillis, endMillis).values()) {
      sum.merge(cohort);
    }
    return sum;
  }

  /** All cohorts of this age. */
  Iterable<Cohort> mature(Duration maturity, long nowMillis) {
    return buckets.headMap(nowMillis - maturity.toMillis() - width, true).values();
  }

  Iterable<Cohort> all() {
    return buckets.values();
  }
}
