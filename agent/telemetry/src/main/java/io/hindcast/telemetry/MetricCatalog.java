package io.hindcast.telemetry;

import static io.hindcast.telemetry.MetricCatalog.Kind.COUNTER;
import static io.hindcast.telemetry.MetricCatalog.Kind.DOUBLE_COUNTER;
import static io.hindcast.telemetry.MetricCatalog.Kind.GAUGE;
import static io.hindcast.telemetry.MetricCatalog.Kind.HISTOGRAM;
import static io.hindcast.telemetry.MetricCatalog.Kind.LONG_GAUGE;
import static io.hindcast.telemetry.MetricCatalog.Kind.UP_DOWN_COUNTER;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import java.util.Set;

/**
 * Every metric, one line each: name, type, unit, attributes, description. What a metric means and
 * how it reads in Prometheus is in the README's table, which has the same lines.
 */
public enum MetricCatalog {
  // Predictions
  PREDICTIONS(
      "ml.predictions",
      COUNTER,
      "{prediction}",
      "Rows predicted; a batch of 50 adds 50",
      Key.MODEL,
      Key.VERSION,
      Key.ERROR_TYPE),
  PREDICTION_DURATION(
      "ml.prediction.duration",
      HISTOGRAM,
      "s",
      "Duration of a call, whatever its number of rows",
      Key.MODEL,
      Key.VERSION,
      Key.ERROR_TYPE),
  PREDICTION_BATCH_SIZE(
      "ml.prediction.batch.size",
      HISTOGRAM,
      "{prediction}",
      "Rows of a call that had more than one",
      Key.MODEL,
      Key.VERSION),

  // Inputs
  FEATURE_VALUE(
      "ml.feature.value",
      HISTOGRAM,
      "",
      "Finite values of a numeric feature, by the edges of its reference",
      Key.MODEL,
      Key.VERSION,
      Key.FEATURE,
      Key.REFERENCE),
  FEATURE_BIN(
      "ml.feature.bin",
      COUNTER,
      "{value}",
      "Values of a feature by bin of its reference, or by category",
      Key.MODEL,
      Key.VERSION,
      Key.FEATURE,
      Key.BIN,
      Key.REFERENCE),
  FEATURE_VIOLATION(
      "ml.feature.violation",
      COUNTER,
      "{value}",
      "Values of a feature that its reference does not lead one to expect, by kind",
      Key.MODEL,
      Key.VERSION,
      Key.FEATURE,
      Key.VIOLATION_KIND),
  REFERENCE_SHARE(
      "ml.reference.share",
      GAUGE,
      "",
      "Share of the reference's rows in a bin",
      Key.MODEL,
      Key.VERSION,
      Key.FEATURE,
      Key.OUTPUT,
      Key.BIN,
      Key.REFERENCE),
  REFERENCE_SIZE(
      "ml.reference.size",
      LONG_GAUGE,
      "",
      "Rows in the reference",
      Key.MODEL,
      Key.VERSION,
      Key.REFERENCE),

  // Outputs
  OUTPUT_VALUE(
      "ml.output.value",
      HISTOGRAM,
      "",
      "Scores of the positive class, or regression values, by the edges of the reference",
      Key.MODEL,
      Key.VERSION,
      Key.OUTPUT,
      Key.REFERENCE),
  OUTPUT_BIN(
      "ml.output.bin",
      COUNTER,
      "{prediction}",
      "Predictions by bin of the output, or by predicted class",
      Key.MODEL,
      Key.VERSION,
      Key.OUTPUT,
      Key.BIN,
      Key.REFERENCE),

