package io.hindcast.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One {@code ExportMetricsServiceRequest} or {@code ExportLogsServiceRequest} in the JSON of OTLP,
 * on one line: keys in camel case, 64-bit integers as strings, enums as numbers, NaN and infinities
 * as strings.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding">OTLP/JSON</a>
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON</a>
 */
final class OtlpJson {
  /*
   * Written by hand because the SDK's own writer has no public way in, and a JSON library would be
   * the only use of one in the agent.
   */
  private final StringBuilder out = new StringBuilder();

  private OtlpJson() {}

  /**
   * @param metrics of one resource and one scope, as {@link SnapshotMetrics} makes them; not empty
   */
  static String line(Collection<MetricData> metrics) {
    var json = new OtlpJson();
    MetricData first = metrics.iterator().next();
    json.resourceMetrics(first.getResource(), first.getInstrumentationScopeInfo(), metrics);
    return json.out.append('\n').toString();
  }

  /**
   * @param records of one resource and one scope; not empty
   */
  static String logs(Collection<? extends LogRecordData> records) {
    var json = new OtlpJson();
    LogRecordData first = records.iterator().next();
    json.begin("Logs", first.getResource(), first.getInstrumentationScopeInfo());
    json.out.append("\"logRecords\":");
    json.array(records, json::logRecord);
    json.end(first.getResource(), first.getInstrumentationScopeInfo());
    return json.out.append('\n').toString();
  }

  private void logRecord(LogRecordData log) {
    out.append("{\"timeUnixNano\":");
    int64(log.getTimestampEpochNanos());
    out.append(",\"observedTimeUnixNano\":");
    int64(log.getObservedTimestampEpochNanos());
    out.append(",\"severityNumber\":").append(log.getSeverity().getSeverityNumber());
    out.append(",\"severityText\":");
    string(String.valueOf(log.getSeverityText()));
    out.append(",\"eventName\":");
    string(String.valueOf(log.getEventName()));
    out.append(",\"body\":");
    scalar(String.valueOf(log.getBodyValue() == null ? "" : log.getBodyValue().asString()));
    out.append(',');
    attributes(log.getAttributes());
    out.append('}');
  }

  private void begin(String signal, Resource resource, InstrumentationScopeInfo scope) {
    out.append("{\"resource").append(signal).append("\":[{\"resource\":{");
    attributes(resource.getAttributes());
    out.append("},\"scope").append(signal).append("\":[{\"scope\":{\"name\":");
    string(scope.getName());
    if (scope.getVersion() != null) {
      out.append(",\"version\":");
      string(scope.getVersion());
    }
    out.append("},");
  }

  private void end(Resource resource, InstrumentationScopeInfo scope) {
    schemaUrl(scope.getSchemaUrl());
    out.append("}]");
    schemaUrl(resource.getSchemaUrl());
    out.append("}]}");
  }

  private void resourceMetrics(
      Resource resource, InstrumentationScopeInfo scope, Collection<MetricData> metrics) {
    begin("Metrics", resource, scope);
    out.append("\"metrics\":");
    array(metrics, this::metric);
    end(resource, scope);
  }

  private void schemaUrl(@Nullable String url) {
    if (url != null) {
      out.append(",\"schemaUrl\":");
      string(url);
    }
  }

  private void metric(MetricData metric) {
    out.append("{\"name\":");
    string(metric.getName());
    out.append(",\"description\":");
    string(metric.getDescription());
    out.append(",\"unit\":");
    string(metric.getUnit());
    switch (metric.getType()) {
      case LONG_GAUGE -> {
        out.append(",\"gauge\":{");
        points(metric.getLongGaugeData().getPoints(), this::longPoint);
      }
      case DOUBLE_GAUGE -> {
        out.append(",\"gauge\":{");
        points(metric.getDoubleGaugeData().getPoints(), this::doublePoint);
      }
      case LONG_SUM -> {
        var sum = metric.getLongSumData();
        out.append(",\"sum\":{\"isMonotonic\":").append(sum.isMonotonic()).append(',');
        temporality(sum.getAggregationTemporality());
        points(sum.getPoints(), this::longPoint);
      }
      case DOUBLE_SUM -> {
        var sum = metric.getDoubleSumData();
        out.append(",\"sum\":{\"isMonotonic\":").append(sum.isMonotonic()).append(',');
        temporality(sum.getAggregationTemporality());
        points(sum.getPoints(), this::doublePoint);
      }
      case HISTOGRAM -> {
        out.append(",\"histogram\":{");
        temporality(metric.getHistogramData().getAggregationTemporality());
        points(metric.getHistogramData().getPoints(), this::histogramPoint);
      }
      case EXPONENTIAL_HISTOGRAM, SUMMARY ->
          throw new IllegalArgumentException(metric.getName() + " is a " + metric.getType());
    }
    out.append("}}");
  }

