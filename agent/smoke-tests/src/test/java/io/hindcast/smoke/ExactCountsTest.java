package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.telemetry.OtlpReceiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A forked JVM with the packaged jar predicts and learns the truth; a receiver decodes what it
 * sent. Every count must equal what the application itself wrote down.
 */
class ExactCountsTest {
  private static final int ROWS = 3000;

  static final String PLAIN =
      """
      models:
        - name: risk
          version: "1"
          methods: ["shop.Models$Risk#score"]
          id: args[0]
          features: { from: "args[1]", names: [x0, x1, x2] }
          output: { score: return }
          labels: { methods: ["shop.Models$Outcomes#risk"], id: "args[0]", actual: "args[1]" }
        - name: price
          version: "1"
          methods: ["shop.Models$Price#value(java.lang.String,double,int,java.lang.String)"]
          id: args[0]
          features: { paths: { area: "args[1]", rooms: "args[2]", city: "args[3]" } }
          output: { value: return }
          labels: { methods: ["shop.Models$Outcomes#price"], id: "args[0]", actual: "args[1]" }
        - name: species
          version: "1"
          methods: ["shop.Models$Species#probabilities"]
          id: args[0]
          features: { from: "args[1]" }
          output: { scores: return, classes: [setosa, versicolor, virginica] }
          labels: { methods: ["shop.Models$Outcomes#species"], id: "args[0]", actual: "args[1]" }
      capture: { cpu: unlimited }
      """;

  /** Names only what annotations cannot. */
  private static final String ANNOTATED =
      """
      models:
        - name: risk
          features: { from: "args[1]", names: [x0, x1, x2] }
      capture: { cpu: unlimited }
      """;

  @TempDir Path directory;

  static List<Arguments> settings() {
    List<Arguments> all = new ArrayList<>();
    for (Path jdk : Jdks.all()) {
      all.add(Arguments.of(jdk, "plain", 1, "grpc", "cumulative"));
      all.add(Arguments.of(jdk, "plain", 4, "http/protobuf", "delta"));
      all.add(Arguments.of(jdk, "annotated", 4, "http/protobuf", "cumulative"));
      all.add(Arguments.of(jdk, "annotated", 1, "grpc", "delta"));
    }
    return all;
  }

