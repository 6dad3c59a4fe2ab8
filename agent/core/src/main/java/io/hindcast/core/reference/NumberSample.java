package io.hindcast.core.reference;

import io.hindcast.stats.summary.NumericBins;
import io.hindcast.stats.summary.Sum;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Finite numbers in bounded memory: exact sums and extremes, and every value up to a bound, above
 * it a random sample of that size.
 */
final class NumberSample {
  /*
   * A uniform reservoir (Vitter's algorithm R), seeded, so the same file makes the same edges. With
   * 40 000 values in it a decile is off by 0.3 % of the rows at most nine times in ten.
   */
  private static final int FEW = 10;

  private double[] values = new double[16];
  private int size;
  private long seen;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private final double[] distinct = new double[FEW + 1];
  private int distincts;
  private final Sum sum = new Sum();
  private final Sum squares = new Sum();
  private final SplittableRandom random = new SplittableRandom(20_261_124);

  void add(double value, int room) {
    double v = value + 0.0; // −0.0 becomes 0.0
    seen++;
    min = Math.min(min, v);
    max = Math.max(max, v);
    sum.add(v);
    squares.addSquare(v);
    noteDistinct(v);
    if (size < room) {
      if (size == values.length) {
        values = Arrays.copyOf(values, Math.min(2 * size, room));
      }
      values[size++] = v;
    } else {
      long place = random.nextLong(seen);
      if (place < size) {
        values[(int) place] = v;
      }
    }
  }

  private void noteDistinct(double v) {
    if (distincts > FEW) {
      return;
    }
    for (int i = 0; i < distincts; i++) {
      if (distinct[i] == v) {
        return;
      }
    }
    distinct[distincts++] = v;
  }

  long count() {
    return seen;
  }

  double min() {
    return min;
  }

  double max() {
    return max;
  }

  /** Quantile bins; the extremes are those of all values, and few distinct values are all there. */
  Optional<NumericBins> bins(int bins) {
    return NumericBins.ofReference(sorted(), bins);
  }

  /** The sample, ascending. */
  double[] sorted() {
    double[] sample = Arrays.copyOf(values, size);
    if (seen > size) {
      // What chance left out must still have its bin.
      int extra = distincts <= FEW ? distincts : 2;
      sample = Arrays.copyOf(sample, size + extra);
      if (distincts <= FEW) {
        System.arraycopy(distinct, 0, sample, size, distincts);
      } else {
        sample[size] = min;
        sample[size + 1] = max;
      }
    }
    Arrays.sort(sample);
    return sample;
  }

  /** NaN if empty. */
  double mean() {
    return seen == 0 ? Double.NaN : sum.value() / seen;
  }

  /** As of a population, {@code √(Σ(x−x̄)²/n)}; NaN if empty or beyond the doubles. */
  double standardDeviation() {
    if (seen == 0 || !Double.isFinite(squares.value())) {
      return Double.NaN;
    }
    // Both sums agree in all but their last digits where the values are far from 0.
    BigDecimal n = BigDecimal.valueOf(seen);
    BigDecimal total = sum.exactValue();
    double spread = squares.exactValue().multiply(n).subtract(total.multiply(total)).doubleValue();
    return min == max ? 0 : Math.sqrt(Math.max(0, spread)) / seen;
  }
}
