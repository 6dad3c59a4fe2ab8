package io.hindcast.core.config;

import io.hindcast.core.model.Task;
import io.hindcast.core.model.ValuePath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code models}.
 *
 * @param task null: derived from the output, else from the type that the method returns
 * @param methods empty for a model that is annotated
 * @param id null: the annotated parameter, else generated
 */
public record ModelConfig(
    String name,
    @Nullable Version version,
    @Nullable Task task,
    List<MethodPattern> methods,
    @Nullable ValuePath id,
    Features features,
    Output output,
    Reference reference,
    Labels labels,
    List<Duration> performanceWindows,
    Duration driftWindow,
    ScoringConfig scoring,
    AlarmConfig alarms,
    ReferenceTimes times) {

  public static final List<Duration> DEFAULT_PERFORMANCE_WINDOWS = List.of(Duration.ofDays(7));
  public static final Duration DEFAULT_DRIFT_WINDOW = Duration.ofHours(1);

  public ModelConfig {
    methods = List.copyOf(methods);
    performanceWindows = List.copyOf(performanceWindows);
  }

  /** With one reference for all times. */
  public ModelConfig(
      String name,
      @Nullable Version version,
      @Nullable Task task,
      List<MethodPattern> methods,
      @Nullable ValuePath id,
      Features features,
      Output output,
      Reference reference,
      Labels labels,
      List<Duration> performanceWindows,
      Duration driftWindow,
      ScoringConfig scoring,
      AlarmConfig alarms) {
    this(
        name,
        version,
        task,
        methods,
        id,
        features,
        output,
        reference,
        labels,
        performanceWindows,
        driftWindow,
        scoring,
        alarms,
        ReferenceTimes.NONE);
  }

  /** With the defaults of scoring and alarms. */
  public ModelConfig(
      String name,
      @Nullable Version version,
      @Nullable Task task,
      List<MethodPattern> methods,
      @Nullable ValuePath id,
      Features features,
      Output output,
      Reference reference,
      Labels labels,
      List<Duration> performanceWindows,
      Duration driftWindow) {
    this(
        name,
        version,
        task,
        methods,
        id,
        features,
        output,
        reference,
        labels,
        performanceWindows,
        driftWindow,
        ScoringConfig.DEFAULT,
        AlarmConfig.DEFAULT);
  }

  /** A model of which the file says nothing. */
  public static ModelConfig defaults(String name) {
    return defaults(name, Labels.DEFAULT.timeToLive());
  }

  /** The same where the store says how long predictions wait. */
  static ModelConfig defaults(String name, Duration timeToLive) {
    return new ModelConfig(
        name,
        null,
        null,
        List.of(),
        null,
        Features.DEFAULT,
        Output.DEFAULT,
        new Reference.Learn(Reference.DEFAULT_ROWS),
        Labels.waiting(timeToLive),
        DEFAULT_PERFORMANCE_WINDOWS,
        DEFAULT_DRIFT_WINDOW);
  }

  /** Where the version of a model comes from. */
  public sealed interface Version {
    record Literal(String value) implements Version {}

    record At(ValuePath path) implements Version {}
  }

  /**
   * Which values are features.
   *
   * @param from one value that holds the row or rows; null: see {@code paths}, else the parameters
   * @param names of the elements of {@code from}, in order; empty: their own names
   * @param paths one path per feature, in the order of the file; empty: none
   * @param categorical numbers that are codes
   * @param exclude never captured
   */
  public record Features(
      @Nullable ValuePath from,
      List<String> names,
      Map<String, ValuePath> paths,
      Set<String> categorical,
      Set<String> exclude) {
    public static final Features DEFAULT =
        new Features(null, List.of(), Map.of(), Set.of(), Set.of());

    public Features {
      names = List.copyOf(names);
      paths = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(paths));
      categorical = Set.copyOf(categorical);
      exclude = Set.copyOf(exclude);
    }
  }

  /**
   * What the method answers. At most one of the four paths is set; none: the return value, by its
   * type.
   *
   * @param threshold a score of at least this is predicted positive
   * @param classes names of the probabilities under {@code scores}, in order; empty: 0, 1, …
   * @param saysBinary {@code score}, {@code positive}, {@code negative} or {@code threshold} stood
   *     in the file: the task is binary unless {@code task} says otherwise
   */
  public record Output(
      @Nullable ValuePath score,
      @Nullable ValuePath value,
      @Nullable ValuePath predicted,
      @Nullable ValuePath scores,
      String positive,
      String negative,
      double threshold,
      List<String> classes,
      boolean saysBinary) {
    public static final Output DEFAULT =
        new Output(null, null, null, null, "1", "0", 0.5, List.of(), false);

    public Output {
      classes = List.copyOf(classes);
    }
  }

  /** What inputs and outputs are compared with. */
  public sealed interface Reference {
    int DEFAULT_ROWS = 1000;

    /** The first rows that come. */
    record Learn(int rows) implements Reference {}

    /** A profile that {@code reference build} wrote. */
    record FromFile(Path file) implements Reference {}

    /** What another version of the model is compared with. */
    record OfVersion(String version) implements Reference {}
  }

  /**
   * How labels find their prediction.
   *
   * @param maturity age at which a cohort's labels count as complete; null: learnt from label
   *     delays
   */
  public record Labels(
      List<MethodPattern> methods,
      @Nullable ValuePath id,
      @Nullable ValuePath actual,
      Duration timeToLive,
      @Nullable Duration maturity) {
    public static final Labels DEFAULT = waiting(new StoreConfig.Memory().defaultTimeToLive());

    /** Labels of which the file says nothing. */
    static Labels waiting(Duration timeToLive) {
      return new Labels(List.of(), null, null, timeToLive, null);
    }

    public Labels {
      methods = List.copyOf(methods);
    }
  }
}
