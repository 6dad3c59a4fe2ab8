package io.hindcast.core.score;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.drift.ErrorDrift;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.HistogramSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.monitor.QualitySnapshot;
import io.hindcast.core.reference.CategoryBinning;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.stats.performance.ScoreBins;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of the predictions of one version of a model: counters by label arrival, and measures
 * over windows of prediction time. Owned by the monitor thread.
 */
public final class ModelOutcomes implements OutcomeSink {
  /*
   * Every outcome goes the same way: LabelTruths says what the label means, OutcomeWindows adds it
   * up since start and by cohort, OutcomeCounters and FleetHistograms count it for the fleet
   * (EarlyOutcomes until there are bounds), ImpliedOutcomes stands in where no label comes. Out of
   * the windows QualityReport makes what is shown.
   */
  private final Task task;
  private final ModelConfig config;
  private final LabelDelays delays;
  private final LabelTruths truths;
  private final SegmentNames segments;
  private final OutcomeCounters counters = new OutcomeCounters();
  private final OutcomeWindows windows;
  private final FleetHistograms histograms;
  private final EarlyOutcomes early = new EarlyOutcomes(() -> settle(null));
  private @Nullable ImpliedOutcomes implied;
  private final DelayCurves curves;
  private final List<Estimates> estimates;
  private @Nullable Fleet fleet;
  private @Nullable ModelKey keyInFleet;
  private @Nullable ReferenceProfile reference;
  private @Nullable ErrorDrift errors;
  private Comparisons.@Nullable Teller compared;
  private @Nullable String selective;

  /** Of the first label of a prediction, between its delay and its truth. */
  private long delayMillis = -1;

  private int delay;

  public ModelOutcomes(Task task, ModelConfig config, LabelDelays delays) {
    this.task = task;
    this.config = config;
    this.delays = delays;
    this.truths = new LabelTruths(task, config.output());
    this.segments = new SegmentNames(config.scoring().segments());
    Duration maturity = configuredMaturity();
    this.windows =
        new OutcomeWindows(
            task, config, truths, maturity != null ? maturity : delays.longestMaturity());
    this.histograms = new FleetHistograms(task);
    this.implied = implied();
    this.curves = new DelayCurves(config.labels().timeToLive().toMillis());
    Forecast.Learner learner = windows.learner(config.output().threshold());
    this.estimates =
        config.performanceWindows().stream().map(window -> new Estimates(window, learner)).toList();
  }

  private @Nullable ImpliedOutcomes implied() {
    ScoringConfig.Absent of = config.scoring().absent();
    Double means = of == null || !hasClasses() ? null : actualOf(of.means());
    if (of == null || means == null) {
      return null;
    }
    var absent =
        new AbsentLabels(means, of.after(), windows.cohorts.widthMillis(), windows::newCohort);
    return new ImpliedOutcomes(absent, counters, windows, histograms, early, this::change);
  }

  /** Tells this of every outcome from now on. */
  public void errors(ErrorDrift alarm) {
    errors = alarm;
    if (implied != null) {
      implied.errors(alarm);
    }
  }

  // The fleet

  /**
   * The store is shared: windows are those of all processes, and it sees itself to absent labels.
   */
  public void inFleet(Fleet of, ModelKey key) {
    fleet = of;
    keyInFleet = key;
    implied = null;
  }

  /** Where the predictions and labels of all processes go, while this one speaks for them. */
  public @Nullable ModelOutcomes ofFleet(List<String> namesOfProbabilities) {
    return fleet == null || keyInFleet == null
        ? null
        : fleet.books(
            keyInFleet, config, delaysOfAll -> booksOfAll(delaysOfAll, namesOfProbabilities));
  }

  private ModelOutcomes booksOfAll(LabelDelays delaysOfAll, List<String> namesOfProbabilities) {
    var books = new ModelOutcomes(task, config, delaysOfAll);
    books.implied = null;
    books.begin(List.of(), namesOfProbabilities);
    if (early.isOver()) {
      books.settle(reference);
    }
    return books;
  }

  @Override
  public @Nullable Absence absence() {
    ScoringConfig.Absent of = config.scoring().absent();
    Double means = of == null || !hasClasses() ? null : actualOf(of.means());
    return of == null || means == null ? null : new Absence(means, of.after().toMillis());
  }

