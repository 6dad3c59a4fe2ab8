package io.hindcast.core.score;

import io.hindcast.core.config.Durations;
import io.hindcast.core.monitor.QualitySnapshot;
import io.hindcast.stats.performance.Measured;
import io.hindcast.stats.performance.ScoreBins;
import io.hindcast.stats.performance.ScoreCalibration;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Estimates of a window's performance before its labels come, and whether the labels that came
 * later bore earlier ones out. For models with two classes and a score. Owned by the monitor
 * thread.
 */
final class Estimates {
  /*
   * An estimate is kept for the audit once a window length, with the rates that it was made of. When
   * its window matures, its accuracy lies in the interval or not, and its labels agree with the
   * rates or not. It is trusted, from ten audits on, while no more than four of the last twenty
   * missed; and it is not as soon as the labels of the newest mature window contradict the rates.
   */
  private static final int LEAST_AUDITS = 10;
  private static final int AUDITS = 20;
  private static final int MOST_MISSES = 4;
  private static final double CONTRADICTION = 3.29;
  private static final long LEAST_LABELS = 200;

  private final Duration window;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private final Deque<Boolean> audits = new ArrayDeque<>();
  private boolean isContradicted;
  private long nextMillis = Long.MIN_VALUE;

  Estimates(Duration window) {
    this.window = window;
  }

  private record Kept(long endMillis, double lower, double upper, ScoreCalibration calibration) {}

  /**
   * @param haveErrorsRisen whether the alarm on errors fires: then what scores mean has changed,
   *     and nothing that was learnt of it is shown
   */
  List<QualitySnapshot.Estimate> of(
      Cohorts cohorts,
      Duration maturity,
      int firstPositive,
      boolean haveErrorsRisen,
      long nowMillis) {
    audit(cohorts, maturity, nowMillis);
    ScoreBins labelled = cohorts.matureScores(maturity, nowMillis);
    Cohort young = cohorts.youngest(window, nowMillis);
    long[] scores = young.scores();
    if (labelled == null
        || scores == null
        || labelled.support() < LEAST_LABELS
        || labelled.total(true) == 0
        || labelled.total(false) == 0) {
      return List.of();
    }
    ScoreCalibration calibration = ScoreCalibration.of(labelled);
    ScoreCalibration.Expectation expected = calibration.expect(scores, firstPositive);
    if (expected.rows() < QualityReport.LEAST_OUTCOMES) {
      return List.of();
    }
    keep(expected, calibration, cohorts.lastEnd(nowMillis), nowMillis);
    Boolean trusted = haveErrorsRisen ? Boolean.FALSE : trusted();
    boolean isShown = expected.isFamiliar() && !Boolean.FALSE.equals(trusted);
    var all = new ArrayList<QualitySnapshot.Estimate>();
    add(all, "accuracy", expected.accuracy(), isShown, trusted);
    add(all, "precision", expected.precision(), isShown, trusted);
    add(all, "recall", expected.recall(), isShown, trusted);
    add(all, "specificity", expected.specificity(), isShown, trusted);
    add(all, "f1", expected.f1(), isShown, trusted);
    add(all, "roc_auc", expected.rocAuc(), isShown, trusted);
    return all;
  }

  private void add(
      List<QualitySnapshot.Estimate> all,
      String measure,
      Measured expected,
      boolean isShown,
      @Nullable Boolean trusted) {
    all.add(
        new QualitySnapshot.Estimate(
            measure,
            Durations.format(window),
            isShown ? expected.value() : Double.NaN,
            isShown ? expected.interval().lower() : Double.NaN,
            isShown ? expected.interval().upper() : Double.NaN,
            trusted));
  }

  private void keep(
      ScoreCalibration.Expectation expected,
      ScoreCalibration calibration,
      long endMillis,
      long nowMillis) {
    if (nowMillis >= nextMillis && expected.isFamiliar()) {
      nextMillis = nowMillis + window.toMillis();
      var interval = expected.accuracy().interval();
      kept.add(new Kept(endMillis, interval.lower(), interval.upper(), calibration));
      if (kept.size() > 10 * AUDITS) {
        kept.remove();
      }
    }
  }

  private void audit(Cohorts cohorts, Duration maturity, long nowMillis) {
    while (!kept.isEmpty() && nowMillis - kept.getFirst().endMillis >= maturity.toMillis()) {
      Kept estimate = kept.removeFirst();
      Cohort realised = cohorts.between(estimate.endMillis - window.toMillis(), estimate.endMillis);
      if (realised.outcomes instanceof BinaryOutcomes binary
          && binary.total() >= QualityReport.LEAST_OUTCOMES) {
        double accuracy = binary.accuracy();
        audits.add(accuracy >= estimate.lower && accuracy <= estimate.upper);
        if (audits.size() > AUDITS) {
          audits.remove();
        }
        ScoreBins scores = binary.scores();
        isContradicted =
            scores != null && Math.abs(estimate.calibration.contradiction(scores)) > CONTRADICTION;
      }
    }
  }

  /** Null until there is enough to say. */
  private @Nullable Boolean trusted() {
    long misses = audits.stream().filter(isCovered -> !isCovered).count();
    if (isContradicted || misses > MOST_MISSES) {
      return false;
    }
    return audits.size() < LEAST_AUDITS ? null : true;
  }
}
