package io.hindcast.core.score;

import io.hindcast.stats.performance.Measured;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What mature outcomes let one expect of predictions whose labels have not come. Immutable. */
sealed interface Forecast permits ScoreForecast, ConfidenceForecast, NumberForecast {
  /** Labels that it takes to learn anything. */
  long LEAST_LABELS = 200;

  /** Null if nothing can be said of these predictions. */
  @Nullable Expected expect(Cohort young);

  /** What the first of the expected measures has become; NaN with less than 50 outcomes. */
  double realised(Cohort mature);

  /** How far these outcomes are from what was learnt, in standard errors of both; NaN: unknown. */
  double contradiction(Cohort mature);

  /** Learns from outcomes. */
  interface Learner {
    /** Null if they are too few. */
    @Nullable Forecast learn(Iterable<Cohort> mature);
  }

  /**
   * @param isFamiliar whether labels have been seen of all but 5 % of such predictions
   * @param measures the first of them is the one that is audited
   */
  record Expected(long rows, boolean isFamiliar, List<Measure> measures) {
    Measured first() {
      return measures.get(0).value();
    }
  }

  /**
   * @param className null unless it is of one class
   */
  record Measure(String name, @Nullable String className, Measured value) {
    Measure(String name, Measured value) {
      this(name, null, value);
    }
  }
}