  private void temporality(AggregationTemporality temporality) {
    out.append("\"aggregationTemporality\":")
        .append(temporality == AggregationTemporality.DELTA ? '1' : '2')
        .append(',');
  }

  private <T extends PointData> void points(Collection<T> points, Consumer<T> value) {
    out.append("\"dataPoints\":");
    array(
        points,
        point -> {
          out.append('{');
          attributes(point.getAttributes());
          out.append(",\"startTimeUnixNano\":");
          int64(point.getStartEpochNanos());
          out.append(",\"timeUnixNano\":");
          int64(point.getEpochNanos());
          value.accept(point);
          out.append('}');
        });
  }

  private void longPoint(LongPointData point) {
    out.append(",\"asInt\":");
    int64(point.getValue());
  }

  private void doublePoint(DoublePointData point) {
    out.append(",\"asDouble\":");
    number(point.getValue());
  }

  private void histogramPoint(HistogramPointData point) {
    out.append(",\"count\":");
    int64(point.getCount());
    out.append(",\"sum\":");
    number(point.getSum());
    if (point.hasMin()) {
      out.append(",\"min\":");
      number(point.getMin());
    }
    if (point.hasMax()) {
      out.append(",\"max\":");
      number(point.getMax());
    }
    out.append(",\"bucketCounts\":");
    array(point.getCounts(), this::int64);
    out.append(",\"explicitBounds\":");
    array(point.getBoundaries(), this::number);
    if (!point.getExemplars().isEmpty()) {
      out.append(",\"exemplars\":");
      array(point.getExemplars(), this::exemplar);
    }
  }

  /** Ids are in hex digits here, and not in base 64 as other bytes. */
  private void exemplar(DoubleExemplarData exemplar) {
    out.append("{\"timeUnixNano\":");
    int64(exemplar.getEpochNanos());
    out.append(",\"asDouble\":");
    number(exemplar.getValue());
    out.append(",\"spanId\":");
    string(exemplar.getSpanContext().getSpanId());
    out.append(",\"traceId\":");
    string(exemplar.getSpanContext().getTraceId());
    out.append('}');
  }

  private void attributes(Attributes attributes) {
    out.append("\"attributes\":[");
    int start = out.length();
    attributes.forEach(
        (key, value) -> {
          if (out.length() > start) {
            out.append(',');
          }
          out.append("{\"key\":");
          string(key.getKey());
          out.append(",\"value\":");
          attributeValue(key, value);
          out.append('}');
        });
    out.append(']');
  }

  /** Only a resource has attributes that are not text, and a provider of it may add any. */
  private void attributeValue(AttributeKey<?> key, Object value) {
    switch (key.getType()) {
      case STRING_ARRAY, BOOLEAN_ARRAY, LONG_ARRAY, DOUBLE_ARRAY -> {
        out.append("{\"arrayValue\":{\"values\":");
        array((List<?>) value, this::scalar);
        out.append("}}");
      }
      case STRING, BOOLEAN, LONG, DOUBLE, VALUE -> scalar(value);
    }
  }

  private void scalar(Object value) {
    if (value instanceof Boolean bool) {
      out.append("{\"boolValue\":").append(bool.booleanValue());
    } else if (value instanceof Long number) {
      out.append("{\"intValue\":");
      int64(number);
    } else if (value instanceof Double number) {
      out.append("{\"doubleValue\":");
      number(number);
    } else {
      out.append("{\"stringValue\":");
      string(value.toString());
    }
    out.append('}');
  }

  private <T> void array(Collection<T> values, Consumer<? super T> element) {
    out.append('[');
    Iterator<T> rest = values.iterator();
    while (rest.hasNext()) {
      element.accept(rest.next());
      if (rest.hasNext()) {
        out.append(',');
      }
    }
    out.append(']');
  }

  private void int64(long value) {
    out.append('"').append(value).append('"');
  }

  private void number(double value) {
    if (Double.isFinite(value)) {
      out.append(value);
    } else {
      out.append('"').append(value).append('"');
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == '\u007f' || c == '\u2028' || c == '\u2029' || c == '\u0085') {
        // The last three are ends of line to some readers of lines.
        out.append("\\u").append(String.format("%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
