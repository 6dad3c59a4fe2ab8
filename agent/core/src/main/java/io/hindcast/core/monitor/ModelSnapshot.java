package io.hindcast.core.monitor;

import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Task;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of one model. Counters and histograms count since {@link #startMillis} and never
 * fall; {@code performance}, {@code coverage} and {@code drift} are of windows. A value without a
 * definition is not in its list. Names of measures, bins, outcomes and reasons are those of the
 * metric catalogue.
 *
 * @param startMillis when the counters began, since the epoch
 * @param calls without error first, then by error type
 * @param batchSizes null until a call had more than one row
 * @param droppedRows by reason; rows captured + rows dropped = rows predicted
 * @param samplingRatio share of the rows that is kept: 1 unless rows are shed
 * @param reference null until there is one
 * @param labels by outcome; every outcome of the catalogue that can occur by now, zeros too
 * @param absoluteErrorOver regression: |e| where the prediction is at least the truth; else null
 * @param squaredError regression, else NaN
 * @param baselineSquaredError NaN where the reference has no labels
 */
public record ModelSnapshot(
    ModelKey key,
    Task task,
    long startMillis,
    List<Calls> calls,
    @Nullable HistogramSnapshot batchSizes,
    long capturedRows,
    Map<String, Long> droppedRows,
    long overflow,
    @Nullable Reference reference,
    List<Feature> features,
    List<Output> outputs,
    Map<String, Long> labels,
    HistogramSnapshot labelDelaySeconds,
    List<Confusion> confusion,
    List<OutcomeScores> outcomeScores,
    @Nullable HistogramSnapshot absoluteErrorOver,
    @Nullable HistogramSnapshot absoluteErrorUnder,
    double squaredError,
    double baselineSquaredError,
    List<Performance> performance,
    List<Coverage> coverage,
    List<Drift> drift,
    long pending,
    long pendingLimit,
    Map<String, Long> pendingLost,
    QualitySnapshot quality,
    AlarmSnapshot alarms,
    double samplingRatio) {

  /** Without what is said of outcomes beside the performance, and without alarms. */
  public ModelSnapshot(
      ModelKey key,
      Task task,
      long startMillis,
      List<Calls> calls,
      @Nullable HistogramSnapshot batchSizes,
      long capturedRows,
      Map<String, Long> droppedRows,
      long overflow,
      @Nullable Reference reference,
      List<Feature> features,
      List<Output> outputs,
      Map<String, Long> labels,
      HistogramSnapshot labelDelaySeconds,
      List<Confusion> confusion,
      List<OutcomeScores> outcomeScores,
      @Nullable HistogramSnapshot absoluteErrorOver,
      @Nullable HistogramSnapshot absoluteErrorUnder,
      double squaredError,
      double baselineSquaredError,
      List<Performance> performance,
      List<Coverage> coverage,
      List<Drift> drift,
      long pending,
      long pendingLimit,
      Map<String, Long> pendingLost) {
    this(
        key,
        task,
        startMillis,
        calls,
        batchSizes,
        capturedRows,
        droppedRows,
        overflow,
        reference,
        features,
        outputs,
        labels,
        labelDelaySeconds,
        confusion,
        outcomeScores,
        absoluteErrorOver,
        absoluteErrorUnder,
        squaredError,
        baselineSquaredError,
        performance,
        coverage,
        drift,
        pending,
        pendingLimit,
        pendingLost,
        QualitySnapshot.NONE,
        AlarmSnapshot.NONE,
        1);
  }

  /**
   * Calls that ended alike.
   *
   * @param errorType class name of what was thrown; null for calls that returned
   */
  public record Calls(@Nullable String errorType, long rows, HistogramSnapshot durationSeconds) {}

  /**
   * @param id 12 hex digits
   */
  public record Reference(String id, long rows) {}

  /**
   * @param values finite values by the reference's edges; null for a category or without reference
   * @param bins every bin of the reference, zeros too; empty without reference
   * @param violations by kind; those that can occur for this feature, zeros too
   */
  public record Feature(
      String name,
      @Nullable HistogramSnapshot values,
      List<Bin> bins,
      Map<String, Long> violations) {}

  /**
   * @param name {@code score}, {@code class}, {@code value} or {@code confidence}
   * @param values null for classes or without reference
   */
  public record Output(String name, @Nullable HistogramSnapshot values, List<Bin> bins) {}

  /**
   * @param bin {@code 0} …, a category, {@code low}, {@code high}, {@code other}, {@code new},
   *     {@code missing}
   * @param referenceShare share of the reference's rows; NaN if the reference says nothing of it
   */
  public record Bin(String bin, long count, double referenceShare) {}

  public record Confusion(String actual, String predicted, long joined, long retracted) {}

  public record OutcomeScores(String actual, HistogramSnapshot scores) {}

  /**
   * @param window {@code all}, {@code 7d} …
   * @param className null unless the value is of one class
   * @param lower NaN without an interval
   * @param support outcomes behind the number; may be 0 where {@code value} is NaN
   * @param value NaN if undefined: then only the support is exported
   */
  public record Performance(
      String measure,
      String window,
      @Nullable String className,
      double value,
      double lower,
      double upper,
      long support) {}

  /**
   * @param predictedClass null for the whole window
   */
  public record Coverage(String window, @Nullable String predictedClass, double value) {}

  /**
   * The last closed window of one feature or output.
   *
   * @param isOutput else a feature
   * @param scores by measure; empty where the rows are too few
   * @param samples rows behind the scores
   */
  public record Drift(boolean isOutput, String name, Map<String, Double> scores, long samples) {}
}
