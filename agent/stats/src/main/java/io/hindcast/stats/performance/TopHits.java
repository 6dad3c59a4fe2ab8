package io.hindcast.stats.performance;

/**
 * Rows whose true class is among the k most probable ones: fewer than k other classes are at least
 * as probable, so ties count against it. Owned by one thread.
 */
public final class TopHits {
  private final int k;
  private long hits;
  private long rows;
  private long squaredWeights;

  public TopHits(int k) {
    this.k = k;
  }

  /**
   * Adds a row that stands for {@code weight}; takes it back where that is negative. Rows of no
   * more than k classes say nothing and are left out.
   *
   * @param count probabilities in the array, from its begin
   * @param trueClass place of the true class; negative if the model does not know it, a miss
   */
  public void change(double[] probabilities, int count, int trueClass, long weight) {
    if (count <= k) {
      return;
    }
    rows += weight;
    squaredWeights += weight * Math.abs(weight);
    if (trueClass >= 0 && trueClass < count && isHit(probabilities, count, trueClass)) {
      hits += weight;
    }
  }

  private boolean isHit(double[] probabilities, int count, int trueClass) {
    int atLeast = 0;
    for (int i = 0; i < count; i++) {
      atLeast += i != trueClass && probabilities[i] >= probabilities[trueClass] ? 1 : 0;
    }
    // A probability that is not a number is no hit.
    return atLeast < k && !Double.isNaN(probabilities[trueClass]);
  }

  public void merge(TopHits other) {
    hits += other.hits;
    rows += other.rows;
    squaredWeights += other.squaredWeights;
  }

  /** Hits over rows, in [0, 1]; undefined without rows. */
  public Measured accuracy() {
    double effect = rows <= 0 ? 1 : Math.max(1, (double) squaredWeights / rows);
    return Measured.proportion(hits, rows, effect);
  }
}
