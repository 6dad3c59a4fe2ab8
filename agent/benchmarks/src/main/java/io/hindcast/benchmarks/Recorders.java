package io.hindcast.benchmarks;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.datasketches.kll.KllDoublesSketch;

/** One value at a time into what others offer for it, with as many bins as the agent has. */
enum Recorders {
  /** The OpenTelemetry SDK: one histogram, a series for each feature. */
  SDK {
    @Override
    Recorder of(int features) {
      return sdk(features, SHIFT);
    }
  },
  /**
   * The same with values of which half are negative: the SDK refuses them and writes a warning, at
   * most so many a minute. What the budgets of the design were set against.
   */
  SDK_REFUSING {
    @Override
    Recorder of(int features) {
      return sdk(features, 0);
    }
  },
  /** Micrometer: a summary for each feature. */
  MICROMETER {
    @Override
    Recorder of(int features) {
      var registry = new SimpleMeterRegistry();
      DistributionSummary[] summaries = new DistributionSummary[features];
      for (int i = 0; i < features; i++) {
        summaries[i] =
            DistributionSummary.builder("feature")
                .tag("feature", "f" + i)
                .serviceLevelObjectives(BOUNDS)
                .register(registry);
      }
      return (feature, value) -> summaries[feature].record(value + SHIFT);
    }
  },
  /** HdrHistogram, two digits, without any protection against other threads. */
  HDR_HISTOGRAM {
    @Override
    Recorder of(int features) {
      var histograms = new org.HdrHistogram.DoubleHistogram[features];
      for (int i = 0; i < features; i++) {
        histograms[i] = new org.HdrHistogram.DoubleHistogram(2);
      }
      return (feature, value) -> histograms[feature].recordValue(value + SHIFT);
    }
  },
  /** DataSketches KLL, k = 200, likewise without protection. */
  KLL {
    @Override
    Recorder of(int features) {
      KllDoublesSketch[] sketches = new KllDoublesSketch[features];
      for (int i = 0; i < features; i++) {
        sketches[i] = KllDoublesSketch.newHeapInstance();
      }
      return (feature, value) -> sketches[feature].update(value);
    }
  };

  /** Some of them take no negative numbers. */
  private static final double SHIFT = 10;

  /** Deciles of what they are given. */
  private static final double[] BOUNDS =
      DoubleStream.of(-1.28, -0.84, -0.52, -0.25, 0, 0.25, 0.52, 0.84, 1.28)
          .map(bound -> bound + SHIFT)
          .toArray();

  abstract Recorder of(int features);

  private static Recorder sdk(int features, double shift) {
    DoubleHistogram histogram =
        SdkMeterProvider.builder()
            .registerMetricReader(new SilentReader())
            .build()
            .get("benchmark")
            .histogramBuilder("feature")
            .setExplicitBucketBoundariesAdvice(Arrays.stream(BOUNDS).boxed().toList())
            .build();
    Attributes[] series = new Attributes[features];
    for (int i = 0; i < features; i++) {
      series[i] =
          Attributes.builder()
              .put("ml.model.name", "benchmark")
              .put("ml.feature.name", "f" + i)
              .build();
    }
    return (feature, value) -> histogram.record(value + shift, series[feature]);
  }

  /** Takes one value. */
  interface Recorder {
    void record(int feature, double value);
  }

  /** Every value of every row. */
  Calls calls(int features) {
    double[][] rows = Shape.rows(features);
    Recorder recorder = of(features);
    return calls -> {
      double sum = 0;
      for (int i = 0; i < calls; i++) {
        double[] row = rows[i & (rows.length - 1)];
        for (int feature = 0; feature < row.length; feature++) {
          recorder.record(feature, row[feature]);
        }
        sum += row[3];
      }
      return sum;
    };
  }

  /** Makes the SDK count, and is never read. */
  private static final class SilentReader implements MetricReader {
    @Override
    public void register(CollectionRegistration registration) {}

    @Override
    public CompletableResultCode forceFlush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return AggregationTemporality.CUMULATIVE;
    }
  }
}
