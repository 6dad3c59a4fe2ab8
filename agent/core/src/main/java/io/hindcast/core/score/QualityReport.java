package io.hindcast.core.score;

import io.hindcast.core.config.Durations;
import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.monitor.QualitySnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is said of the outcomes of a version at one moment. Made once and thrown away. */
final class QualityReport {
  static final String ALL = "all";

  /** Outcomes of a window that is shown. */
  static final long LEAST_OUTCOMES = 50;

  /** Predictions of a class whose coverage is held against that of another. */
  private static final long LEAST_PREDICTIONS = 200;

  private final Task task;
  private final ClassNumbers classes;
  private final SegmentReport segments;
  private @Nullable SegmentOutcomes compared;
  private final List<ModelSnapshot.Performance> performance = new ArrayList<>();
  private final List<ModelSnapshot.Coverage> coverage = new ArrayList<>();
  private final List<ModelSnapshot.Performance> provisional = new ArrayList<>();
  private final List<ModelSnapshot.Performance> delayWeighted = new ArrayList<>();
  private final List<QualitySnapshot.Estimate> estimates = new ArrayList<>();
  private final List<QualitySnapshot.Comparison> comparisons = new ArrayList<>();
  private @Nullable String selective;
  private final List<ModelSnapshot.Performance> sequences = new ArrayList<>();
  private final List<QualitySnapshot.BestThreshold> bestThresholds = new ArrayList<>();

  QualityReport(Task task, ClassNumbers classes, SegmentNames names) {
    this.segments = new SegmentReport(names);
    this.task = task;
    this.classes = classes;
  }

  /** All outcomes, from the first one on. */
  void all(Cohort all) {
    if (all.outcomes.total() > 0) {
      measure(ALL, all);
      var list = new MeasureList(ALL);
      all.outcomes.sequences(list);
      sequences.addAll(list.list());
    }
    cover(ALL, all);
    segments.measure(ALL, all.segments, 1);
  }

  void window(Duration window, Duration maturity, Cohorts cohorts, long nowMillis) {
    String name = Durations.format(window);
    Cohort mature = cohorts.window(window, maturity, nowMillis);
    if (mature.outcomes.total() >= LEAST_OUTCOMES) {
      measure(name, mature);
    }
    cover(name, mature);
    segments.measure(name, mature.segments, LEAST_OUTCOMES);
    checkSelection(name, mature);
    // The first window that can be compared; no series says which, so that one is enough.
    if (compared == null && segments.canCompare(mature.segments)) {
      compared = mature.segments;
    }
    Cohort young = cohorts.youngest(window, nowMillis);
    if (young.outcomes.total() >= LEAST_OUTCOMES) {
      provisional.addAll(measures(name, young));
    }
  }

  void delayWeighted(
      Duration window, Duration maturity, Cohorts cohorts, DelayCurves curves, long nowMillis) {
    var weighted =
        new DelayWeighted(
            cohorts.youngestByBegin(window, nowMillis),
            cohorts.widthMillis(),
            curves.mature(nowMillis, maturity.toMillis()),
            nowMillis,
            maturity.toMillis());
    var list = new MeasureList(Durations.format(window));
    weighted.measure(list, LEAST_OUTCOMES);
    delayWeighted.addAll(list.list());
  }

  void estimated(List<QualitySnapshot.Estimate> more) {
    estimates.addAll(more);
  }

  void compared(List<QualitySnapshot.Comparison> more) {
    comparisons.addAll(more);
  }

  /** Labels that come for some classes more than twice as often describe the labelled rows only. */
  private void checkSelection(String window, Cohort cohort) {
    int least = -1;
    int most = -1;
    for (int i = 0; i < classes.size() && task != Task.REGRESSION; i++) {
      if (cohort.predictions(i) >= LEAST_PREDICTIONS && !Double.isNaN(cohort.coverage(i))) {
        least = least < 0 || cohort.coverage(i) < cohort.coverage(least) ? i : least;
        most = most < 0 || cohort.coverage(i) > cohort.coverage(most) ? i : most;
      }
    }
    if (selective == null && most >= 0 && cohort.coverage(most) > 2 * cohort.coverage(least)) {
      selective =
          String.format(
              Locale.ROOT,
              "labels come for %.0f %% of the predictions of '%s' and for %.0f %% of those of '%s' in"
                  + " the window %s, so its performance describes the labelled rows only;"
                  + " ml.performance.coverage has the shares",
              100 * cohort.coverage(most),
              classes.name(most),
              100 * cohort.coverage(least),
              classes.name(least),
              window);
    }
  }

  /** Null if labels come alike. */
  @Nullable String selective() {
    return selective;
  }

  private void measure(String window, Cohort cohort) {
    performance.addAll(measures(window, cohort));
    if (cohort.outcomes instanceof BinaryOutcomes binary) {
      var best = binary.bestThreshold();
      if (best != null) {
        bestThresholds.add(new QualitySnapshot.BestThreshold(window, best.score(), best.cost()));
      }
    }
  }

  private static List<ModelSnapshot.Performance> measures(String window, Cohort cohort) {
    var list = new MeasureList(window);
    cohort.outcomes.measure(list);
    return list.list();
  }

  private void cover(String window, Cohort cohort) {
    double whole = cohort.coverage();
    if (!Double.isNaN(whole)) {
      coverage.add(new ModelSnapshot.Coverage(window, null, whole));
    }
    for (int i = 0; i < classes.size() && task != Task.REGRESSION; i++) {
      double ofClass = cohort.coverage(i);
      if (!Double.isNaN(ofClass)) {
        coverage.add(new ModelSnapshot.Coverage(window, classes.name(i), ofClass));
      }
    }
  }

  /** Groups of the first window that has enough, else of all rows. */
  void compare(Cohort all) {
    segments.compare(compared == null ? all.segments : compared);
  }

  List<ModelSnapshot.Performance> performance() {
    return performance;
  }

  List<ModelSnapshot.Coverage> coverage() {
    return coverage;
  }

  QualitySnapshot beside() {
    return new QualitySnapshot(
        provisional,
        delayWeighted,
        sequences,
        estimates,
        segments.performance(),
        segments.fairness(),
        comparisons,
        bestThresholds);
  }
}
