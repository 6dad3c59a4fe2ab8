package io.hindcast.telemetry;

import static io.hindcast.telemetry.MetricCatalog.*;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.monitor.EngineSnapshot;
import io.hindcast.core.monitor.EngineSnapshot.Health;
import io.hindcast.core.monitor.EngineSnapshot.UnboundLabels;
import io.hindcast.core.monitor.HistogramSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every series of a snapshot, under the names of the catalogue. What is undefined (NaN) has no
 * series. Never throws: a model that cannot be read is counted as a fault of ours, and ends where
 * it failed.
 */
final class SnapshotSeries {
  private final List<Series> series = new ArrayList<>();

  private SnapshotSeries() {}

  static List<Series> of(EngineSnapshot snapshot, CaptureFaults faults) {
    var all = new SnapshotSeries();
    for (ModelSnapshot model : snapshot.models()) {
      all.guarded(faults, model, all::model);
    }
    for (UnboundLabels labels : snapshot.unboundLabels()) {
      all.guarded(faults, labels, all::unbound);
    }
    all.guarded(faults, snapshot.health(), all::health);
    return all.series;
  }

  private <T> void guarded(CaptureFaults faults, T part, Consumer<T> reader) {
    try {
      reader.accept(part);
    } catch (Throwable fault) {
      faults.count("export", fault);
    }
  }

  private void model(ModelSnapshot model) {
    var of = new Of(model.key(), model.startMillis());
    predictions(of, model);
    inputs(of, model);
    outputs(of, model);
    labels(of, model);
    performance(of, model);
    QualitySeries.add(of, model.quality());
    drift(of, model);
    capture(of, model);
  }

  private void predictions(Of of, ModelSnapshot model) {
    for (var calls : model.calls()) {
      Attributes attributes = of.with(Key.ERROR_TYPE, calls.errorType()).build();
      of.count(PREDICTIONS, attributes, calls.rows());
      of.distribution(PREDICTION_DURATION, attributes, calls.durationSeconds());
    }
    of.distribution(PREDICTION_BATCH_SIZE, of.attributes(), model.batchSizes());
  }

  private void inputs(Of of, ModelSnapshot model) {
    String reference = referenceId(model);
    for (var feature : model.features()) {
      of.distribution(
          FEATURE_VALUE,
          of.with(Key.FEATURE, feature.name()).put(Key.REFERENCE, reference).build(),
          feature.values());
      for (var bin : feature.bins()) {
        Attributes attributes =
            of.with(Key.FEATURE, feature.name())
                .put(Key.BIN, bin.bin())
                .put(Key.REFERENCE, reference)
                .build();
        of.count(FEATURE_BIN, attributes, bin.count());
        of.gauge(REFERENCE_SHARE, attributes, bin.referenceShare());
      }
      feature
          .violations()
          .forEach(
              (kind, n) ->
                  of.count(
                      FEATURE_VIOLATION,
                      of.with(Key.FEATURE, feature.name()).put(Key.VIOLATION_KIND, kind).build(),
                      n));
    }
    if (model.reference() != null) {
      of.count(REFERENCE_SIZE, of.with(Key.REFERENCE, reference).build(), model.reference().rows());
    }
  }

  private void outputs(Of of, ModelSnapshot model) {
    String reference = referenceId(model);
    for (var output : model.outputs()) {
      of.distribution(
          OUTPUT_VALUE,
          of.with(Key.OUTPUT, output.name()).put(Key.REFERENCE, reference).build(),
          output.values());
      for (var bin : output.bins()) {
        Attributes attributes =
            of.with(Key.OUTPUT, output.name())
                .put(Key.BIN, bin.bin())
                .put(Key.REFERENCE, reference)
                .build();
        of.count(OUTPUT_BIN, attributes, bin.count());
        of.gauge(REFERENCE_SHARE, attributes, bin.referenceShare());
      }
    }
  }

  private void labels(Of of, ModelSnapshot model) {
    model
        .labels()
        .forEach((outcome, n) -> of.count(LABELS, of.with(Key.LABEL_OUTCOME, outcome).build(), n));
    of.distribution(LABEL_DELAY, of.attributes(), model.labelDelaySeconds());
    for (var cell : model.confusion()) {
      Attributes attributes =
          of.with(Key.ACTUAL, cell.actual()).put(Key.PREDICTED, cell.predicted()).build();
      of.count(CONFUSION, attributes, cell.joined());
      of.count(CONFUSION_RETRACTED, attributes, cell.retracted());
    }
    for (var outcome : model.outcomeScores()) {
      of.distribution(
          OUTCOME_SCORE,
          of.with(Key.ACTUAL, outcome.actual()).put(Key.REFERENCE, referenceId(model)).build(),
          outcome.scores());
    }
    of.distribution(
        ABSOLUTE_ERROR, of.with(Key.ERROR_SIGN, "over").build(), model.absoluteErrorOver());
    of.distribution(
        ABSOLUTE_ERROR, of.with(Key.ERROR_SIGN, "under").build(), model.absoluteErrorUnder());
    of.amount(SQUARED_ERROR, of.attributes(), model.squaredError());
    of.amount(BASELINE_SQUARED_ERROR, of.attributes(), model.baselineSquaredError());
  }

