package io.hindcast.telemetry;

import io.hindcast.core.monitor.HistogramSnapshot;
import io.opentelemetry.api.common.Attributes;
import java.util.Arrays;

/**
 * What one series of one metric has come to since it began.
 *
 * @param startMillis when it began, since the epoch
 */
record Series(MetricCatalog metric, Attributes attributes, long startMillis, Value value) {
  /** What tells one series from another. */
  record Key(MetricCatalog metric, Attributes attributes) {}

  Key key() {
    return new Key(metric, attributes);
  }

  /** A number or a distribution. */
  sealed interface Value {
    /**
     * What has come since {@code before}. All of it if this does not go on where {@code before}
     * ended: it fell, or its bounds are others, so it was begun anew.
     */
    Value since(Value before);

    /** The same when nothing had come yet. */
    Value atStart();
  }

  record Count(long value) implements Value {
    @Override
    public Value since(Value before) {
      return before instanceof Count was && was.value <= value
          ? new Count(value - was.value)
          : this;
    }

    @Override
    public Value atStart() {
      return new Count(0);
    }
  }

  record Amount(double value) implements Value {
    @Override
    public Value since(Value before) {
      return before instanceof Amount was && was.value <= value
          ? new Amount(value - was.value)
          : this;
    }

    @Override
    public Value atStart() {
      return new Amount(0);
    }
  }

  record Distribution(HistogramSnapshot histogram) implements Value {
    @Override
    public Value since(Value before) {
      if (!(before instanceof Distribution earlier)
          || !Arrays.equals(earlier.histogram.bounds(), histogram.bounds())) {
        return this;
      }
      HistogramSnapshot was = earlier.histogram;
      long[] counts = histogram.counts().clone();
      for (int i = 0; i < counts.length; i++) {
        counts[i] -= was.counts()[i];
        if (counts[i] < 0) {
          return this;
        }
      }
      return new Distribution(
          new HistogramSnapshot(
              histogram.bounds(), counts, histogram.sum() - was.sum(), histogram.exemplars()));
    }

    @Override
    public Value atStart() {
      return new Distribution(
          new HistogramSnapshot(histogram.bounds(), new long[histogram.counts().length], 0));
    }
  }
}
