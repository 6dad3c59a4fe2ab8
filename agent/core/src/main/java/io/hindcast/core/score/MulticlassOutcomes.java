package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.ConfusionMatrix;
import io.hindcast.stats.performance.MulticlassMeasures;
import io.hindcast.stats.performance.ProbabilityLosses;

/** Outcomes of a model with several classes. */
final class MulticlassOutcomes implements OutcomeSums {
  private final ClassNumbers classes;
  private final ProbabilityPlaces places;
  private final ConfusionMatrix confusion;
  private final ProbabilityLosses losses = new ProbabilityLosses();

  /** Which place a class has among the probabilities of a row. */
  interface ProbabilityPlaces {
    /** Negative if it has none. */
    int placeOf(int classNumber);
  }

  MulticlassOutcomes(ClassNumbers classes, ProbabilityPlaces places) {
    this.classes = classes;
    this.places = places;
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
    }
  }

  @Override
  public void merge(OutcomeSums other) {
    var multiclass = (MulticlassOutcomes) other;
    confusion.merge(multiclass.confusion);
    losses.merge(multiclass.losses);
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
    if (losses.support() + losses.invalid() > 0) {
      measures.add("log_loss", losses.logLoss(), losses.support());
      measures.add("brier", losses.brier(), losses.support());
    }
    for (int i = 0; i < classes.size(); i++) {
      measures.add("precision", classes.name(i), of.precision(i));
      measures.add("recall", classes.name(i), of.recall(i));
      measures.add("f1", classes.name(i), of.f1(i));
    }
  }
}
