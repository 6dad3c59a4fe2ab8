package io.hindcast.benchmarks.simulate;

import io.hindcast.stats.change.ErrorDetector;
import io.hindcast.stats.change.SequentialAlarm;
import io.hindcast.stats.change.UpperLimit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.DoubleFunction;

/** Says of one labelled row after another whether errors have risen. */
interface ErrorRule {
  /** Whether an alarm begins with this row. */
  boolean rises(boolean isWrong);

  /**
   * @param make from the error rate of 1000 rows before the stream
   */
  record Named(String name, DoubleFunction<ErrorRule> make) {}

  int REFERENCE_ROWS = 1000;

  static List<Named> all(double every) {
    return List.of(
        new Named("Hindcast", rate -> detector(UpperLimit.of(rate, REFERENCE_ROWS), every)),
        new Named(
            "the same with the estimate plugged in",
            rate -> detector(Math.min(0.999, Math.max(rate, 1e-4)), every)),
        new Named("DDM", rate -> new Ddm()),
        new Named("Page–Hinkley", rate -> new PageHinkley()),
        new Named("ADWIN", rate -> new Adwin()));
  }

  private static ErrorRule detector(double u, double every) {
    var detector = new ErrorDetector(u);
    var alarm = new SequentialAlarm(detector, every);
    long[] row = {0};
    return isWrong -> {
      detector.add(isWrong ? 1 : 0, row[0]++);
      return alarm.rises();
    };
  }

  /**
   * Gama, Medas, Castillo, Rodrigues, Learning with drift detection, 2004; starts anew after one.
   */
  final class Ddm implements ErrorRule {
    private static final int LEAST = 30;
    private long n;
    private double p;
    private double least = Double.POSITIVE_INFINITY;
    private double leastP;
    private double leastS;

    @Override
    public boolean rises(boolean isWrong) {
      n++;
      p += ((isWrong ? 1 : 0) - p) / n;
      double s = Math.sqrt(p * (1 - p) / n);
      if (n < LEAST) {
        return false;
      }
      if (p + s <= least) {
        least = p + s;
        leastP = p;
        leastS = s;
      }
      if (p + s > leastP + 3 * leastS) {
        n = 0;
        p = 0;
        least = Double.POSITIVE_INFINITY;
        return true;
      }
      return false;
    }
  }

  /** Page 1954, Hinkley 1971, with the constants that libraries have: δ .005, λ 50. */
  final class PageHinkley implements ErrorRule {
    private static final int LEAST = 30;
    private static final double DELTA = 0.005;
    private static final double LAMBDA = 50;
    private long n;
    private double mean;
    private double sum;
    private double least;

    @Override
    public boolean rises(boolean isWrong) {
      double x = isWrong ? 1 : 0;
      n++;
      mean += (x - mean) / n;
      sum += x - mean - DELTA;
      least = Math.min(least, sum);
      if (n >= LEAST && sum - least > LAMBDA) {
        n = 0;
        mean = 0;
        sum = 0;
        least = 0;
        return true;
      }
      return false;
    }
  }

  /**
   * Bifet, Gavaldà, Learning from time-changing data with adaptive windowing, 2007: δ .002, five
   * buckets of a size, looked at every 32 rows, as in its implementations. Both directions cut;
   * only a rise is an alarm.
   */
  final class Adwin implements ErrorRule {
    private static final double DELTA = 0.002;
    private static final int MOST_OF_A_SIZE = 5;
    private static final int CLOCK = 32;
    private static final int LEAST_WINDOW = 10;
    private static final int LEAST_PART = 5;

    /**
     * By exponent of the size, the eldest bucket first: sums, whose variance is that of 0 and 1.
     */
    private final List<Deque<Double>> sizes = new ArrayList<>();

    private double total;
    private double width;
    private long rows;

    @Override
    public boolean rises(boolean isWrong) {
      add(isWrong ? 1 : 0);
      rows++;
      boolean rises = false;
      if (rows % CLOCK == 0 && width > LEAST_WINDOW) {
        for (int cut = cut(); cut != 0; cut = cut()) {
          rises |= cut > 0;
          dropEldest();
        }
      }
      return rises;
    }

    private void add(double x) {
      if (sizes.isEmpty()) {
        sizes.add(new ArrayDeque<>());
      }
      sizes.get(0).addLast(x);
      total += x;
      width++;
      for (int i = 0; sizes.get(i).size() > MOST_OF_A_SIZE; i++) {
        if (i + 1 == sizes.size()) {
          sizes.add(new ArrayDeque<>());
        }
        sizes.get(i + 1).addLast(sizes.get(i).removeFirst() + sizes.get(i).removeFirst());
      }
    }

    /** 1 if some newer part is significantly above the older, −1 if below, else 0. */
    private int cut() {
      double oldRows = 0;
      double oldSum = 0;
      double mean = total / width;
      double variance = mean * (1 - mean);
      double lnDelta = Math.log(2 * Math.log(width) / DELTA);
      for (int i = sizes.size() - 1; i >= 0; i--) {
        for (double sum : sizes.get(i)) {
          oldRows += 1L << i;
          oldSum += sum;
          double newRows = width - oldRows;
          if (newRows < LEAST_PART) {
            return 0;
          }
          if (oldRows < LEAST_PART) {
            continue;
          }
          double inverse = 1 / (oldRows - LEAST_PART + 1) + 1 / (newRows - LEAST_PART + 1);
          double bound = Math.sqrt(2 * inverse * variance * lnDelta) + 2.0 / 3 * inverse * lnDelta;
          double difference = (total - oldSum) / newRows - oldSum / oldRows;
          if (Math.abs(difference) > bound) {
            return difference > 0 ? 1 : -1;
          }
        }
      }
      return 0;
    }

    private void dropEldest() {
      int last = sizes.size() - 1;
      while (sizes.get(last).isEmpty()) {
        sizes.remove(last--);
      }
      total -= sizes.get(last).removeFirst();
      width -= 1L << last;
      if (sizes.get(last).isEmpty() && last > 0) {
        sizes.remove(last);
      }
    }
  }
}
