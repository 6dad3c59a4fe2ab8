package io.hindcast.core.score;

import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.HistogramSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.window.Histogram;
import io.hindcast.stats.summary.Sum;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores by true class, or absolute errors, in bounds of the reference, so that they add up over
 * instances. They cannot fall, so they count every value that was ever joined, and take nothing
 * back. Nothing is counted before the bounds are known. Owned by the monitor thread.
 */
final class FleetHistograms {
  private static final int ERROR_BOUNDS = 20;

  private final Task task;
  private boolean hasScores;
  private @Nullable Histogram positiveScores;
  private @Nullable Histogram negativeScores;
  private @Nullable Histogram errorsOver;
  private @Nullable Histogram errorsUnder;
  private final Sum squaredError = new Sum();
  private final Sum baselineSquaredError = new Sum();
  private double baseline = Double.NaN;

  FleetHistograms(Task task) {
    this.task = task;
  }

  /** Fixes the bounds of scores. */
  void scoreEdges(double[] edges) {
    positiveScores = new Histogram(edges);
    negativeScores = new Histogram(edges);
  }

  /**
   * Fixes the bounds of errors: 20 logarithmic ones from 0.01 to 100 times the standard deviation
   * of the reference's labels; of its predictions, where labels are not known; of 1, where neither
   * is.
   */
  void errorBounds(@Nullable ReferenceProfile reference) {
    double scale = Double.NaN;
    if (reference != null && reference.labels() != null) {
      scale = reference.labels().standardDeviation();
      baseline = reference.labels().mean();
    }
    if (!isScale(scale) && reference != null && reference.outputs().get("value") != null) {
      scale = reference.outputs().get("value").standardDeviation();
    }
    double[] bounds = new double[ERROR_BOUNDS];
    for (int i = 0; i < ERROR_BOUNDS; i++) {
      double power = Math.pow(10, -2 + 4.0 * i / (ERROR_BOUNDS - 1));
      bounds[i] = (isScale(scale) ? scale : 1) * power;
    }
    errorsOver = new Histogram(bounds);
    errorsUnder = new Histogram(bounds);
  }

  private static boolean isScale(double scale) {
    return scale > 1e-300 && scale < 1e300;
  }

  /** Scores are to be shown, zeros too. */
  void expectScores() {
    hasScores = true;
  }

  void add(double predicted, double actual, long times) {
    if (task == Task.BINARY && positiveScores != null && negativeScores != null) {
      ((int) actual == BinaryOutcomes.POSITIVE ? positiveScores : negativeScores)
          .add(predicted, times);
    } else if (task == Task.REGRESSION && errorsOver != null && errorsUnder != null) {
      double error = predicted - actual;
      (error >= 0 ? errorsOver : errorsUnder).add(Math.abs(error), times);
      squaredError.addSquare(error, times);
      if (!Double.isNaN(baseline)) {
        baselineSquaredError.addSquare(actual - baseline, times);
      }
    }
  }

  /** Many scores at once. */
  void add(BinaryOutcomes more) {
    if (positiveScores != null && negativeScores != null) {
      hasScores |= more.hasScores();
      more.addScores(positiveScores, negativeScores);
    }
  }

  List<ModelSnapshot.OutcomeScores> outcomeScores(ClassNumbers classes) {
    if (!hasScores || negativeScores == null || positiveScores == null) {
      return List.of();
    }
    return List.of(
        new ModelSnapshot.OutcomeScores(
            classes.name(BinaryOutcomes.NEGATIVE), negativeScores.snapshot()),
        new ModelSnapshot.OutcomeScores(
            classes.name(BinaryOutcomes.POSITIVE), positiveScores.snapshot()));
  }

  @Nullable HistogramSnapshot errorsOver() {
    return errorsOver == null ? null : errorsOver.snapshot();
  }

  @Nullable HistogramSnapshot errorsUnder() {
    return errorsUnder == null ? null : errorsUnder.snapshot();
  }

  /** NaN where it does not apply, or is not counted yet. */
  double squaredError() {
    return errorsOver == null ? Double.NaN : squaredError.value();
  }

  /** NaN without labels in the reference. */
  double baselineSquaredError() {
    return Double.isNaN(baseline) ? Double.NaN : baselineSquaredError.value();
  }
}
