package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the metric catalogue promises of every file, whatever was predicted: names, types, units,
 * attributes, bounds, a first line of zeros, and that the parts add up.
 */
final class Catalogue {
  /** Name, type, unit, attributes beside model and version; in brackets: not on every point. */
  private static final String TABLE =
      """
      ml.predictions                        counter   {prediction} [error.type]
      ml.prediction.duration                histogram s            [error.type]
      ml.prediction.batch.size              histogram {prediction}
      ml.feature.value                      histogram -            ml.feature.name ml.reference.id
      ml.feature.bin                        counter   {value}      ml.feature.name ml.bin ml.reference.id
      ml.feature.violation                  counter   {value}      ml.feature.name ml.violation.kind
      ml.reference.share                    gauge     -            [ml.feature.name] [ml.output.name] ml.bin ml.reference.id
      ml.reference.size                     gauge     -            ml.reference.id
      ml.output.value                       histogram -            ml.output.name ml.reference.id
      ml.output.bin                         counter   {prediction} ml.output.name ml.bin ml.reference.id
      ml.labels                             counter   {label}      ml.label.outcome
      ml.label.delay                        histogram s
      ml.confusion                          counter   {outcome}    ml.class.actual ml.class.predicted
      ml.confusion.retracted                counter   {outcome}    ml.class.actual ml.class.predicted
      ml.outcome.score                      histogram -            ml.class.actual [ml.reference.id]
      ml.regression.absolute_error          histogram -            ml.error.sign
      ml.regression.squared_error           counter   -
      ml.regression.baseline_squared_error  counter   -
      ml.performance                        gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.lower                  gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.upper                  gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.support                gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.coverage               gauge     -            ml.performance.window [ml.class.predicted]
      ml.performance.provisional            gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.delay_weighted         gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.sequence.lower         gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.sequence.upper         gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.estimated              gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.estimated.lower        gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.estimated.upper        gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.performance.estimated.trusted      gauge     -            ml.performance.metric ml.performance.window [ml.class.name]
      ml.segment.performance                gauge     -            ml.segment.name ml.segment.value ml.performance.metric ml.performance.window [ml.class.name]
      ml.segment.performance.lower          gauge     -            ml.segment.name ml.segment.value ml.performance.metric ml.performance.window [ml.class.name]
      ml.segment.performance.upper          gauge     -            ml.segment.name ml.segment.value ml.performance.metric ml.performance.window [ml.class.name]
      ml.segment.performance.support        gauge     -            ml.segment.name ml.segment.value ml.performance.metric ml.performance.window [ml.class.name]
      ml.fairness                           gauge     -            ml.fairness.metric ml.segment.name ml.segment.value
      ml.fairness.lower                     gauge     -            ml.fairness.metric ml.segment.name ml.segment.value
      ml.fairness.upper                     gauge     -            ml.fairness.metric ml.segment.name ml.segment.value
      ml.comparison.difference              gauge     -            ml.performance.metric ml.baseline.version
      ml.comparison.difference.lower        gauge     -            ml.performance.metric ml.baseline.version
      ml.comparison.difference.upper        gauge     -            ml.performance.metric ml.baseline.version
      ml.drift.score                        gauge     -            [ml.feature.name] [ml.output.name] ml.drift.measure
      ml.drift.samples                      gauge     -            [ml.feature.name] [ml.output.name]
      ml.drift.evidence                     gauge     -            ml.drift.scope
      ml.alarm.active                       gauge     -            ml.alarm.kind
      ml.alarms                             counter   -            ml.alarm.kind
      hindcast.rows.captured                counter   -
      hindcast.rows.dropped                 counter   -            hindcast.drop.reason
      hindcast.capture.errors               counter   -            error.type
      hindcast.cpu.time                     counter   s
      hindcast.methods.instrumented         gauge     -            hindcast.rule
      hindcast.cardinality.overflow         counter   {value}
      hindcast.pending.count                updown    -
      hindcast.pending.limit                updown    -
      hindcast.pending.lost                 counter   -            hindcast.lost.reason
      hindcast.sampling.ratio               gauge     -
      """;

