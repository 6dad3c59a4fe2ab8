package io.hindcast.core.score;

import java.util.Arrays;

/**
 * Predictions of a stretch of time, and what became of them, each counted as often as it stands for
 * predictions. Owned by the monitor thread.
 */
final class Cohort {
  final OutcomeSums outcomes;

  /** By predicted class; place 0 for none, place i + 1 for class i. */
  private long[] predictions = new long[3];

  private long[] unknowable = new long[3];
  private long[] scorable = new long[3];

  Cohort(OutcomeSums outcomes) {
    this.outcomes = outcomes;
  }

  void predicted(int predictedClass, long times) {
    growTo(predictedClass + 2);
    predictions[predictedClass + 1] += times;
  }

  void unknowable(int predictedClass, long change) {
    growTo(predictedClass + 2);
    unknowable[predictedClass + 1] += change;
  }

  void scorable(int predictedClass, long change) {
    growTo(predictedClass + 2);
    scorable[predictedClass + 1] += change;
  }

  void merge(Cohort other) {
    outcomes.merge(other.outcomes);
    growTo(other.predictions.length);
    for (int i = 0; i < other.predictions.length; i++) {
      predictions[i] += other.predictions[i];
      unknowable[i] += other.unknowable[i];
      scorable[i] += other.scorable[i];
    }
  }

  private void growTo(int places) {
    if (places > predictions.length) {
      predictions = Arrays.copyOf(predictions, places);
      unknowable = Arrays.copyOf(unknowable, places);
      scorable = Arrays.copyOf(scorable, places);
    }
  }

  /** Scorable labels / (predictions − labels that cannot be known); NaN if there are none. */
  double coverage() {
    return ratio(
        Arrays.stream(scorable).sum(),
        Arrays.stream(predictions).sum() - Arrays.stream(unknowable).sum());
  }

  /** The same among the predictions of one class. */
  double coverage(int predictedClass) {
    int place = predictedClass + 1;
    return place >= predictions.length
        ? Double.NaN
        : ratio(scorable[place], predictions[place] - unknowable[place]);
  }

  private static double ratio(long part, long whole) {
    return whole <= 0 ? Double.NaN : (double) part / whole;
  }
}
