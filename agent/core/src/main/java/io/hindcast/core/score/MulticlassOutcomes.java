package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.performance.ClassTotals;
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
  private ConfusionMatrix confusion;

  /** What is counted instead where cells would be too large; else null. */
  private @Nullable ClassTotals totals;

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
    if (totals == null) {
      confusion.growTo(classes.size());
      confusion.change(truth, prediction.predictedClass, times);
    } else {
      totals.change(truth, prediction.predictedClass, times);
    }
    if (prediction.probabilityCount > 0) {
      int place = places.placeOf(truth);
      losses.change(prediction.probabilities, prediction.probabilityCount, place, times);
      topFive.change(prediction.probabilities, prediction.probabilityCount, place, times);
    }
  }

  @Override
  public void merge(OutcomeSums other) {
    var multiclass = (MulticlassOutcomes) other;
    if (multiclass.totals != null) {
      forgetCells().merge(multiclass.totals);
    } else if (totals != null) {
      totals.merge(ClassTotals.of(multiclass.confusion));
    } else {
      confusion.merge(multiclass.confusion);
    }
    losses.merge(multiclass.losses);
    topFive.merge(multiclass.topFive);
  }

  @Override
  public long total() {
    return totals == null ? confusion.total() : totals.total();
  }

  /** From now on only totals are kept: which class was taken for which is known no more. */
  ClassTotals forgetCells() {
    if (totals == null) {
      totals = ClassTotals.of(confusion);
      confusion = new ConfusionMatrix(1);
    }
    return totals;
  }

  private MulticlassMeasures measures() {
    if (totals != null) {
      return totals.multiclass();
    }
    confusion.growTo(Math.max(1, classes.size()));
    return confusion.multiclass();
  }

  @Override
  public void measure(MeasureList measures) {
    MulticlassMeasures of = measures();
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
    if (costs != null && totals == null) {
      measures.add("cost", costs.mean(confusion));
    }
    if (losses.support() + losses.invalid() > 0) {
      measures.add("log_loss", losses.measuredLogLoss());
      measures.add("brier", losses.measuredBrier());
    }
    if (topFive.accuracy().support() > 0) {
      measures.add("top_5_accuracy", topFive.accuracy());
    }
    for (int i = 0; i < classes.size() && totals == null; i++) {
      measures.add("precision", classes.name(i), of.precision(i));
      measures.add("recall", classes.name(i), of.recall(i));
      measures.add("f1", classes.name(i), of.f1(i));
    }
  }

  @Override
  public void sequences(MeasureList measures) {
    measures.sequence("accuracy", measures().accuracy());
    measures.sequence("top_5_accuracy", topFive.accuracy());
    measures.add("log_loss", losses.measuredLogLoss(), losses.logLossSequence());
    measures.add("brier", losses.measuredBrier(), losses.brierSequence());
  }

  /** Empty once cells are forgotten. */
  ConfusionMatrix confusion() {
    return confusion;
  }
}
