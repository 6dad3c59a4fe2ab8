package io.hindcast.benchmarks.simulate;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.score.LabelDelays;
import io.hindcast.core.score.ModelOutcomes;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What the windows say while labels come late, and later for one class than for the other: those of
 * the engine itself, on the clock of the simulation.
 */
final class DelayCoverage {
  /*
   * 120 days; one row in ten is positive. Its label comes after a lognormal delay, median 8 days and
   * σ = 1, that of a negative after an exponential one, mean 1.5 days. One negative in twenty is
   * predicted positive, and three positives in four, until some day; from then on a share that is
   * given. At the end of the last day the windows are asked.
   */
  private static final long SEED = 20261124;
  private static final long START = 1_767_225_600_000L;
  private static final long DAY = 86_400_000L;
  private static final int DAYS = 120;
  private static final Duration WINDOW = Duration.ofDays(14);
  private static final double POSITIVE = 0.1;
  private static final double FALSE_ALARM = 0.05;
  private static final double RECALL = 0.75;

  /** A kind of window. */
  enum Estimator {
    MATURE("matured, 60 d configured"),
    LEARNT("matured, as learnt from the delays"),
    YOUNG("provisional: the labels so far"),
    WEIGHTED("weighted by delay per class");

    final String words;

    Estimator(String words) {
      this.words = words;
    }
  }

  /**
   * @param truth of the rows to come, for the time that the window is of
   * @param mean of its values
   * @param shown windows that had a value
   * @param intervals that there were
   * @param held of which so many held the truth
   */
  record Result(
      Estimator estimator,
      String measure,
      double truth,
      double mean,
      long shown,
      long intervals,
      long held) {
    double share() {
      return (double) held / intervals;
    }

    double bias() {
      return mean - truth;
    }
  }

  private final int rowsPerDay;
  private final double lateRecall;
  private final Map<String, double[]> sums = new LinkedHashMap<>();

  private DelayCoverage(int rowsPerDay, double lateRecall) {
    this.rowsPerDay = rowsPerDay;
    this.lateRecall = lateRecall;
  }

  /**
   * @param lateRecall of the last 14 days
   */
  static List<Result> of(int rowsPerDay, double lateRecall, int runs) {
    var coverage = new DelayCoverage(rowsPerDay, lateRecall);
    for (int run = 0; run < runs; run++) {
      coverage.run(new Random(SEED + run));
    }
    return coverage.results();
  }

  private record Event(long atMillis, PendingRecord record, boolean isLabel) {}

  private void run(Random random) {
    long end = START + DAYS * DAY;
    var events = new ArrayList<Event>();
    for (int i = 0; i < DAYS * rowsPerDay; i++) {
      long at = START + (long) (random.nextDouble() * (end - START));
      boolean isPositive = random.nextDouble() < POSITIVE;
      double hit = at < end - WINDOW.toMillis() ? RECALL : lateRecall;
      var record = new PendingRecord();
      record.predictedAtMillis = at;
      record.predictedClass = random.nextDouble() < (isPositive ? hit : FALSE_ALARM) ? 1 : 0;
      record.actual = isPositive ? 1 : 0;
      double days =
          isPositive
              ? 8 * Math.exp(random.nextGaussian())
              : -1.5 * Math.log(1 - random.nextDouble());
      events.add(new Event(at, record, false));
      // Beyond the time to live no label is joined.
      if (days < 90 && at + (long) (days * DAY) < end) {
        events.add(new Event(at + (long) (days * DAY), record, true));
      }
    }
    events.sort(Comparator.comparingLong(Event::atMillis));
    ModelOutcomes configured = outcomes(Duration.ofDays(60));
    ModelOutcomes learnt = outcomes(null);
    for (Event event : events) {
      tell(configured, event);
      tell(learnt, event);
    }
    ModelOutcomes.Quality quality = configured.quality(end);
    add(Estimator.MATURE, quality.performance());
    add(Estimator.LEARNT, learnt.quality(end).performance());
    add(Estimator.YOUNG, quality.beside().provisional());
    add(Estimator.WEIGHTED, quality.beside().delayWeighted());
  }