  // Labels and outcomes, counted when the label arrives
  LABELS(
      "ml.labels",
      COUNTER,
      "{label}",
      "Labels by what became of them",
      Key.MODEL,
      Key.VERSION,
      Key.LABEL_OUTCOME),
  LABEL_DELAY("ml.label.delay", HISTOGRAM, "s", "From prediction to label", Key.MODEL, Key.VERSION),
  CONFUSION(
      "ml.confusion",
      COUNTER,
      "{outcome}",
      "Joined outcomes by actual and predicted class",
      Key.MODEL,
      Key.VERSION,
      Key.ACTUAL,
      Key.PREDICTED),
  CONFUSION_RETRACTED(
      "ml.confusion.retracted",
      COUNTER,
      "{outcome}",
      "Outcomes taken back by corrections and retractions: net is the difference",
      Key.MODEL,
      Key.VERSION,
      Key.ACTUAL,
      Key.PREDICTED),
  OUTCOME_SCORE(
      "ml.outcome.score",
      HISTOGRAM,
      "",
      "Scores by true class",
      Key.MODEL,
      Key.VERSION,
      Key.ACTUAL,
      Key.REFERENCE),
  ABSOLUTE_ERROR(
      "ml.regression.absolute_error",
      HISTOGRAM,
      "",
      "Absolute errors by sign; an exact hit is over. The sum over the count is the mean"
          + " absolute error, over minus under the bias",
      Key.MODEL,
      Key.VERSION,
      Key.ERROR_SIGN),
  SQUARED_ERROR(
      "ml.regression.squared_error",
      DOUBLE_COUNTER,
      "",
      "Sum of squared errors",
      Key.MODEL,
      Key.VERSION),
  BASELINE_SQUARED_ERROR(
      "ml.regression.baseline_squared_error",
      DOUBLE_COUNTER,
      "",
      "Sum of squared errors of always answering the reference's mean label",
      Key.MODEL,
      Key.VERSION),

