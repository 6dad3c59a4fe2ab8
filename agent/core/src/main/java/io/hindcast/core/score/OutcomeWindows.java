package io.hindcast.core.score;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.model.Task;
import io.hindcast.stats.performance.CostMatrix;
import io.hindcast.stats.performance.ScoreBins;
import io.hindcast.stats.summary.NumericBins;
import java.time.Duration;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * Predictions and their outcomes since start, and the same by cohort of prediction time. Owned by
 * the monitor thread.
 */
final class OutcomeWindows {
  /*
   * `all` is the sum over every outcome since start, kept beside the cohorts: it takes corrections
   * whose cohort is long gone. It is of this process alone: what an earlier one labelled is in the
   * cohorts only.
   */
  private static final int MOST_BUCKETS = 1024;
  private static final int MOST_BUCKETS_OF_CLASSES = 256;

  private final Task task;
  private final LabelTruths truths;
  private final @Nullable CostMatrix costs;
  private NumericBins scoreBins;
  private boolean areBinsSettled;
  private @Nullable NumericBins numberBins;
  final Cohort all;
  final Cohorts cohorts;

  /**
   * @param oldestMaturity the longest time that may lie between a window and now
   */
  OutcomeWindows(Task task, ModelConfig config, LabelTruths truths, Duration oldestMaturity) {
    this.task = task;
    this.truths = truths;
    this.costs = costs(config.scoring());
    this.scoreBins = new NumericBins(ScoreBins.edges(config.output().threshold(), null));
    this.all = cohort(null);
    this.cohorts =
        new Cohorts(
            config.performanceWindows(),
            oldestMaturity,
            task == Task.MULTICLASS ? MOST_BUCKETS_OF_CLASSES : MOST_BUCKETS,
            this::newCohort);
  }

  private @Nullable CostMatrix costs(ScoringConfig scoring) {
    var costs = new HashMap<ScoringConfig.Pair, Double>();
    scoring
        .costs()
        .forEach(
            (pair, cost) ->
                costs.put(
                    new ScoringConfig.Pair(
                        truths.className(pair.actual()), truths.className(pair.predicted())),
                    cost));
    ClassNumbers classes = truths.classes();
    return costs.isEmpty()
        ? null
        : new CostMatrix(
            (actual, predicted) ->
                costs.getOrDefault(
                    new ScoringConfig.Pair(classes.name(actual), classes.name(predicted)), 0.0));
  }

  Cohort newCohort() {
    return cohort(
        switch (task) {
          case MULTICLASS -> new ConfidenceBins();
          case REGRESSION -> new NumberBins(() -> numberBins);
          default -> null;
        });
  }

  private Cohort cohort(@Nullable AnswerBins answers) {
    return new Cohort(
        switch (task) {
          case BINARY -> new BinaryOutcomes(scoreBins, costs);
          case MULTICLASS ->
              new MulticlassOutcomes(truths.classes(), truths::probabilityPlace, costs);
          default -> new RegressionOutcomes();
        },
        new SegmentOutcomes(this::newPart),
        answers);
  }

  /** Outcomes of a part of a cohort, of which there may be many. */
  private OutcomeSums newPart() {
    return switch (task) {
      case BINARY -> new BinaryOutcomes(null, costs);
      case MULTICLASS -> new PartOutcomes(truths.classes(), truths::probabilityPlace, costs);
      default -> new RegressionOutcomes();
    };
  }

  void predicted(PendingRecord prediction) {
    all.predicted(prediction);
    predictedBefore(prediction);
  }

  /** A prediction of an earlier process. */
  void predictedBefore(PendingRecord prediction) {
    Cohort cohort = cohorts.at(prediction.predictedAtMillis);
    if (cohort != null) {
      cohort.predicted(prediction, areBinsSettled ? scoreBins : null);
    }
  }

  /**
   * What an earlier process knew of a prediction.
   *
   * @return false if no window reaches as far back
   */
  boolean labelledBefore(PendingRecord record) {
    Cohort cohort = cohorts.at(record.predictedAtMillis);
    if (cohort == null) {
      return false;
    }
    if (record.state == PendingRecord.State.NULL) {
      cohort.unknowable(record.predictedClass, record.weight);
    } else {
      cohort.change(record, record.actual, record.weight);
    }
    return true;
  }

  /** Adds an outcome that stands for {@code times}; takes it back where that is negative. */
  void change(PendingRecord record, double actual, long times) {
    if (times < 0 && record.isFromBefore) {
      // Its truth was never in `all`; from now on it is there as a prediction.
      all.predicted(record);
    } else {
      all.change(record, actual, times);
    }
    Cohort cohort = cohorts.at(record.predictedAtMillis);
    if (cohort != null) {
      cohort.change(record, actual, times);
    }
  }

  void unknowable(PendingRecord record, boolean isSo) {
    long change = isSo ? record.weight : -record.weight;
    if (!isSo && record.isFromBefore) {
      all.predicted(record);
    } else {
      all.unknowable(record.predictedClass, change);
    }
    Cohort cohort = cohorts.at(record.predictedAtMillis);
    if (cohort != null) {
      cohort.unknowable(record.predictedClass, change);
    }
  }

  /** Begins the bins of scores again, with the edges that they keep. */
  void scoreEdges(double[] edges) {
    scoreBins = new NumericBins(edges);
    areBinsSettled = true;
    begin(all);
    cohorts.all().forEach(this::begin);
  }

  /** The bins of answers that are numbers, which they keep. */
  void numberBins(NumericBins bins) {
    numberBins = bins;
  }

  /** Only the bins of answers: for an outcome that came before these were known. */
  void changeAnswer(long predictedAtMillis, double predicted, double actual, long times) {
    Cohort cohort = cohorts.at(predictedAtMillis);
    if (cohort != null && cohort.answers instanceof NumberBins numbers) {
      numbers.change(predicted, actual, times);
    }
  }

  /** Learns what lets one expect outcomes before their labels. */
  Forecast.Learner learner(double threshold) {
    return switch (task) {
      case BINARY -> ScoreForecast.learner(() -> firstPositive(threshold));
      case MULTICLASS -> ConfidenceForecast.learner(truths.classes());
      default -> NumberForecast.learner();
    };
  }

  /** Begins the bins of scores of outcomes that are not in here yet. */
  void begin(Cohort cohort) {
    ((BinaryOutcomes) cohort.outcomes).scoreBins(scoreBins);
  }

  /**
   * Only the bins of scores: for an outcome that came before their edges.
   *
   * @param isOfAll false if only its cohort has it
   */
  void changeScore(
      long predictedAtMillis, double score, boolean isPositive, long times, boolean isOfAll) {
    if (isOfAll) {
      ((BinaryOutcomes) all.outcomes).changeScore(score, isPositive, times);
    }
    Cohort cohort = cohorts.at(predictedAtMillis);
    if (cohort != null) {
      ((BinaryOutcomes) cohort.outcomes).changeScore(score, isPositive, times);
    }
  }

  /** The first bin whose scores are predicted positive. */
  private int firstPositive(double threshold) {
    return scoreBins.cellOf(Math.nextDown(threshold)) + 1;
  }
}
