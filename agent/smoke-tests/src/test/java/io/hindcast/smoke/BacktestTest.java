package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The agent watches an application, which writes a history of what it did; the command line plays
 * that history. Both must say the same, to the last bit.
 */
class BacktestTest {
  private static final List<String> TOTALS =
      List.of(
          "ml.predictions",
          "ml.feature.value",
          "ml.feature.bin",
          "ml.feature.violation",
          "ml.reference.share",
          "ml.reference.size",
          "ml.output.value",
          "ml.output.bin",
          "ml.confusion",
          "ml.confusion.retracted",
          "ml.outcome.score",
          "ml.regression.absolute_error",
          "ml.regression.squared_error",
          "ml.regression.baseline_squared_error",
          "hindcast.cardinality.overflow");
  private static final List<String> PERFORMANCE =
      List.of(
          "ml.performance",
          "ml.performance.lower",
          "ml.performance.upper",
          "ml.performance.support",
          "ml.performance.coverage");

  @TempDir Path directory;

  static List<Path> jdks() {
    return Jdks.all();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void historyOfAnApplication_saysWhatTheAgentSaid(Path jdk) throws Exception {
    Path classes =
        App.compileShop("plain", Files.createDirectory(directory.resolve("classes")), null);
    Path config = Files.writeString(directory.resolve("hindcast.yaml"), ExactCountsTest.PLAIN);
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        new Jvm(jdk)
            .option("-cp", classes.toString())
            .agent("config=" + config + ",output=" + run)
            .run("shop.Main", "3000", "1", directory.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    Metrics agent = Metrics.ofFile(run);

    int compared = 0;
    for (String model : List.of("risk", "price", "species")) {
      Metrics backtest = backtest(jdk, config, model);
      assertThat(backtest.number("ml.labels", "ml.label.outcome", "joined")).isEqualTo(3000);
      compared += same(model, agent, backtest);
    }
    // That there was anything to compare: 61 bins of features alone.
    assertThat(compared).isGreaterThan(300);
  }

  private Metrics backtest(Path jdk, Path config, String model) throws Exception {
    Path output = directory.resolve(model + ".jsonl");
    Jvm.Result result =
        new Jvm(jdk)
            .option("-jar", Jvm.AGENT.toString())
            .run(
                "backtest",
                directory.resolve(model + ".csv").toString(),
                "--config",
                config.toString(),
                "--model",
                model,
                "--output",
                output.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains(model + ", version 1").contains("3000 rows");
    return Metrics.ofFile(output);
  }

  private static int same(String model, Metrics agent, Metrics backtest) {
    int compared = 0;
    for (String metric : TOTALS) {
      var truth = comparable(agent.all(metric, "ml.model.name", model), model);
      assertThat(comparable(backtest.all(metric, "ml.model.name", model), model))
          .as(model + " " + metric)
          .isEqualTo(truth);
      compared += truth.size();
    }
    for (String metric : PERFORMANCE) {
      String[] all = {"ml.model.name", model, "ml.performance.window", "all"};
      var truth = comparable(agent.all(metric, all), model);
      assertThat(comparable(backtest.all(metric, all), model))
          .as(model + " " + metric)
          .isEqualTo(truth);
      compared += truth.size();
    }
    return compared;
  }

  /**
   * A file of history has the class that was predicted, and no probabilities: so it has nothing
   * that is made of them, and its reference is another one.
   */
  private static Map<Map<String, String>, Object> comparable(
      Map<Map<String, String>, Object> series, String model) {
    if (!model.equals("species")) {
      return series;
    }
    Map<Map<String, String>, Object> comparable = new HashMap<>();
    series.forEach(
        (attributes, value) -> {
          Map<String, String> reduced = new TreeMap<>(attributes);
          reduced.remove("ml.reference.id");
          boolean ofProbabilities =
              "confidence".equals(reduced.get("ml.output.name"))
                  || List.of("log_loss", "brier", "roc_auc", "average_precision")
                      .contains(reduced.getOrDefault("ml.performance.metric", ""));
          if (!ofProbabilities) {
            comparable.put(reduced, value);
          }
        });
    return comparable;
  }
}