  // Quality, by windows of prediction time
  PERFORMANCE(
      "ml.performance",
      GAUGE,
      "",
      "How good the predictions of a window were",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  PERFORMANCE_LOWER(
      "ml.performance.lower",
      GAUGE,
      "",
      "Lower end of the 95 % interval",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  PERFORMANCE_UPPER(
      "ml.performance.upper",
      GAUGE,
      "",
      "Upper end of the 95 % interval",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  PERFORMANCE_SUPPORT(
      "ml.performance.support",
      LONG_GAUGE,
      "",
      "Outcomes behind the number",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  PERFORMANCE_COVERAGE(
      "ml.performance.coverage",
      GAUGE,
      "",
      "Labelled share of a window's predictions",
      Key.MODEL,
      Key.VERSION,
      Key.WINDOW,
      Key.PREDICTED),
  PERFORMANCE_PROVISIONAL(
      "ml.performance.provisional",
      GAUGE,
      "",
      "The same of the youngest window, whose labels have not all come",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  DELAY_WEIGHTED(
      "ml.performance.delay_weighted",
      GAUGE,
      "",
      "The same, weighted by the delay of labels of each class: an estimate",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  SEQUENCE_LOWER(
      "ml.performance.sequence.lower",
      GAUGE,
      "",
      "Lower bound that holds at all times at once with 95 %",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  SEQUENCE_UPPER(
      "ml.performance.sequence.upper",
      GAUGE,
      "",
      "Upper bound that holds at all times at once with 95 %",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  ESTIMATED(
      "ml.performance.estimated",
      GAUGE,
      "",
      "Expected from the scores, before labels arrive",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  ESTIMATED_LOWER(
      "ml.performance.estimated.lower",
      GAUGE,
      "",
      "Lower end of the 95 % interval",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  ESTIMATED_UPPER(
      "ml.performance.estimated.upper",
      GAUGE,
      "",
      "Upper end of the 95 % interval",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  ESTIMATED_TRUSTED(
      "ml.performance.estimated.trusted",
      LONG_GAUGE,
      "",
      "0 once arriving labels contradict the estimate",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  SEGMENT_PERFORMANCE(
      "ml.segment.performance",
      GAUGE,
      "",
      "How good the predictions of a part of the rows were",
      Key.MODEL,
      Key.VERSION,
      Key.SEGMENT,
      Key.SEGMENT_VALUE,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  SEGMENT_LOWER(
      "ml.segment.performance.lower",
      GAUGE,
      "",
      "Lower end of the 95 % interval",
      Key.MODEL,
      Key.VERSION,
      Key.SEGMENT,
      Key.SEGMENT_VALUE,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  SEGMENT_UPPER(
      "ml.segment.performance.upper",
      GAUGE,
      "",
      "Upper end of the 95 % interval",
      Key.MODEL,
      Key.VERSION,
      Key.SEGMENT,
      Key.SEGMENT_VALUE,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  SEGMENT_SUPPORT(
      "ml.segment.performance.support",
      LONG_GAUGE,
      "",
      "Outcomes behind the number",
      Key.MODEL,
      Key.VERSION,
      Key.SEGMENT,
      Key.SEGMENT_VALUE,
      Key.MEASURE,
      Key.WINDOW,
      Key.CLASS),
  FAIRNESS(
      "ml.fairness",
      GAUGE,
      "",
      "How a part of the rows is treated beside the largest",
      Key.MODEL,
      Key.VERSION,
      Key.FAIRNESS_MEASURE,
      Key.SEGMENT,
      Key.SEGMENT_VALUE),
  FAIRNESS_LOWER(
      "ml.fairness.lower",
      GAUGE,
      "",
      "Lower end of the 95 % interval",
      Key.MODEL,
      Key.VERSION,
      Key.FAIRNESS_MEASURE,
      Key.SEGMENT,
      Key.SEGMENT_VALUE),
  FAIRNESS_UPPER(
      "ml.fairness.upper",
      GAUGE,
      "",
      "Upper end of the 95 % interval",
      Key.MODEL,
      Key.VERSION,
      Key.FAIRNESS_MEASURE,
      Key.SEGMENT,
      Key.SEGMENT_VALUE),
  COMPARISON(
      "ml.comparison.difference",
      GAUGE,
      "",
      "This version less another on the same rows",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.BASELINE),
  COMPARISON_LOWER(
      "ml.comparison.difference.lower",
      GAUGE,
      "",
      "Lower bound that holds at all times at once with 95 %",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.BASELINE),
  COMPARISON_UPPER(
      "ml.comparison.difference.upper",
      GAUGE,
      "",
      "Upper bound that holds at all times at once with 95 %",
      Key.MODEL,
      Key.VERSION,
      Key.MEASURE,
      Key.BASELINE),

  // Drift
  DRIFT_SCORE(
      "ml.drift.score",
      GAUGE,
      "",
      "Distance of the last closed window from the reference",
      Key.MODEL,
      Key.VERSION,
      Key.FEATURE,
      Key.OUTPUT,
      Key.DRIFT_MEASURE),
  DRIFT_SAMPLES(
      "ml.drift.samples",
      LONG_GAUGE,
      "",
      "Rows behind the drift scores",
      Key.MODEL,
      Key.VERSION,
      Key.FEATURE,
      Key.OUTPUT),

  DRIFT_EVIDENCE(
      "ml.drift.evidence",
      GAUGE,
      "",
      "Natural logarithm of the evidence of a change that has gathered",
      Key.MODEL,
      Key.VERSION,
      Key.DRIFT_SCOPE),
  ALARM_ACTIVE(
      "ml.alarm.active",
      LONG_GAUGE,
      "",
      "1 while it fires",
      Key.MODEL,
      Key.VERSION,
      Key.ALARM_KIND),
  ALARMS(
      "ml.alarms",
      COUNTER,
      "",
      "Times that an alarm began to fire",
      Key.MODEL,
      Key.VERSION,
      Key.ALARM_KIND),

  // The agent about itself
  ROWS_CAPTURED(
      "hindcast.rows.captured",
      COUNTER,
      "",
      "Rows that reached the engine",
      Key.MODEL,
      Key.VERSION),
  ROWS_DROPPED(
      "hindcast.rows.dropped",
      COUNTER,
      "",
      "Rows that did not reach the engine, by reason",
      Key.MODEL,
      Key.VERSION,
      Key.DROP_REASON),
  CAPTURE_ERRORS(
      "hindcast.capture.errors",
      COUNTER,
      "",
      "Exceptions of the agent that the application did not see",
      Key.ERROR_TYPE),
  CPU_TIME("hindcast.cpu.time", DOUBLE_COUNTER, "s", "CPU time of the agent's own threads"),
  METHODS_INSTRUMENTED(
      "hindcast.methods.instrumented",
      LONG_GAUGE,
      "",
      "Methods that a rule matched; 0 is a rule that matched nothing",
      Key.RULE),
  CARDINALITY_OVERFLOW(
      "hindcast.cardinality.overflow",
      COUNTER,
      "{value}",
      "Values counted under other for lack of room",
      Key.MODEL,
      Key.VERSION),
  PENDING_COUNT(
      "hindcast.pending.count",
      UP_DOWN_COUNTER,
      "",
      "Predictions waiting for a label",
      Key.MODEL,
      Key.VERSION),
  PENDING_LIMIT(
      "hindcast.pending.limit",
      UP_DOWN_COUNTER,
      "",
      "Predictions that can wait for a label",
      Key.MODEL,
      Key.VERSION),
  PENDING_LOST(
      "hindcast.pending.lost",
      COUNTER,
      "",
      "Predictions that left the store without a label, by reason",
      Key.MODEL,
      Key.VERSION,
      Key.LOST_REASON),
  SAMPLING_RATIO(
      "hindcast.sampling.ratio",
      GAUGE,
      "",
      "Share of the rows that is sampled: 1 unless shedding",
      Key.MODEL,
      Key.VERSION);

  /*
   * Every attribute beside the agent's own is defined by the OpenTelemetry conventions (error.type,
   * service.*) or prefixed by ml. and hindcast., which they do not use. So their schema holds.
   */
  private static final String SCHEMA_URL = "https://opentelemetry.io/schemas/1.37.0";

  /** What a metric is on the wire. */
  public enum Kind {
    /** Monotonic sum of a long. */
    COUNTER,
    /** Monotonic sum of a double. */
    DOUBLE_COUNTER,
    /** Sum of a long that may fall; cumulative for every reader. */
    UP_DOWN_COUNTER,
    /** A double of the moment. */
    GAUGE,
    /** A long of the moment. */
    LONG_GAUGE,
    /** Explicit bounds, without minimum and maximum. */
    HISTOGRAM
  }

  /** Attribute keys. All are text, and all values are of bounded sets. */
  public static final class Key {
    public static final AttributeKey<String> MODEL = key("ml.model.name");
    public static final AttributeKey<String> VERSION = key("ml.model.version");
    public static final AttributeKey<String> ERROR_TYPE = key("error.type");
    public static final AttributeKey<String> FEATURE = key("ml.feature.name");
    public static final AttributeKey<String> OUTPUT = key("ml.output.name");
    public static final AttributeKey<String> BIN = key("ml.bin");
    public static final AttributeKey<String> REFERENCE = key("ml.reference.id");
    public static final AttributeKey<String> VIOLATION_KIND = key("ml.violation.kind");
    public static final AttributeKey<String> LABEL_OUTCOME = key("ml.label.outcome");
    public static final AttributeKey<String> ACTUAL = key("ml.class.actual");
    public static final AttributeKey<String> PREDICTED = key("ml.class.predicted");
    public static final AttributeKey<String> CLASS = key("ml.class.name");
    public static final AttributeKey<String> ERROR_SIGN = key("ml.error.sign");
    public static final AttributeKey<String> MEASURE = key("ml.performance.metric");
    public static final AttributeKey<String> WINDOW = key("ml.performance.window");
    public static final AttributeKey<String> SEGMENT = key("ml.segment.name");
    public static final AttributeKey<String> SEGMENT_VALUE = key("ml.segment.value");
    public static final AttributeKey<String> FAIRNESS_MEASURE = key("ml.fairness.metric");
    public static final AttributeKey<String> BASELINE = key("ml.baseline.version");
    public static final AttributeKey<String> DRIFT_MEASURE = key("ml.drift.measure");
    public static final AttributeKey<String> DRIFT_SCOPE = key("ml.drift.scope");
    public static final AttributeKey<String> ALARM_KIND = key("ml.alarm.kind");
    public static final AttributeKey<String> DROP_REASON = key("hindcast.drop.reason");
    public static final AttributeKey<String> LOST_REASON = key("hindcast.lost.reason");
    public static final AttributeKey<String> RULE = key("hindcast.rule");

    private Key() {}

    private static AttributeKey<String> key(String name) {
      return AttributeKey.stringKey(name);
    }
  }

  private final String metricName;
  private final Kind kind;
  private final String unit;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable.
  private final Set<AttributeKey<String>> attributes;

  @SafeVarargs
  @SuppressWarnings("varargs") // Set.of copies them.
  MetricCatalog(
      String metricName,
      Kind kind,
      String unit,
      String description,
      AttributeKey<String>... attributes) {
    this.metricName = metricName;
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.attributes = Set.of(attributes);
  }

  /** The scope of every metric. */
  public static InstrumentationScopeInfo scope(String version) {
    return InstrumentationScopeInfo.builder("io.hindcast")
        .setVersion(version)
        .setSchemaUrl(SCHEMA_URL)
        .build();
  }

  public String metricName() {
    return metricName;
  }

  public Kind kind() {
    return kind;
  }

  /** Empty for gauges: with a unit of 1 some translators append {@code _ratio} and some do not. */
  public String unit() {
    return unit;
  }

  public String description() {
    return description;
  }

  /** The keys a point can have. */
  public Set<AttributeKey<String>> attributes() {
    return attributes;
  }
}
