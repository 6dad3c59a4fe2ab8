package io.hindcast.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads RUN.jsonl back, as plain OTLP JSON. */
record RunLines(List<List<Point>> lines) {
  /** A gauge's or counter's point; a histogram's without value. */
  record Point(String metric, Map<String, String> attributes, double value, long timeMillis) {}

  static RunLines read(Path file) throws IOException {
    var lines = new ArrayList<List<Point>>();
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith("{\"resourceLogs\"")) {
        continue;
      }
      var points = new ArrayList<Point>();
      var request = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(line);
      for (Object resource : list(request, "resourceMetrics")) {
        for (Object scope : list(resource, "scopeMetrics")) {
          for (Object metric : list(scope, "metrics")) {
            for (String kind : List.of("sum", "gauge", "histogram")) {
              Object data = ((Map<?, ?>) metric).get(kind);
              if (data != null) {
                String name = (String) ((Map<?, ?>) metric).get("name");
                list(data, "dataPoints").forEach(point -> points.add(point(name, point)));
              }
            }
          }
        }
      }
      lines.add(points);
    }
    return new RunLines(lines);
  }

  private static Point point(String metric, Object json) {
    var point = (Map<?, ?>) json;
    var attributes = new HashMap<String, String>();
    for (Object attribute : list(point, "attributes")) {
      Object value = ((Map<?, ?>) attribute).get("value");
      attributes.put(
          (String) ((Map<?, ?>) attribute).get("key"),
          String.valueOf(((Map<?, ?>) value).values().iterator().next()));
    }
    Object value = point.get("asDouble") != null ? point.get("asDouble") : point.get("asInt");
    return new Point(
        metric,
        attributes,
        value == null ? Double.NaN : Double.parseDouble(value.toString()),
        Long.parseLong(point.get("timeUnixNano").toString()) / 1_000_000);
  }

  private static List<?> list(Object map, String key) {
    return (List<?>) ((Map<?, ?>) map).get(key);
  }

  /** The points of a metric in one line, by their attributes. */
  static List<Point> of(List<Point> line, String metric, String... attributes) {
    return line.stream()
        .filter(point -> point.metric().equals(metric))
        .filter(
            point -> {
              for (int i = 0; i < attributes.length; i += 2) {
                if (!attributes[i + 1].equals(point.attributes().get(attributes[i]))) {
                  return false;
                }
              }
              return true;
            })
        .toList();
  }

  List<Point> last() {
    return lines.get(lines.size() - 1);
  }

  /** A measure of the last line over all outcomes. */
  double last(String metric, String measure) {
    List<Point> points =
        of(last(), metric, "ml.performance.metric", measure, "ml.performance.window", "all");
    return points.stream()
        .filter(point -> !point.attributes().containsKey("ml.class.name"))
        .mapToDouble(Point::value)
        .findFirst()
        .orElse(Double.NaN);
  }
}
