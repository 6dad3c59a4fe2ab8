package io.hindcast.core.score;

import io.hindcast.stats.performance.ScoreBins;
import io.hindcast.stats.performance.ScoreCalibration;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Of a model with two classes: from the rate of positives by score. */
record ScoreForecast(ScoreCalibration calibration, int firstPositive) implements Forecast {
  /**
   * @param firstPositive the first bin of scores that is predicted positive
   */
  static Learner learner(IntSupplier firstPositive) {
    return mature -> {
      ScoreBins labelled = null;
      for (Cohort cohort : mature) {
        ScoreBins more = scores(cohort);
        if (more != null) {
          labelled = labelled == null ? new ScoreBins(more.bins()) : labelled;
          labelled.merge(more);
        }
      }
      return labelled == null
              || labelled.support() < LEAST_LABELS
              || labelled.total(true) == 0
              || labelled.total(false) == 0
          ? null
          : new ScoreForecast(ScoreCalibration.of(labelled), firstPositive.getAsInt());
    };
  }

  private static @Nullable ScoreBins scores(Cohort cohort) {
    return cohort.outcomes instanceof BinaryOutcomes binary ? binary.scores() : null;
  }

  @Override
  public @Nullable Expected expect(Cohort young) {
    long[] scores = young.scores();
    if (scores == null) {
      return null;
    }
    ScoreCalibration.Expectation expected =
        calibration.expect(scores, firstPositive, young.effectOfScores());
    return new Expected(
        expected.rows(),
        expected.isFamiliar(),
        List.of(
            new Measure("accuracy", expected.accuracy()),
            new Measure("precision", expected.precision()),
            new Measure("recall", expected.recall()),
            new Measure("specificity", expected.specificity()),
            new Measure("f1", expected.f1()),
            new Measure("roc_auc", expected.rocAuc())));
  }

  @Override
  public double realised(Cohort mature) {
    return mature.outcomes instanceof BinaryOutcomes binary
            && binary.total() >= QualityReport.LEAST_OUTCOMES
        ? binary.accuracy()
        : Double.NaN;
  }

  @Override
  public double contradiction(Cohort mature) {
    ScoreBins scores = scores(mature);
    return scores == null ? Double.NaN : calibration.contradiction(scores);
  }
}
