package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.ConfusionMatrix;
import io.hindcast.stats.performance.CostMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of a model with several classes for the parts of cohorts, of which there may be many: of
 * up to ten classes all measures but those of a class, of more how many were right, since a matrix
 * of fifty would be too large.
 */
final class ShareOutcomes implements OutcomeSums {
  private static final int MOST_CLASSES = 10;

  private final ClassNumbers classes;

  /** Right or wrong, as if there were two classes of which all rows are one. */
  private final ConfusionMatrix outcomes = new ConfusionMatrix(2);

  /** Null from the eleventh class on. */
  private @Nullable MulticlassOutcomes byClass;

  /**
   * @param costs null if no outcome has a cost
   */
  ShareOutcomes(
      ClassNumbers classes,
      MulticlassOutcomes.ProbabilityPlaces places,
      @Nullable CostMatrix costs) {
    this.classes = classes;
    this.byClass = new MulticlassOutcomes(classes, places, costs);
  }

  private @Nullable MulticlassOutcomes byClass() {
    if (classes.size() > MOST_CLASSES) {
      byClass = null;
    }
    return byClass;
  }

  @Override
  public void change(PendingRecord prediction, double actual, long times) {
    outcomes.change(1, prediction.predictedClass == (int) actual ? 1 : 0, times);
    MulticlassOutcomes of = byClass();
    if (of != null) {
      of.change(prediction, actual, times);
    }
  }

  @Override
  public void merge(OutcomeSums other) {
    var shares = (ShareOutcomes) other;
    outcomes.merge(shares.outcomes);
    MulticlassOutcomes of = byClass();
    MulticlassOutcomes more = shares.byClass();
    if (of != null && more != null) {
      of.merge(more);
    }
  }

  @Override
  public long total() {
    return outcomes.total();
  }

  @Override
  public void measure(MeasureList measures) {
    MulticlassOutcomes of = byClass();
    if (of == null) {
      measures.add("accuracy", outcomes.binary(1).accuracy());
    } else {
      measures.addOverall(of);
    }
  }

  @Override
  public void sequences(MeasureList measures) {
    measures.sequence("accuracy", outcomes.binary(1).accuracy());
  }
}
