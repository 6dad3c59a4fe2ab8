package io.hindcast.telemetry;

import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.AlarmSnapshot;
import io.hindcast.core.monitor.EngineSnapshot;
import io.hindcast.core.monitor.EngineSnapshot.Health;
import io.hindcast.core.monitor.EngineSnapshot.UnboundLabels;
import io.hindcast.core.monitor.Exemplar;
import io.hindcast.core.monitor.HistogramSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.monitor.ModelSnapshot.Bin;
import io.hindcast.core.monitor.ModelSnapshot.Calls;
import io.hindcast.core.monitor.ModelSnapshot.Confusion;
import io.hindcast.core.monitor.ModelSnapshot.Coverage;
import io.hindcast.core.monitor.ModelSnapshot.Drift;
import io.hindcast.core.monitor.ModelSnapshot.Feature;
import io.hindcast.core.monitor.ModelSnapshot.OutcomeScores;
import io.hindcast.core.monitor.ModelSnapshot.Output;
import io.hindcast.core.monitor.ModelSnapshot.Performance;
import io.hindcast.core.monitor.ModelSnapshot.Reference;
import io.hindcast.core.monitor.QualitySnapshot;
import io.hindcast.core.monitor.QualitySnapshot.Comparison;
import io.hindcast.core.monitor.QualitySnapshot.Estimate;
import io.hindcast.core.monitor.QualitySnapshot.Fairness;
import io.hindcast.core.monitor.QualitySnapshot.Segment;
import java.util.List;
import java.util.Map;

/**
 * What an engine might have come to: every number occurs once, so that none can stand in for
 * another. Those that count are multiplied by {@code times}; the rest stay.
 */
final class Snapshots {
  static final long AGENT_START = 1_000_000L;
  static final long RISK_START = 1_000_500L;
  static final long PRICE_START = 1_000_700L;
  static final String NAUGHTY = "é\"\\\n\u0001\u2028\uD83D\uDE00";

  static final AlarmSnapshot.Event DRIFTED =
      new AlarmSnapshot.Event(
          161,
          "input_drift",
          1_050_000,
          1_020_000L,
          "inputs have drifted: age",
          List.of(
              new AlarmSnapshot.Part("age", 0.75, "up", "bin 9"),
              new AlarmSnapshot.Part(NAUGHTY, 0.25, "", "new")),
          210,
          1000,
          "windows");

  private Snapshots() {}

  static EngineSnapshot at(long epochMillis, int times) {
    return new EngineSnapshot(
        epochMillis,
        List.of(risk(RISK_START, times), price(times)),
        List.of(
            new UnboundLabels(null, 1_000_100L, Map.of("unknown", 301L * times)),
            new UnboundLabels("credit-risk", 1_000_200L, Map.of("parked", 302L * times))),
        new Health(
            AGENT_START,
            Map.of("java.lang.NullPointerException", 401L * times),
            4.25 * times,
            Map.of("com.acme.Risk#predict", 2L, "com.acme.Gone#predict", 0L)));
  }

  /** The same where an alarm has begun to fire. */
  static EngineSnapshot drifted(long epochMillis) {
    ModelSnapshot m = risk(RISK_START, 1);
    var alarms =
        new AlarmSnapshot(
            m.alarms().evidence(), m.alarms().active(), m.alarms().raised(), List.of(DRIFTED));
    return new EngineSnapshot(
        epochMillis,
        List.of(
            new ModelSnapshot(
                m.key(),
                m.task(),
                m.startMillis(),
                m.calls(),
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
                m.absoluteErrorOver(),
                m.absoluteErrorUnder(),
                m.squaredError(),
                m.baselineSquaredError(),
                m.performance(),
                m.coverage(),
                m.drift(),
                m.pending(),
                m.pendingLimit(),
                m.pendingLost(),
                m.quality(),
                alarms,
                m.samplingRatio())),
        new Health(AGENT_START, Map.of(), Double.NaN, Map.of()));
  }

