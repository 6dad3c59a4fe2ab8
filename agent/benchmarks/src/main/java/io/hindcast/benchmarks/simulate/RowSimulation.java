package io.hindcast.benchmarks.simulate;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ReferenceTimes;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.monitor.Engine;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.reference.ReferenceBuilder;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.reference.ReferenceStore;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the whole engine on rows, where what matters is not in the counts of a window: rows that
 * share something, the hour of the week, features that belong together.
 */
final class RowSimulation {
  /*
   * A window is an hour. The reference is built as 'reference build' does, from rows of the same
   * stream: some 20 000, or four weeks of hours where the hour matters. Rules of others see the same
   * windows by the same cells.
   */
  private static final long SEED = 20261124;
  private static final long HOUR = Duration.ofHours(1).toMillis();

  /** A Thursday. */
  private static final long BEGIN = 2_900L * 7 * 24 * HOUR;

  private static final int REFERENCE_ROWS = 20_000;
  private static final int REFERENCE_HOURS = 4 * 7 * 24;

  private RowSimulation() {}

  /**
   * Rows that do not change.
   *
   * @param rows in a window
   */
  record Shape(
      String name,
      int features,
      int rows,
      ReferenceTimes times,
      Function<SplittableRandom, RowStreams> make) {
    Shape(String name, int features, int rows, Function<SplittableRandom, RowStreams> make) {
      this(name, features, rows, ReferenceTimes.NONE, make);
    }
  }

  static List<Shape> shapes() {
    return List.of(
        new Shape("in fives", 10, 300, random -> RowStreams.together(random, 5)),
        new Shape("in fives", 10, 1000, random -> RowStreams.together(random, 5)),
        new Shape("correlation 0.5 to the next", 10, 300, r -> RowStreams.following(r, 0.5)),
        new Shape("correlation 0.9 to the next", 10, 1000, r -> RowStreams.following(r, 0.9)),
        new Shape("correlation 0.9 to the next", 10, 10_000, r -> RowStreams.following(r, 0.9)),
        new Shape("five pairs, correlation 0.8", 10, 1000, r -> RowStreams.inPairs(r, 0.8)),
        new Shape(
            "by day and night, `season: hour-of-week`",
            10,
            1000,
            new ReferenceTimes(true, null),
            RowStreams::daily),
        new Shape(
            "`rolling: 7d`",
            10,
            1000,
            new ReferenceTimes(false, Duration.ofDays(7)),
            RowStreams::independent),
        new Shape("correlation 0.9 to the next", 10, 300, r -> RowStreams.following(r, 0.9)),
        new Shape("correlation 0.98 to the next", 10, 300, r -> RowStreams.following(r, 0.98)),
        new Shape("correlation 0.98 to the next", 10, 1000, r -> RowStreams.following(r, 0.98)),
        new Shape("correlation 0.995 to the next", 10, 300, r -> RowStreams.following(r, 0.995)),
        new Shape("correlation 0.995 to the next", 10, 1000, r -> RowStreams.following(r, 0.995)),
        new Shape("correlation 0.995 to the next", 10, 10_000, r -> RowStreams.following(r, 0.995)),
        new Shape(
            "correlation 0.995 to the next", 10, 100_000, r -> RowStreams.following(r, 0.995)));
  }

  /** Ours, then those of others; every run goes on for 300 windows. */
  static Simulation.FalseAlarms[] nothingChanged(Shape shape, int runs) {
    List<Rule.Named> others = Rule.all(1000).subList(1, Rule.all(1000).size());
    long[] alarms = new long[others.size() + 1];
    long[] steps = new long[alarms.length];
    for (int run = 0; run < runs; run++) {
      var random = new SplittableRandom(SEED + run * 7919L);
      RowStreams stream = shape.make.apply(random);
      var agent = new Agent(shape, stream);
      Rule[] rules = others.stream().map(rule -> rule.make().get()).toArray(Rule[]::new);
      for (int window = 0; window < 300; window++) {
        long[][] counts = agent.hour(stream);
        steps[0]++;
        for (int i = 0; i < rules.length; i++) {
          alarms[i + 1] += rules[i].rises(agent.expected, counts) ? 1 : 0;
          steps[i + 1] += window >= others.get(i).warmUp() ? 1 : 0;
        }
      }
      alarms[0] += agent.alarms();
    }
    var answer = new Simulation.FalseAlarms[alarms.length];
    for (int i = 0; i < answer.length; i++) {
      String name = i == 0 ? "Hindcast" : others.get(i - 1).name();
      answer[i] = new Simulation.FalseAlarms(name, alarms[i], steps[i]);
    }
    return answer;
  }