  private boolean hasClasses() {
    return task == Task.BINARY || task == Task.MULTICLASS;
  }

  // Predictions

  /**
   * Copies what the label of a prediction will be compared with.
   *
   * @param into its key and stream are set by others
   */
  public void describe(Row row, PendingRecord into) {
    String name = PredictedClass.of(row, config.output());
    into.predictedAtMillis = row.predictedAtMillis;
    into.weight = row.weight;
    into.segmentCodes = segments.codes(row.segments, row.segmentCodes);
    into.predictedClass = name == null ? PendingRecord.NO_CLASS : truths.classes().of(name);
    into.score = row.score;
    into.probabilityCount = 0;
    if (task == Task.MULTICLASS && row.probabilityCount > 0 && truths.knowsPlaces(row)) {
      into.probabilities = row.probabilities;
      into.probabilityCount = row.probabilityCount;
    }
  }

  @Override
  public void predicted(PendingRecord prediction) {
    windows.predicted(prediction);
  }

  /**
   * Begins with the classes of an earlier process, so that their numbers are the same.
   *
   * @param names empty if the store has no numbers of classes
   * @return false if they cannot be those of this model; then nothing has changed
   */
  public boolean begin(List<String> names, List<String> namesOfProbabilities) {
    return truths.begin(names, namesOfProbabilities);
  }

  @Override
  public void restored(PendingRecord record) {
    windows.predictedBefore(record);
    if (record.state == PendingRecord.State.PENDING && implied != null && isScorable(record)) {
      counters.pending(1);
      implied.restored(record);
    } else if (record.isOpen()) {
      counters.pending(1);
      windows.all.predicted(record);
    } else {
      if (record.state != PendingRecord.State.NULL && isScorable(record)) {
        delays.restore(record.delay);
        delayOfClass(record.actual, record.delay);
      }
      restoredLabel(record);
    }
  }

  /** What was known before of a prediction that is not counted here. */
  void restoredLabel(PendingRecord record) {
    if (record.isOpen()) {
      return;
    }
    boolean isOutcome = record.state != PendingRecord.State.NULL;
    if (isOutcome && !isScorable(record)) {
      return;
    }
    boolean isInCohort = windows.labelledBefore(record);
    if (isInCohort
        && isOutcome
        && task != Task.MULTICLASS
        && Double.isFinite(record.score)
        && !record.actedOn) {
      early.add(record, record.actual, record.weight, false);
    }
  }

  /** Where labels go that come with receipts. */
  public OutcomeSink byReceipt() {
    return new ReceiptOutcomes(this);
  }

  @Override
  public List<String> classes() {
    return truths.classes().names();
  }

  @Override
  public List<String> probabilityClasses() {
    return truths.probabilityClasses();
  }

  // Labels

  @Override
  public @Nullable Double actualOf(Object label) {
    return truths.actualOf(label);
  }

  @Override
  public @Nullable Double wouldBe(Object label) {
    return truths.wouldBe(label);
  }

  @Override
  public int compare(double actual, double other) {
    return truths.compare(actual, other);
  }

  /** Tells of every outcome, where the model is compared with another. */
  public void compare(@Nullable Comparisons with, ModelKey key) {
    compared = Comparisons.teller(with, key, task);
  }

  @Override
  public void add(PendingRecord record, double actual) {
    if (delayMillis >= 0) {
      delayOfClass(actual, delay);
      if (task == Task.BINARY && !record.actedOn) {
        curves.add(record.predictedAtMillis, (int) actual, delayMillis);
      }
    }
    delayMillis = -1;
    change(record, actual, record.weight);
  }

  private void delayOfClass(double actual, int delay) {
    if (hasClasses()) {
      delays.ofClass(truths.classes().name((int) actual), delay);
    }
  }

  @Override
  public void retract(PendingRecord record, double actual) {
    change(record, actual, -record.weight);
  }

