package io.hindcast.core.score;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.drift.ErrorDrift;
import io.hindcast.core.join.LabelCounts;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.HistogramSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.monitor.QualitySnapshot;
import io.hindcast.core.reference.CategoryBinning;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.window.Histogram;
import io.hindcast.stats.performance.ConfusionMatrix;
import io.hindcast.stats.performance.CostMatrix;
import io.hindcast.stats.performance.ScoreBins;
import io.hindcast.stats.summary.NumericBins;
import io.hindcast.stats.summary.Sum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What became of the predictions of one version of a model: counters by label arrival, and measures
 * over windows of prediction time. Owned by the monitor thread.
 */
public final class ModelOutcomes implements OutcomeSink {
  /*
   * `all` is the sum over every outcome since start, kept beside the cohorts: it takes corrections
   * whose cohort is long gone. Counters and histograms for the fleet cannot fall, so they count
   * every value that was ever joined; what was taken back is in ml.confusion.retracted.
   *
   * The bounds of ml.outcome.score and ml.regression.absolute_error come from the reference, which
   * may be learnt only after the first labels have come. Until then these outcomes are remembered
   * one by one (`early`), and the histograms are not shown; the measures over scores use 50 equal
   * bins meanwhile.
   */
  private static final int CELLS_FROM_ZERO = 10;
  private static final int MOST_BUCKETS = 1024;
  private static final int MOST_BUCKETS_OF_CLASSES = 256;
  private static final int MOST_EARLY = 1 << 17;
  private static final int ERROR_BOUNDS = 20;

  private final Task task;
  private final ModelConfig config;
  private final LabelDelays delays;
  private @Nullable ErrorDrift errors;

  private final ClassNumbers classes = new ClassNumbers();
  private List<String> probabilityClasses = List.of();
  private int[] probabilityPlaces = new int[0];

  private final LabelCounts labels = new LabelCounts();
  private final Histogram delaySeconds = LabelDelays.newHistogram();
  private final ConfusionMatrix joined = new ConfusionMatrix(2);
  private final ConfusionMatrix retracted = new ConfusionMatrix(2);
  private final long[] lost = new long[LostReason.values().length];
  private long pending;

  private final SegmentNames segments;
  private final @Nullable CostMatrix costs;
  private NumericBins scoreBins;
  private final Cohort all;
  private final Cohorts cohorts;
  private final @Nullable AbsentLabels absent;
  private final DelayCurves curves;
  private final List<Estimates> estimates;
  private Comparisons.@Nullable Teller compared;
  private @Nullable String selective;
  private long delayMillis = -1;

  private @Nullable List<Early> early = new ArrayList<>();
  private boolean hasScores;
  private @Nullable Histogram positiveScores;
  private @Nullable Histogram negativeScores;
  private @Nullable Histogram errorsOver;
  private @Nullable Histogram errorsUnder;
  private final Sum squaredError = new Sum();
  private final Sum baselineSquaredError = new Sum();
  private double baseline = Double.NaN;

  public ModelOutcomes(Task task, ModelConfig config, LabelDelays delays) {
    this.task = task;
    this.config = config;
    this.delays = delays;
    this.scoreBins = new NumericBins(ScoreBins.edges(config.output().threshold(), null));
    if (task == Task.BINARY) {
      classes.of(config.output().negative());
      classes.of(config.output().positive());
    } else if (task == Task.MULTICLASS) {
      config.output().classes().forEach(classes::of);
    }
    this.segments = new SegmentNames(config.scoring().segments());
    this.costs = costs();
    this.all = newCohort();
    this.cohorts =
        new Cohorts(
            config.performanceWindows(),
            configuredMaturity() != null ? configuredMaturity() : delays.longestMaturity(),
            task == Task.MULTICLASS ? MOST_BUCKETS_OF_CLASSES : MOST_BUCKETS,
            this::newCohort);
    this.absent = absent();
    this.curves = new DelayCurves(config.labels().timeToLive().toMillis());
    this.estimates = config.performanceWindows().stream().map(Estimates::new).toList();
  }

