package io.hindcast.core.score;

import io.hindcast.core.join.PendingRecord;
import io.hindcast.stats.summary.NumericBins;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Predictions of a stretch of time, and what became of them, each counted as often as it stands for
 * predictions. Owned by the monitor thread.
 */
final class Cohort {
  final OutcomeSums outcomes;
  final SegmentOutcomes segments;

  /** Null where nothing is learnt from answers. */
  final @Nullable AnswerBins answers;

  /** By predicted class; place 0 for none, place i + 1 for class i. */
  private long[] predictions = new long[3];

  /** Of predictions, by bin of the reference; null as long as there is none. */
  private long @Nullable [] scores;

  private long squaredWeightsOfScores;
  private long[] unknowable = new long[3];
  private long[] scorable = new long[3];

  Cohort(OutcomeSums outcomes, SegmentOutcomes segments, @Nullable AnswerBins answers) {
    this.outcomes = outcomes;
    this.segments = segments;
    this.answers = answers;
  }

  void predicted(PendingRecord prediction, @Nullable NumericBins scoreBins) {
    if (scoreBins != null && Double.isFinite(prediction.score)) {
      if (scores == null) {
        scores = new long[scoreBins.cells()];
      }
      scores[scoreBins.cellOf(prediction.score)] += prediction.weight;
      squaredWeightsOfScores += prediction.weight * prediction.weight;
    }
    predicted(prediction);
  }

  void predicted(PendingRecord prediction) {
    growTo(prediction.predictedClass + 2);
    predictions[prediction.predictedClass + 1] += prediction.weight;
    segments.predicted(prediction);
    if (answers != null) {
      answers.predicted(prediction);
    }
  }

  /**
   * Adds an outcome, or takes it back. One that somebody acted on is kept apart, and counts as one
   * that cannot be known.
   *
   * @param times outcomes that it stands for; negative to take it back
   */
  void change(PendingRecord prediction, double actual, long times) {
    if (prediction.actedOn) {
      segments.changeActedOn(prediction, actual, times);
      unknowable(prediction.predictedClass, times);
    } else {
      outcomes.change(prediction, actual, times);
      segments.change(prediction, actual, times);
      if (answers != null) {
        answers.change(prediction, actual, times);
      }
      scorable(prediction.predictedClass, times);
    }
  }

  void unknowable(int predictedClass, long change) {
    growTo(predictedClass + 2);
    unknowable[predictedClass + 1] += change;
  }

  private void scorable(int predictedClass, long change) {
    growTo(predictedClass + 2);
    scorable[predictedClass + 1] += change;
  }

  void merge(Cohort other) {
    outcomes.merge(other.outcomes);
    segments.merge(other.segments);
    if (answers != null && other.answers != null) {
      answers.merge(other.answers);
    }
    if (scores == null) {
      scores = other.scores == null ? null : other.scores.clone();
    } else if (other.scores != null) {
      for (int i = 0; i < scores.length; i++) {
        scores[i] += other.scores[i];
      }
    }
    squaredWeightsOfScores += other.squaredWeightsOfScores;
    growTo(other.predictions.length);
    for (int i = 0; i < other.predictions.length; i++) {
      predictions[i] += other.predictions[i];
      unknowable[i] += other.unknowable[i];
      scorable[i] += other.scorable[i];
    }
  }

  long @Nullable [] scores() {
    return scores;
  }

  /** Σw²/Σw of them: 1 without weights. */
  double effectOfScores() {
    long total = scores == null ? 0 : Arrays.stream(scores).sum();
    return total <= 0 ? 1 : Math.max(1, (double) squaredWeightsOfScores / total);
  }

  /** Predictions of one class. */
  long predictions(int predictedClass) {
    return predictedClass + 1 < predictions.length ? predictions[predictedClass + 1] : 0;
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
    // Labels that came with receipts may be of predictions that another instance has counted.
    return whole <= 0 || part > whole ? Double.NaN : (double) part / whole;
  }
}
