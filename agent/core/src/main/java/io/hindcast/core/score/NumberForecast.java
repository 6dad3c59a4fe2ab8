package io.hindcast.core.score;

import io.hindcast.stats.performance.BinnedErrors;
import io.hindcast.stats.performance.ErrorForecast;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of a model that answers with a number: from the errors by bin of the answer. */
record NumberForecast(ErrorForecast learnt) implements Forecast {
  static Learner learner() {
    return mature -> {
      BinnedErrors labelled = null;
      for (Cohort cohort : mature) {
        BinnedErrors more = labelled(cohort);
        if (more != null) {
          labelled = labelled == null ? new BinnedErrors(more.bins()) : labelled;
          labelled.merge(more);
        }
      }
      return labelled == null || labelled.total() < LEAST_LABELS
          ? null
          : new NumberForecast(ErrorForecast.of(labelled));
    };
  }

  private static @Nullable BinnedErrors labelled(Cohort cohort) {
    return cohort.answers instanceof NumberBins bins ? bins.labelled() : null;
  }

  @Override
  public @Nullable Expected expect(Cohort young) {
    if (!(young.answers instanceof NumberBins bins) || bins.predictions() == null) {
      return null;
    }
    var expected = learnt.expect(bins.predictions(), bins.effect());
    return new Expected(
        expected.rows(),
        expected.isFamiliar(),
        List.of(
            new Measure("mae", expected.mae()),
            new Measure("mse", expected.mse()),
            new Measure("rmse", expected.rmse()),
            new Measure("bias", expected.bias())));
  }

  @Override
  public double realised(Cohort mature) {
    BinnedErrors errors = labelled(mature);
    return errors != null && errors.total() >= QualityReport.LEAST_OUTCOMES
        ? errors.mae()
        : Double.NaN;
  }

  @Override
  public double contradiction(Cohort mature) {
    BinnedErrors errors = labelled(mature);
    return errors == null ? Double.NaN : learnt.contradiction(errors);
  }
}
