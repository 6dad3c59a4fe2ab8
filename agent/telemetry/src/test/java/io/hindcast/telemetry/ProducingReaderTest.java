package io.hindcast.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.monitor.EngineSnapshot;
import io.hindcast.core.monitor.EngineSnapshot.Health;
import io.hindcast.core.monitor.ModelSnapshot;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProducingReaderTest {
  private EngineSnapshot now = snapshot(0);

  @Test
  void readers_haveEachTheirOwnTemporalityAndTheirOwnLastSnapshot() {
    Reader cumulative = reader(AggregationTemporalitySelector.alwaysCumulative());
    Reader delta = reader(AggregationTemporalitySelector.deltaPreferred());
    now = snapshot(1, model("a", 1));
    assertThat(List.of(cumulative.rows("a"), delta.rows("a"))).containsExactly(0L, 0L);
    assertThat(delta.rows("a")).isEqualTo(103);
    now = snapshot(2, model("a", 3));
    assertThat(cumulative.rows("a")).isEqualTo(309);
    assertThat(delta.rows("a")).isEqualTo(206);
    assertThat(cumulative.rows("a")).isEqualTo(309);
    assertThat(delta.rows("a")).isZero();
  }

  @Test
  void delta_ofAVersionThatWasAway_goesOnWhereItWas() {
    Reader delta = reader(AggregationTemporalitySelector.deltaPreferred());
    now = snapshot(1, model("a", 2), model("b", 1));
    delta.rows("a");
    assertThat(delta.rows("a")).isEqualTo(206);
    for (int i = 0; i < 3; i++) {
      now = snapshot(2 + i, model("b", 2));
      assertThat(delta.rows("a")).isNull();
    }
    now = snapshot(6, model("a", 5), model("b", 2));
    assertThat(delta.rows("a")).isEqualTo(309);
  }

  @Test
  void versionsThatNeverComeBack_areForgotten() {
    Reader delta = reader(AggregationTemporalitySelector.deltaPreferred());
    delta.rows("");
    for (int i = 0; i <= 21; i++) {
      now = snapshot(i, model("v" + i, 1));
      assertThat(delta.rows("v" + i)).isEqualTo(103);
    }
    // Twenty went after v1 and twenty-one after v0.
    now = snapshot(30, model("v1", 1), model("v0", 1));
    assertThat(delta.collect()).isNotEmpty();
    assertThat(delta.last("v1")).isZero();
    assertThat(delta.last("v0")).isEqualTo(103);
  }

  private Reader reader(AggregationTemporalitySelector temporality) {
    var faults = new CaptureFaults((place, fault) -> {});
    var metrics = new SnapshotMetrics(Resource.empty(), MetricCatalog.scope("9.9"), faults);
    var reader = new Reader(temporality);
    new ProducingReader(reader, () -> now, metrics, faults).register(CollectionRegistration.noop());
    return reader;
  }

  private static EngineSnapshot snapshot(int minute, ModelSnapshot... models) {
    return new EngineSnapshot(
        1_060_000 + minute * 60_000L,
        Arrays.asList(models),
        new Health(Snapshots.AGENT_START, Map.of(), 0, Map.of()));
  }

  private static ModelSnapshot model(String version, int times) {
    ModelSnapshot m = Snapshots.risk(Snapshots.RISK_START, times);
    return new ModelSnapshot(
        new ModelKey("m", version),
        m.task(),
        m.startMillis(),
        m.calls(),
        null,
        m.capturedRows(),
        Map.of(),
        0,
        null,
        List.of(),
        List.of(),
        Map.of(),
        m.labelDelaySeconds(),
        List.of(),
        List.of(),
        null,
        null,
        Double.NaN,
        Double.NaN,
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        Map.of());
  }

  /** A reader that collects when it is told to. */
  private static final class Reader implements MetricReader {
    private final AggregationTemporalitySelector temporality;
    private CollectionRegistration registration = CollectionRegistration.noop();
    private List<MetricData> last = List.of();

    Reader(AggregationTemporalitySelector temporality) {
      this.temporality = temporality;
    }

    List<MetricData> collect() {
      last = new ArrayList<>(registration.collectAllMetrics());
      return last;
    }

    /** {@code hindcast.rows.captured} of a version, collected now; null if there is none. */
    @Nullable Long rows(String version) {
      collect();
      return last(version);
    }

    @Nullable Long last(String version) {
      return last.stream()
          .filter(metric -> metric.getName().equals("hindcast.rows.captured"))
          .flatMap(metric -> metric.getLongSumData().getPoints().stream())
          .filter(p -> version.equals(p.getAttributes().get(MetricCatalog.Key.VERSION)))
          .map(LongPointData::getValue)
          .findFirst()
          .orElse(null);
    }

    @Override
    public void register(CollectionRegistration registration) {
      this.registration = registration;
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return temporality.getAggregationTemporality(type);
    }

    @Override
    public CompletableResultCode forceFlush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
