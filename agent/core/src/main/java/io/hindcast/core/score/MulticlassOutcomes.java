package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.ConfusionMatrix;
import io.hindcast.stats.performance.CostMatrix;
import io.hindcast.stats.performance.MulticlassMeasures;
import io.hindcast.stats.performance.ProbabilityLosses;
import io.hindcast.stats.performance.TopHits;
import org.jspecify.annotations.Nullable;

/** Outcomes of a model with several classes. */
final class MulticlassOutcomes implements OutcomeSums {
  private final ClassNumbers classes;
  private final ProbabilityPlaces places;
  private final ConfusionMatrix confusion;
  private final ProbabilityLosses losses = new ProbabilityLosses();
  private final TopHits topFive = new TopHits(5);
  private final @Nullable CostMatrix costs;

  /** Which place a class has among the probabilities of a row. */
  interface ProbabilityPlaces {
    /** Negative if it has none. */
    int placeOf(int classNumber);
  }

  /**
   * @param costs null if no outcome has a cost
   */
  MulticlassOutcomes(ClassNumbers classes, ProbabilityPlaces places, @Nullable CostMatrix costs) {
    this.classes = classes;
    this.places = places;
    this.costs = costs;
    this.confusion = new ConfusionMatrix(Math.max(1, classes.size()));
  }

  @Override
  public void change(PendingRecord prediction, double actual, long times) {
    int truth = (int) actual;
    confusion.growTo(classes.size());
    confusion.change(truth, prediction.predictedClass, times);
    if (prediction.probabilityCount > 0) {
      int place = places.placeOf(truth);
      losses.change(prediction.probabilities, prediction.probabilityCount, place, times);
      topFive.change(prediction.probabilities, prediction.probabilityCount, place, times);
    }
  }

  @Override
  public void merge(OutcomeSums other) {
    var multiclass = (MulticlassOutcomes) other;
    confusion.merge(multiclass.confusion);
    losses.merge(multiclass.losses);
    topFive.merge(multiclass.topFive);
  }

  @Override
  public long total() {
    return confusion.total();
  }

  @Override
  public void measure(MeasureList measures) {
    confusion.growTo(Math.max(1, classes.size()));
    MulticlassMeasures of = confusion.multiclass();
    measures.add("accuracy", of.accuracy());
    measures.add("balanced_accuracy", of.balancedAccuracy());
    measures.add("precision", of.macroPrecision());
    measures.add("recall", of.macroRecall());
    measures.add("f1", of.macroF1());
    measures.add("precision_weighted", of.weightedPrecision());
    measures.add("recall_weighted", of.weightedRecall());
    measures.add("f1_weighted", of.weightedF1());
    measures.add("mcc", of.mcc());
    measures.add("kappa", of.kappa());
    measures.add("majority_baseline", of.majorityBaseline());
    measures.add("lift", of.lift());
    if (costs != null) {
      measures.add("cost", costs.mean(confusion));
    }
    if (losses.support() + losses.invalid() > 0) {
      measures.add("log_loss", losses.measuredLogLoss());
      measures.add("brier", losses.measuredBrier());
    }
    if (topFive.accuracy().support() > 0) {
      measures.add("top_5_accuracy", topFive.accuracy());
    }
    for (int i = 0; i < classes.size(); i++) {
      measures.add("precision", classes.name(i), of.precision(i));
      measures.add("recall", classes.name(i), of.recall(i));
      measures.add("f1", classes.name(i), of.f1(i));
    }
  }

  @Override
  public void sequences(MeasureList measures) {
    confusion.growTo(Math.max(1, classes.size()));
    measures.sequence("accuracy", confusion.multiclass().accuracy());
    measures.sequence("top_5_accuracy", topFive.accuracy());
    measures.add("log_loss", losses.measuredLogLoss(), losses.logLossSequence());
    measures.add("brier", losses.measuredBrier(), losses.brierSequence());
  }

  ConfusionMatrix confusion() {
    return confusion;
  }
}
