package io.hindcast.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads what Hindcast wrote: OTLP JSON, one export a line.
 *
 * @param exports in the order of time
 */
record Telemetry(List<Export> exports) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A last line that is torn is skipped. */
  static Telemetry read(Path file) throws IOException {
    List<Export> exports = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode request;
        try {
          request = JSON.readTree(line);
        } catch (JsonProcessingException e) {
          if (lines.readLine() == null) {
            break;
          }
          throw e;
        }
        Export export = Export.of(request);
        if (!export.points.isEmpty()) {
          exports.add(export);
        }
      }
    }
    return new Telemetry(exports);
  }

  /** The first export at or after a time, else the last; an empty one if there is none at all. */
  Export at(long millis) {
    return exports.stream()
        .filter(export -> export.millis >= millis)
        .findFirst()
        .orElseGet(this::last);
  }

  Export last() {
    return exports.isEmpty() ? new Export(0, List.of()) : exports.get(exports.size() - 1);
  }

  /** Counters and gauges at one time, in milliseconds since the epoch. */
  record Export(long millis, List<Point> points) {
    private static Export of(JsonNode request) {
      List<Point> points = new ArrayList<>();
      long nanos = 0;
      for (JsonNode resource : request.path("resourceMetrics")) {
        for (JsonNode scope : resource.path("scopeMetrics")) {
          for (JsonNode metric : scope.path("metrics")) {
            JsonNode data = metric.has("sum") ? metric.path("sum") : metric.path("gauge");
            for (JsonNode point : data.path("dataPoints")) {
              points.add(Point.of(metric.path("name").asText(), point));
              nanos = Math.max(nanos, point.path("timeUnixNano").asLong());
            }
          }
        }
      }
      return new Export(nanos / 1_000_000, points);
    }

    /** The point that has these attributes and no others; NaN if there is none. */
    double gauge(String metric, Map<String, String> attributes) {
      return points(metric)
          .filter(point -> point.attributes.equals(attributes))
          .mapToDouble(Point::value)
          .findFirst()
          .orElse(Double.NaN);
    }

    /** The sum of all points that have these attributes, whatever else they have. */
    long sum(String metric, Map<String, String> attributes) {
      return points(metric)
          .filter(point -> point.attributes.entrySet().containsAll(attributes.entrySet()))
          .mapToLong(point -> (long) point.value)
          .sum();
    }

    Stream<Point> points(String metric) {
      return points.stream().filter(point -> point.metric.equals(metric));
    }
  }

  /**
   * One number.
   *
   * @param attributes without the model's name and version: there is one of each
   */
  record Point(String metric, Map<String, String> attributes, double value) {
    private static Point of(String metric, JsonNode point) {
      Map<String, String> attributes = new HashMap<>();
      for (JsonNode attribute : point.path("attributes")) {
        attributes.put(
            attribute.path("key").asText(), attribute.path("value").path("stringValue").asText());
      }
      attributes.keySet().removeAll(List.of("ml.model.name", "ml.model.version"));
      JsonNode value = point.has("asInt") ? point.path("asInt") : point.path("asDouble");
      return new Point(metric, attributes, value.asDouble());
    }
  }
}
