package io.hindcast.smoke;

import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What arrived at a backend, as its totals: the last value of a cumulative series or of a gauge,
 * the sum of a delta series.
 */
final class Metrics {
  private final Map<String, Map<Map<String, String>, Double>> numbers = new LinkedHashMap<>();
  private final Map<String, Map<Map<String, String>, Histogram>> histograms = new LinkedHashMap<>();
  private final List<String> temporalities = new ArrayList<>();

  /** Bounds, counts and sum of a histogram. */
  record Histogram(List<Double> bounds, long[] counts, double sum) {
    long count() {
      return Arrays.stream(counts).sum();
    }
  }

  static Metrics ofFile(Path runFile) throws IOException {
    List<ExportMetricsServiceRequest> requests = new ArrayList<>();
    for (String line : Files.readAllLines(runFile)) {
      if (line.startsWith("{\"resourceLogs\"")) {
        continue;
      }
      var request = ExportMetricsServiceRequest.newBuilder();
      JsonFormat.parser().merge(line, request);
      requests.add(request.build());
    }
    return of(requests);
  }

  static Metrics of(List<ExportMetricsServiceRequest> requests) {
    Metrics metrics = new Metrics();
    for (ExportMetricsServiceRequest request : requests) {
      request.getResourceMetricsList().stream()
          .flatMap(resource -> resource.getScopeMetricsList().stream())
          .filter(scope -> scope.getScope().getName().equals("io.hindcast"))
          .flatMap(scope -> scope.getMetricsList().stream())
          .forEach(metrics::add);
    }
    return metrics;
  }

  private void add(Metric metric) {
    switch (metric.getDataCase()) {
      case GAUGE ->
          metric.getGauge().getDataPointsList().forEach(p -> number(metric.getName(), p, false));
      case SUM -> {
        boolean delta = delta(metric.getName(), metric.getSum().getAggregationTemporality());
        metric.getSum().getDataPointsList().forEach(p -> number(metric.getName(), p, delta));
      }
      case HISTOGRAM -> {
        boolean delta = delta(metric.getName(), metric.getHistogram().getAggregationTemporality());
        metric
            .getHistogram()
            .getDataPointsList()
            .forEach(p -> histogram(metric.getName(), p, delta));
      }
      default -> throw new AssertionError(metric.getName() + " is a " + metric.getDataCase());
    }
  }

  private boolean delta(String name, AggregationTemporality temporality) {
    temporalities.add(name + " " + temporality);
    return temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
  }

  private void number(String name, NumberDataPoint point, boolean delta) {
    double value = point.hasAsInt() ? point.getAsInt() : point.getAsDouble();
    numbers
        .computeIfAbsent(name, n -> new LinkedHashMap<>())
        .merge(attributes(point.getAttributesList()), value, delta ? Double::sum : (a, b) -> b);
  }

  private void histogram(String name, HistogramDataPoint point, boolean delta) {
    Histogram histogram =
        new Histogram(
            point.getExplicitBoundsList(),
            point.getBucketCountsList().stream().mapToLong(Long::longValue).toArray(),
            point.getSum());
    histograms
        .computeIfAbsent(name, n -> new LinkedHashMap<>())
        .merge(
            attributes(point.getAttributesList()),
            histogram,
            (a, b) -> delta && a.bounds.equals(b.bounds) ? plus(a, b) : b);
  }

  private static Histogram plus(Histogram a, Histogram b) {
    long[] counts = a.counts.clone();
    for (int i = 0; i < counts.length; i++) {
      counts[i] += b.counts[i];
    }
    return new Histogram(a.bounds, counts, a.sum + b.sum);
  }

  static Map<String, String> attributes(List<KeyValue> list) {
    Map<String, String> attributes = new TreeMap<>();
    list.forEach(entry -> attributes.put(entry.getKey(), entry.getValue().getStringValue()));
    return attributes;
  }

  /** The sum of all series of a metric that have these attributes; null if there is none. */
  Double number(String name, String... keysAndValues) {
    List<Double> found = matching(numbers.getOrDefault(name, Map.of()), keysAndValues);
    return found.isEmpty() ? null : found.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** The one histogram that has these attributes. */
  Histogram histogram(String name, String... keysAndValues) {
    List<Histogram> found = matching(histograms.getOrDefault(name, Map.of()), keysAndValues);
    if (found.size() != 1) {
      throw new AssertionError(
          found.size() + " histograms " + name + Arrays.toString(keysAndValues) + " in " + this);
    }
    return found.get(0);
  }

  /**
   * All series of a metric that have these attributes, with their values: numbers, or histograms.
   */
  Map<Map<String, String>, Object> all(String name, String... keysAndValues) {
    Map<Map<String, String>, Object> all = new HashMap<>();
    all.putAll(numbers.getOrDefault(name, Map.of()));
    histograms
        .getOrDefault(name, Map.of())
        .forEach(
            (key, value) ->
                all.put(key, List.of(value.bounds, Arrays.toString(value.counts), value.sum)));
    all.keySet().removeIf(attributes -> !matches(attributes, keysAndValues));
    return all;
  }

  List<Map<String, String>> series(String name, String... keysAndValues) {
    List<Map<String, String>> all = new ArrayList<>();
    numbers.getOrDefault(name, Map.of()).keySet().forEach(all::add);
    histograms.getOrDefault(name, Map.of()).keySet().forEach(all::add);
    return all.stream().filter(attributes -> matches(attributes, keysAndValues)).toList();
  }

  /** Name and temporality of each sum and histogram that arrived. */
  List<String> temporalities() {
    return temporalities;
  }

  private static <T> List<T> matching(Map<Map<String, String>, T> series, String[] wanted) {
    List<T> found = new ArrayList<>();
    series.forEach(
        (attributes, value) -> {
          if (matches(attributes, wanted)) {
            found.add(value);
          }
        });
    return found;
  }

  private static boolean matches(Map<String, String> attributes, String[] wanted) {
    for (int i = 0; i < wanted.length; i += 2) {
      if (!wanted[i + 1].equals(attributes.get(wanted[i]))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    numbers.forEach((name, all) -> all.forEach((k, v) -> text.append(name + k + " " + v + "\n")));
    histograms.forEach(
        (name, all) -> all.forEach((k, v) -> text.append(name + k + " " + v.count() + "\n")));
    return text.toString();
  }
}