  private void change(PendingRecord record, double actual, long times) {
    if (!isScorable(record)) {
      return;
    }
    windows.change(record, actual, times);
    if (record.actedOn) {
      // In no counter of the model: what became of it is the action's doing.
      return;
    }
    if (compared != null) {
      compared.changed(record, actual, times);
    }
    if (errors != null) {
      double error =
          task == Task.REGRESSION ? record.score - actual : actual - record.predictedClass;
      errors.change(record.predictedAtMillis, error, times > 0 ? 1 : -1);
    }
    if (task != Task.REGRESSION) {
      counters.pair(
          (int) actual, record.predictedClass, record.weight, times > 0, truths.classes().size());
    }
    if (task == Task.MULTICLASS || !Double.isFinite(record.score)) {
      return;
    }
    histograms.expectScores();
    if (!early.isOver()) {
      early.add(record, actual, times, !(times < 0 && record.isFromBefore));
    } else if (times > 0) {
      histograms.add(record.score, actual, times);
    }
  }

  private boolean isScorable(PendingRecord record) {
    return task == Task.REGRESSION
        ? Double.isFinite(record.score)
        : record.predictedClass != PendingRecord.NO_CLASS;
  }

  // Labels that do not come

  @Override
  public void waits(PendingRecord record, boolean isSo) {
    if (implied != null && isScorable(record)) {
      implied.waits(record, isSo);
    }
  }

  @Override
  public @Nullable Double implied(PendingRecord record, long nowMillis) {
    return implied == null || !isScorable(record) ? null : implied.implied(record, nowMillis);
  }

  @Override
  public @Nullable Double wouldImply(PendingRecord record, long nowMillis) {
    return implied == null || !isScorable(record) ? null : implied.wouldImply(record, nowMillis);
  }

  /** Makes outcomes of what waits too long for a label, where the configuration says which. */
  public void letPass(long nowMillis) {
    if (implied != null) {
      implied.letPass(nowMillis);
    }
  }

  @Override
  public void unknowable(PendingRecord record, boolean isSo) {
    delayMillis = -1;
    windows.unknowable(record, isSo);
  }

  @Override
  public int delay(long millis) {
    delayMillis = millis;
    counters.delay(millis / 1000.0);
    delay = delays.add(millis / 1000.0);
    return delay;
  }

  @Override
  public void count(LabelOutcome outcome) {
    counters.label(outcome, 1);
  }

  @Override
  public void pending(int change) {
    counters.pending(change);
  }

  @Override
  public void lost(LostReason reason, long predictions) {
    counters.lost(reason, predictions);
  }

  // The reference

  /**
   * Fixes the bounds of the histograms.
   *
   * @param profile null if none will come
   */
  public void settle(@Nullable ReferenceProfile profile) {
    if (early.isOver()) {
      return;
    }
    reference = profile;
    if (fleet != null && keyInFleet != null) {
      fleet.settle(keyInFleet, profile);
    }
    if (reference != null && task == Task.MULTICLASS) {
      learnClasses(reference);
    }
    if (task == Task.BINARY) {
      settleScores(reference == null ? null : reference.scoreEdges());
    } else if (task == Task.REGRESSION) {
      histograms.errorBounds(reference);
      settleNumbers(reference);
    }
    early.enter(histograms, windows, task == Task.BINARY);
  }

  private void settleNumbers(@Nullable ReferenceProfile reference) {
    Distribution values = reference == null ? null : reference.outputs().get("value");
    if (values != null && values.binning() instanceof NumericBinning numbers) {
      windows.numberBins(numbers.numericBins());
    }
  }

  private void learnClasses(ReferenceProfile reference) {
    Distribution predicted = reference.outputs().get("class");
    if (predicted != null && predicted.binning() instanceof CategoryBinning names) {
      names.names().forEach(truths.classes()::of);
    }
    if (reference.labels() != null) {
      reference.labels().classes().keySet().forEach(truths.classes()::of);
    }
  }

  private void settleScores(double @Nullable [] referenceEdges) {
    double threshold = config.output().threshold();
    double[] edges =
        referenceEdges == null
            ? ScoreBins.edges(threshold, null)
            : ScoreBins.withThreshold(referenceEdges, threshold);
    if (referenceEdges != null) {
      histograms.expectScores();
    }
    histograms.scoreEdges(edges);
    windows.scoreEdges(edges);
    if (implied != null) {
      implied.beginScores();
    }
  }