  /** Of no model. */
  private static final Set<String> OF_THE_AGENT =
      Set.of("hindcast.capture.errors", "hindcast.cpu.time", "hindcast.methods.instrumented");

  private static final Map<String, List<Double>> BOUNDS =
      Map.of(
          "ml.prediction.duration", durations(),
          "ml.prediction.batch.size", powersOfTwo(),
          "ml.label.delay", delays());

  private static final Map<String, String[]> ROWS = new HashMap<>();

  static {
    TABLE.lines().forEach(line -> ROWS.put(line.split(" +")[0], line.split(" +")));
  }

  private Catalogue() {}

  /** Checks a telemetry file and says what is in it. */
  static Metrics check(Path runFile) throws IOException {
    List<ScopeMetrics> lines = new ArrayList<>();
    for (String line : Files.readAllLines(runFile)) {
      if (line.startsWith("{\"resourceLogs\"")) {
        continue;
      }
      var request = ExportMetricsServiceRequest.newBuilder();
      JsonFormat.parser().merge(line, request);
      assertThat(request.getResourceMetricsCount()).isEqualTo(1);
      assertThat(request.getResourceMetrics(0).getScopeMetricsCount()).isEqualTo(1);
      lines.add(request.getResourceMetrics(0).getScopeMetrics(0));
    }
    assertThat(lines).hasSizeGreaterThanOrEqualTo(2);
    zeros(lines.get(0));
    lines.forEach(Catalogue::shapes);
    sums(lines.get(lines.size() - 1));
    return Metrics.ofFile(runFile);
  }

