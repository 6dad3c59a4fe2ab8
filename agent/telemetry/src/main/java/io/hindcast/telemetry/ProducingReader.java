package io.hindcast.telemetry;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.monitor.EngineSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a reader of the SDK collect the engine's metrics, in the temporality that it prefers. The
 * first collect is the state before anything was counted.
 */
final class ProducingReader implements MetricReader {
  /*
   * A MetricProducer would be simpler, but it is not told which reader asks, and the SDK passes on
   * its points as they are: a reader that prefers deltas would send cumulative points. Metrics of
   * the SDK about itself are not passed on: whoever watches a model has not asked for them.
   *
   * A version that is idle for long is in no snapshot, and comes back with its counts. So for deltas
   * the last that was seen of it is kept: of as many versions of a model as the engine itself keeps.
   */
  private static final int ABSENT_VERSIONS = 20;

  private final MetricReader reader;
  private final Supplier<EngineSnapshot> snapshots;
  private final SnapshotMetrics metrics;
  private final Temporalities temporalities;
  private final CaptureFaults faults;
  private boolean begun;
  private @Nullable EngineSnapshot last;

  ProducingReader(
      MetricReader reader,
      Supplier<EngineSnapshot> snapshots,
      SnapshotMetrics metrics,
      CaptureFaults faults) {
    this.reader = reader;
    this.snapshots = snapshots;
    this.metrics = metrics;
    this.temporalities = Temporalities.of(reader);
    this.faults = faults;
  }

  @Override
  public void register(CollectionRegistration registration) {
    reader.register(
        new CollectionRegistration() {
          @Override
          public Collection<MetricData> collectAllMetrics() {
            return collect();
          }
        });
  }

  /** Never throws: the SDK would lose the whole collect. */
  private synchronized Collection<MetricData> collect() {
    try {
      EngineSnapshot now = snapshots.get();
      if (!begun) {
        begun = true;
        return metrics.zeroState(now, temporalities);
      }
      Collection<MetricData> collected = metrics.since(last, now, temporalities);
      if (!temporalities.equals(Temporalities.CUMULATIVE)) {
        last = withAbsent(now, last);
      }
      return collected;
    } catch (Throwable fault) {
      faults.count("export", fault);
      return List.of();
    }
  }

  /** A snapshot, and behind its models those that were there before and may come back. */
  private static EngineSnapshot withAbsent(EngineSnapshot now, @Nullable EngineSnapshot before) {
    if (before == null) {
      return now;
    }
    Set<ModelKey> present = new HashSet<>();
    now.models().forEach(model -> present.add(model.key()));
    Map<String, Integer> absent = new HashMap<>();
    List<ModelSnapshot> models = new ArrayList<>(now.models());
    for (ModelSnapshot model : before.models()) {
      if (!present.contains(model.key())
          && absent.merge(model.key().model(), 1, Integer::sum) <= ABSENT_VERSIONS) {
        models.add(model);
      }
    }
    return new EngineSnapshot(now.epochMillis(), models, now.unboundLabels(), now.health());
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return reader.getAggregationTemporality(type);
  }

  @Override
  public Aggregation getDefaultAggregation(InstrumentType type) {
    return reader.getDefaultAggregation(type);
  }

  @Override
  public MemoryMode getMemoryMode() {
    return reader.getMemoryMode();
  }

  @Override
  public CompletableResultCode forceFlush() {
    return reader.forceFlush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return reader.shutdown();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  @Override
  public String toString() {
    return "ProducingReader{" + reader + "}";
  }
}