  /** Two features follow each other with 0.8 for twenty windows, then not at all for forty. */
  static Simulation.Delay[] oneBroken(int features, int rows, int runs) {
    List<Rule.Named> others = Rule.all(1000).subList(1, Rule.all(1000).size());
    double[][] delays = new double[others.size() + 1][runs];
    boolean[][] early = new boolean[delays.length][runs];
    var shape = new Shape("", features, rows, random -> RowStreams.onePair(random, 0.8));
    for (int run = 0; run < runs; run++) {
      var random = new SplittableRandom(SEED + run * 104729L);
      var agent = new Agent(shape, shape.make.apply(random));
      Rule[] rules = others.stream().map(rule -> rule.make().get()).toArray(Rule[]::new);
      for (double[] of : delays) {
        of[run] = Double.NaN;
      }
      long before = 0;
      for (int window = 0; window < 60; window++) {
        var rowsNow = RowStreams.onePair(random.split(), window < 20 ? 0.8 : 0);
        long[][] counts = agent.hour(rowsNow);
        for (int i = 0; i < delays.length; i++) {
          boolean rises =
              i == 0 ? agent.alarms() > before : rules[i - 1].rises(agent.expected, counts);
          if (rises) {
            early[i][run] |= window < 20;
            if (window >= 20 && Double.isNaN(delays[i][run])) {
              delays[i][run] = window - 19;
            }
          }
        }
        before = agent.alarms();
      }
    }
    var answer = new Simulation.Delay[delays.length];
    for (int i = 0; i < answer.length; i++) {
      String name = i == 0 ? "Hindcast" : others.get(i - 1).name();
      answer[i] = Simulation.delay(name, delays[i], early[i]);
    }
    return answer;
  }

  /** The engine with one model that has inputs alone. */
  static final class Agent {
    final long[][] expected;
    private final Engine engine;
    private final Row row = new Row();
    private final int rows;
    private long[][] before;
    private long now = BEGIN;

    Agent(Shape shape, RowStreams past) {
      ModelConfig base = ModelConfig.defaults("m");
      var config =
          new ModelConfig(
              base.name(),
              base.version(),
              base.task(),
              base.methods(),
              base.id(),
              base.features(),
              base.output(),
              base.reference(),
              base.labels(),
              base.performanceWindows(),
              base.driftWindow(),
              base.scoring(),
              base.alarms(),
              shape.times());
      rows = shape.rows();
      row.key = new ModelKey("m", "1");
      row.isRow = true;
      row.features = shape.features();
      row.schema =
          new FeatureSchema(IntStream.range(0, shape.features()).mapToObj(i -> "f" + i).toList());
      row.numbers = new double[shape.features()];
      row.categories = new @Nullable Object[shape.features()];
      ReferenceProfile reference = reference(config, past, shape.times().hourOfWeek());
      expected =
          reference.features().values().stream().map(one -> one.counts()).toArray(long[][]::new);
      before = new long[expected.length][expected[0].length];
      engine =
          new Engine(
              new AgentConfig(null, List.of(config), 1 << 20, 1 << 20),
              new ReferenceStore() {
                @Override
                public ReferenceProfile load(ModelKey key) {
                  return reference;
                }

                @Override
                public void save(ModelKey key, ReferenceProfile profile) {}
              },
              new AgentLog(new PrintStream(PrintStream.nullOutputStream()), AgentLog.Level.ERROR),
              now);
    }

    private ReferenceProfile reference(ModelConfig config, RowStreams past, boolean byHour) {
      int n = byHour ? REFERENCE_HOURS * 100 : REFERENCE_ROWS;
      double[][] values = new double[n][row.features];
      ReferenceBuilder builder = ReferenceBuilder.forFile(config, true);
      for (int i = 0; i < n; i++) {
        past.next(values[i], i / 100 % 24);
        builder.observe(fill(values[i], i));
      }
      builder.edgesReady();
      for (int i = 0; i < n; i++) {
        builder.count(fill(values[i], i));
      }
      return builder.build();
    }

    private Row fill(double[] values, int i) {
      row.numbers = values;
      row.predictedAtMillis = BEGIN + i / 100 * HOUR;
      return row;
    }

    /** Plays the rows of an hour. */
    void rows(RowStreams stream) {
      int hourOfDay = (int) (now / HOUR % 24);
      for (int i = 0; i < rows; i++) {
        stream.next(row.numbers, hourOfDay);
        row.predictedAtMillis = now;
        engine.accept(row, now);
      }
    }

    /** Ends the hour. */
    void close() {
      now += HOUR;
      engine.tick(now);
    }

    /** Plays an hour, and answers what lay in the cells. */
    long[][] hour(RowStreams stream) {
      rows(stream);
      close();
      ModelSnapshot model = engine.snapshot(now).models().get(0);
      long[][] counts = new long[before.length][];
      for (int i = 0; i < counts.length; i++) {
        List<ModelSnapshot.Bin> bins = model.features().get(i).bins();
        counts[i] = bins.stream().mapToLong(ModelSnapshot.Bin::count).toArray();
        long[] since = counts[i].clone();
        long[] then = before[i];
        Arrays.setAll(counts[i], cell -> since[cell] - then[cell]);
        before[i] = since;
      }
      return counts;
    }

    long alarms() {
      return engine.snapshot(now).models().get(0).alarms().raised().getOrDefault("input_drift", 0L);
    }
  }
}
