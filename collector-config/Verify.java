import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * The questions of {@code verify}: what Prometheus stored, against the books of the sample's
 * drivers.
 *
 * <pre>
 * Verify ports N                                 N free loopback ports, one a line
 * Verify sink PORT                               an OTLP/HTTP backend that remembers whose metrics arrived; until ended
 * Verify ask PROMETHEUS SINK NAME=TRUTH.json…    one line a check; NAME is the instance's service.instance.id
 * </pre>
 */
final class Verify {
  private static final String MODEL = "{ml_model_name=\"loan-approval\"}";
  private static final double Z = 1.959963984540054;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration RULE_PATIENCE = Duration.ofSeconds(75);

  /** What the sample makes the agent send; units and types as suffixes. */
  private static final Set<String> NAMES =
      Set.of(
          "ml_predictions_total",
          "ml_prediction_duration_seconds_bucket",
          "ml_prediction_duration_seconds_sum",
          "ml_prediction_duration_seconds_count",
          "ml_feature_value_bucket",
          "ml_feature_bin_total",
          "ml_feature_violation_total",
          "ml_reference_share",
          "ml_reference_size",
          "ml_output_value_bucket",
          "ml_output_bin_total",
          "ml_labels_total",
          "ml_label_delay_seconds_bucket",
          "ml_confusion_total",
          "ml_confusion_retracted_total",
          "ml_outcome_score_bucket",
          "ml_performance",
          "ml_performance_lower",
          "ml_performance_upper",
          "ml_performance_support",
          "ml_performance_coverage",
          "ml_drift_score",
          "ml_drift_samples",
          "hindcast_rows_captured_total",
          "hindcast_cpu_time_seconds_total",
          "hindcast_methods_instrumented",
          "hindcast_pending_count",
          "hindcast_pending_limit",
          "target_info");

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final ObjectMapper json = new ObjectMapper();
  private final URI prometheus;
  private final URI sink;
  private final Map<String, JsonNode> truths;
  private boolean failed;

