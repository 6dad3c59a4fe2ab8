package io.hindcast.core.monitor;

import io.hindcast.core.alarm.AlarmBook;
import io.hindcast.core.alarm.AlarmKind;
import io.hindcast.core.alarm.ObjectiveAlarm;
import io.hindcast.core.config.AlarmConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.drift.DriftAlarms;
import io.hindcast.core.drift.DriftColumn;
import io.hindcast.core.drift.DriftEvaluator;
import io.hindcast.core.drift.DriftWindow;
import io.hindcast.core.drift.ErrorDrift;
import io.hindcast.core.drift.SeasonalReference;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.quality.DataQuality;
import io.hindcast.core.reference.Centroids;
import io.hindcast.core.reference.CodedFeatures;
import io.hindcast.core.reference.LengthBinning;
import io.hindcast.core.reference.ReferenceBuilder;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.reference.RetainedRows;
import io.hindcast.core.score.Comparisons;
import io.hindcast.core.score.Fleet;
import io.hindcast.core.score.LabelDelays;
import io.hindcast.core.score.ModelOutcomes;
import io.hindcast.core.score.PredictedClass;
import io.hindcast.core.window.ExemplarCells;
import io.hindcast.core.window.Histogram;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One version of one model: counts its calls, inputs and outputs. What becomes of its predictions
 * is in {@link ModelOutcomes}. Owned by the monitor thread.
 */
final class ModelMonitor {
  /** With more features, histograms go without bounds, and drift is JSD and PSI. */
  private static final int MANY_FEATURES = 50;

  /** Rows that suffice for a reference when no more will come. */
  private static final int LEAST_REFERENCE_ROWS = 200;

  private static final int MOST_ERROR_TYPES = 20;
  private static final String OTHER = "other";

  static final String QUEUE_FULL = "queue_full";
  static final String BUDGET = "budget";
  static final String ERROR = "error";

  private static final double[] DURATION_BOUNDS = durationBounds();
  private static final double[] BATCH_BOUNDS = batchBounds();

  final ModelKey key;
  private final ModelConfig config;
  private final long startMillis;
  private final LabelDelays delays;
  private final CodedFeatures codes;
  private Task task;
  private @Nullable ModelOutcomes outcomes;
  private @Nullable Comparisons comparisons;
  private @Nullable Fleet fleet;

  private long rows;
  private long droppedFull;
  private long droppedError;
  private long sampledOut;
  private long failedUnseen;
  private long overflow;
  private final Calls returned = new Calls(null);
  private final Map<String, Calls> failed = new TreeMap<>();
  private @Nullable Histogram batchSizes;

  private final ModelRoom room;
  private int roomForFeatures;

  /** There was no room for more, since the last tick. */
  private boolean isRefused;

  private @Nullable RetainedRows learning;
  private int learnRows;
  private @Nullable ReferenceProfile reference;
  private Centroids centroids = Centroids.NONE;
  private boolean goesWithout;
  private boolean callsOnly;
  private int learnRowsIfItDoesNotFit;
  private boolean brief;

  private final Map<String, FeatureMonitor> features = new LinkedHashMap<>();
  private final List<OutputMonitor> outputs = new ArrayList<>();
  private @Nullable FeatureSchema schema;
  private @Nullable FeatureRow featureRow;
  private FeaturePairs pairs = FeaturePairs.NONE;

  private final AlarmBook alarms = new AlarmBook();
  private @Nullable DriftAlarms inputDrift;
  private @Nullable DriftAlarms outputDrift;
  private @Nullable DataQuality dataQuality;
  private @Nullable ErrorDrift errorDrift;
  private final @Nullable ObjectiveAlarm objectiveAlarm;

