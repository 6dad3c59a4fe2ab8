package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.CostMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes of a model with several classes for the parts of cohorts, of which there may be many:
 * all measures but those of a class. From the eleventh class on totals by class are kept and no
 * cells, since a matrix of fifty would be too large: then there is no cost, and no interval that
 * goes by cells.
 */
final class PartOutcomes implements OutcomeSums {
  private static final int MOST_CLASSES = 10;

  private final ClassNumbers classes;
  private final MulticlassOutcomes outcomes;

  /**
   * @param costs null if no outcome has a cost
   */
  PartOutcomes(
      ClassNumbers classes,
      MulticlassOutcomes.ProbabilityPlaces places,
      @Nullable CostMatrix costs) {
    this.classes = classes;
    this.outcomes = new MulticlassOutcomes(classes, places, costs);
  }

  private MulticlassOutcomes outcomes() {
    if (classes.size() > MOST_CLASSES) {
      outcomes.forgetCells();
    }
    return outcomes;
  }

  @Override
  public void change(PendingRecord prediction, double actual, long times) {
    outcomes().change(prediction, actual, times);
  }

  @Override
  public void merge(OutcomeSums other) {
    outcomes().merge(((PartOutcomes) other).outcomes());
  }

  @Override
  public long total() {
    return outcomes.total();
  }

  @Override
  public void measure(MeasureList measures) {
    measures.addOverall(outcomes());
  }

  @Override
  public void sequences(MeasureList measures) {
    outcomes().sequences(measures);
  }
}
