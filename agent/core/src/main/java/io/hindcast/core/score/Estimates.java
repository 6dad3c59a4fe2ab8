package io.hindcast.core.score;

import io.hindcast.core.config.Durations;
import io.hindcast.core.monitor.QualitySnapshot;
import io.hindcast.stats.performance.Interval;
import io.hindcast.stats.performance.Measured;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Estimates of a window's performance before its labels come, and whether the labels that came
 * later bore earlier ones out. Owned by the monitor thread.
 */
final class Estimates {
  /*
   * An estimate is kept for the audit once a window length, with what it was made of. When its window
   * matures, its first measure lies in the interval or not, and its labels agree with what was learnt
   * or not. It is trusted, from ten audits on, while no more than four of the last twenty missed; and
   * it is not as soon as the labels of the newest mature window contradict what was learnt. That is
   * asked of the estimate before: its own is made of rows of the same window, too.
   */
  private static final int LEAST_AUDITS = 10;
  private static final int AUDITS = 20;
  private static final int MOST_MISSES = 4;
  private static final double CONTRADICTION = 3.29;

  private final Duration window;
  private final Forecast.Learner learner;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private final Deque<Boolean> audits = new ArrayDeque<>();
  private @Nullable Forecast before;
  private @Nullable String contradiction;
  private @Nullable String whyNot;
  private long nextMillis = Long.MIN_VALUE;

  Estimates(Duration window, Forecast.Learner learner) {
    this.window = window;
    this.learner = learner;
  }

  private record Kept(long endMillis, String measure, Measured expected, Forecast forecast) {}

  /**
   * @param haveErrorsRisen whether the alarm on errors fires: then what answers mean has changed,
   *     and nothing that was learnt of it is shown
   */
  List<QualitySnapshot.Estimate> of(
      Cohorts cohorts, Duration maturity, boolean haveErrorsRisen, long nowMillis) {
    audit(cohorts, maturity, nowMillis);
    whyNot = null;
    Forecast forecast = learner.learn(cohorts.mature(maturity, nowMillis));
    Forecast.Expected expected =
        forecast == null ? null : forecast.expect(cohorts.youngest(window, nowMillis));
    if (forecast == null || expected == null || expected.rows() < QualityReport.LEAST_OUTCOMES) {
      return List.of();
    }
    if (nowMillis >= nextMillis && expected.isFamiliar()) {
      nextMillis = nowMillis + window.toMillis();
      keep(expected, forecast, cohorts.lastEnd(nowMillis));
    }
    String distrust = haveErrorsRisen ? "error_drift fires" : distrust();
    whyNot = distrust == null && !expected.isFamiliar() ? unfamiliar() : distrust;
    Boolean trusted = distrust != null ? Boolean.FALSE : audits.size() < LEAST_AUDITS ? null : true;
    var all = new ArrayList<QualitySnapshot.Estimate>();
    for (Forecast.Measure measure : expected.measures()) {
      Measured value = measure.value();
      boolean isShown = whyNot == null;
      all.add(
          new QualitySnapshot.Estimate(
              measure.name(),
              Durations.format(window),
              measure.className(),
              isShown ? value.value() : Double.NaN,
              isShown ? value.interval().lower() : Double.NaN,
              isShown ? value.interval().upper() : Double.NaN,
              trusted));
    }
    return all;
  }

  /** Why the last estimate is withheld; null if it is not. */
  @Nullable String whyNot() {
    return whyNot == null ? null : "window " + Durations.format(window) + ": " + whyNot;
  }

  private void keep(Forecast.Expected expected, Forecast forecast, long endMillis) {
    kept.add(new Kept(endMillis, expected.measures().get(0).name(), expected.first(), forecast));
    if (kept.size() > 10 * AUDITS) {
      kept.remove();
    }
  }

  private void audit(Cohorts cohorts, Duration maturity, long nowMillis) {
    while (!kept.isEmpty() && nowMillis - kept.getFirst().endMillis >= maturity.toMillis()) {
      Kept estimate = kept.removeFirst();
      Cohort mature = cohorts.between(estimate.endMillis - window.toMillis(), estimate.endMillis);
      double realised = estimate.forecast.realised(mature);
      if (!Double.isNaN(realised)) {
        Interval interval = estimate.expected.interval();
        if (interval.isDefined()) {
          audits.add(realised >= interval.lower() && realised <= interval.upper());
        }
        if (audits.size() > AUDITS) {
          audits.remove();
        }
        Forecast learnt = before == null ? estimate.forecast : before;
        double errors = Math.abs(learnt.contradiction(mature));
        contradiction = errors > CONTRADICTION ? contradicted(estimate, realised, errors) : null;
        before = estimate.forecast;
      }
    }
  }

  /** Null while nothing speaks against it. */
  private @Nullable String distrust() {
    long misses = audits.stream().filter(isCovered -> !isCovered).count();
    if (contradiction != null) {
      return contradiction;
    }
    return misses > MOST_MISSES
        ? misses + " of its last " + audits.size() + " estimates were not what came true"
        : null;
  }

  private static String contradicted(Kept estimate, double realised, double errors) {
    return String.format(
        Locale.ROOT,
        "labels up to %s are %.1f standard errors from what was learnt (%s %.4g, expected %.4g in"
            + " [%.4g, %.4g])",
        Instant.ofEpochMilli(estimate.endMillis),
        errors,
        estimate.measure,
        realised,
        estimate.expected.value(),
        estimate.expected.interval().lower(),
        estimate.expected.interval().upper());
  }

  private static String unfamiliar() {
    return "of more than 5 % of its predictions nothing similar had a label yet";
  }
}
