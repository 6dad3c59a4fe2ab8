package io.hindcast.telemetry;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.monitor.EngineSnapshot;
import io.hindcast.core.monitor.Exemplar;
import io.hindcast.core.monitor.HistogramSnapshot;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Snapshots of the engine as OpenTelemetry metrics. Immutable; never throws. */
final class SnapshotMetrics {
  /*
   * A delta is the difference of two snapshots, so a reader keeps nothing but its last one. A series
   * goes on where it was if its owner's counters began when they did then; otherwise (the version
   * was forgotten and came back) all of its value is new. A
   * series that did not grow has a delta of 0 and is sent all the same: it says that the series
   * lives, and a backend that adds deltas up must see its 0 before its first 1.
   */
  private final Resource resource;
  private final InstrumentationScopeInfo scope;
  private final CaptureFaults faults;

  SnapshotMetrics(Resource resource, InstrumentationScopeInfo scope, CaptureFaults faults) {
    this.resource = resource;
    this.scope = scope;
    this.faults = faults;
  }

  /** The events of alarms under the same resource and scope, for one exporter of them. */
  AlarmRecords alarms() {
    return new AlarmRecords(resource, scope);
  }

  /**
   * All that counts upwards at 0, at the time when it began; of the gauges only those that say what
   * is known beforehand. Sent first, so that nothing appears in a backend at a value other than 0:
   * rates are taken from the first value on.
   */
  Collection<MetricData> zeroState(EngineSnapshot now, Temporalities temporalities) {
    var metrics = new Metrics(temporalities);
    for (Series series : SnapshotSeries.of(now, faults)) {
      Series.@Nullable Value value =
          switch (series.metric()) {
            case REFERENCE_SHARE,
                REFERENCE_SIZE,
                METHODS_INSTRUMENTED,
                PENDING_LIMIT,
                SAMPLING_RATIO ->
                series.value();
            default ->
                switch (series.metric().kind()) {
                  case COUNTER, DOUBLE_COUNTER, UP_DOWN_COUNTER, HISTOGRAM ->
                      series.value().atStart();
                  case GAUGE, LONG_GAUGE -> null;
                };
          };
      if (value != null) {
        long start = nanos(series.startMillis());
        metrics.add(series, start, start, value);
      }
    }
    return metrics.all();
  }

  /** Everything since it began. */
  Collection<MetricData> cumulative(EngineSnapshot now) {
    return since(null, now, Temporalities.CUMULATIVE);
  }

