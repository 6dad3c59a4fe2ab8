package io.hindcast.sample;

import io.hindcast.sample.Telemetry.Export;
import java.util.Comparator;
import java.util.Map;

/**
 * What Hindcast said about one week. NaN for what it did not say.
 *
 * @param support outcomes behind the accuracy
 * @param drifted the feature with the largest Jensen–Shannon divergence; empty without any
 */
record SeenWeek(
    double accuracy,
    double lower,
    double upper,
    double precision,
    double recall,
    double coverage,
    double support,
    String drifted,
    double divergence) {

  private static final double ROUNDING = 1e-9;

  /*
   * Two moments matter. The inputs of a week are judged when it is over: its drift window is then
   * the last one closed, for a week. Its outcomes are judged when the labels have come: the cohort
   * of [now − maturity − week, now − maturity) is this week once it has matured. The quiet
   * before and after the week's traffic forgives an export that comes a little later.
   */
  static SeenWeek of(int week, Telemetry telemetry, Truth truth) {
    long over = truth.startMillis() + week * truth.weekMillis();
    Export judged = telemetry.at(over + truth.weekMillis() / 2);
    Export matured = telemetry.at(over + Truth.MATURITY_WEEKS * truth.weekMillis());
    String window = truth.window();
    var accuracy = measure("accuracy", window);
    var drift =
        judged
            .points("ml.drift.score")
            .filter(point -> "jsd".equals(point.attributes().get("ml.drift.measure")))
            .filter(point -> point.attributes().containsKey("ml.feature.name"))
            .max(Comparator.comparingDouble(Telemetry.Point::value));
    return new SeenWeek(
        matured.gauge("ml.performance", accuracy),
        matured.gauge("ml.performance.lower", accuracy),
        matured.gauge("ml.performance.upper", accuracy),
        matured.gauge("ml.performance", measure("precision", window)),
        matured.gauge("ml.performance", measure("recall", window)),
        matured.gauge("ml.performance.coverage", Map.of("ml.performance.window", window)),
        matured.gauge("ml.performance.support", accuracy),
        drift.map(point -> point.attributes().get("ml.feature.name")).orElse(""),
        drift.map(Telemetry.Point::value).orElse(Double.NaN));
  }

  static Map<String, String> measure(String name, String window) {
    return Map.of("ml.performance.metric", name, "ml.performance.window", window);
  }

  /** Whether every number is that of the driver's books. */
  boolean agreesWith(Truth.Week week) {
    Confusion actual = week.confusion();
    return support == actual.outcomes()
        && near(accuracy, actual.accuracy())
        && near(precision, actual.precision())
        && near(recall, actual.recall())
        && near(coverage, (double) actual.outcomes() / week.predictions());
  }

  static boolean near(double a, double b) {
    return Math.abs(a - b) <= ROUNDING;
  }
}
