package io.hindcast.core.quality;

import io.hindcast.core.model.Row;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * How many rows of a window are repetitions of another, and how many were there in the window
 * before. Owned by the monitor thread.
 */
final class RowRepeats {
  /*
   * The rows whose hashes are the smallest 512 are a random sample of the *different* rows (bottom-k
   * sketch), and how far down the largest of them lies says how many different rows there are, with a
   * standard error of 1/√512 = 4.4 %. How often each came is not asked: a single row that came a
   * hundred times would make an estimate from that worthless.
   */
  private static final long[] FACTORS = factors();
  private static final int KEPT = SmallestHashes.KEPT;

  private final SmallestHashes smallest = new SmallestHashes();
  private long rows;
  private long @Nullable [] before;
  private long limitBefore;

  void add(Row row) {
    rows++;
    smallest.add(hash(row));
  }

  /** From 0 to the largest long. */
  private static long hash(Row row) {
    long hash = row.hasNoCategories ? sumOfNumbers(row) : sumOfValues(row);
    hash ^= hash >>> 30;
    hash *= 0xBF58476D1CE4E5B9L;
    return (hash ^ (hash >>> 29)) >>> 1;
  }

  /*
   * A factor for each place, and added up, so that no value waits for the one before it. Doubles
   * mostly have zeros in their lower half, which products would keep: the upper half goes there
   * first. Two rows whose values differ have equal sums by the chance that odd factors fit, 2⁻⁴⁰
   * and less.
   */
  private static long mixed(long value, int place) {
    return (value ^ (value >>> 32)) * FACTORS[place & FACTORS.length - 1];
  }

  private static long[] factors() {
    var random = new SplittableRandom(20261125);
    return random.longs(256).map(factor -> factor | 1).toArray();
  }

  private static long sumOfNumbers(Row row) {
    double[] numbers = row.numbers;
    long hash = row.features;
    for (int i = 0; i < row.features; i++) {
      hash += mixed(Double.doubleToRawLongBits(numbers[i]), i);
    }
    return hash;
  }

  private static long sumOfValues(Row row) {
    long hash = row.features;
    for (int i = 0; i < row.features; i++) {
      Object category = row.categories[i];
      long value =
          category instanceof CharSequence text
              ? text.hashCode()
              : Double.doubleToRawLongBits(row.numbers[i]);
      hash += mixed(value, i);
    }
    return hash;
  }

  /**
   * What a window was like.
   *
   * @param repeated share of rows that another row of the window is equal to and came before
   * @param seenBefore share of the different rows that were in the window before; NaN if too few
   *     can be compared
   */
  record Shares(double repeated, double seenBefore) {}

  /** Ends the window. */
  Shares close() {
    long[] found = smallest.ascending();
    boolean isWhole = found.length < KEPT;
    long limit = isWhole ? Long.MAX_VALUE : found[KEPT - 1];
    double different = isWhole ? found.length : (KEPT - 1) * (Long.MAX_VALUE / (double) limit);
    double repeated = rows == 0 ? 0 : Math.max(0, 1 - different / rows);
    double again = 0;
    int compared = 0;
    long[] known = before;
    for (int i = 0; known != null && i < found.length && found[i] <= limitBefore; i++) {
      compared++;
      again += Arrays.binarySearch(known, found[i]) >= 0 ? 1 : 0;
    }
    before = found;
    limitBefore = limit;
    smallest.clear();
    rows = 0;
    return new Shares(repeated, compared < 30 ? Double.NaN : again / compared);
  }
}