  /**
   * What the reader wants as deltas, since {@code before}; the rest since it began.
   *
   * @param before the snapshot of the reader's last collect; null if this is the first one that
   *     counts
   */
  Collection<MetricData> since(
      @Nullable EngineSnapshot before, EngineSnapshot now, Temporalities temporalities) {
    Map<Series.Key, Series> last = new HashMap<>();
    if (before != null && !temporalities.equals(Temporalities.CUMULATIVE)) {
      SnapshotSeries.of(before, faults).forEach(series -> last.put(series.key(), series));
    }
    var metrics = new Metrics(temporalities);
    for (Series series : SnapshotSeries.of(now, faults)) {
      long start = series.startMillis();
      Series.Value value = series.value();
      if (temporalities.of(series.metric().kind()) == AggregationTemporality.DELTA) {
        Series was = last.get(series.key());
        if (was != null && was.startMillis() == start) {
          value = value.since(was.value());
        }
        if (before != null) {
          start = Math.max(start, Math.min(before.epochMillis(), now.epochMillis()));
        }
      }
      // A clock that was set back must not end a series before its start.
      long end = Math.max(start, now.epochMillis());
      metrics.add(series, nanos(start), nanos(end), value);
    }
    return metrics.all();
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Points by metric, in the order of the catalogue. */
  private final class Metrics {
    private final Temporalities temporalities;
    private final Map<MetricCatalog, List<PointData>> points = new EnumMap<>(MetricCatalog.class);

    Metrics(Temporalities temporalities) {
      this.temporalities = temporalities;
    }

    void add(Series series, long startNanos, long endNanos, Series.Value value) {
      points
          .computeIfAbsent(series.metric(), metric -> new ArrayList<>())
          .add(point(startNanos, endNanos, series.attributes(), value));
    }

    private static PointData point(
        long startNanos, long endNanos, Attributes attributes, Series.Value value) {
      if (value instanceof Series.Count count) {
        return LongPointData.create(startNanos, endNanos, attributes, count.value());
      }
      if (value instanceof Series.Amount amount) {
        return DoublePointData.create(
            startNanos, endNanos, attributes, amount.value(), List.<DoubleExemplarData>of());
      }
      HistogramSnapshot histogram = ((Series.Distribution) value).histogram();
      return new HistogramPoint(
          startNanos,
          endNanos,
          attributes,
          histogram.sum(),
          histogram.count(),
          new Doubles(histogram.bounds()),
          new Longs(histogram.counts()),
          exemplars(histogram.exemplars(), startNanos));
    }

    /** Those of the time that a point is about. */
    private static List<DoubleExemplarData> exemplars(List<Exemplar> all, long startNanos) {
      List<DoubleExemplarData> shown = new ArrayList<>();
      for (Exemplar each : all) {
        if (nanos(each.epochMillis()) >= startNanos) {
          shown.add(
              DoubleExemplarData.create(
                  Attributes.empty(),
                  nanos(each.epochMillis()),
                  SpanContext.create(
                      each.traceId(),
                      each.spanId(),
                      TraceFlags.getDefault(),
                      TraceState.getDefault()),
                  each.value()));
        }
      }
      return shown;
    }

    Collection<MetricData> all() {
      List<MetricData> all = new ArrayList<>();
      points.forEach(
          (metric, list) ->
              all.add(
                  new Metric(
                      resource,
                      scope,
                      metric.metricName(),
                      metric.description(),
                      metric.unit(),
                      type(metric.kind()),
                      data(metric.kind(), list))));
      return all;
    }

    private static MetricDataType type(MetricCatalog.Kind kind) {
      return switch (kind) {
        case COUNTER, UP_DOWN_COUNTER -> MetricDataType.LONG_SUM;
        case DOUBLE_COUNTER -> MetricDataType.DOUBLE_SUM;
        case GAUGE -> MetricDataType.DOUBLE_GAUGE;
        case LONG_GAUGE -> MetricDataType.LONG_GAUGE;
        case HISTOGRAM -> MetricDataType.HISTOGRAM;
      };
    }

    private Data<?> data(MetricCatalog.Kind kind, List<PointData> points) {
      AggregationTemporality temporality = temporalities.of(kind);
      return switch (kind) {
        case COUNTER -> SumData.createLongSumData(true, temporality, as(points));
        case DOUBLE_COUNTER -> SumData.createDoubleSumData(true, temporality, as(points));
        case UP_DOWN_COUNTER -> SumData.createLongSumData(false, temporality, as(points));
        case GAUGE -> GaugeData.createDoubleGaugeData(as(points));
        case LONG_GAUGE -> GaugeData.createLongGaugeData(as(points));
        case HISTOGRAM -> HistogramData.create(temporality, as(points));
      };
    }

    /** The points of a metric are all of the class that its kind asks for. */
    @SuppressWarnings("unchecked")
    private static <T extends PointData> List<T> as(List<PointData> points) {
      return (List<T>) points;
    }
  }

  /** The SDK has no public one. */
  private record Metric(
      Resource getResource,
      InstrumentationScopeInfo getInstrumentationScopeInfo,
      String getName,
      String getDescription,
      String getUnit,
      MetricDataType getType,
      Data<?> getData)
      implements MetricData {}

  /** Shares the snapshot's arrays; the SDK's own copies and boxes them. */
  private record HistogramPoint(
      long getStartEpochNanos,
      long getEpochNanos,
      Attributes getAttributes,
      double getSum,
      long getCount,
      List<Double> getBoundaries,
      List<Long> getCounts,
      List<DoubleExemplarData> getExemplars)
      implements HistogramPointData {
    /** Never: an extreme is a raw value. */
    @Override
    public boolean hasMin() {
      return false;
    }

    @Override
    public double getMin() {
      return 0;
    }

    @Override
    public boolean hasMax() {
      return false;
    }

    @Override
    public double getMax() {
      return 0;
    }
  }

  private static final class Doubles extends AbstractList<Double> implements RandomAccess {
    private final double[] values;

    Doubles(double[] values) {
      this.values = values;
    }

    @Override
    public Double get(int i) {
      return values[i];
    }

    @Override
    public int size() {
      return values.length;
    }
  }

  private static final class Longs extends AbstractList<Long> implements RandomAccess {
    private final long[] values;

    Longs(long[] values) {
      this.values = values;
    }

    @Override
    public Long get(int i) {
      return values[i];
    }

    @Override
    public int size() {
      return values.length;
    }
  }
}
