package io.hindcast.telemetry;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The points of a request in words, one each, to be compared with words that were written down. */
public final class Points {
  private Points() {}

  /**
   * For example {@code ml.predictions counter {prediction} {ml.model.name=m} 1000500..1060000 101},
   * with start and time in milliseconds, {@code delta} where it is one.
   */
  public static List<String> of(ExportMetricsServiceRequest request) {
    List<String> points = new ArrayList<>();
    for (Metric metric : metrics(request)) {
      String head = metric.getName() + " " + kind(metric) + " [" + metric.getUnit() + "] ";
      for (NumberDataPoint point : numbers(metric)) {
        points.add(
            head
                + attributes(point.getAttributesList())
                + times(point.getStartTimeUnixNano(), point.getTimeUnixNano())
                + (point.hasAsInt() ? "" + point.getAsInt() : "" + point.getAsDouble()));
      }
      for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
        points.add(
            head
                + attributes(point.getAttributesList())
                + times(point.getStartTimeUnixNano(), point.getTimeUnixNano())
                + point.getCount()
                + " sum "
                + point.getSum()
                + " "
                + point.getBucketCountsList()
                + " by "
                + point.getExplicitBoundsList()
                + (point.hasMin() || point.hasMax() ? " with extremes" : ""));
      }
    }
    return points;
  }

  public static List<Metric> metrics(ExportMetricsServiceRequest request) {
    return request.getResourceMetricsList().stream()
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .toList();
  }

  public static Map<String, String> resource(ExportMetricsServiceRequest request) {
    return map(request.getResourceMetrics(0).getResource().getAttributesList());
  }

  private static List<NumberDataPoint> numbers(Metric metric) {
    return metric.hasSum()
        ? metric.getSum().getDataPointsList()
        : metric.getGauge().getDataPointsList();
  }

  private static String kind(Metric metric) {
    return switch (metric.getDataCase()) {
      case GAUGE -> "gauge";
      case SUM ->
          delta(metric.getSum().getAggregationTemporality())
              + (metric.getSum().getIsMonotonic() ? "counter" : "updown");
      case HISTOGRAM -> delta(metric.getHistogram().getAggregationTemporality()) + "histogram";
      default -> "" + metric.getDataCase();
    };
  }

  private static String delta(AggregationTemporality temporality) {
    return switch (temporality) {
      case AGGREGATION_TEMPORALITY_CUMULATIVE -> "";
      case AGGREGATION_TEMPORALITY_DELTA -> "delta ";
      default -> "" + temporality;
    };
  }

  private static Map<String, String> attributes(List<KeyValue> attributes) {
    return map(attributes);
  }

  static Map<String, String> map(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey, a -> a.getValue().getStringValue(), (a, b) -> b, TreeMap::new));
  }

  private static String times(long startNanos, long nanos) {
    return " " + startNanos / 1_000_000 + ".." + nanos / 1_000_000 + " ";
  }
}