  ModelMonitor(
      ModelKey key,
      Task task,
      ModelConfig config,
      LabelDelays delays,
      MemoryLedger memory,
      long startMillis) {
    this.key = key;
    this.room = new ModelRoom(memory, config.times());
    this.task = task;
    this.config = config;
    this.delays = delays;
    this.startMillis = startMillis;
    AlarmConfig.Objective objective = config.alarms().objective();
    this.objectiveAlarm = objective == null ? null : new ObjectiveAlarm(objective, alarms);
    this.codes = new CodedFeatures(config.features().categorical());
    openOutcomes();
  }

  /** Calls that ended alike. */
  private static final class Calls {
    final @Nullable String errorType;
    final Histogram durationSeconds = new Histogram(DURATION_BOUNDS);
    final ExemplarCells exemplars = new ExemplarCells();
    long rows;

    /** Rows that were not captured. */
    long unseen;

    /** Calls without a duration since the last one that has one. */
    long untimed;

    private double lastSeconds = Double.NaN;

    Calls(@Nullable String errorType) {
      this.errorType = errorType;
    }

    /** A call that was timed speaks for those before it that were not. */
    void lasted(double seconds, long weight) {
      durationSeconds.add(seconds, weight + untimed);
      untimed = 0;
      lastSeconds = seconds;
    }

    /** So that every call is counted, the rest have the last duration that is known. */
    private void settle(Calls others) {
      double seconds = Double.isNaN(lastSeconds) ? others.lastSeconds : lastSeconds;
      if (untimed > 0 && !Double.isNaN(seconds)) {
        durationSeconds.add(seconds, untimed);
        untimed = 0;
      }
    }

    ModelSnapshot.Calls snapshot(long more, Calls others) {
      settle(others);
      return new ModelSnapshot.Calls(
          errorType, rows + unseen + more, exemplars.in(durationSeconds.snapshot()));
    }
  }