  @ParameterizedTest(name = "{1} application, {2} threads, {3}, {4}, {0}")
  @MethodSource("settings")
  void everyCountEqualsTheApplicationsOwn(
      Path jdk, String app, int threads, String protocol, String temporality) throws Exception {
    boolean annotated = app.equals("annotated");
    Path classes = Files.createDirectories(directory.resolve("classes"));
    Path api = Path.of(System.getProperty("hindcast.api.classes")).toAbsolutePath().normalize();
    App.compileShop(app, classes, annotated ? api.toString() : null);
    Path config =
        Files.writeString(directory.resolve("hindcast.yaml"), annotated ? ANNOTATED : PLAIN);
    Path run = directory.resolve("RUN.jsonl");
    Metrics sent;
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Jvm.Result result =
          new Jvm(jdk)
              .agent("config=" + config + ",output=" + run)
              .option("-cp", annotated ? classes + java.io.File.pathSeparator + api : "" + classes)
              .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
              .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint(protocol))
              .env("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", temporality)
              .env("OTEL_METRIC_EXPORT_INTERVAL", "300")
              .run("shop.Main", "" + ROWS, "" + threads, "" + directory);
      assertThat(result.out()).as(result.err()).isEqualTo("done " + ROWS + "\n");
      assertThat(result.exit()).as(result.err()).isZero();
      sent = Metrics.of(receiver.requests());
    }
    assertThat(sent.temporalities())
        .contains("ml.predictions AGGREGATION_TEMPORALITY_" + temporality.toUpperCase());

    Metrics file = Metrics.ofFile(run);
    for (Metrics metrics : List.of(sent, file)) {
      check(metrics, annotated);
    }
  }

  private void check(Metrics metrics, boolean annotated) throws Exception {
    for (String model : List.of("risk", "price", "species")) {
      assertThat(metrics.number("ml.predictions", "ml.model.name", model))
          .as(metrics.toString())
          .isEqualTo(ROWS);
      assertThat(metrics.number("hindcast.rows.captured", "ml.model.name", model)).isEqualTo(ROWS);
      assertThat(metrics.number("hindcast.rows.dropped", "ml.model.name", model)).isIn(null, 0.0);
      assertThat(metrics.number("ml.labels", "ml.model.name", model, "ml.label.outcome", "joined"))
          .isEqualTo(ROWS);
      assertThat(metrics.histogram("ml.prediction.duration", "ml.model.name", model).count())
          .isEqualTo(ROWS);
      assertThat(metrics.histogram("ml.label.delay", "ml.model.name", model).count())
          .isEqualTo(ROWS);
    }
    binary(metrics);
    regression(metrics);
    multiclass(metrics, annotated);
  }

  private void binary(Metrics metrics) throws Exception {
    History history = History.read(directory.resolve("risk.csv"));
    int score = history.header().indexOf("score");
    int actual = history.header().indexOf("actual");
    long correct = 0;
    for (String a : List.of("0", "1")) {
      for (String p : List.of("0", "1")) {
        long truth =
            history.count(
                row ->
                    row[actual].equals(a)
                        && (Double.parseDouble(row[score]) >= 0.5) == p.equals("1"));
        correct += a.equals(p) ? truth : 0;
        assertThat(
                metrics.number(
                    "ml.confusion",
                    "ml.model.name",
                    "risk",
                    "ml.class.actual",
                    a,
                    "ml.class.predicted",
                    p))
            .as("actual " + a + ", predicted " + p)
            .isEqualTo(truth);
      }
    }
    assertThat(performance(metrics, "risk", "accuracy"))
        .isCloseTo(correct / (double) ROWS, within(1e-12));
    double brier = 0;
    double logLoss = 0;
    for (String[] row : history.rows()) {
      double p = Double.parseDouble(row[score]);
      double y = Double.parseDouble(row[actual]);
      brier += (p - y) * (p - y) / ROWS;
      logLoss -= Math.log(y == 1 ? p : 1 - p) / ROWS;
    }
    assertThat(performance(metrics, "risk", "brier")).isCloseTo(brier, within(1e-9));
    assertThat(performance(metrics, "risk", "log_loss")).isCloseTo(logLoss, within(1e-9));
    for (String feature : List.of("x0", "x1", "x2")) {
      buckets(metrics, "risk", feature, history.numbers(feature));
    }
  }

  private void regression(Metrics metrics) throws Exception {
    History history = History.read(directory.resolve("price.csv"));
    double[] value = history.numbers("value");
    double[] actual = history.numbers("actual");
    double absolute = 0;
    double squared = 0;
    double signed = 0;
    long over = 0;
    for (int i = 0; i < ROWS; i++) {
      double error = value[i] - actual[i];
      absolute += Math.abs(error) / ROWS;
      squared += error * error;
      signed += error / ROWS;
      over += error >= 0 ? 1 : 0;
    }
    assertThat(performance(metrics, "price", "mae")).isCloseTo(absolute, within(1e-6));
    assertThat(performance(metrics, "price", "bias")).isCloseTo(signed, within(1e-6));
    assertThat(metrics.number("ml.regression.squared_error", "ml.model.name", "price"))
        .isCloseTo(squared, within(squared * 1e-12));
    assertThat(
            metrics
                .histogram(
                    "ml.regression.absolute_error",
                    "ml.model.name",
                    "price",
                    "ml.error.sign",
                    "over")
                .count())
        .isEqualTo(over);
    buckets(metrics, "price", "area", history.numbers("area"));
    buckets(metrics, "price", "rooms", history.numbers("rooms"));
    for (String city : List.of("north", "south")) {
      int at = history.header().indexOf("city");
      assertThat(
              metrics.number(
                  "ml.feature.bin",
                  "ml.model.name",
                  "price",
                  "ml.feature.name",
                  "city",
                  "ml.bin",
                  city))
          .isEqualTo(history.count(row -> row[at].equals(city)));
    }
  }

  private void multiclass(Metrics metrics, boolean numbered) throws Exception {
    History history = History.read(directory.resolve("species.csv"));
    int predicted = history.header().indexOf("predicted");
    int actual = history.header().indexOf("actual");
    List<String> names = List.of("setosa", "versicolor", "virginica");
    for (int a = 0; a < 3; a++) {
      for (int p = 0; p < 3; p++) {
        String wanted = names.get(a);
        String answered = names.get(p);
        Double seen =
            metrics.number(
                "ml.confusion",
                "ml.model.name",
                "species",
                "ml.class.actual",
                numbered ? "" + a : wanted,
                "ml.class.predicted",
                numbered ? "" + p : answered);
        assertThat(seen == null ? 0 : seen)
            .isEqualTo(
                history.count(
                    row -> row[actual].equals(wanted) && row[predicted].equals(answered)));
      }
    }
    buckets(metrics, "species", "petal", history.numbers("petal"));
    buckets(metrics, "species", "sepal", history.numbers("sepal"));
  }

  /** The application's values, counted into the buckets that the telemetry itself names. */
  private static void buckets(Metrics metrics, String model, String feature, double[] values) {
    Metrics.Histogram histogram =
        metrics.histogram("ml.feature.value", "ml.model.name", model, "ml.feature.name", feature);
    long[] truth = new long[histogram.bounds().size() + 1];
    double sum = 0;
    for (double value : values) {
      int bucket = 0;
      while (bucket < histogram.bounds().size() && value > histogram.bounds().get(bucket)) {
        bucket++;
      }
      truth[bucket]++;
      sum += value;
    }
    assertThat(histogram.counts()).as(model + " " + feature).containsExactly(truth);
    assertThat(histogram.sum()).isCloseTo(sum, within(1e-6 * ROWS));
    assertThat(histogram.bounds()).hasSizeGreaterThan(1);
  }

  private static Double performance(Metrics metrics, String model, String measure) {
    return metrics.number(
        "ml.performance",
        "ml.model.name",
        model,
        "ml.performance.metric",
        measure,
        "ml.performance.window",
        "all");
  }
}