  private static void zeros(ScopeMetrics first) {
    for (Metric metric : first.getMetricsList()) {
      if (!metric.getName().equals("hindcast.pending.limit")) {
        for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
          assertThat(value(point)).as("first " + metric.getName()).isZero();
        }
        for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
          assertThat(point.getCount()).as("first " + metric.getName()).isZero();
        }
      }
    }
  }

  private static void shapes(ScopeMetrics scope) {
    assertThat(scope.getScope().getName()).isEqualTo("io.hindcast");
    assertThat(scope.getScope().getVersion()).isNotEmpty();
    assertThat(scope.getSchemaUrl()).startsWith("https://");
    Set<String> names = new TreeSet<>();
    for (Metric metric : scope.getMetricsList()) {
      String name = metric.getName();
      assertThat(names.add(name)).as(name + " comes once").isTrue();
      assertThat(ROWS).containsKey(name);
      String[] row = ROWS.get(name);
      assertThat(type(metric)).as(name).isEqualTo(row[1]);
      assertThat(metric.getUnit()).as(name).isEqualTo(row[2].equals("-") ? "" : row[2]);
      assertThat(metric.getDescription()).as(name).isNotEmpty();
      Set<List<KeyValue>> series = new java.util.HashSet<>();
      for (NumberDataPoint point : metric.getGauge().getDataPointsList()) {
        attributes(name, row, point.getAttributesList());
        assertThat(series.add(point.getAttributesList())).as(name + " twice").isTrue();
        assertThat(value(point)).as(name).isFinite();
      }
      for (NumberDataPoint point : metric.getSum().getDataPointsList()) {
        attributes(name, row, point.getAttributesList());
        assertThat(series.add(point.getAttributesList())).as(name + " twice").isTrue();
        assertThat(value(point)).as(name).isNotNegative();
      }
      for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
        attributes(name, row, point.getAttributesList());
        assertThat(series.add(point.getAttributesList())).as(name + " twice").isTrue();
        histogram(name, point);
      }
    }
  }

  private static String type(Metric metric) {
    return switch (metric.getDataCase()) {
      case GAUGE -> "gauge";
      case SUM -> {
        assertThat(metric.getSum().getAggregationTemporality())
            .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
        yield metric.getSum().getIsMonotonic() ? "counter" : "updown";
      }
      case HISTOGRAM -> {
        assertThat(metric.getHistogram().getAggregationTemporality())
            .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
        yield "histogram";
      }
      default -> "unexpected";
    };
  }

  private static void attributes(String name, String[] row, List<KeyValue> attributes) {
    Set<String> allowed = new TreeSet<>();
    Set<String> required = new TreeSet<>();
    for (int i = 3; i < row.length; i++) {
      boolean optional = row[i].startsWith("[");
      String key = optional ? row[i].substring(1, row[i].length() - 1) : row[i];
      allowed.add(key);
      if (!optional) {
        required.add(key);
      }
    }
    if (!OF_THE_AGENT.contains(name)) {
      List<String> model = List.of("ml.model.name", "ml.model.version");
      allowed.addAll(model);
      // Labels that met no prediction carry what their reporter named, maybe nothing.
      required.addAll(name.equals("ml.labels") ? List.of() : model);
    }
    Set<String> keys = new TreeSet<>();
    for (KeyValue attribute : attributes) {
      keys.add(attribute.getKey());
      assertThat(attribute.getValue().getStringValue()).as(name).isNotEmpty();
      if (attribute.getKey().equals("ml.reference.id")) {
        assertThat(attribute.getValue().getStringValue()).matches("[0-9a-f]{12}");
      }
    }
    assertThat(keys).as(name).containsAll(required).isSubsetOf(allowed);
  }

  private static void histogram(String name, HistogramDataPoint point) {
    assertThat(point.hasMin() || point.hasMax()).as(name).isFalse();
    assertThat(point.getBucketCountsList().stream().mapToLong(n -> n).sum())
        .as(name)
        .isEqualTo(point.getCount());
    if (BOUNDS.containsKey(name)) {
      assertThat(point.getExplicitBoundsList()).as(name).isEqualTo(BOUNDS.get(name));
    }
  }

  private static void sums(ScopeMetrics last) {
    Map<String, Double> predictions = new TreeMap<>();
    Map<String, Double> rows = new TreeMap<>();
    Map<String, Set<String>> bins = new TreeMap<>();
    Map<String, Set<String>> shares = new TreeMap<>();
    Map<String, Double> shareSums = new TreeMap<>();
    for (Metric metric : last.getMetricsList()) {
      List<NumberDataPoint> points = new ArrayList<>(metric.getSum().getDataPointsList());
      points.addAll(metric.getGauge().getDataPointsList());
      for (NumberDataPoint point : points) {
        Map<String, String> has = new TreeMap<>();
        point.getAttributesList().forEach(a -> has.put(a.getKey(), a.getValue().getStringValue()));
        String model = has.get("ml.model.name") + " " + has.get("ml.model.version");
        String of = model + " " + has.get("ml.feature.name") + " " + has.get("ml.output.name");
        switch (metric.getName()) {
          case "ml.predictions" -> predictions.merge(model, value(point), Double::sum);
          case "hindcast.rows.captured", "hindcast.rows.dropped" ->
              rows.merge(model, value(point), Double::sum);
          case "ml.feature.bin", "ml.output.bin" ->
              bins.computeIfAbsent(of, o -> new TreeSet<>()).add(has.get("ml.bin"));
          case "ml.reference.share" -> {
            shares.computeIfAbsent(of, o -> new TreeSet<>()).add(has.get("ml.bin"));
            shareSums.merge(of, value(point), Double::sum);
          }
          default -> {}
        }
      }
    }
    assertThat(rows).isEqualTo(predictions);
    assertThat(shares).isEqualTo(bins);
    shareSums.forEach(
        (of, sum) ->
            assertThat(sum).as(of).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-12)));
  }

  private static double value(NumberDataPoint point) {
    return point.hasAsInt() ? point.getAsInt() : point.getAsDouble();
  }

  /** 1 µs to 10 s. */
  private static List<Double> durations() {
    return List.of(
        1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05,
        0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0);
  }

  private static List<Double> powersOfTwo() {
    return List.of(
        1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0);
  }

  private static List<Double> delays() {
    double hour = 3600;
    double day = 24 * hour;
    return List.of(
        1.0, 60.0, 300.0, 900.0, hour, 6 * hour, 12 * hour, day, 3 * day, 7 * day, 14 * day,
        30 * day, 60 * day, 90 * day);
  }
}