  private void performance(Of of, ModelSnapshot model) {
    for (var performance : model.performance()) {
      Attributes attributes =
          of.with(Key.MEASURE, performance.measure())
              .put(Key.WINDOW, performance.window())
              .put(Key.CLASS, performance.className())
              .build();
      of.gauge(PERFORMANCE, attributes, performance.value());
      of.gauge(PERFORMANCE_LOWER, attributes, performance.lower());
      of.gauge(PERFORMANCE_UPPER, attributes, performance.upper());
      of.count(PERFORMANCE_SUPPORT, attributes, performance.support());
    }
    for (var coverage : model.coverage()) {
      of.gauge(
          PERFORMANCE_COVERAGE,
          of.with(Key.WINDOW, coverage.window())
              .put(Key.PREDICTED, coverage.predictedClass())
              .build(),
          coverage.value());
    }
  }

  private void drift(Of of, ModelSnapshot model) {
    for (var drift : model.drift()) {
      var name = drift.isOutput() ? Key.OUTPUT : Key.FEATURE;
      drift
          .scores()
          .forEach(
              (measure, score) ->
                  of.gauge(
                      DRIFT_SCORE,
                      of.with(name, drift.name()).put(Key.DRIFT_MEASURE, measure).build(),
                      score));
      of.count(DRIFT_SAMPLES, of.with(name, drift.name()).build(), drift.samples());
    }
    var alarms = model.alarms();
    alarms
        .evidence()
        .forEach(
            (scope, ln) -> of.gauge(DRIFT_EVIDENCE, of.with(Key.DRIFT_SCOPE, scope).build(), ln));
    alarms
        .active()
        .forEach(
            (kind, fires) ->
                of.count(ALARM_ACTIVE, of.with(Key.ALARM_KIND, kind).build(), fires ? 1 : 0));
    alarms
        .raised()
        .forEach((kind, n) -> of.count(ALARMS, of.with(Key.ALARM_KIND, kind).build(), n));
  }

  private void capture(Of of, ModelSnapshot model) {
    of.count(ROWS_CAPTURED, of.attributes(), model.capturedRows());
    model
        .droppedRows()
        .forEach((why, n) -> of.count(ROWS_DROPPED, of.with(Key.DROP_REASON, why).build(), n));
    of.count(CARDINALITY_OVERFLOW, of.attributes(), model.overflow());
    of.count(PENDING_COUNT, of.attributes(), model.pending());
    if (model.pendingLimit() != Long.MAX_VALUE) {
      of.count(PENDING_LIMIT, of.attributes(), model.pendingLimit());
    }
    model
        .pendingLost()
        .forEach((why, n) -> of.count(PENDING_LOST, of.with(Key.LOST_REASON, why).build(), n));
    of.gauge(SAMPLING_RATIO, of.attributes(), model.samplingRatio());
  }

  private void unbound(UnboundLabels labels) {
    var of = new Of(labels.model(), null, labels.startMillis());
    labels
        .labels()
        .forEach((outcome, n) -> of.count(LABELS, of.with(Key.LABEL_OUTCOME, outcome).build(), n));
  }

  private void health(Health health) {
    var of = new Of(null, null, health.startMillis());
    health
        .captureErrors()
        .forEach((type, n) -> of.count(CAPTURE_ERRORS, of.with(Key.ERROR_TYPE, type).build(), n));
    of.amount(CPU_TIME, of.attributes(), health.cpuSeconds());
    health
        .methodsInstrumented()
        .forEach((rule, n) -> of.count(METHODS_INSTRUMENTED, of.with(Key.RULE, rule).build(), n));
  }

  private static @Nullable String referenceId(ModelSnapshot model) {
    return model.reference() == null ? null : model.reference().id();
  }

  /** Series of one owner: of a version of a model, of a model, or of the agent. */
  final class Of {
    private final Attributes attributes;
    private final long startMillis;

    Of(ModelKey key, long startMillis) {
      this(key.model(), key.version(), startMillis);
    }

    Of(@Nullable String model, @Nullable String version, long startMillis) {
      this.attributes =
          Attributes.builder().put(Key.MODEL, model).put(Key.VERSION, version).build();
      this.startMillis = startMillis;
    }

    Attributes attributes() {
      return attributes;
    }

    /** A null value leaves its key out. */
    AttributesBuilder with(AttributeKey<String> key, @Nullable String value) {
      return attributes.toBuilder().put(key, value);
    }

    void count(MetricCatalog metric, Attributes attributes, long value) {
      add(metric, attributes, new Series.Count(value));
    }

    void amount(MetricCatalog metric, Attributes attributes, double value) {
      if (!Double.isNaN(value)) {
        add(metric, attributes, new Series.Amount(value));
      }
    }

    void gauge(MetricCatalog metric, Attributes attributes, double value) {
      amount(metric, attributes, value);
    }

    void distribution(
        MetricCatalog metric, Attributes attributes, @Nullable HistogramSnapshot value) {
      if (value != null) {
        add(metric, attributes, new Series.Distribution(value));
      }
    }

    private void add(MetricCatalog metric, Attributes attributes, Series.Value value) {
      series.add(new Series(metric, attributes, startMillis, value));
    }
  }
}
