package io.hindcast.core.monitor;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is said of the outcomes of a version beside its performance: of young windows, of parts of
 * the rows, before the labels, and against another version. Undefined numbers are NaN.
 *
 * @param provisional the youngest window, whose labels have not all come; values alone
 * @param delayWeighted the same window, weighted by the delay of labels; values alone
 * @param sequences anytime-valid bounds; {@code lower} and {@code upper} alone
 */
public record QualitySnapshot(
    List<ModelSnapshot.Performance> provisional,
    List<ModelSnapshot.Performance> delayWeighted,
    List<ModelSnapshot.Performance> sequences,
    List<Estimate> estimates,
    List<Segment> segments,
    List<Fairness> fairness,
    List<Comparison> comparisons,
    List<BestThreshold> bestThresholds) {
  public static final QualitySnapshot NONE =
      new QualitySnapshot(
          List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  public QualitySnapshot {
    provisional = List.copyOf(provisional);
    delayWeighted = List.copyOf(delayWeighted);
    sequences = List.copyOf(sequences);
    estimates = List.copyOf(estimates);
    segments = List.copyOf(segments);
    fairness = List.copyOf(fairness);
    comparisons = List.copyOf(comparisons);
    bestThresholds = List.copyOf(bestThresholds);
  }

  /** Both. */
  public QualitySnapshot with(QualitySnapshot more) {
    return new QualitySnapshot(
        joined(provisional, more.provisional),
        joined(delayWeighted, more.delayWeighted),
        joined(sequences, more.sequences),
        joined(estimates, more.estimates),
        joined(segments, more.segments),
        joined(fairness, more.fairness),
        joined(comparisons, more.comparisons),
        joined(bestThresholds, more.bestThresholds));
  }

  private static <T> List<T> joined(List<T> some, List<T> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  /**
   * What the scores of a window let one expect, before its labels.
   *
   * @param className null unless it is of one class
   * @param value NaN while it is withdrawn
   * @param trusted null until it could be audited
   */
  public record Estimate(
      String measure,
      String window,
      @Nullable String className,
      double value,
      double lower,
      double upper,
      @Nullable Boolean trusted) {}

  /** One measure of the rows of one value of a segment. */
  public record Segment(String name, String value, ModelSnapshot.Performance performance) {}

  /**
   * How one value of a segment is treated beside the largest.
   *
   * @param measure {@code statistical_parity_difference}, {@code disparate_impact} or {@code
   *     equal_opportunity_difference}
   */
  public record Fairness(
      String measure, String segment, String value, double result, double lower, double upper) {}

  /**
   * This version minus another on the rows that both have predicted.
   *
   * @param baselineVersion the other
   */
  public record Comparison(
      String measure, String baselineVersion, double difference, double lower, double upper) {}

  /**
   * The threshold at which the scores of a window would have cost least, within one of their bins.
   *
   * @param threshold infinite if all, or none, should be predicted positive
   * @param cost a row
   */
  public record BestThreshold(String window, double threshold, double cost) {}
}
