package io.hindcast.telemetry;

import static io.hindcast.telemetry.MetricCatalog.*;

import io.hindcast.core.monitor.ModelSnapshot.Performance;
import io.hindcast.core.monitor.QualitySnapshot;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;

/** Series of what is said of outcomes beside the performance. */
final class QualitySeries {
  private QualitySeries() {}

  static void add(SnapshotSeries.Of of, QualitySnapshot quality) {
    for (Performance one : quality.provisional()) {
      of.gauge(PERFORMANCE_PROVISIONAL, measure(of.attributes(), one), one.value());
    }
    for (Performance one : quality.delayWeighted()) {
      of.gauge(DELAY_WEIGHTED, measure(of.attributes(), one), one.value());
    }
    for (Performance one : quality.sequences()) {
      Attributes attributes = measure(of.attributes(), one);
      of.gauge(SEQUENCE_LOWER, attributes, one.lower());
      of.gauge(SEQUENCE_UPPER, attributes, one.upper());
    }
    for (var estimate : quality.estimates()) {
      Attributes attributes =
          of.with(Key.MEASURE, estimate.measure())
              .put(Key.WINDOW, estimate.window())
              .put(Key.CLASS, estimate.className())
              .build();
      of.gauge(ESTIMATED, attributes, estimate.value());
      of.gauge(ESTIMATED_LOWER, attributes, estimate.lower());
      of.gauge(ESTIMATED_UPPER, attributes, estimate.upper());
      if (estimate.trusted() != null) {
        of.count(ESTIMATED_TRUSTED, attributes, estimate.trusted() ? 1 : 0);
      }
    }
    segments(of, quality);
    for (var comparison : quality.comparisons()) {
      Attributes attributes =
          of.with(Key.MEASURE, comparison.measure())
              .put(Key.BASELINE, comparison.baselineVersion())
              .build();
      of.gauge(COMPARISON, attributes, comparison.difference());
      of.gauge(COMPARISON_LOWER, attributes, comparison.lower());
      of.gauge(COMPARISON_UPPER, attributes, comparison.upper());
    }
  }

  private static void segments(SnapshotSeries.Of of, QualitySnapshot quality) {
    for (var segment : quality.segments()) {
      Performance one = segment.performance();
      Attributes attributes = measure(part(of, segment.name(), segment.value()).build(), one);
      of.gauge(SEGMENT_PERFORMANCE, attributes, one.value());
      of.gauge(SEGMENT_LOWER, attributes, one.lower());
      of.gauge(SEGMENT_UPPER, attributes, one.upper());
      of.count(SEGMENT_SUPPORT, attributes, one.support());
    }
    for (var fairness : quality.fairness()) {
      Attributes attributes =
          part(of, fairness.segment(), fairness.value())
              .put(Key.FAIRNESS_MEASURE, fairness.measure())
              .build();
      of.gauge(FAIRNESS, attributes, fairness.result());
      of.gauge(FAIRNESS_LOWER, attributes, fairness.lower());
      of.gauge(FAIRNESS_UPPER, attributes, fairness.upper());
    }
  }

  private static AttributesBuilder part(SnapshotSeries.Of of, String name, String value) {
    return of.with(Key.SEGMENT, name).put(Key.SEGMENT_VALUE, value);
  }

  private static Attributes measure(Attributes attributes, Performance one) {
    return attributes.toBuilder()
        .put(Key.MEASURE, one.measure())
        .put(Key.WINDOW, one.window())
        .put(Key.CLASS, one.className())
        .build();
  }
}