  // Snapshot

  public Duration maturity() {
    Duration configured = configuredMaturity();
    return configured != null ? configured : delays.learntMaturity();
  }

  private @Nullable Duration configuredMaturity() {
    return config.labels().maturity();
  }

  public Map<String, Long> labels() {
    return counters.labels(implied != null || (fleet != null && absence() != null));
  }

  public HistogramSnapshot labelDelaySeconds() {
    return counters.delaySeconds();
  }

  public long pending() {
    return counters.pending();
  }

  public Map<String, Long> lost() {
    return counters.lost();
  }

  /** Classes that found no name of their own. */
  public long overflow() {
    return truths.classes().overflow();
  }

  public List<ModelSnapshot.Confusion> confusion() {
    return task == Task.REGRESSION ? List.of() : counters.confusion(truths.classes());
  }

  public List<ModelSnapshot.OutcomeScores> outcomeScores() {
    return histograms.outcomeScores(truths.classes());
  }

  public @Nullable HistogramSnapshot absoluteErrorOver() {
    return histograms.errorsOver();
  }

  public @Nullable HistogramSnapshot absoluteErrorUnder() {
    return histograms.errorsUnder();
  }

  /** NaN where it does not apply, or is not counted yet. */
  public double squaredError() {
    return histograms.squaredError();
  }

  /** NaN without labels in the reference. */
  public double baselineSquaredError() {
    return histograms.baselineSquaredError();
  }

  /** Measures and coverage of all windows. */
  public Quality quality(long nowMillis) {
    letPass(nowMillis);
    boolean haveErrorsRisen = errors != null && errors.isActive();
    var report = new QualityReport(task, truths.classes(), segments);
    report.all(windows.all);
    if (fleet == null) {
      reportWindows(report, haveErrorsRisen, nowMillis);
    }
    if (compared != null) {
      report.compared(compared.known());
    }
    selective = report.selective();
    var own = new Quality(report.performance(), report.coverage(), report.beside());
    ModelOutcomes ofAll = shownOfFleet();
    if (ofAll == null) {
      return own;
    }
    var second = new QualityReport(task, ofAll.truths.classes(), ofAll.segments);
    ofAll.reportWindows(second, haveErrorsRisen, nowMillis);
    selective = second.selective();
    return own.with(new Quality(second.performance(), second.coverage(), second.beside()));
  }

  private @Nullable ModelOutcomes shownOfFleet() {
    return fleet == null || keyInFleet == null ? null : fleet.shown(keyInFleet);
  }

  private void reportWindows(QualityReport report, boolean haveErrorsRisen, long nowMillis) {
    Cohorts cohorts = windows.cohorts;
    Duration mature = maturity();
    for (int i = 0; i < estimates.size(); i++) {
      Duration window = config.performanceWindows().get(i);
      report.window(window, mature, cohorts, nowMillis);
      if (task == Task.BINARY) {
        report.delayWeighted(window, mature, cohorts, curves, nowMillis);
      }
      report.estimated(estimates.get(i).of(cohorts, mature, haveErrorsRisen, nowMillis));
    }
    report.compare(windows.all);
  }

  /**
   * Where labels come for predictions of one class far more often than of another; null if they do
   * not. Of the last {@link #quality}.
   */
  public @Nullable String selectiveLabels() {
    return selective;
  }

  /** Why estimates are withheld; null if none is. Of the last {@link #quality}. */
  public @Nullable String whyNoEstimates() {
    ModelOutcomes ofAll = shownOfFleet();
    if (ofAll != null) {
      return ofAll.whyNoEstimates();
    }
    for (Estimates each : estimates) {
      String why = each.whyNot();
      if (why != null) {
        return why;
      }
    }
    return null;
  }

  /** What {@link #quality} answers. */
  public record Quality(
      List<ModelSnapshot.Performance> performance,
      List<ModelSnapshot.Coverage> coverage,
      QualitySnapshot beside) {
    Quality with(Quality more) {
      return new Quality(
          Stream.concat(performance.stream(), more.performance.stream()).toList(),
          Stream.concat(coverage.stream(), more.coverage.stream()).toList(),
          beside.with(more.beside));
    }
  }
}