  static ModelSnapshot risk(long startMillis, int times) {
    return new ModelSnapshot(
        new ModelKey("credit-risk", "2026-11"),
        Task.BINARY,
        startMillis,
        List.of(
            new Calls(
                null, 101L * times, shown(histogram(times, 1.5, new double[] {0.001, 0.01}, 11))),
            new Calls(
                "java.io.IOException",
                102L * times,
                histogram(times, 2.5, new double[] {0.001, 0.01}, 14))),
        histogram(times, 64, new double[] {2, 4}, 17),
        103L * times,
        Map.of("queue_full", 104L * times, "error", 105L * times),
        106L * times,
        new Reference("0123456789ab", 5_000),
        List.of(
            new Feature(
                "age",
                histogram(times, 3.5, new double[] {20, 30, 40}, 20),
                List.of(
                    new Bin("0", 110L * times, 0.25),
                    new Bin("low", 111L * times, 0.0),
                    new Bin("new", 112L * times, Double.NaN)),
                Map.of("missing", 113L * times, "above_range", 0L)),
            new Feature(
                NAUGHTY,
                null,
                List.of(new Bin(NAUGHTY, 114L * times, 0.125)),
                Map.of("new_category", 115L * times))),
        List.of(
            new Output(
                "score",
                histogram(times, 4.5, new double[] {0.25, 0.5}, 24),
                List.of(new Bin("3", 120L * times, 0.0625))),
            new Output("class", null, List.of(new Bin("1", 121L * times, 0.75)))),
        Map.of("joined", 130L * times, "corrected", 131L * times, "stale", 0L),
        histogram(times, 5.5, new double[] {1, 60}, 27),
        List.of(
            new Confusion("1", "0", 140L * times, 141L * times),
            new Confusion("1", "1", 142L * times, 0)),
        List.of(new OutcomeScores("1", histogram(times, 6.5, new double[] {0.5}, 30))),
        null,
        null,
        Double.NaN,
        Double.NaN,
        List.of(
            new Performance("accuracy", "all", null, 0.875, 0.8125, 0.9375, 201),
            new Performance("recall", "7d", "1", 0.625, Double.NaN, Double.NaN, 202),
            new Performance("precision", "7d", null, Double.NaN, Double.NaN, Double.NaN, 0)),
        List.of(new Coverage("all", null, 0.6), new Coverage("7d", "1", 0.3)),
        List.of(
            new Drift(false, "age", Map.of("jsd", 0.01, "psi", 0.02, "ks", Double.NaN), 210),
            new Drift(true, "score", Map.of("jsd", 0.03), 211),
            new Drift(false, "income", Map.of(), 12)),
        150 + times,
        160_000,
        Map.of("evicted", 151L * times, "unlabelled", 152L * times),
        quality(),
        new AlarmSnapshot(
            Map.of("inputs", 6.5),
            Map.of("input_drift", true, "data_quality", false),
            Map.of("input_drift", 161L * times, "data_quality", 0L),
            List.of()),
        0.25);
  }

  private static QualitySnapshot quality() {
    return new QualitySnapshot(
        List.of(new Performance("accuracy", "7d", null, 0.711, 0.1, 0.9, 601)),
        List.of(new Performance("recall", "7d", null, 0.712, Double.NaN, Double.NaN, 602)),
        List.of(new Performance("accuracy", "all", null, 0.713, 0.714, 0.715, 603)),
        List.of(
            new Estimate("f1", "7d", null, 0.721, 0.722, 0.723, true),
            new Estimate("recall", "7d", "sure", Double.NaN, Double.NaN, Double.NaN, false)),
        List.of(
            new Segment(
                "region",
                "north",
                new Performance("precision", "7d", null, 0.731, 0.732, 0.733, 604))),
        List.of(new Fairness("disparate_impact", "region", "south", 0.741, 0.742, 0.743)),
        List.of(new Comparison("accuracy", "2026-10", 0.751, 0.752, 0.753)),
        List.of());
  }

  /** One call of a second before the first snapshot, and the span that it was made in. */
  static final Exemplar SPAN =
      new Exemplar(0.0075, 1_059_000L, "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");

  private static HistogramSnapshot shown(HistogramSnapshot of) {
    return new HistogramSnapshot(of.bounds(), of.counts(), of.sum(), List.of(SPAN));
  }

  /** A regression without a reference. */
  private static ModelSnapshot price(int times) {
    return new ModelSnapshot(
        new ModelKey("price", "unknown"),
        Task.REGRESSION,
        PRICE_START,
        List.of(
            new Calls(null, 501L * times, histogram(times, 7.5, new double[] {0.001, 0.01}, 33))),
        null,
        502L * times,
        Map.of("queue_full", 0L),
        0,
        null,
        List.of(new Feature("rooms", null, List.of(), Map.of("missing", 503L * times))),
        List.of(),
        Map.of("joined", 504L * times),
        histogram(times, 8.5, new double[] {1, 60}, 36),
        List.of(),
        List.of(),
        histogram(times, 9.5, new double[] {0.1, 1}, 39),
        histogram(times, 10.5, new double[] {0.1, 1}, 42),
        11.5 * times,
        12.5 * times,
        List.of(new Performance("bias", "all", null, -0.5, Double.NaN, Double.NaN, 505)),
        List.of(),
        List.of(),
        506 + times,
        160_001,
        Map.of());
  }

  /** Counts {@code first}, {@code first} + 1 … */
  static HistogramSnapshot histogram(int times, double sum, double[] bounds, int first) {
    long[] counts = new long[bounds.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (first + (long) i) * times;
    }
    return new HistogramSnapshot(bounds, counts, sum * times);
  }
}
