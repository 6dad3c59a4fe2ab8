package io.hindcast.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.monitor.EngineSnapshot;
import io.hindcast.core.monitor.EngineSnapshot.Health;
import io.hindcast.core.monitor.HistogramSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.monitor.ModelSnapshot.Calls;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SnapshotMetricsTest {
  private final CaptureFaults faults = new CaptureFaults((place, fault) -> {});
  private final SnapshotMetrics metrics =
      new SnapshotMetrics(Resource.empty(), MetricCatalog.scope("9.9"), faults);

  @Test
  void cumulative_hasEverySeriesUnderItsNameAndNothingElse() throws IOException {
    assertThat(points(metrics.cumulative(Snapshots.at(1_060_000, 1))))
        .containsExactlyInAnyOrderElementsOf(expected());
    assertThat(faults.snapshot()).isEmpty();
  }

  @Test
  void fixture_hasASeriesOfEveryMetric_asItsLineInTheCatalogueSays() {
    Set<MetricCatalog> seen = new HashSet<>();
    for (Series series : SnapshotSeries.of(Snapshots.at(1_060_000, 1), faults)) {
      seen.add(series.metric());
      assertThat(series.metric().attributes())
          .as(series.metric().metricName())
          .containsAll(keys(series));
      assertThat(series.value())
          .as(series.metric().metricName())
          .isInstanceOf(
              switch (series.metric().kind()) {
                case COUNTER, UP_DOWN_COUNTER, LONG_GAUGE -> Series.Count.class;
                case DOUBLE_COUNTER, GAUGE -> Series.Amount.class;
                case HISTOGRAM -> Series.Distribution.class;
              });
    }
    assertThat(seen).containsExactlyInAnyOrder(MetricCatalog.values());
  }

  @Test
  void names_leaveToPrometheusWhatItAppends_andGaugesHaveNoUnit() {
    for (MetricCatalog metric : MetricCatalog.values()) {
      assertThat(metric.metricName())
          .matches("(ml|hindcast)\\.[a-z_.]+")
          .doesNotContainPattern("(^|[._])(total|seconds)($|[._])");
      if (metric.kind() == MetricCatalog.Kind.GAUGE
          || metric.kind() == MetricCatalog.Kind.LONG_GAUGE) {
        assertThat(metric.unit()).as(metric.metricName()).isEmpty();
      }
    }
  }

  @Test
  void delta_isWhatCameSinceTheLastSnapshot_exceptForWhatMayFall() throws IOException {
    // From once to three times: twice. So the points are those of twice, from the last snapshot on.
    List<String> expected = new ArrayList<>();
    for (String point : points(metrics.cumulative(Snapshots.at(1_120_000, 2)))) {
      expected.add(
          point.contains(" gauge ") || point.contains(" updown ")
              ? point
              : asDelta(point).replaceFirst("\\d+\\.\\.1120000", "1060000..1120000"));
    }
    expected.replaceAll(
        point ->
            point.startsWith("hindcast.pending.count")
                ? point.replace(" 152", " 153").replace(" 508", " 509")
                : point);

    assertThat(
            points(
                metrics.since(
                    Snapshots.at(1_060_000, 1), Snapshots.at(1_120_000, 3), Temporalities.DELTA)))
        .containsExactlyInAnyOrderElementsOf(expected)
        .contains(
            "ml.predictions delta counter [{prediction}] {ml.model.name=price,"
                + " ml.model.version=unknown} 1060000..1120000 1002")
        .hasSameSizeAs(expected());
  }

  @Test
  void firstDelta_isAllSinceTheStart() throws IOException {
    assertThat(points(metrics.since(null, Snapshots.at(1_060_000, 1), Temporalities.DELTA)))
        .containsExactlyInAnyOrderElementsOf(
            expected().stream()
                .map(p -> p.contains(" gauge ") || p.contains(" updown ") ? p : asDelta(p))
                .toList());
  }

  private static List<DoubleExemplarData> exemplars(Collection<MetricData> metrics) {
    return metrics.stream()
        .filter(metric -> metric.getType() == MetricDataType.HISTOGRAM)
        .flatMap(metric -> metric.getHistogramData().getPoints().stream())
        .flatMap(point -> point.getExemplars().stream())
        .toList();
  }

  @Test
  void exemplars_areThoseOfTheTimeThatAPointIsAbout() {
    EngineSnapshot first = Snapshots.at(1_060_000, 1);
    EngineSnapshot later = Snapshots.at(1_120_000, 3);
    assertThat(exemplars(metrics.zeroState(first, Temporalities.CUMULATIVE))).isEmpty();
    assertThat(exemplars(metrics.since(first, later, Temporalities.DELTA))).isEmpty();
    assertThat(exemplars(metrics.since(null, first, Temporalities.DELTA))).hasSize(1);

    assertThat(exemplars(metrics.cumulative(later)))
        .singleElement()
        .satisfies(
            shown -> {
              assertThat(shown.getValue()).isEqualTo(0.0075);
              assertThat(shown.getEpochNanos()).isEqualTo(1_059_000_000_000L);
              assertThat(shown.getSpanContext().getTraceId()).isEqualTo(Snapshots.SPAN.traceId());
              assertThat(shown.getSpanContext().getSpanId()).isEqualTo(Snapshots.SPAN.spanId());
            });
    assertThat(OtlpJson.line(metrics.cumulative(later)))
        .containsOnlyOnce(
            "\"exemplars\":[{\"timeUnixNano\":\"1059000000000\",\"asDouble\":0.0075,"
                + "\"spanId\":\"b7ad6b7169203331\","
                + "\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"}]");
  }

  @Test
  void deltaOfNothing_isSentAsZero() {
    assertThat(
            points(
                metrics.since(
                    Snapshots.at(1_060_000, 1), Snapshots.at(1_120_000, 1), Temporalities.DELTA)))
        .contains(
            "ml.predictions delta counter [{prediction}] {ml.model.name=price,"
                + " ml.model.version=unknown} 1060000..1120000 0",
            "ml.label.delay delta histogram [s] {ml.model.name=price, ml.model.version=unknown}"
                + " 1060000..1120000 0 sum 0.0 [0, 0, 0] by [1.0, 60.0]");
  }

  @Test
  void delta_ofAModelThatBeganAnew_isAllOfIt() {
    EngineSnapshot before = only(Snapshots.risk(Snapshots.RISK_START, 1), 1_060_000);
    EngineSnapshot now = only(Snapshots.risk(1_100_000, 3), 1_120_000);

    assertThat(points(metrics.since(before, now, Temporalities.DELTA)))
        .contains(
            "ml.predictions delta counter [{prediction}] {ml.model.name=credit-risk,"
                + " ml.model.version=2026-11} 1100000..1120000 303");
  }

  @Test
  void delta_ofASeriesThatIsNew_isAllOfIt_sinceTheLastSnapshot() {
    ModelSnapshot full = Snapshots.risk(Snapshots.RISK_START, 1);
    EngineSnapshot before = only(with(full, full.calls().subList(0, 1)), 1_060_000);
    EngineSnapshot now = only(full, 1_120_000);

    assertThat(points(metrics.since(before, now, Temporalities.DELTA)))
        .contains(
            "ml.predictions delta counter [{prediction}] {ml.model.name=credit-risk,"
                + " ml.model.version=2026-11} 1060000..1120000 0",
            "ml.predictions delta counter [{prediction}] {error.type=java.io.IOException,"
                + " ml.model.name=credit-risk, ml.model.version=2026-11} 1060000..1120000 102");
  }

  @Test
  void delta_ofWhatFell_isAllOfIt() {
    var count = new Series.Count(7);
    assertThat(count.since(new Series.Count(5))).isEqualTo(new Series.Count(2));
    assertThat(count.since(new Series.Count(8))).isEqualTo(count);
    var amount = new Series.Amount(7.5);
    assertThat(amount.since(new Series.Amount(5.25))).isEqualTo(new Series.Amount(2.25));
    assertThat(amount.since(new Series.Amount(8))).isEqualTo(amount);
    // A sum of negative values may fall, a count may not.
    Series.Distribution values = distribution(-9, 4, 6);
    assertThat(distribution(-11, 4, 8).since(values))
        .usingRecursiveComparison()
        .isEqualTo(distribution(-2, 0, 2));
    assertThat(distribution(9, 3, 8).since(values))
        .usingRecursiveComparison()
        .isEqualTo(distribution(9, 3, 8));
    var otherBounds =
        new Series.Distribution(new HistogramSnapshot(new double[] {2}, new long[] {9, 9}, 1));
    assertThat(otherBounds.since(values)).isEqualTo(otherBounds);
  }

  @Test
  void delta_underAClockThatWasSetBack_losesNothingAndDoesNotEndBeforeItsStart() {
    assertThat(
            points(
                metrics.since(
                    Snapshots.at(1_060_000, 1), Snapshots.at(1_050_000, 3), Temporalities.DELTA)))
        .contains(
            "ml.predictions delta counter [{prediction}] {ml.model.name=price,"
                + " ml.model.version=unknown} 1050000..1050000 1002");
  }

  @Test
  void zeroState_isEveryCounterAtZeroWhereItBegan_andWhatIsKnownBeforehand() throws IOException {
    List<String> expected = new ArrayList<>();
    for (String point : expected()) {
      String[] words = point.split(" ");
      if (words[1].equals("counter") || words[0].equals("hindcast.pending.count")) {
        boolean fraction = point.contains("squared_error") || point.contains("cpu.time");
        expected.add(point.replaceFirst("\\S+$", fraction ? "0.0" : "0"));
      } else if (words[1].equals("histogram")) {
        String zeros = point.replaceFirst("\\d+ sum \\S+", "0 sum 0.0");
        String counts = zeros.substring(zeros.indexOf("0 sum"), zeros.indexOf(" by "));
        expected.add(
            zeros.replace(
                counts,
                counts.substring(0, counts.indexOf('['))
                    + counts.substring(counts.indexOf('[')).replaceAll("\\d+", "0")));
      } else if (words[0].matches(
          "ml.reference.*|hindcast.pending.limit|hindcast.methods.*|hindcast.sampling.ratio")) {
        expected.add(point);
      }
    }
    expected.replaceAll(point -> point.replaceFirst("(\\d+)\\.\\.1060000", "$1..$1"));

    assertThat(points(metrics.zeroState(Snapshots.at(1_060_000, 1), Temporalities.CUMULATIVE)))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aModelThatCannotBeRead_isCounted_andTheOthersAreThere() {
    ModelSnapshot broken =
        with(Snapshots.risk(Snapshots.RISK_START, 1), Arrays.asList((Calls) null));
    var snapshot =
        new EngineSnapshot(
            1_060_000,
            List.of(broken, Snapshots.at(1_060_000, 1).models().get(1)),
            new Health(Snapshots.AGENT_START, Map.of(), 0, Map.of()));

    assertThat(points(metrics.cumulative(snapshot)))
        .noneMatch(point -> point.contains("credit-risk"))
        .anyMatch(point -> point.startsWith("ml.predictions ") && point.endsWith(" 501"));
    assertThat(faults.snapshot()).isEqualTo(Map.of("java.lang.NullPointerException", 1L));
  }

  private static ModelSnapshot with(ModelSnapshot m, List<Calls> calls) {
    return new ModelSnapshot(
        m.key(),
        m.task(),
        m.startMillis(),
        calls,
        m.batchSizes(),
        m.capturedRows(),
        m.droppedRows(),
        m.overflow(),
        m.reference(),
        m.features(),
        m.outputs(),
        m.labels(),
        m.labelDelaySeconds(),
        m.confusion(),
        m.outcomeScores(),
        null,
        null,
        Double.NaN,
        Double.NaN,
        m.performance(),
        m.coverage(),
        m.drift(),
        m.pending(),
        m.pendingLimit(),
        m.pendingLost());
  }

  private static EngineSnapshot only(ModelSnapshot model, long epochMillis) {
    return new EngineSnapshot(
        epochMillis, List.of(model), new Health(Snapshots.AGENT_START, Map.of(), 0, Map.of()));
  }

  private static Series.Distribution distribution(double sum, long... counts) {
    return new Series.Distribution(new HistogramSnapshot(new double[] {1}, counts, sum));
  }

  private static Set<AttributeKey<String>> keys(Series series) {
    Set<AttributeKey<String>> keys = new HashSet<>();
    series.attributes().forEach((key, value) -> keys.add(AttributeKey.stringKey(key.getKey())));
    return keys;
  }

  private static String asDelta(String point) {
    return point.replaceFirst(" (counter|histogram) ", " delta $1 ");
  }

  private static List<String> points(Collection<MetricData> metrics) {
    return Points.of(Lines.request(OtlpJson.line(metrics)));
  }

  /** One line for each point of {@code Snapshots.at(1_060_000, 1)}, written by hand. */
  static List<String> expected() throws IOException {
    try (InputStream in = SnapshotMetricsTest.class.getResourceAsStream("cumulative.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(
              line ->
                  line.replace("RISK", "ml.model.name=credit-risk, ml.model.version=2026-11")
                      .replace("PRICE", "ml.model.name=price, ml.model.version=unknown")
                      .replace("REFERENCE", "ml.reference.id=0123456789ab")
                      .replace("NAUGHTY", Snapshots.NAUGHTY))
          .toList();
    }
  }
}
