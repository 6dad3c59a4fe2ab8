package io.hindcast.core.score;

import io.hindcast.stats.performance.BinnedConfidences;
import io.hindcast.stats.performance.ClassForecast;
import io.hindcast.stats.performance.ConfusionMatrix;
import io.hindcast.stats.performance.Measured;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of a model with several classes: from how often it is right, by class and confidence. */
record ConfidenceForecast(ClassForecast learnt, ClassNumbers classes) implements Forecast {
  static Learner learner(ClassNumbers classes) {
    return mature -> {
      var labelled = new BinnedConfidences();
      var confusion = new ConfusionMatrix(Math.max(1, classes.size()));
      for (Cohort cohort : mature) {
        if (cohort.answers instanceof ConfidenceBins bins) {
          labelled.merge(bins.labelled);
        }
        if (cohort.outcomes instanceof MulticlassOutcomes outcomes) {
          confusion.merge(outcomes.confusion());
        }
      }
      return labelled.total() < LEAST_LABELS
          ? null
          : new ConfidenceForecast(ClassForecast.of(labelled, confusion), classes);
    };
  }

  @Override
  public @Nullable Expected expect(Cohort young) {
    if (!(young.answers instanceof ConfidenceBins bins)) {
      return null;
    }
    ClassForecast.Expectation expected = learnt.expect(bins.predictions);
    var measures = new ArrayList<Measure>();
    measures.add(new Measure("accuracy", expected.accuracy()));
    if (expected.macroRecall().isDefined()) {
      measures.add(new Measure("balanced_accuracy", expected.macroRecall()));
      measures.add(new Measure("recall", expected.macroRecall()));
    }
    if (expected.macroF1().isDefined()) {
      measures.add(new Measure("f1", expected.macroF1()));
    }
    for (int i = 0; i < classes.size(); i++) {
      add(measures, "precision", i, expected.precision(i));
      add(measures, "recall", i, expected.recall(i));
      add(measures, "f1", i, expected.f1(i));
    }
    return new Expected(expected.rows(), expected.isFamiliar(), measures);
  }

  private void add(List<Measure> measures, String name, int ofClass, Measured value) {
    if (value.isDefined() && value.support() >= QualityReport.LEAST_OUTCOMES) {
      measures.add(new Measure(name, classes.name(ofClass), value));
    }
  }

  @Override
  public double realised(Cohort mature) {
    return mature.answers instanceof ConfidenceBins bins
            && bins.labelled.total() >= QualityReport.LEAST_OUTCOMES
        ? bins.labelled.accuracy()
        : Double.NaN;
  }

  @Override
  public double contradiction(Cohort mature) {
    return mature.answers instanceof ConfidenceBins bins
        ? learnt.contradiction(bins.labelled)
        : Double.NaN;
  }
}
