package io.hindcast.telemetry;

import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;

/** What a reader wants of counters and of histograms. Up-down counters are cumulative for all. */
record Temporalities(AggregationTemporality counters, AggregationTemporality histograms) {
  static final Temporalities CUMULATIVE =
      new Temporalities(AggregationTemporality.CUMULATIVE, AggregationTemporality.CUMULATIVE);
  static final Temporalities DELTA =
      new Temporalities(AggregationTemporality.DELTA, AggregationTemporality.DELTA);

  static Temporalities of(AggregationTemporalitySelector reader) {
    return new Temporalities(
        reader.getAggregationTemporality(InstrumentType.COUNTER),
        reader.getAggregationTemporality(InstrumentType.HISTOGRAM));
  }

  AggregationTemporality of(MetricCatalog.Kind kind) {
    return switch (kind) {
      case COUNTER, DOUBLE_COUNTER -> counters;
      case HISTOGRAM -> histograms;
      case UP_DOWN_COUNTER, GAUGE, LONG_GAUGE -> AggregationTemporality.CUMULATIVE;
    };
  }
}
