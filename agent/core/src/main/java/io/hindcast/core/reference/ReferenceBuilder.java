package io.hindcast.core.reference;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.score.PredictedClass;
import io.hindcast.stats.performance.ScoreBins;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a reference from rows that are shown to it twice, in bounded memory: first every row to
 * {@link #observe}, which finds the edges; then {@link #edgesReady}; then every row again, in any
 * order, to {@link #count}; at last {@link #build}. Rows without an output (a call that threw) add
 * their inputs. Owned by one thread.
 */
public final class ReferenceBuilder {
  /*
   * Edges are exact up to ROOM values over all columns, 64 MiB; with more, each column keeps a
   * random sample of its share. Counts are exact always: what was sampled are only the edges.
   */
  private static final int ROOM = 1 << 23;
  private static final int LEAST_ROOM = 20_000;

  private static final String SCORE = "score";
  private static final String VALUE = "value";
  private static final String CLASS = "class";
  private static final String CONFIDENCE = "confidence";

  private final ModelConfig config;
  private final ReferenceColumn.Naming naming;
  private final Set<String> constants;
  private final CodedFeatures codes;
  private final Map<String, ReferenceColumn> features = new LinkedHashMap<>();
  private final Map<String, ReferenceColumn> outputs = new LinkedHashMap<>();
  private ReferenceColumn[] byPlace = new ReferenceColumn[0];
  private @Nullable FeatureSchema schema;
  private Centroids centroids = Centroids.NONE;
  private boolean edgesReady;
  private final PairBuilder pairs = new PairBuilder();
  private long rows;
  private long outputRows;
  private final boolean byHour;
  private final long[] slotRows = new long[HourOfWeek.SLOTS];
  private final long[] outputSlotRows = new long[HourOfWeek.SLOTS];

  private Task task = Task.INPUTS_ONLY;
  private final NumberSample labels = new NumberSample();
  private final Map<String, Long> labelClasses = new TreeMap<>();
  private long labelled;
  private long judged;
  private long wrong;

  private ReferenceBuilder(
      ModelConfig config, ReferenceColumn.Naming naming, Set<String> constants, boolean areTimed) {
    this.byHour = areTimed && config.times().hourOfWeek();
    this.config = config;
    this.constants = constants;
    this.naming = naming;
    this.codes = new CodedFeatures(config.features().categorical());
  }

  /**
   * For a file: every category is one that somebody wants to see.
   *
   * @param areTimed whether it is known when the rows were predicted
   */
  public static ReferenceBuilder forFile(ModelConfig config, boolean areTimed) {
    return new ReferenceBuilder(config, ReferenceColumn.Naming.FILE, Set.of(), areTimed);
  }

  /**
   * For the first rows that come: rare and numerous words stay inside.
   *
   * @param constants names of features whose words are names of an enum, which may all be seen
   */
  public static ReferenceBuilder forLearning(ModelConfig config, Set<String> constants) {
    return new ReferenceBuilder(config, ReferenceColumn.Naming.LEARNT, constants, true);
  }

  /** Before the first pass: what vectors are compared with, by the feature that says how near. */
  public void centroids(Centroids known) {
    centroids = known;
  }

  /** First pass, without the truth. */
  public void observe(Row row) {
    observe(row, null);
  }

  /**
   * First pass.
   *
   * @param actual the label: a Boolean, Number or String; null if it is not known
   */
  public void observe(Row row, @Nullable Object actual) {
    if (edgesReady) {
      throw new IllegalStateException("the edges are already fixed");
    }
    place(row);
    int room = Math.max(LEAST_ROOM, ROOM / Math.max(1, features.size() + outputs.size()));
    for (int i = 0; i < row.features; i++) {
      byPlace[i].observe(row.numbers[i], codes.categoryOf(row, i), room);
    }
    pairs.observe(row, byPlace, codes);
    if (row.errorType == null) {
      task = row.task;
      String predicted = PredictedClass.of(row, config.output());
      switch (row.task) {
        case BINARY -> {
          output(SCORE).observe(row.score, null, room);
          observeClass(predicted, room);
        }
        case MULTICLASS -> {
          observeClass(predicted, room);
          output(CONFIDENCE).observe(row.confidence, null, room);
        }
        case REGRESSION -> output(VALUE).observe(row.score, null, room);
        case INPUTS_ONLY -> {}
      }
      observeLabel(row.task, predicted, actual, room);
    }
  }

  private void observeClass(@Nullable String predicted, int room) {
    output(CLASS).observe(Double.NaN, predicted, room);
  }

  private void observeLabel(
      Task task, @Nullable String predicted, @Nullable Object actual, int room) {
    if (task == Task.REGRESSION) {
      if (actual instanceof Number number && Double.isFinite(number.doubleValue())) {
        labelled++;
        labels.add(number.doubleValue(), room);
      }
      return;
    }
    String truth =
        task == Task.BINARY
            ? ClassNames.binary(actual, config.output().positive(), config.output().negative())
            : task == Task.MULTICLASS ? ClassNames.of(actual) : null;
    if (truth != null) {
      labelled++;
      labelClasses.merge(truth, 1L, Long::sum);
      if (predicted != null) {
        judged++;
        wrong += predicted.equals(truth) ? 0 : 1;
      }
    }
  }

  /** Between the passes: fixes the cells. */
  public void edgesReady() {
    edgesReady = true;
    if (task == Task.BINARY) {
      output(CLASS).expect(config.output().negative());
      output(CLASS).expect(config.output().positive());
    }
    // A binary model without a score, classes without probabilities: an output that never was.
    outputs
        .entrySet()
        .removeIf(output -> !output.getKey().equals(CLASS) && output.getValue().isEmpty());
    features.forEach(
        (name, column) -> {
          column.decide(byHour);
          column.compareWith(centroids.of(name));
        });
    outputs.values().forEach(column -> column.decide(byHour));
    pairs.choose(features);
    schema = null;
  }

  /** Second pass: the same rows again. */
  public void count(Row row) {
    if (!edgesReady) {
      throw new IllegalStateException("the edges are not fixed yet");
    }
    rows++;
    int slot = HourOfWeek.slotOf(row.predictedAtMillis);
    slotRows[slot]++;
    place(row);
    if (byPlace.length < features.size()) {
      features.values().forEach(ReferenceColumn::beAbsent);
    }
    for (int i = 0; i < row.features; i++) {
      byPlace[i].count(row.numbers[i], codes.categoryOf(row, i), slot);
    }
    for (int i = row.features; i < byPlace.length; i++) {
      byPlace[i].count(Double.NaN, null, slot);
    }
    pairs.count(slot);
    if (row.errorType == null) {
      outputRows++;
      outputSlotRows[slot]++;
      outputs.forEach(
          (name, column) -> {
            switch (name) {
              case SCORE, VALUE -> column.count(row.score, null, slot);
              case CONFIDENCE -> column.count(row.confidence, null, slot);
              default -> column.count(Double.NaN, PredictedClass.of(row, config.output()), slot);
            }
          });
    }
  }

  /** The reference of the rows counted. */
  public ReferenceProfile build() {
    var featureDistributions = new LinkedHashMap<String, Distribution>();
    features.forEach(
        (name, column) -> {
          Distribution distribution = column.distribution(rows, slotRows);
          featureDistributions.put(name, distribution);
          Distribution empties = column.empties(distribution);
          if (empties != null && !features.containsKey(name + LengthBinning.EMPTY)) {
            featureDistributions.put(name + LengthBinning.EMPTY, empties);
          }
        });
    // A place that was null until it turned out to hold something of which other features tell.
    featureDistributions
        .entrySet()
        .removeIf(
            each ->
                each.getValue().binning() instanceof PresenceBinning
                    && (featureDistributions.containsKey(each.getKey() + ".age")
                        || featureDistributions.containsKey(each.getKey() + ".norm")));
    var outputDistributions = new LinkedHashMap<String, Distribution>();
    outputs.forEach(
        (name, column) ->
            outputDistributions.put(name, column.distribution(outputRows, outputSlotRows)));
    return new ReferenceProfile(
        rows,
        featureDistributions,
        outputDistributions,
        pairs.build(featureDistributions, byHour),
        scoreEdges(),
        labelProfile());
  }

  /** 50 equal bins, split where crowded; the output's own edges if scores leave [0, 1]. */
  private double @Nullable [] scoreEdges() {
    ReferenceColumn score = outputs.get(SCORE);
    if (score == null || score.numbers().count() == 0) {
      return null;
    }
    NumberSample scores = score.numbers();
    if (scores.min() < 0 || scores.max() > 1) {
      return scores.bins(10).orElseThrow().edges();
    }
    return ScoreBins.edges(Double.NaN, scores.sorted());
  }

  private ReferenceProfile.@Nullable LabelProfile labelProfile() {
    if (labelled == 0) {
      return null;
    }
    return new ReferenceProfile.LabelProfile(
        labelled,
        labelClasses,
        labels.mean(),
        labels.standardDeviation(),
        judged == 0 ? Double.NaN : (double) wrong / judged);
  }

  private void place(Row row) {
    List<String> names = row.schema.names();
    if (row.schema == schema && byPlace.length == names.size()) {
      return;
    }
    schema = row.schema;
    byPlace = new ReferenceColumn[names.size()];
    for (int i = 0; i < byPlace.length; i++) {
      byPlace[i] = features.computeIfAbsent(names.get(i), this::newColumn);
    }
  }

  private ReferenceColumn newColumn(String name) {
    var column =
        new ReferenceColumn(constants.contains(name) ? ReferenceColumn.Naming.CONSTANTS : naming);
    if (edgesReady) {
      column.decide(byHour);
    }
    return column;
  }

  private ReferenceColumn output(String name) {
    return outputs.computeIfAbsent(name, n -> new ReferenceColumn(ReferenceColumn.Naming.CLASSES));
  }
}