  private @Nullable AbsentLabels absent() {
    ScoringConfig.Absent of = config.scoring().absent();
    boolean hasClasses = task == Task.BINARY || task == Task.MULTICLASS;
    Double means = of == null || !hasClasses ? null : actualOf(of.means());
    return of == null || means == null
        ? null
        : new AbsentLabels(means, of.after(), cohorts.widthMillis(), this::newCohort);
  }

  /**
   * An outcome from before the bounds were known.
   *
   * @param slot of a prediction that waits, where its outcome is that it has no label
   * @param isOfAll false if only its cohort has it: it is from an earlier process
   */
  private record Early(
      long predictedAtMillis,
      double predicted,
      double actual,
      long times,
      AbsentLabels.@Nullable Slot slot,
      boolean isOfAll) {}

  /** Tells this of every outcome from now on. */
  public void errors(ErrorDrift alarm) {
    errors = alarm;
  }

  private Cohort newCohort() {
    return new Cohort(
        switch (task) {
          case BINARY -> new BinaryOutcomes(scoreBins, costs);
          case MULTICLASS -> new MulticlassOutcomes(classes, this::probabilityPlace, costs);
          default -> new RegressionOutcomes();
        },
        new SegmentOutcomes(this::newPart));
  }

  /** Outcomes of a part of a cohort, of which there may be many. */
  private OutcomeSums newPart() {
    return switch (task) {
      case BINARY -> new BinaryOutcomes(null, costs);
      case MULTICLASS -> new ShareOutcomes();
      default -> new RegressionOutcomes();
    };
  }

  private @Nullable CostMatrix costs() {
    var costs = new HashMap<ScoringConfig.Pair, Double>();
    config
        .scoring()
        .costs()
        .forEach(
            (pair, cost) ->
                costs.put(
                    new ScoringConfig.Pair(className(pair.actual()), className(pair.predicted())),
                    cost));
    return costs.isEmpty()
        ? null
        : new CostMatrix(
            (actual, predicted) ->
                costs.getOrDefault(
                    new ScoringConfig.Pair(classes.name(actual), classes.name(predicted)), 0.0));
  }

  /** Of two classes, true and false are other names. */
  private String className(String written) {
    ModelConfig.Output output = config.output();
    String name =
        task == Task.BINARY
            ? ClassNames.binary(written, output.positive(), output.negative())
            : null;
    return name == null ? written : name;
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
    into.predictedClass = name == null ? PendingRecord.NO_CLASS : classes.of(name);
    into.score = row.score;
    into.probabilityCount = 0;
    if (task == Task.MULTICLASS && row.probabilityCount > 0 && knowsPlaces(row)) {
      into.probabilities = row.probabilities;
      into.probabilityCount = row.probabilityCount;
    }
  }

  @Override
  public void predicted(PendingRecord prediction) {
    all.predicted(prediction);
    Cohort cohort = cohorts.at(prediction.predictedAtMillis);
    if (cohort != null) {
      cohort.predicted(prediction, settledBins());
    }
  }

  /** Null while other bins may come. */
  private @Nullable NumericBins settledBins() {
    return early == null && task == Task.BINARY ? scoreBins : null;
  }

  /**
   * Begins with the classes of an earlier process, so that their numbers are the same.
   *
   * @param names empty if the store has no numbers of classes
   * @return false if they cannot be those of this model; then nothing has changed
   */
  public boolean begin(List<String> names, List<String> namesOfProbabilities) {
    boolean isOne =
        switch (task) {
          case BINARY ->
              names.isEmpty()
                  || names.equals(List.of(config.output().negative(), config.output().positive()));
          case MULTICLASS -> true;
          default -> names.isEmpty();
        };
    if (isOne && task == Task.MULTICLASS) {
      classes.begin(names);
    }
    if (isOne && !namesOfProbabilities.isEmpty()) {
      probabilityClasses = List.copyOf(namesOfProbabilities);
      probabilityClasses.forEach(classes::of);
    }
    return isOne;
  }

