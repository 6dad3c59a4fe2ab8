package io.hindcast.benchmarks.simulate;

import java.util.SplittableRandom;

/** Counts as random rows would give them, without drawing the rows. */
final class Draws {
  /*
   * Binomials by Hörmann's transformed rejection (BTRS, 1993) where np is at least 10, else by adding
   * up geometric gaps; both exact. A multinomial is a chain of them.
   */
  private static final double[] STIRLING = {
    0.08106146679532726,
    0.04134069595540929,
    0.02767792568499834,
    0.02079067210376509,
    0.01664469118982119,
    0.01387612882307075,
    0.01189670994589177,
    0.01041126526197209,
    0.009255462182712733,
    0.008330563433362871
  };

  private final SplittableRandom random;

  Draws(long seed) {
    this.random = new SplittableRandom(seed);
  }

  boolean happens(double probability) {
    return random.nextDouble() < probability;
  }

  long[] multinomial(long n, double[] probabilities) {
    long[] counts = new long[probabilities.length];
    long left = n;
    double rest = 1;
    for (int i = 0; i < counts.length - 1 && left > 0; i++) {
      counts[i] = binomial(left, Math.min(1, probabilities[i] / rest));
      left -= counts[i];
      rest -= probabilities[i];
    }
    counts[counts.length - 1] += left;
    return counts;
  }

  long binomial(long n, double p) {
    if (p > 0.5) {
      return n - binomial(n, 1 - p);
    }
    if (n == 0 || p <= 0) {
      return 0;
    }
    return n * p < 10 ? byGaps(n, p) : byRejection(n, p);
  }

  private long byGaps(long n, double p) {
    double lnMiss = Math.log1p(-p);
    long hits = -1;
    double at = 0;
    while (at <= n) {
      hits++;
      at += Math.floor(Math.log(1 - random.nextDouble()) / lnMiss) + 1;
    }
    return hits;
  }

  private long byRejection(long n, double p) {
    double spread = Math.sqrt(n * p * (1 - p));
    double b = 1.15 + 2.53 * spread;
    double a = -0.0873 + 0.0248 * b + 0.01 * p;
    double c = n * p + 0.5;
    double fast = 0.92 - 4.2 / b;
    double alpha = (2.83 + 5.1 / b) * spread;
    double odds = p / (1 - p);
    double m = Math.floor((n + 1) * p);
    while (true) {
      double u = random.nextDouble() - 0.5;
      double v = random.nextDouble();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + c);
      if (us >= 0.07 && v <= fast) {
        return (long) k;
      }
      if (k < 0 || k > n) {
        continue;
      }
      double bound =
          (m + 0.5) * Math.log((m + 1) / (odds * (n - m + 1)))
              + (n + 1) * Math.log((n - m + 1) / (n - k + 1))
              + (k + 0.5) * Math.log(odds * (n - k + 1) / (k + 1))
              + stirling(m)
              + stirling(n - m)
              - stirling(k)
              - stirling(n - k);
      if (Math.log(v * alpha / (a / (us * us) + b)) <= bound) {
        return (long) k;
      }
    }
  }

  private static double stirling(double k) {
    if (k <= 9) {
      return STIRLING[(int) k];
    }
    double square = (k + 1) * (k + 1);
    return (1 / 12.0 - (1 / 360.0 - 1 / 1260.0 / square) / square) / (k + 1);
  }
}
