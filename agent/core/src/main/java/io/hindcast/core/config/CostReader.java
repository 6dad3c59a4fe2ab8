package io.hindcast.core.config;

import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code performance.cost}: what an outcome costs, by actual and predicted class. */
final class CostReader {
  private static final String EXAMPLE = "cost: { \"1,0\": 100, \"0,1\": 5 }";

  private final Section performance;
  private final Problems problems;

  CostReader(Section performance, Problems problems) {
    this.performance = performance;
    this.problems = problems;
  }

  /**
   * @param task null if it is not said
   */
  Map<ScoringConfig.Pair, Double> read(@Nullable Task task, ModelConfig.Output output) {
    var costs = new LinkedHashMap<ScoringConfig.Pair, Double>();
    YamlNode node = performance.get("cost");
    Section section = node == null ? null : Section.ofNames(node, "'cost'", EXAMPLE, problems);
    if (section == null) {
      return costs;
    }
    if (task == Task.REGRESSION || output.value() != null) {
      problems.add(
          section.at(), "'cost' is of classes, and this model answers with a number; leave it out");
      return costs;
    }
    for (String key : section.keys()) {
      ScoringConfig.Pair pair = pair(section, key, task, output);
      double cost = section.number(key);
      if (pair != null && !Double.isNaN(cost)) {
        costs.put(pair, cost);
      }
    }
    return costs;
  }

  private ScoringConfig.@Nullable Pair pair(
      Section section, String key, @Nullable Task task, ModelConfig.Output output) {
    int comma = key.indexOf(',');
    String actual = comma < 0 ? "" : key.substring(0, comma).strip();
    String predicted = comma < 0 ? "" : key.substring(comma + 1).strip();
    if (actual.isEmpty() || predicted.isEmpty() || predicted.indexOf(',') >= 0) {
      problems.add(
          section.nodeOf(key),
          "'" + key + "' in 'cost' names no two classes; write actual,predicted: " + EXAMPLE);
      return null;
    }
    boolean isBinary = task == Task.BINARY || (task == null && output.saysBinary());
    if (isBinary) {
      return isOneOf(section, key, actual, output) && isOneOf(section, key, predicted, output)
          ? new ScoringConfig.Pair(actual, predicted)
          : null;
    }
    return new ScoringConfig.Pair(actual, predicted);
  }

  private boolean isOneOf(Section section, String key, String name, ModelConfig.Output output) {
    if (ClassNames.binary(name, output.positive(), output.negative()) != null) {
      return true;
    }
    problems.add(
        section.nodeOf(key),
        "'"
            + key
            + "' in 'cost': '"
            + name
            + "' is no class of this model; write '"
            + output.positive()
            + "' or '"
            + output.negative()
            + "'");
    return false;
  }
}
