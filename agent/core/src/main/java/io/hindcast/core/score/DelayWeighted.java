package io.hindcast.core.score;

import io.hindcast.stats.performance.ConfusionMatrix;
import io.hindcast.stats.performance.WeightedCells;
import java.util.Map;

/**
 * The youngest window of a model with two classes, each outcome weighted by the inverse of the
 * share of its class's labels that comes by its age. Made once and thrown away.
 */
final class DelayWeighted {
  /*
   * An age at which less than a tenth of the labels of either class has come is left out for both:
   * to leave out one class alone would tilt the others. It assumes that a label's delay tells
   * nothing of whether the prediction was right beyond the class, and that delays stay as they were.
   */
  private static final double LEAST_SHARE = 0.1;

  private final WeightedCells cells = new WeightedCells();

  /**
   * @param buckets by their begin
   */
  DelayWeighted(
      Map<Long, Cohort> buckets,
      long widthMillis,
      DelayCurves.Curves curves,
      long nowMillis,
      long maturityMillis) {
    buckets.forEach(
        (start, cohort) -> {
          long age = nowMillis - Math.min(nowMillis, start + widthMillis / 2);
          double negatives = age >= maturityMillis ? 1 : curves.share(0, age);
          double positives = age >= maturityMillis ? 1 : curves.share(1, age);
          if (negatives >= LEAST_SHARE
              && positives >= LEAST_SHARE
              && cohort.outcomes instanceof BinaryOutcomes binary) {
            add(binary.confusion(), 1 / negatives, 1 / positives);
          }
        });
  }

  private void add(ConfusionMatrix confusion, double ofNegatives, double ofPositives) {
    for (int actual = 0; actual < 2; actual++) {
      for (int predicted = 0; predicted < 2; predicted++) {
        cells.add(
            actual == 1,
            predicted == 1,
            confusion.count(actual, predicted),
            actual == 1 ? ofPositives : ofNegatives);
      }
    }
  }

  /** Nothing if the weights leave fewer effective rows. */
  void measure(MeasureList measures, long least) {
    long rows = Math.round(cells.effectiveRows());
    if (rows < least) {
      return;
    }
    measures.add("accuracy", cells.accuracy(), rows);
    measures.add("balanced_accuracy", cells.balancedAccuracy(), rows);
    measures.add("precision", cells.precision(), rows);
    measures.add("recall", cells.recall(), rows);
    measures.add("specificity", cells.specificity(), rows);
    measures.add("f1", cells.f1(), rows);
  }
}