  @Override
  public void restored(PendingRecord record) {
    // `all` is of this process alone: what was labelled before is not in it.
    Cohort cohort = cohorts.at(record.predictedAtMillis);
    if (cohort != null) {
      cohort.predicted(record, settledBins());
    }
    if (record.state == PendingRecord.State.PENDING && absent != null && isScorable(record)) {
      pending++;
      wait(absent, record, 1).restored.predicted(record);
    } else if (record.isOpen()) {
      pending++;
      all.predicted(record);
    } else if (record.state == PendingRecord.State.NULL) {
      if (cohort != null) {
        cohort.unknowable(record.predictedClass, record.weight);
      }
    } else if (isScorable(record)) {
      delays.restore(record.delay);
      if (cohort != null) {
        cohort.change(record, record.actual, record.weight);
        if (task == Task.BINARY && Double.isFinite(record.score) && !record.actedOn) {
          remember(record, record.actual, record.weight, false);
        }
      }
    }
  }

  /** Where labels go that come with receipts. */
  public OutcomeSink byReceipt() {
    return new ReceiptOutcomes(this);
  }

  /** What was known before of a prediction that is not counted here. */
  void restoredLabel(PendingRecord record) {
    Cohort cohort = cohorts.at(record.predictedAtMillis);
    if (cohort == null || record.isOpen()) {
      return;
    }
    if (record.state == PendingRecord.State.NULL) {
      cohort.unknowable(record.predictedClass, record.weight);
    } else if (isScorable(record)) {
      cohort.change(record, record.actual, record.weight);
      if (task == Task.BINARY && Double.isFinite(record.score) && !record.actedOn) {
        remember(record, record.actual, record.weight, false);
      }
    }
  }

  @Override
  public List<String> classes() {
    return classes.names();
  }

  @Override
  public List<String> probabilityClasses() {
    return probabilityClasses;
  }

  /** Probabilities are kept as long as they are those of the first row's classes. */
  private boolean knowsPlaces(Row row) {
    if (probabilityClasses.isEmpty() && row.classes.size() <= ClassNumbers.MOST) {
      probabilityClasses = List.copyOf(row.classes);
      probabilityPlaces = new int[0];
      probabilityClasses.forEach(classes::of);
    }
    return probabilityClasses == row.classes || probabilityClasses.equals(row.classes);
  }

  private int probabilityPlace(int classNumber) {
    if (probabilityPlaces.length < classes.size()) {
      probabilityPlaces = new int[classes.size()];
      java.util.Arrays.fill(probabilityPlaces, -1);
      for (int place = 0; place < probabilityClasses.size(); place++) {
        probabilityPlaces[classes.of(probabilityClasses.get(place))] = place;
      }
    }
    return probabilityPlaces[classNumber];
  }

  // Labels

  @Override
  public @Nullable Double actualOf(Object label) {
    return actualOf(label, classes::of);
  }

  @Override
  public @Nullable Double wouldBe(Object label) {
    return actualOf(label, classes::find);
  }

  private @Nullable Double actualOf(Object label, ToIntFunction<String> numbers) {
    switch (task) {
      case BINARY -> {
        ModelConfig.Output output = config.output();
        String name = ClassNames.binary(label, output.positive(), output.negative());
        return name == null ? null : Double.valueOf(numbers.applyAsInt(name));
      }
      case MULTICLASS -> {
        String name = ClassNames.of(label);
        return name == null ? null : Double.valueOf(numbers.applyAsInt(name));
      }
      default -> {
        double value = numberOf(label);
        return Double.isFinite(value) ? value : null;
      }
    }
  }

  private static double numberOf(Object label) {
    if (label instanceof Number number) {
      return number.doubleValue();
    }
    if (label instanceof String text && !text.isBlank()) {
      char last = text.charAt(text.length() - 1);
      try {
        // Java also reads 1d and 0x1p3; nobody means those.
        return last == '.' || (last >= '0' && last <= '9') ? Double.parseDouble(text) : Double.NaN;
      } catch (NumberFormatException none) {
        return Double.NaN;
      }
    }
    return Double.NaN;
  }