  private Verify(URI prometheus, URI sink, Map<String, JsonNode> truths) {
    this.prometheus = prometheus;
    this.sink = sink;
    this.truths = truths;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    switch (args[0]) {
      case "ports" -> ports(Integer.parseInt(args[1]));
      case "sink" -> sink(Integer.parseInt(args[1]));
      case "ask" -> {
        Map<String, JsonNode> truths = new LinkedHashMap<>();
        for (int i = 3; i < args.length; i++) {
          String[] pair = args[i].split("=", 2);
          truths.put(pair[0], new ObjectMapper().readTree(Path.of(pair[1]).toFile()));
        }
        Verify verify = new Verify(URI.create(args[1]), URI.create(args[2]), truths);
        verify.ask();
        System.exit(verify.failed ? 1 : 0);
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private void ask() throws IOException, InterruptedException {
    awaitLastExport();
    names();
    identity();
    counters();
    quality();
    otlpOut();
    rules();
  }

  /** The services are gone by now; what they sent last may still be on its way through. */
  private void awaitLastExport() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      boolean all = true;
      for (Map.Entry<String, JsonNode> truth : truths.entrySet()) {
        String of = "{instance=\"" + truth.getKey() + "\"}";
        JsonNode labels = truth.getValue().get("labels");
        all &=
            value("sum(ml_predictions_total" + of + ")")
                == truth.getValue().get("predictions").asLong();
        all &=
            value("sum(ml_labels_total" + of + ")")
                == labels.get("joined").asLong()
                    + labels.get("duplicate").asLong()
                    + labels.get("corrected").asLong();
      }
      if (all) {
        return;
      }
      Thread.sleep(500);
    }
  }

  /**
   * Names and units as metrics.md of the README promises them: no _ratio, _seconds for s, _total
   * for counters.
   */
  private void names() throws IOException, InterruptedException {
    var stored = new TreeSet<String>();
    get("/api/v1/label/__name__/values").get("data").forEach(name -> stored.add(name.asText()));
    var missing = new TreeSet<>(NAMES);
    missing.removeAll(stored);
    check(
        "every metric under its Prometheus name",
        missing.isEmpty(),
        missing.isEmpty() ? NAMES.size() + " names" : "missing " + missing);
    stored.removeIf(
        name ->
            !(name.startsWith("ml_") || name.startsWith("hindcast_")) || !name.endsWith("_ratio"));
    stored.remove("hindcast_sampling_ratio");
    check("no _ratio appended to a gauge", stored.isEmpty(), stored.toString());
  }

  private void identity() throws IOException, InterruptedException {
    var seen = new TreeSet<String>();
    for (JsonNode series : query("ml_predictions_total" + MODEL)) {
      seen.add(series.at("/metric/job").asText() + "/" + series.at("/metric/instance").asText());
    }
    var expected = new TreeSet<String>();
    truths.keySet().forEach(name -> expected.add("loan-service/" + name));
    check("two instances stay two series", seen.equals(expected), seen.toString());
  }

  /** Exact: these are counts. */
  private void counters() throws IOException, InterruptedException {
    var each = new LinkedHashMap<String, List<JsonNode>>();
    truths.forEach(
        (name, truth) ->
            each.put(
                "{ml_model_name=\"loan-approval\", instance=\"" + name + "\"}", List.of(truth)));
    each.put(MODEL, List.copyOf(truths.values()));
    for (Map.Entry<String, List<JsonNode>> one : each.entrySet()) {
      String of = one.getKey();
      List<JsonNode> books = one.getValue();
      String who = books.size() > 1 ? "both instances" : of.replaceAll(".*instance=\"|\".*", "");
      long predictions = sum(books, "/predictions");

      exact(who + ": ml_predictions_total", "sum(ml_predictions_total" + of + ")", predictions);
      exact(
          who + ": ml_prediction_duration_seconds_count",
          "sum(ml_prediction_duration_seconds_count" + of + ")",
          predictions);
      exact(
          who + ": hindcast_rows_captured_total",
          "sum(hindcast_rows_captured_total" + of + ")",
          predictions);
      exact(
          who + ": hindcast_rows_dropped_total",
          "sum(hindcast_rows_dropped_total" + of + ") or vector(0)",
          0);
      exact(
          who + ": ml_output_bin_total of each output",
          "min(sum by (ml_output_name) (ml_output_bin_total" + of + "))",
          predictions);
      // every row has all nine features, and each value falls into one bin
      exact(
          who + ": ml_feature_bin_total of each feature",
          "min(sum by (ml_feature_name) (ml_feature_bin_total" + of + "))",
          predictions);
      exact(
          who + ": ml_feature_bin_total of nine features",
          "sum(ml_feature_bin_total" + of + ")",
          9 * predictions);
      for (String outcome : List.of("joined", "duplicate", "corrected")) {
        exact(
            who + ": ml_labels_total " + outcome,
            "sum(ml_labels_total" + with(of, "ml_label_outcome=\"" + outcome + "\"") + ")",
            sum(books, "/labels/" + outcome));
      }
      exact(
          who + ": ml_labels_total, all other outcomes",
          "sum(ml_labels_total"
              + with(of, "ml_label_outcome!~\"joined|duplicate|corrected\"")
              + ") or vector(0)",
          0);
      for (int cell = 0; cell < 4; cell++) {
        String actual = books.get(0).at("/confusion/" + cell + "/actual").asText();
        String predicted = books.get(0).at("/confusion/" + cell + "/predicted").asText();
        String at =
            with(
                of, "ml_class_actual=\"" + actual + "\", ml_class_predicted=\"" + predicted + "\"");
        String name = "actual " + actual + ", predicted " + predicted;
        exact(
            who + ": ml_confusion_total " + name,
            "sum(ml_confusion_total" + at + ")",
            sum(books, "/confusion/" + cell + "/joined"));
        exact(
            who + ": ml_confusion_retracted_total " + name,
            "sum(ml_confusion_retracted_total" + at + ") or vector(0)",
            sum(books, "/confusion/" + cell + "/retracted"));
      }
    }
  }

  /** Gauges of one instance since its start, to 1e-9, from the four cells of the driver's books. */
  private void quality() throws IOException, InterruptedException {
    for (Map.Entry<String, JsonNode> truth : truths.entrySet()) {
      long[][] net = net(truth.getValue());
      double tp = net[1][1];
      double fn = net[1][0];
      double fp = net[0][1];
      double tn = net[0][0];
      double n = tp + fn + fp + tn;
      double accuracy = (tp + tn) / n;
      var expected = new TreeMap<String, Double>();
      expected.put("accuracy", accuracy);
      expected.put("precision", tp / (tp + fp));
      expected.put("recall", tp / (tp + fn));
      expected.put("specificity", tn / (tn + fp));
      expected.put("f1", 2 * tp / (2 * tp + fp + fn));
      for (Map.Entry<String, Double> metric : expected.entrySet()) {
        near(
            truth.getKey() + ": ml_performance " + metric.getKey(),
            all("ml_performance", truth.getKey(), metric.getKey()),
            metric.getValue());
      }
      near(
          truth.getKey() + ": ml_performance_support accuracy",
          all("ml_performance_support", truth.getKey(), "accuracy"),
          n);
      near(
          truth.getKey() + ": ml_performance_support recall",
          all("ml_performance_support", truth.getKey(), "recall"),
          tp + fn);
      near(
          truth.getKey() + ": ml_performance_coverage",
          "ml_performance_coverage{ml_model_name=\"loan-approval\", instance=\""
              + truth.getKey()
              + "\", ml_performance_window=\"all\", ml_class_predicted=\"\"}",
          n / truth.getValue().get("predictions").asLong());
      double middle = (accuracy + Z * Z / (2 * n)) / (1 + Z * Z / n);
      double half =
          Z * Math.sqrt(accuracy * (1 - accuracy) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n);
      near(
          truth.getKey() + ": ml_performance_lower accuracy",
          all("ml_performance_lower", truth.getKey(), "accuracy"),
          middle - half);
      near(
          truth.getKey() + ": ml_performance_upper accuracy",
          all("ml_performance_upper", truth.getKey(), "accuracy"),
          middle + half);
    }
  }

  private static String all(String name, String instance, String metric) {
    return name
        + "{ml_model_name=\"loan-approval\", instance=\""
        + instance
        + "\", ml_performance_window=\"all\", ml_performance_metric=\""
        + metric
        + "\", ml_class_name=\"\"}";
  }

  private void otlpOut() throws IOException, InterruptedException {
    String seen =
        http.send(HttpRequest.newBuilder(sink).GET().build(), HttpResponse.BodyHandlers.ofString())
            .body();
    for (String instance : truths.keySet()) {
      check("otlp_http delivered " + instance, List.of(seen.split("\n")).contains(instance), "");
    }
  }

  /**
   * Values of rules are proved by promtool; here they must evaluate, and come near where little is
   * to extrapolate. They are due once a minute: the first time after the services' end counts.
   */
  private void rules() throws IOException, InterruptedException {
    Instant asked = Instant.now();
    var unwell = new TreeSet<String>();
    int count;
    boolean due;
    long deadline = System.nanoTime() + RULE_PATIENCE.toNanos();
    do {
      Thread.sleep(1000);
      unwell.clear();
      count = 0;
      due = false;
      for (JsonNode group : get("/api/v1/rules").at("/data/groups")) {
        String last = group.get("lastEvaluation").asText();
        due |= OffsetDateTime.parse(last).toInstant().isBefore(asked);
        for (JsonNode rule : group.get("rules")) {
          count++;
          if (!rule.get("health").asText().equals("ok")) {
            unwell.add(rule.get("name").asText() + " " + rule.path("lastError").asText());
          }
        }
      }
    } while (due && System.nanoTime() < deadline);
    check(
        "every rule evaluates",
        count > 0 && !due && unwell.isEmpty(),
        count + " rules" + (unwell.isEmpty() ? "" : " " + unwell));
    double right = 0;
    double n = 0;
    for (JsonNode truth : truths.values()) {
      long[][] net = net(truth);
      right += net[0][0] + net[1][1];
      n += net[0][0] + net[0][1] + net[1][0] + net[1][1];
    }
    double accuracy = value("ml:accuracy:net1d" + MODEL);
    check(
        "ml:accuracy:net1d within 0.01 of the truth",
        Math.abs(accuracy - right / n) < 0.01,
        String.format(Locale.ROOT, "%.6f, truth %.6f", accuracy, right / n));
    double drift = value("max(ml:drift:psi1h" + MODEL + ")");
    check(
        "ml:drift:psi1h sees the drift that the driver played",
        drift > 0.25,
        String.format(Locale.ROOT, "largest %.3f", drift));
  }

  private static long[][] net(JsonNode truth) {
    long[][] net = new long[2][2];
    for (JsonNode cell : truth.get("confusion")) {
      net[cell.get("actual").asInt()][cell.get("predicted").asInt()] =
          cell.get("joined").asLong() - cell.get("retracted").asLong();
    }
    return net;
  }

  private static long sum(List<JsonNode> books, String pointer) {
    return books.stream().mapToLong(book -> book.at(pointer).asLong()).sum();
  }

  private static String with(String matchers, String more) {
    return matchers.substring(0, matchers.length() - 1) + ", " + more + "}";
  }

  private void exact(String what, String expression, long expected)
      throws IOException, InterruptedException {
    double value = value(expression);
    check(
        what,
        value == expected,
        value == expected
            ? Long.toString(expected)
            : String.format(Locale.ROOT, "%s, truth %d", value, expected));
  }

  private void near(String what, String expression, double expected)
      throws IOException, InterruptedException {
    double value = value(expression);
    check(
        what,
        Math.abs(value - expected) <= 1e-9,
        String.format(Locale.ROOT, "%.9f", value)
            + (Math.abs(value - expected) <= 1e-9
                ? ""
                : String.format(Locale.ROOT, ", truth %.9f", expected)));
  }

  private void check(String what, boolean holds, String detail) {
    failed |= !holds;
    System.out.printf(Locale.ROOT, "%-5s %-66s %s%n", holds ? "ok" : "FAIL", what, detail);
  }

  /** The only sample of the answer; NaN if there is none or more than one. */
  private double value(String expression) throws IOException, InterruptedException {
    JsonNode result = query(expression);
    return result.size() == 1 ? Double.parseDouble(result.at("/0/value/1").asText()) : Double.NaN;
  }

  private JsonNode query(String expression) throws IOException, InterruptedException {
    return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
        .at("/data/result");
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(prometheus.resolve(path)).timeout(Duration.ofSeconds(10)).build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          request.uri() + " answered " + response.statusCode() + ": " + response.body());
    }
    return json.readTree(response.body());
  }

  private static void ports(int count) throws IOException {
    var held = new ArrayList<ServerSocket>();
    for (int i = 0; i < count; i++) {
      held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    }
    for (ServerSocket socket : held) {
      System.out.println(socket.getLocalPort());
      socket.close();
    }
  }

  /** Answers 200 to every export; GET lists the instances whose {@code ml.predictions} came. */
  private static void sink(int port) throws IOException {
    var seen = new TreeSet<String>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] answer = new byte[0];
          if (exchange.getRequestMethod().equals("GET")) {
            answer = String.join("\n", seen).getBytes(StandardCharsets.UTF_8);
          } else if (exchange.getRequestURI().getPath().equals("/v1/metrics")) {
            boolean zipped =
                "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream raw = exchange.getRequestBody();
            // Protobuf keeps strings as they are; this test needs no more of it.
            String body =
                new String(
                    (zipped ? new GZIPInputStream(raw) : raw).readAllBytes(),
                    StandardCharsets.ISO_8859_1);
            for (String instance : List.of("loan-a", "loan-b")) {
              if (body.contains(instance) && body.contains("ml.predictions")) {
                seen.add(instance);
              }
            }
          }
          exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }
}
