package io.hindcast.core.score;

import io.hindcast.stats.performance.BinnedConfidences;
import io.hindcast.stats.performance.ClassForecast;
import io.hindcast.stats.performance.Measured;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Of a model with several classes: from how often it is right, by class and confidence. */
record ConfidenceForecast(ClassForecast learnt, ClassNumbers classes) implements Forecast {
  static Learner learner(ClassNumbers classes) {
    return mature -> {
      var labelled = new BinnedConfidences();
      for (Cohort cohort : mature) {
        if (cohort.answers instanceof ConfidenceBins bins) {
          labelled.merge(bins.labelled);
        }
      }
      return labelled.total() < LEAST_LABELS
          ? null
          : new ConfidenceForecast(ClassForecast.of(labelled), classes);
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
    for (int i = 0; i < classes.size(); i++) {
      Measured precision = expected.precision(i);
      if (precision.support() >= QualityReport.LEAST_OUTCOMES) {
        measures.add(new Measure("precision", classes.name(i), precision));
      }
    }
    return new Expected(expected.rows(), expected.isFamiliar(), measures);
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