  /**
   * @param maturity null to learn it
   */
  private static ModelOutcomes outcomes(@Nullable Duration maturity) {
    ModelConfig base = ModelConfig.defaults("m");
    Duration timeToLive = Duration.ofDays(90);
    ModelConfig.Labels labels = base.labels();
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
            new ModelConfig.Labels(
                labels.methods(), labels.id(), labels.actual(), timeToLive, maturity),
            List.of(WINDOW),
            base.driftWindow());
    var outcomes = new ModelOutcomes(Task.BINARY, config, new LabelDelays(timeToLive));
    outcomes.settle(null);
    return outcomes;
  }

  /** As the join does it. */
  private static void tell(ModelOutcomes outcomes, Event event) {
    if (event.isLabel) {
      outcomes.pending(-1);
      outcomes.count(LabelOutcome.JOINED);
      outcomes.delay(event.atMillis - event.record.predictedAtMillis);
      outcomes.add(event.record, event.record.actual);
    } else {
      outcomes.predicted(event.record);
      outcomes.pending(1);
    }
  }

  private void add(Estimator estimator, List<ModelSnapshot.Performance> window) {
    for (ModelSnapshot.Performance one : window) {
      double truth = truth(estimator, one.measure());
      if (one.window().equals("14d") && !Double.isNaN(truth) && !Double.isNaN(one.value())) {
        double[] sum =
            sums.computeIfAbsent(estimator.name() + " " + one.measure(), key -> new double[4]);
        sum[0]++;
        sum[1] += one.value();
        if (!Double.isNaN(one.lower())) {
          sum[2]++;
          sum[3] += one.lower() <= truth && truth <= one.upper() ? 1 : 0;
        }
      }
    }
  }

  /** NaN for measures that are not followed. */
  private double truth(Estimator estimator, String measure) {
    boolean isYoung = estimator == Estimator.YOUNG || estimator == Estimator.WEIGHTED;
    double recall = isYoung ? lateRecall : RECALL;
    double hits = POSITIVE * recall;
    double alarms = (1 - POSITIVE) * FALSE_ALARM;
    return switch (measure) {
      case "accuracy" -> hits + (1 - POSITIVE) - alarms;
      case "precision" -> hits / (hits + alarms);
      case "recall" -> recall;
      case "f1" -> 2 * hits / (POSITIVE + hits + alarms);
      default -> Double.NaN;
    };
  }

  private List<Result> results() {
    var results = new ArrayList<Result>();
    sums.forEach(
        (key, sum) -> {
          int space = key.indexOf(' ');
          Estimator estimator = Estimator.valueOf(key.substring(0, space));
          String measure = key.substring(space + 1);
          results.add(
              new Result(
                  estimator,
                  measure,
                  truth(estimator, measure),
                  sum[1] / sum[0],
                  (long) sum[0],
                  (long) sum[2],
                  (long) sum[3]));
        });
    return results;
  }

  /**
   * Prints all of it.
   *
   * @param scale 10 for the README
   */
  static void print(PrintStream out, int scale) {
    out.println();
    out.println(
        "Labels that come late, of positives later (120 days, window 14d), "
            + 20 * scale
            + " runs");
    for (double lateRecall : new double[] {RECALL, 0.55}) {
      out.printf(
          Locale.ROOT, "  recall .75, in the last 14 days %.2f; 200 rows a day%n", lateRecall);
      for (Result one : of(200, lateRecall, 20 * scale)) {
        out.printf(
            Locale.ROOT,
            "    %-36s %-10s true %.3f, mean %.3f",
            one.estimator().words,
            one.measure(),
            one.truth(),
            one.mean());
        out.println(
            one.intervals() == 0
                ? ""
                : String.format(
                    Locale.ROOT, ", held in %.1f %% of %d", 100 * one.share(), one.intervals()));
      }
    }
  }
}
