package io.hindcast.benchmarks.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the agent of a service said that has ended.
 *
 * @param exports the counters of each, summed over all their points; the last was made at the end
 */
record Telemetry(List<Map<String, Double>> exports) {
  Telemetry {
    exports = List.copyOf(exports);
    if (exports.isEmpty()) {
      throw new IllegalArgumentException("no export at all");
    }
  }

  static Telemetry read(Path file) throws IOException {
    var json = new ObjectMapper();
    var exports = new java.util.ArrayList<Map<String, Double>>();
    for (String line : Files.readAllLines(file)) {
      JsonNode request = json.readTree(line);
      if (request.has("resourceMetrics")) {
        exports.add(counters(request));
      }
    }
    return new Telemetry(exports);
  }

  private static Map<String, Double> counters(JsonNode request) {
    Map<String, Double> sums = new HashMap<>();
    stream(request.path("resourceMetrics"))
        .flatMap(resource -> stream(resource.path("scopeMetrics")))
        .flatMap(scope -> stream(scope.path("metrics")))
        .forEach(
            metric ->
                stream(metric.path("sum").path("dataPoints"))
                    .forEach(point -> add(sums, metric.path("name").asText(), point)));
    return sums;
  }

  private static void add(Map<String, Double> sums, String metric, JsonNode point) {
    sums.merge(metric, value(point), Double::sum);
    for (JsonNode attribute : point.path("attributes")) {
      if (attribute.path("key").asText().equals("ml.label.outcome")) {
        String outcome = attribute.path("value").path("stringValue").asText();
        sums.merge(metric + ' ' + outcome, value(point), Double::sum);
      }
    }
  }

  private static double value(JsonNode point) {
    // 64-bit integers are text in OTLP's JSON.
    return point.has("asInt") ? point.path("asInt").asDouble() : point.path("asDouble").asDouble();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** A counter in the end; 0 if nothing was counted. */
  double of(String metric) {
    return exports.get(exports.size() - 1).getOrDefault(metric, 0.0);
  }

  /** Whether every request is a prediction, and every prediction captured or counted as dropped. */
  boolean accountsFor(long requests) {
    return of("ml.predictions") == requests
        && of("hindcast.rows.captured") + of("hindcast.rows.dropped") == requests;
  }

  /** Labels that were settled; one that came before its prediction was parked before that. */
  double settledLabels() {
    return of("ml.labels") - of("ml.labels parked");
  }

  /**
   * Processor time of the agent's own threads for a row, its exports included: between the end and
   * the first export that had seen half of the rows, so that its start is left out. NaN if that one
   * is the last.
   */
  double cpuMicrosPerRow() {
    double rows = of("ml.predictions");
    Map<String, Double> half =
        exports.stream()
            .filter(export -> export.getOrDefault("ml.predictions", 0.0) >= rows / 2)
            .findFirst()
            .orElseThrow();
    double seconds = of("hindcast.cpu.time") - half.getOrDefault("hindcast.cpu.time", 0.0);
    return seconds * 1e6 / (rows - half.getOrDefault("ml.predictions", 0.0));
  }
}