  /** 1 µs to 10 s in steps of 1, 2, 5. */
  private static double[] durationBounds() {
    double[] bounds = new double[22];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = Double.parseDouble("125".charAt(i % 3) + "e" + (i / 3 - 6));
    }
    return bounds;
  }

  /** Powers of two to 4096. */
  private static double[] batchBounds() {
    double[] bounds = new double[13];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = 1 << i;
    }
    return bounds;
  }

  private void openOutcomes() {
    if (outcomes == null && task != Task.INPUTS_ONLY) {
      outcomes = new ModelOutcomes(task, config, delays);
      outcomes.compare(comparisons, key);
      if (fleet != null) {
        outcomes.inFleet(fleet, key);
      }
      errorDrift = new ErrorDrift(task, config.alarms(), alarms);
      outcomes.errors(errorDrift);
      settleOutcomes();
    }
  }

  /** Null if it answers something else than a label with a receipt says. */
  @Nullable ModelOutcomes outcomes(Task asked) {
    if (task == Task.INPUTS_ONLY) {
      task = asked;
      openOutcomes();
    }
    return task == asked ? outcomes : null;
  }

  private void settleOutcomes() {
    if (outcomes != null && (reference != null || goesWithout)) {
      outcomes.settle(reference);
      if (errorDrift != null && reference != null) {
        errorDrift.compareWith(reference);
      }
    }
  }

  Task task() {
    return task;
  }

  /** Null while it is not known what the model answers. */
  @Nullable ModelOutcomes outcomes() {
    return outcomes;
  }

  // References

  /** Compares from now on, if there is room for that. */
  void compareWith(ReferenceProfile profile) {
    if (!room.watch(profile)) {
      countCallsOnly();
      return;
    }
    reference = profile;
    roomForFeatures = Math.max(roomForFeatures, profile.features().size());
    centroids = Centroids.of(profile);
    endLearning();
    brief = profile.features().size() > MANY_FEATURES;
    var evaluator = new DriftEvaluator(config.alarms().tolerance());
    DriftAlarms inputs = driftAlarms(AlarmKind.INPUT_DRIFT, evaluator);
    DriftAlarms answers = driftAlarms(AlarmKind.OUTPUT_DRIFT, evaluator);
    var checks = new DataQuality(config.alarms().falseAlarmEvery(), codes, alarms);
    Set<String> excluded = config.features().exclude();
    var compared = new LinkedHashMap<String, DriftColumn>();
    profile
        .features()
        .forEach(
            (name, distribution) -> {
              if (!excluded.contains(name) && !excluded.contains(LengthBinning.textOf(name))) {
                DriftColumn column = feature(name).compareWith(distribution, brief);
                inputs.add(column);
                compared.put(name, column);
                checks.add(column);
              }
            });
    profile
        .outputs()
        .forEach(
            (name, distribution) -> {
              var output = new OutputMonitor(name, distribution, brief);
              outputs.add(output);
              answers.add(output.column());
              checks.addOutput(output.column());
            });
    pairs = FeaturePairs.of(profile.pairs(), compared, inputs);
    inputDrift = inputs;
    outputDrift = answers;
    dataQuality = checks;
    schema = null;
    settleOutcomes();
  }

  private DriftAlarms driftAlarms(AlarmKind kind, DriftEvaluator evaluator) {
    return new DriftAlarms(
        kind, config.alarms(), config.driftWindow().toMillis(), evaluator, config.times(), alarms);
  }

  /** Makes the reference of the first rows. */
  void learn(int rows) {
    learnRows = rows;
  }

  /**
   * Whether a row like this may be watched: asked when it has more features than any before, and
   * while the answer is no, after each tick.
   */
  private boolean hasRoomFor(Row row) {
    if (row.features <= roomForFeatures) {
      return true;
    }
    if (isRefused) {
      return false;
    }
    if (room.watch(row)) {
      roomForFeatures = row.features;
      return true;
    }
    isRefused = true;
    if (reference != null || learning != null) {
      countCallsOnly(); // it has grown, and to learn it again from the start would help nobody
    }
    return false;
  }

  private void retain(Row row, Consumer<ReferenceProfile> made) {
    RetainedRows first = learning;
    if (first == null) {
      first = new RetainedRows(codes, room.learn(row, learnRows));
      learning = first;
    }
    first.add(row);
    if (first.size() >= learnRows || first.isFull()) {
      learnt(made);
    }
  }

  private void endLearning() {
    learning = null;
    learnRows = 0;
    room.learnt();
  }

  /**
   * Compares with what was learnt before, unless the first row shows other features or outputs:
   * then the model is another one under the same name, and is learnt anew.
   */
  void compareWithIfItFits(ReferenceProfile before, int rows) {
    compareWith(before);
    learnRowsIfItDoesNotFit = rows;
  }

  private void reconsider(Row first) {
    int rows = learnRowsIfItDoesNotFit;
    learnRowsIfItDoesNotFit = 0;
    if (reference != null && !fits(reference, first)) {
      watchNothing();
      outcomes = null;
      openOutcomes();
      learn(rows);
    }
  }

  private static boolean fits(ReferenceProfile profile, Row row) {
    Set<String> answers = profile.outputs().keySet();
    boolean answersAlike =
        switch (row.task) {
          case BINARY -> answers.contains("class") && !answers.contains("confidence");
          case MULTICLASS -> answers.contains("class") && !answers.contains("score");
          case REGRESSION -> answers.contains("value");
          case INPUTS_ONLY -> true;
        };
    return answersAlike && row.schema.names().stream().allMatch(profile::knows);
  }

  private void watchNothing() {
    features.clear();
    outputs.clear();
    schema = null;
    featureRow = null;
    reference = null;
    inputDrift = null;
    outputDrift = null;
    pairs = FeaturePairs.NONE;
    dataQuality = null;
  }

  /** Counts calls and nothing of their rows: for what is too much to be watched. */
  void countCallsOnly() {
    callsOnly = true;
    watchNothing();
    goWithout();
    room.close();
  }

  /** No reference will come. */
  void goWithout() {
    endLearning();
    goesWithout = true;
    settleOutcomes();
  }

  @Nullable ReferenceProfile reference() {
    return reference;
  }

  private FeatureMonitor feature(String name) {
    return features.computeIfAbsent(name, FeatureMonitor::new);
  }

  /** Makes the reference of what there is, if that is enough. */
  private void learnt(Consumer<ReferenceProfile> made) {
    RetainedRows first = learning;
    if (first == null) {
      return;
    }
    ReferenceBuilder builder = ReferenceBuilder.forLearning(config, first.constants());
    builder.centroids(first.measure());
    first.forEach(builder::observe);
    builder.edgesReady();
    first.forEach(builder::count);
    ReferenceProfile profile = builder.build();
    compareWith(profile);
    if (callsOnly) {
      return;
    }
    first.forEach(
        row -> {
          roll(row.predictedAtMillis);
          beginInputs(row);
          featuresOf(row).count(row);
          countOutputs(row);
        });
    made.accept(profile);
  }

  /**
   * No more rows will come.
   *
   * @param made told of a reference that could be made
   */
  void finish(Consumer<ReferenceProfile> made) {
    if (learnRows == 0) {
      return;
    }
    if (learning != null && learning.size() >= LEAST_REFERENCE_ROWS) {
      learnt(made);
    } else {
      goWithout();
    }
  }

  // Rows

  /**
   * @param into filled with what the label will be compared with
   * @param made told of the reference, if this row completed it
   * @return whether it predicted something that can have a label
   */
  boolean accept(Row row, PendingRecord into, Consumer<ReferenceProfile> made) {
    countCall(row);
    if (!row.isRow) {
      return false;
    }
    rows++;
    if (callsOnly || !hasRoomFor(row)) {
      overflow += room.refusal() == null ? 0 : row.features * row.weight;
      return false;
    }
    if (learnRowsIfItDoesNotFit > 0) {
      reconsider(row);
    }
    if (task == Task.INPUTS_ONLY && row.task != Task.INPUTS_ONLY) {
      task = row.task;
      openOutcomes();
    }
    if (reference == null) {
      featuresOf(row).check(row);
    } else {
      if (!row.vectors.isEmpty()) {
        centroids.measure(row);
      }
      roll(row.predictedAtMillis);
      beginInputs(row);
      featuresOf(row).accept(row);
      countOutputs(row);
    }
    boolean isPrediction = row.errorType == null && outcomes != null && row.task == task;
    if (isPrediction && outcomes != null) {
      outcomes.describe(row, into);
    }
    if (learnRows > 0) {
      retain(row, made);
    }
    return isPrediction;
  }

  private void countCall(Row row) {
    Calls calls = row.errorType == null ? returned : failedWith(row.errorType);
    if (row.isRow) {
      calls.rows++;
    }
    if (row.callRows > 0 || !row.isRow) {
      if (row.durationNanos == Row.NOT_TIMED) {
        calls.untimed += row.weight;
      } else if (row.durationNanos >= 0) {
        double seconds = row.durationNanos / 1e9;
        calls.lasted(seconds, row.weight);
        if (row.traceId != null) {
          calls.exemplars.add(calls.durationSeconds.cellOf(seconds), seconds, row);
        }
      }
      if (row.callRows > 1) {
        if (batchSizes == null) {
          batchSizes = new Histogram(BATCH_BOUNDS);
        }
        batchSizes.add(row.callRows, row.weight);
      }
    }
  }

  private Calls failedWith(String errorType) {
    Calls calls = failed.get(errorType);
    if (calls == null) {
      if (failed.size() >= MOST_ERROR_TYPES && !errorType.equals(OTHER)) {
        overflow++;
        return failedWith(OTHER);
      }
      calls = new Calls(errorType);
      failed.put(errorType, calls);
    }
    return calls;
  }

  private void countOutputs(Row row) {
    if (row.errorType == null) {
      begin(outputDrift, row);
      for (OutputMonitor output : outputs) {
        switch (output.kind) {
          case SCORE -> {
            output.count(row.score, row.weight);
            if (row.traceId != null) {
              output.show(row.score, row);
            }
          }
          case CONFIDENCE -> output.count(row.confidence, row.weight);
          case CLASS -> output.count(PredictedClass.of(row, config.output()), row.weight);
        }
      }
    }
  }

  private void beginInputs(Row row) {
    begin(inputDrift, row);
    if (dataQuality != null) {
      dataQuality.add(row);
    }
  }

  private static void begin(@Nullable DriftAlarms drift, Row row) {
    if (drift != null) {
      drift.begin(row.predictedAtMillis, row.weight);
    }
  }

  private FeatureRow featuresOf(Row row) {
    FeatureRow known = featureRow;
    List<String> names = row.schema.names();
    if (known == null || row.schema != schema || known.features() != names.size()) {
      schema = row.schema;
      known = featureRow(names);
      featureRow = known;
    }
    return known;
  }

  private FeatureRow featureRow(List<String> names) {
    FeatureMonitor[] byPlace = new FeatureMonitor[names.size()];
    for (int i = 0; i < byPlace.length; i++) {
      byPlace[i] = feature(names.get(i));
    }
    return new FeatureRow(
        byPlace, reference == null ? List.of() : absentFrom(names), codes, pairs.in(names));
  }

  /** Features of the reference that rows do not have and that nothing shows otherwise. */
  private List<FeatureMonitor> absentFrom(List<String> names) {
    var derived = new HashSet<FeatureMonitor>();
    for (FeatureMonitor feature : features.values()) {
      FeatureMonitor empties = features.get(feature.name + LengthBinning.EMPTY);
      boolean isDerived = empties != null && feature.isFreeText() && !names.contains(empties.name);
      feature.empties(isDerived ? empties : null);
      if (empties != null && isDerived) {
        derived.add(empties);
      }
    }
    var missing = new ArrayList<FeatureMonitor>();
    for (FeatureMonitor feature : features.values()) {
      if (feature.isCompared() && !names.contains(feature.name) && !derived.contains(feature)) {
        missing.add(feature);
      }
    }
    return missing;
  }

  /** Counts rows that found no room. */
  void dropped(long queueFull, long error) {
    droppedFull += queueFull;
    droppedError += error;
  }

  /** Counts rows that were left out while rows were sampled. */
  void sampledOut(long rows) {
    sampledOut += rows;
  }

  /** Of the rows that were dropped or left out, so many threw this. */
  void failedUnseen(String errorType, long rows) {
    failedWith(errorType).unseen += rows;
    failedUnseen += rows;
  }

  /** Counts values that found no room. */
  void overflowed(long values) {
    overflow += values;
  }

  /** Says what was found that should not be. */
  void tell(Remarks remarks) {
    remarks.room(key, room);
    features.values().forEach(feature -> feature.tell(key.model(), remarks));
    if (reference != null && config.times().hourOfWeek()) {
      remarks.season(key.model(), SeasonalReference.unknown(reference));
    }
    String selective = outcomes == null ? null : outcomes.selectiveLabels();
    if (selective != null) {
      remarks.selectiveLabels(key.model(), selective);
    }
    remarks.estimates(key, outcomes == null ? null : outcomes.whyNoEstimates());
  }

  /** Nothing more will come of this version, nor be asked. */
  void close() {
    room.close();
  }

  // Windows

  /** Lets the time pass. */
  void tick(long nowMillis) {
    isRefused = false;
    roll(nowMillis);
    if (errorDrift != null && outcomes != null) {
      errorDrift.mature(nowMillis - outcomes.maturity().toMillis());
    }
  }

  /** Closes the windows that are over. */
  void roll(long nowMillis) {
    if (inputDrift != null && nowMillis >= inputDrift.end()) {
      DriftWindow.Closed closed = inputDrift.roll(nowMillis);
      if (closed != null && dataQuality != null) {
        dataQuality.inputsClosed(closed);
      }
    }
    if (outputDrift != null && nowMillis >= outputDrift.end()) {
      DriftWindow.Closed closed = outputDrift.roll(nowMillis);
      if (closed != null && dataQuality != null) {
        dataQuality.outputsClosed(closed);
      }
    }
  }

  /** Its outcomes are held against those of another model, if they are compared. */
  void compare(Comparisons with) {
    comparisons = with;
    if (outcomes != null) {
      outcomes.compare(with, key);
    }
  }

  /** Its windows are those of all processes that share the store. */
  void inFleet(@Nullable Fleet of) {
    fleet = of;
    if (of != null && outcomes != null) {
      outcomes.inFleet(of, key);
    }
  }

  /** Gives predictions the outcomes that the absence of a label means by now. */
  void letPass(long nowMillis) {
    if (outcomes != null) {
      outcomes.letPass(nowMillis);
    }
  }

  // Snapshot

  /** Labels that had a record of this version. */
  long labels() {
    return outcomes == null
        ? 0
        : outcomes.labels().values().stream().mapToLong(Long::longValue).sum();
  }

  ModelSnapshot snapshot(long nowMillis, long pendingLimit, int samplingLevel) {
    var calls = new ArrayList<ModelSnapshot.Calls>();
    calls.add(returned.snapshot(droppedFull + sampledOut + droppedError - failedUnseen, returned));
    failed.values().forEach(each -> calls.add(each.snapshot(0, returned)));
    var dropped = new LinkedHashMap<String, Long>();
    dropped.put(QUEUE_FULL, droppedFull);
    dropped.put(BUDGET, sampledOut);
    dropped.put(ERROR, droppedError);
    var drift = new ArrayList<ModelSnapshot.Drift>();
    var featureSnapshots = new ArrayList<ModelSnapshot.Feature>();
    for (FeatureMonitor feature : features.values()) {
      Map<String, Long> found =
          dataQuality == null ? Map.of() : dataQuality.violations(feature.name);
      featureSnapshots.add(feature.snapshot(!brief, found));
      addIfThere(drift, feature.drift());
    }
    long others = features.values().stream().mapToLong(FeatureMonitor::overflow).sum();
    var outputSnapshots = new ArrayList<ModelSnapshot.Output>();
    for (OutputMonitor output : outputs) {
      outputSnapshots.add(output.snapshot());
      addIfThere(drift, output.drift());
    }
    ModelOutcomes known = outcomes != null ? outcomes : new ModelOutcomes(task, config, delays);
    ModelOutcomes.Quality quality = known.quality(nowMillis);
    if (objectiveAlarm != null) {
      objectiveAlarm.look(quality.performance(), nowMillis);
    }
    return new ModelSnapshot(
        key,
        task,
        startMillis,
        List.copyOf(calls),
        batchSizes == null ? null : batchSizes.snapshot(),
        rows,
        dropped,
        overflow + others + known.overflow(),
        reference == null ? null : new ModelSnapshot.Reference(reference.id(), reference.rows()),
        List.copyOf(featureSnapshots),
        List.copyOf(outputSnapshots),
        known.labels(),
        known.labelDelaySeconds(),
        known.confusion(),
        known.outcomeScores(),
        known.absoluteErrorOver(),
        known.absoluteErrorUnder(),
        known.squaredError(),
        known.baselineSquaredError(),
        quality.performance(),
        quality.coverage(),
        List.copyOf(drift),
        known.pending(),
        pendingLimit,
        known.lost(),
        quality.beside(),
        alarms.snapshot(),
        1.0 / (1L << samplingLevel));
  }

  private static void addIfThere(
      List<ModelSnapshot.Drift> drift, ModelSnapshot.@Nullable Drift one) {
    if (one != null) {
      drift.add(one);
    }
  }
}
