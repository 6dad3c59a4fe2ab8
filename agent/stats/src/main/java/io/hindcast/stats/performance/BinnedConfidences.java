package io.hindcast.stats.performance;

import io.hindcast.stats.summary.NumericBins;
import org.jspecify.annotations.Nullable;

/**
 * Answers of a model with several classes by predicted class and bin of their largest probability:
 * those that were right, and those that were wrong. What {@link ClassForecast} is made of. Owned by
 * one thread.
 */
public final class BinnedConfidences {
  /*
   * Confidences crowd near 1, so bins are narrower there. Classes from the twentieth on share one
   * place: with fifty of them each had a few labels in most bins. A place takes room once it is
   * answered.
   */
  private static final NumericBins BINS = new NumericBins(edges());

  /** Classes with a place of their own. */
  static final int CLASSES = 20;

  private final long[] @Nullable [] right = new long[CLASSES + 1] @Nullable [];
  private final long[] @Nullable [] wrong = new long[CLASSES + 1] @Nullable [];
  private long squaredWeights;

  private static double[] edges() {
    double[] edges = new double[24];
    for (int i = 0; i < 19; i++) {
      edges[i] = (i + 1) / 20.0;
    }
    System.arraycopy(new double[] {0.98, 0.99, 0.995, 0.999, 1}, 0, edges, 19, 5);
    return edges;
  }

  /** The place of a class. */
  static int placeOf(int predictedClass) {
    return Math.min(predictedClass, CLASSES);
  }

  static int binOf(double confidence) {
    return BINS.cellOf(confidence);
  }

  static int bins() {
    return BINS.cells();
  }

  /**
   * Adds an answer that stands for {@code weight}; takes it back where that is negative.
   *
   * @param confidence not NaN
   */
  public void change(int predictedClass, double confidence, boolean isRight, long weight) {
    long[] of = of(isRight ? right : wrong, placeOf(predictedClass));
    of[binOf(confidence)] += weight;
    squaredWeights += weight * Math.abs(weight);
  }

  private static long[] of(long[] @Nullable [] all, int place) {
    long[] counts = all[place];
    if (counts == null) {
      counts = new long[bins()];
      all[place] = counts;
    }
    return counts;
  }

  /** Adds another. */
  public void merge(BinnedConfidences other) {
    squaredWeights += other.squaredWeights;
    add(other.right, right);
    add(other.wrong, wrong);
  }

  private static void add(long[] @Nullable [] from, long[] @Nullable [] to) {
    for (int place = 0; place <= CLASSES; place++) {
      long[] more = from[place];
      for (int bin = 0; more != null && bin < more.length; bin++) {
        of(to, place)[bin] += more[bin];
      }
    }
  }

  /** Of one place, by bin. */
  long[] counts(int place, boolean isRight) {
    long[] counts = (isRight ? right : wrong)[place];
    return counts == null ? new long[bins()] : counts;
  }

  /** Answers of one place. */
  long total(int place) {
    return total(place, true) + total(place, false);
  }

  private long total(int place, boolean isRight) {
    long total = 0;
    for (long each : counts(place, isRight)) {
      total += each;
    }
    return total;
  }

  /** Answers, those that others stand for included. */
  public long total() {
    long total = 0;
    for (int place = 0; place <= CLASSES; place++) {
      total += total(place);
    }
    return total;
  }

  /** Share of the answers that were right; NaN without any. */
  public double accuracy() {
    long correct = 0;
    for (int place = 0; place <= CLASSES; place++) {
      correct += total(place, true);
    }
    return Measured.ratio(correct, total());
  }

  /** Σw²/Σw: 1 without weights. */
  double effect() {
    long total = total();
    return total <= 0 ? 1 : Math.max(1, (double) squaredWeights / total);
  }
}