  @Override
  public int compare(double actual, double other) {
    return task == Task.REGRESSION
        ? Double.compare(actual + 0.0, other + 0.0)
        : classes.name((int) actual).compareTo(classes.name((int) other));
  }

  /** Tells of every outcome, where the model is compared with another. */
  public void compare(@Nullable Comparisons with, ModelKey key) {
    compared = Comparisons.teller(with, key, task);
  }

  @Override
  public void add(PendingRecord record, double actual) {
    if (delayMillis >= 0 && task == Task.BINARY && !record.actedOn) {
      curves.add(record.predictedAtMillis, (int) actual, delayMillis);
    }
    delayMillis = -1;
    change(record, actual, record.weight);
  }

  @Override
  public void retract(PendingRecord record, double actual) {
    change(record, actual, -record.weight);
  }

  private void change(PendingRecord record, double actual, long times) {
    if (!isScorable(record)) {
      return;
    }
    if (times < 0 && record.isFromBefore) {
      // Its truth was never in `all`; from now on it is there as a prediction.
      all.predicted(record);
    } else {
      all.change(record, actual, times);
    }
    Cohort cohort = cohorts.at(record.predictedAtMillis);
    if (cohort != null) {
      cohort.change(record, actual, times);
    }
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
      ConfusionMatrix counter = times > 0 ? joined : retracted;
      counter.growTo(classes.size());
      counter.change((int) actual, record.predictedClass, record.weight);
    }
    if (task == Task.MULTICLASS || !Double.isFinite(record.score)) {
      return;
    }
    hasScores = true;
    if (early != null) {
      remember(record, actual, times, !(times < 0 && record.isFromBefore));
    } else if (times > 0) {
      count(record.score, actual, times);
    }
  }

  private void remember(PendingRecord record, double actual, long times, boolean isOfAll) {
    if (early != null) {
      early.add(new Early(record.predictedAtMillis, record.score, actual, times, null, isOfAll));
      if (early.size() == MOST_EARLY) {
        settle(null);
      }
    }
  }

  private boolean isScorable(PendingRecord record) {
    return task == Task.REGRESSION
        ? Double.isFinite(record.score)
        : record.predictedClass != PendingRecord.NO_CLASS;
  }

  /** Into the histograms for the fleet, which never fall. */
  private void count(double predicted, double actual, long times) {
    if (task == Task.BINARY && positiveScores != null && negativeScores != null) {
      ((int) actual == BinaryOutcomes.POSITIVE ? positiveScores : negativeScores)
          .add(predicted, times);
    } else if (task == Task.REGRESSION && errorsOver != null && errorsUnder != null) {
      double error = predicted - actual;
      (error >= 0 ? errorsOver : errorsUnder).add(Math.abs(error), times);
      squaredError.addSquare(error, times);
      if (!Double.isNaN(baseline)) {
        baselineSquaredError.addSquare(actual - baseline, times);
      }
    }
  }

  // Labels that do not come

  @Override
  public void waits(PendingRecord record, boolean isSo) {
    if (absent == null || !isScorable(record)) {
      return;
    }
    if (!absent.hasBegun()) {
      letPass(record.predictedAtMillis);
    }
    if (isSo && absent.isImplied(record)) {
      imply(absent, record);
    } else {
      wait(absent, record, isSo ? 1 : -1);
    }
  }

  private AbsentLabels.Slot wait(AbsentLabels absences, PendingRecord record, int sign) {
    AbsentLabels.Slot slot = absences.change(record, sign);
    if (early != null && task == Task.BINARY && Double.isFinite(record.score)) {
      early.add(
          new Early(
              record.predictedAtMillis,
              record.score,
              absences.means(),
              sign * record.weight,
              slot,
              true));
      if (early.size() == MOST_EARLY) {
        settle(null);
      }
    }
    return slot;
  }

  @Override
  public @Nullable Double implied(PendingRecord record, long nowMillis) {
    if (absent == null || !isScorable(record)) {
      return null;
    }
    long now = nowMillis == Long.MAX_VALUE ? absent.dueMillis(record) : nowMillis;
    letPass(now);
    if (absent.isImplied(record)) {
      record.isFromBefore |= absent.isImpliedBefore(record);
      return absent.means();
    }
    if (now < absent.dueMillis(record)) {
      return null;
    }
    // Old enough itself, though not the youngest of its slot.
    wait(absent, record, -1);
    imply(absent, record);
    return absent.means();
  }

  @Override
  public @Nullable Double wouldImply(PendingRecord record, long nowMillis) {
    if (absent == null || !isScorable(record)) {
      return null;
    }
    boolean isDue = absent.isImplied(record) || nowMillis >= absent.dueMillis(record);
    return isDue ? (Double) absent.means() : null;
  }

  private void imply(AbsentLabels absences, PendingRecord record) {
    pending--;
    labels.add(LabelOutcome.IMPLIED);
    change(record, absences.means(), record.weight);
  }

  /** Makes outcomes of what waits too long for a label, where the configuration says which. */
  public void letPass(long nowMillis) {
    if (absent != null) {
      absent.letPass(nowMillis, due);
    }
  }

  private final AbsentLabels.Due due =
      new AbsentLabels.Due() {
        @Override
        public void outcomes(AbsentLabels.Slot slot) {
          pending -= slot.records;
          Cohort cohort = cohorts.at(slot.newestMillis);
          if (cohort != null) {
            cohort.merge(slot.outcomes);
          }
          if (slot.isFromBefore) {
            return;
          }
          all.merge(slot.outcomes);
          labels.add(LabelOutcome.IMPLIED, slot.records);
          if (slot.outcomes.outcomes instanceof MulticlassOutcomes multiclass) {
            joined.merge(multiclass.confusion());
            tellErrors(slot.newestMillis, multiclass.confusion());
          } else if (slot.outcomes.outcomes instanceof BinaryOutcomes binary) {
            joined.merge(binary.confusion());
            tellErrors(slot.newestMillis, binary.confusion());
            hasScores |= early == null && binary.hasScores();
            if (positiveScores != null && negativeScores != null) {
              binary.addScores(positiveScores, negativeScores);
            }
          }
        }

        @Override
        public void restored(AbsentLabels.Slot slot) {
          all.merge(slot.restored);
        }
      };

  private void tellErrors(long predictedAtMillis, ConfusionMatrix outcomes) {
    if (errors != null) {
      long right = outcomes.correct();
      errors.add(predictedAtMillis, right, outcomes.total() - right);
    }
  }

  @Override
  public void unknowable(PendingRecord record, boolean isSo) {
    long change = isSo ? record.weight : -record.weight;
    if (!isSo && record.isFromBefore) {
      all.predicted(record);
    } else {
      all.unknowable(record.predictedClass, change);
    }
    Cohort cohort = cohorts.at(record.predictedAtMillis);
    if (cohort != null) {
      cohort.unknowable(record.predictedClass, change);
    }
  }

  @Override
  public int delay(long millis) {
    delayMillis = millis;
    delaySeconds.add(millis / 1000.0);
    return delays.add(millis / 1000.0);
  }

  @Override
  public void count(LabelOutcome outcome) {
    labels.add(outcome);
  }

  @Override
  public void pending(int change) {
    pending += change;
  }

  @Override
  public void lost(LostReason reason, long predictions) {
    lost[reason.ordinal()] += predictions;
  }

  // The reference

  /**
   * Fixes the bounds of the histograms.
   *
   * @param reference null if none will come
   */
  public void settle(@Nullable ReferenceProfile reference) {
    if (early == null) {
      return;
    }
    if (reference != null) {
      learnClasses(reference);
    }
    if (task == Task.BINARY) {
      settleScores(reference == null ? null : reference.scoreEdges());
    } else if (task == Task.REGRESSION) {
      settleErrors(reference);
    }
    List<Early> remembered = early;
    early = null;
    for (Early outcome : remembered) {
      if (outcome.slot != null) {
        settleAbsent(outcome, outcome.slot);
        continue;
      }
      if (outcome.times > 0 && outcome.isOfAll) {
        count(outcome.predicted, outcome.actual, outcome.times);
      }
      if (task == Task.BINARY) {
        rebin(outcome);
      }
    }
  }

  private void settleAbsent(Early outcome, AbsentLabels.Slot slot) {
    boolean isPositive = (int) outcome.actual == BinaryOutcomes.POSITIVE;
    if (!slot.isOutcomes) {
      ((BinaryOutcomes) slot.outcomes.outcomes)
          .changeScore(outcome.predicted, isPositive, outcome.times);
      return;
    }
    // Those that were taken out of their slot in time take back what was counted just before.
    if (!slot.isFromBefore) {
      hasScores = true;
      count(outcome.predicted, outcome.actual, outcome.times);
    }
    rebin(
        new Early(
            outcome.predictedAtMillis,
            outcome.predicted,
            outcome.actual,
            outcome.times,
            null,
            !slot.isFromBefore));
  }

  private void rebin(Early outcome) {
    boolean isPositive = (int) outcome.actual == BinaryOutcomes.POSITIVE;
    if (outcome.isOfAll) {
      ((BinaryOutcomes) all.outcomes).changeScore(outcome.predicted, isPositive, outcome.times);
    }
    Cohort cohort = cohorts.at(outcome.predictedAtMillis);
    if (cohort != null) {
      ((BinaryOutcomes) cohort.outcomes).changeScore(outcome.predicted, isPositive, outcome.times);
    }
  }

  private void learnClasses(ReferenceProfile reference) {
    if (task != Task.MULTICLASS) {
      return;
    }
    Distribution predicted = reference.outputs().get("class");
    if (predicted != null && predicted.binning() instanceof CategoryBinning names) {
      names.names().forEach(classes::of);
    }
    if (reference.labels() != null) {
      reference.labels().classes().keySet().forEach(classes::of);
    }
  }

  private void settleScores(double @Nullable [] referenceEdges) {
    double threshold = config.output().threshold();
    double[] edges =
        referenceEdges == null
            ? ScoreBins.edges(threshold, null)
            : ScoreBins.withThreshold(referenceEdges, threshold);
    hasScores |= referenceEdges != null;
    positiveScores = new Histogram(edges);
    negativeScores = new Histogram(edges);
    scoreBins = new NumericBins(edges);
    ((BinaryOutcomes) all.outcomes).scoreBins(scoreBins);
    for (Cohort cohort : cohorts.all()) {
      ((BinaryOutcomes) cohort.outcomes).scoreBins(scoreBins);
    }
    if (absent != null) {
      absent
          .waiting()
          .forEach(slot -> ((BinaryOutcomes) slot.outcomes.outcomes).scoreBins(scoreBins));
    }
  }

  /**
   * 20 logarithmic bounds from 0.01 to 100 times the standard deviation of the reference's labels;
   * of its predictions, where labels are not known; of 1, where neither is.
   */
  private void settleErrors(@Nullable ReferenceProfile reference) {
    double scale = Double.NaN;
    if (reference != null && reference.labels() != null) {
      scale = reference.labels().standardDeviation();
      baseline = reference.labels().mean();
    }
    if (!isScale(scale) && reference != null && reference.outputs().get("value") != null) {
      scale = reference.outputs().get("value").standardDeviation();
    }
    double[] bounds = new double[ERROR_BOUNDS];
    for (int i = 0; i < ERROR_BOUNDS; i++) {
      double power = Math.pow(10, -2 + 4.0 * i / (ERROR_BOUNDS - 1));
      bounds[i] = (isScale(scale) ? scale : 1) * power;
    }
    errorsOver = new Histogram(bounds);
    errorsUnder = new Histogram(bounds);
  }

  private static boolean isScale(double scale) {
    return scale > 1e-300 && scale < 1e300;
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
    return labels.snapshot(
        outcome -> outcome.hasRecord() && (outcome != LabelOutcome.IMPLIED || absent != null));
  }

  public HistogramSnapshot labelDelaySeconds() {
    return delaySeconds.snapshot();
  }

  public long pending() {
    return pending;
  }

  public Map<String, Long> lost() {
    var named = new LinkedHashMap<String, Long>();
    for (LostReason reason : LostReason.values()) {
      named.put(reason.value(), lost[reason.ordinal()]);
    }
    return Collections.unmodifiableMap(named);
  }

  /** Classes that found no name of their own. */
  public long overflow() {
    return classes.overflow();
  }

  public List<ModelSnapshot.Confusion> confusion() {
    if (task == Task.REGRESSION) {
      return List.of();
    }
    int known = classes.size();
    joined.growTo(known);
    retracted.growTo(known);
    var cells = new ArrayList<ModelSnapshot.Confusion>();
    for (int actual = 0; actual < known; actual++) {
      for (int predicted = 0; predicted < known; predicted++) {
        long in = joined.count(actual, predicted);
        long out = retracted.count(actual, predicted);
        if (known <= CELLS_FROM_ZERO || in + out > 0) {
          cells.add(
              new ModelSnapshot.Confusion(classes.name(actual), classes.name(predicted), in, out));
        }
      }
    }
    return cells;
  }

  public List<ModelSnapshot.OutcomeScores> outcomeScores() {
    if (!hasScores || negativeScores == null || positiveScores == null) {
      return List.of();
    }
    return List.of(
        new ModelSnapshot.OutcomeScores(
            classes.name(BinaryOutcomes.NEGATIVE), negativeScores.snapshot()),
        new ModelSnapshot.OutcomeScores(
            classes.name(BinaryOutcomes.POSITIVE), positiveScores.snapshot()));
  }

  public @Nullable HistogramSnapshot absoluteErrorOver() {
    return errorsOver == null ? null : errorsOver.snapshot();
  }

  public @Nullable HistogramSnapshot absoluteErrorUnder() {
    return errorsUnder == null ? null : errorsUnder.snapshot();
  }

  /** NaN where it does not apply, or is not counted yet. */
  public double squaredError() {
    return errorsOver == null ? Double.NaN : squaredError.value();
  }

  /** NaN without labels in the reference. */
  public double baselineSquaredError() {
    return Double.isNaN(baseline) ? Double.NaN : baselineSquaredError.value();
  }

  /** Measures and coverage of all windows. */
  public Quality quality(long nowMillis) {
    letPass(nowMillis);
    var report = new QualityReport(task, classes, segments);
    report.all(all);
    Duration mature = maturity();
    boolean haveErrorsRisen = errors != null && errors.isActive();
    int firstPositive = scoreBins.cellOf(Math.nextDown(config.output().threshold())) + 1;
    for (int i = 0; i < estimates.size(); i++) {
      Duration window = config.performanceWindows().get(i);
      report.window(window, mature, cohorts, nowMillis);
      if (task == Task.BINARY) {
        report.delayWeighted(window, mature, cohorts, curves, nowMillis);
        report.estimated(
            estimates.get(i).of(cohorts, mature, firstPositive, haveErrorsRisen, nowMillis));
      }
    }
    report.compare(all);
    if (compared != null) {
      report.compared(compared.known());
    }
    selective = report.selective();
    return new Quality(report.performance(), report.coverage(), report.beside());
  }

  /**
   * Where labels come for predictions of one class far more often than of another; null if they do
   * not. Of the last {@link #quality}.
   */
  public @Nullable String selectiveLabels() {
    return selective;
  }

  /** What {@link #quality} answers. */
  public record Quality(
      List<ModelSnapshot.Performance> performance,
      List<ModelSnapshot.Coverage> coverage,
      QualitySnapshot beside) {}
}
