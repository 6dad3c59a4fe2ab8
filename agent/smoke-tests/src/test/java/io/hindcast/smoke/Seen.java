package io.hindcast.smoke;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was exported of one model, as short text that a table of expectations can hold. */
record Seen(Metrics metrics, String model) {
  /** One number; null if there is no such series. */
  Double number(String metric, String... attributes) {
    return metrics.number(metric, of(attributes));
  }

  /** The number of the one series that has these attributes and, beside the model's, no others. */
  Double exactly(String metric, String... attributes) {
    double others = 0;
    for (Map<String, String> series : metrics.series(metric, of(attributes))) {
      if (series.size() > attributes.length / 2 + 2) {
        String[] all = new String[2 * series.size()];
        int i = 0;
        for (Map.Entry<String, String> each : series.entrySet()) {
          all[i++] = each.getKey();
          all[i++] = each.getValue();
        }
        others += metrics.number(metric, all);
      }
    }
    return number(metric, attributes) - others;
  }

  Metrics.Histogram histogram(String metric, String... attributes) {
    return metrics.histogram(metric, of(attributes));
  }

  /** {@code value:number value:number …} of the series of a metric, by one of its attributes. */
  String by(String attribute, String metric, String... attributes) {
    Map<String, Double> found = new TreeMap<>();
    for (Map<String, String> series : metrics.series(metric, of(attributes))) {
      String value = series.get(attribute);
      if (value != null) {
        String[] all = Arrays.copyOf(attributes, attributes.length + 2);
        all[attributes.length] = attribute;
        all[attributes.length + 1] = value;
        found.put(value, number(metric, all));
      }
    }
    return text(found);
  }

  /** Counts of a feature, or of an output, by bin. */
  String bins(String metric, String feature) {
    String key = metric.contains("output") ? "ml.output.name" : "ml.feature.name";
    return by("ml.bin", metric, key, feature);
  }

  /** {@code actual>predicted:count …}, without the cells that are 0. */
  String confusion(String metric) {
    Map<String, Double> cells = new TreeMap<>();
    for (Map<String, String> series : metrics.series(metric, of())) {
      String actual = series.get("ml.class.actual");
      String predicted = series.get("ml.class.predicted");
      double count = number(metric, "ml.class.actual", actual, "ml.class.predicted", predicted);
      if (count != 0) {
        cells.put(actual + ">" + predicted, count);
      }
    }
    return text(cells);
  }

  /** Labels by outcome, without those that did not occur. */
  String labels() {
    return withoutZeros(by("ml.label.outcome", "ml.labels"));
  }

  String violations(String feature) {
    return withoutZeros(
        by("ml.violation.kind", "ml.feature.violation", "ml.feature.name", feature));
  }

  Double performance(String metric, String measure) {
    return number(metric, "ml.performance.metric", measure, "ml.performance.window", "all");
  }

  private static String withoutZeros(String counts) {
    return String.join(
        " ", List.of(counts.split(" ")).stream().filter(c -> !c.endsWith(":0")).toList());
  }

  private static String text(Map<String, Double> numbers) {
    StringBuilder text = new StringBuilder();
    numbers.forEach(
        (name, number) ->
            text.append(text.isEmpty() ? "" : " ")
                .append(name)
                .append(':')
                .append(
                    number == Math.rint(number)
                        ? String.valueOf(number.longValue())
                        : number.toString()));
    return text.toString();
  }

  private String[] of(String... attributes) {
    String[] all = new String[attributes.length + 2];
    all[0] = "ml.model.name";
    all[1] = model;
    System.arraycopy(attributes, 0, all, 2, attributes.length);
    return all;
  }
}
