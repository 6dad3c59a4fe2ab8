package io.hindcast.core.config;

import io.hindcast.core.model.Task;
import io.hindcast.core.model.ValuePath;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the entries of {@code models}. Owned by the reading thread. */
final class ModelReader {
  private static final String METHODS_EXAMPLE = "[\"com.acme.Risk#predict\"]";

  private final Path directory;
  private final boolean referencesExist;
  private final Duration defaultTimeToLive;
  private final Problems problems;
  private final Map<String, YamlNode> names = new LinkedHashMap<>();

  /**
   * @param directory of the configuration file: other files are relative to it
   * @param referencesExist whether a reference file that is not there is a problem
   * @param defaultTimeToLive of predictions, where a model does not say it
   */
  ModelReader(
      Path directory, boolean referencesExist, Duration defaultTimeToLive, Problems problems) {
    this.directory = directory;
    this.referencesExist = referencesExist;
    this.defaultTimeToLive = defaultTimeToLive;
    this.problems = problems;
  }

  /**
   * The model of an entry; null where the entry is none. What cannot be read is left at its
   * default.
   */
  @Nullable ModelConfig read(YamlNode entry) {
    Section model = Section.of(entry, Keys.MODEL, problems);
    if (model == null) {
      return null;
    }
    String name = name(model);
    ModelConfig defaults = ModelConfig.defaults(name, defaultTimeToLive);
    Task task = task(model);
    ModelConfig.Output output = output(model);
    Section performance = model.section("performance", Keys.PERFORMANCE);
    Section drift = model.section("drift", Keys.DRIFT);
    Section reference = model.section("reference", Keys.REFERENCE);
    Duration driftWindow = driftWindow(drift);
    Section labelSection = model.section("labels", Keys.LABELS);
    ModelConfig.Labels labels = labels(labelSection);
    ScoringConfig.Absent absent =
        new AbsentReader(problems).read(labelSection, labels, task, output);
    return new ModelConfig(
        name,
        version(model),
        task,
        methods(model),
        id(model),
        features(model),
        output,
        reference(reference, defaults.reference()),
        labels,
        performanceWindows(performance),
        driftWindow,
        scoring(model, performance, task, output, absent),
        alarms(drift, performance),
        new ReferenceTimesReader(problems).read(reference, driftWindow));
  }

  private String name(Section model) {
    if (!model.has("name")) {
      problems.add(model.at(), "a model without a name; add name: NAME");
      return "";
    }
    String name = model.text("name");
    if (name == null) {
      return "";
    }
    YamlNode first = names.putIfAbsent(name, model.nodeOf("name"));
    if (first != null) {
      problems.add(
          model.nodeOf("name"),
          "two models are called '"
              + name
              + "', the first on line "
              + first.line()
              + "; give each its own name");
    }
    return name;
  }

  private ModelConfig.@Nullable Version version(Section model) {
    if (!(model.get("version") instanceof YamlNode.Mapping)) {
      String literal = model.sourceText("version");
      return literal == null ? null : new ModelConfig.Version.Literal(literal);
    }
    Section version = model.section("version", Keys.VERSION);
    if (version == null) {
      return null;
    }
    if (!version.has("path")) {
      problems.add(version.at(), "'version' lacks its path; write version: { path: this.version }");
    }
    ValuePath path = version.path("path");
    return path == null ? null : new ModelConfig.Version.At(path);
  }

  private static @Nullable Task task(Section model) {
    String task = model.word("task", "binary", "multiclass", "regression");
    if (task == null) {
      return null;
    }
    return switch (task) {
      case "binary" -> Task.BINARY;
      case "multiclass" -> Task.MULTICLASS;
      default -> Task.REGRESSION;
    };
  }

  private List<MethodPattern> methods(Section section) {
    List<YamlNode> entries = section.list("methods", METHODS_EXAMPLE);
    if (section.has("methods")
        && entries.isEmpty()
        && !(section.get("methods") instanceof YamlNode.Scalar)
        && !(section.get("methods") instanceof YamlNode.Mapping)) {
      problems.add(
          section.nodeOf("methods"),
          "'methods' names no method; write methods: " + METHODS_EXAMPLE + ", or leave it out");
    }
    var patterns = new ArrayList<MethodPattern>();
    for (int i = 0; i < entries.size(); i++) {
      int last = lastOfTornMethod(entries, i);
      if (last > i) {
        problems.add(
            entries.get(i),
            "a comma ends an entry inside [ ]; quote the method: \""
                + joined(entries.subList(i, last + 1))
                + '"');
        i = last;
        continue;
      }
      if (!(entries.get(i) instanceof YamlNode.Scalar scalar) || scalar.text().isBlank()) {
        problems.add(
            entries.get(i),
            "a method must be a text, not "
                + Section.kindOf(entries.get(i))
                + "; write \"com.acme.Risk#predict\"");
        continue;
      }
      try {
        patterns.add(MethodPattern.parse(scalar.text()));
      } catch (IllegalArgumentException e) {
        problems.add(scalar, String.valueOf(e.getMessage()));
      }
    }
    return patterns;
  }

  /**
   * Where a method ends whose types the commas of a flow list have torn apart; else {@code from}.
   */
  private static int lastOfTornMethod(List<YamlNode> entries, int from) {
    if (!isPlainWith(entries.get(from), '(') || isPlainWith(entries.get(from), ')')) {
      return from;
    }
    for (int i = from + 1; i < entries.size(); i++) {
      if (isPlainWith(entries.get(i), '(')) {
        return from;
      }
      if (isPlainWith(entries.get(i), ')')) {
        return i;
      }
    }
    return from;
  }

  private static boolean isPlainWith(YamlNode node, char c) {
    return node instanceof YamlNode.Scalar scalar
        && scalar.plain()
        && scalar.text().indexOf(c) >= 0;
  }

  private static String joined(List<YamlNode> entries) {
    var text = new StringBuilder();
    for (YamlNode entry : entries) {
      text.append(text.length() == 0 ? "" : ",");
      text.append(entry instanceof YamlNode.Scalar scalar ? scalar.text() : "");
    }
    return text.toString();
  }

  private @Nullable ValuePath id(Section model) {
    String text = model.text("id");
    if (text == null) {
      return null;
    }
    try {
      return ValuePath.parseId(text);
    } catch (IllegalArgumentException e) {
      problems.add(model.nodeOf("id"), String.valueOf(e.getMessage()));
      return null;
    }
  }

  private ModelConfig.Features features(Section model) {
    Section features = model.section("features", Keys.FEATURES);
    if (features == null) {
      return ModelConfig.Features.DEFAULT;
    }
    if (features.has("from") && features.has("paths")) {
      problems.add(
          features.nodeOf("paths"), "both 'from' and 'paths' say where the features are; keep one");
    }
    if (features.has("names") && !features.has("from")) {
      problems.add(
          features.nodeOf("names"),
          "'names' without 'from' name nothing; say where the values are: from: args[0]");
    }
    ValuePath from = features.path("from");
    if (from != null) {
      refuseReturn(features.nodeOf("from"), from);
    }
    Set<String> names = features.names("names", "[age, income]", false).keySet();
    Map<String, ValuePath> paths = featurePaths(features);
    Map<String, YamlNode> categorical = features.names("categorical", "[country]", false);
    checkCategorical(categorical, names.isEmpty() ? paths.keySet() : names);
    return new ModelConfig.Features(
        from,
        List.copyOf(names),
        paths,
        categorical.keySet(),
        features.names("exclude", "[ssn]", false).keySet());
  }

  private void checkCategorical(Map<String, YamlNode> categorical, Set<String> features) {
    for (Map.Entry<String, YamlNode> entry : categorical.entrySet()) {
      String feature = entry.getKey();
      if (!features.isEmpty() && !features.contains(feature)) {
        String nearest = NearMiss.of(feature, features);
        problems.add(
            entry.getValue(),
            "'categorical' names '"
                + feature
                + "', which is no feature here; "
                + (nearest == null
                    ? "features: " + String.join(", ", features)
                    : "did you mean '" + nearest + "'?"));
      }
    }
  }

  private Map<String, ValuePath> featurePaths(Section features) {
    var paths = new LinkedHashMap<String, ValuePath>();
    YamlNode node = features.get("paths");
    if (node == null) {
      return paths;
    }
    Section section = Section.ofNames(node, "'paths'", "paths: { age: \"args[0]\" }", problems);
    if (section == null) {
      return paths;
    }
    for (String feature : section.keys()) {
      ValuePath path = section.path(feature);
      if (path != null) {
        refuseReturn(section.nodeOf(feature), path);
        paths.put(feature, path);
      }
    }
    return paths;
  }

  /** Features are copied before the call, since the method may change its arguments. */
  private void refuseReturn(YamlNode node, ValuePath path) {
    if (path.root() == ValuePath.Root.RETURN) {
      problems.add(
          node,
          "path '"
              + path.text()
              + "': features are read before the call returns; begin with args[0] or this");
    }
  }

  private ModelConfig.Output output(Section model) {
    Section output = model.section("output", Keys.OUTPUT);
    if (output == null) {
      return ModelConfig.Output.DEFAULT;
    }
    String first = null;
    for (String key : new String[] {"score", "value", "predicted", "scores"}) {
      if (!output.has(key)) {
        continue;
      }
      if (first != null) {
        problems.add(
            output.nodeOf(key),
            "both '" + first + "' and '" + key + "' say what the method answers; keep one");
      } else {
        first = key;
      }
    }
    ModelConfig.Output defaults = ModelConfig.Output.DEFAULT;
    String positive = or(output.sourceText("positive"), defaults.positive());
    String negative = or(output.sourceText("negative"), defaults.negative());
    if (positive.equals(negative)) {
      problems.add(
          output.nodeOf(output.has("negative") ? "negative" : "positive"),
          "'positive' and 'negative' are both '" + positive + "'; name the two classes apart");
    }
    double threshold = output.number("threshold");
    return new ModelConfig.Output(
        output.path("score"),
        output.path("value"),
        output.path("predicted"),
        output.path("scores"),
        positive,
        negative,
        Double.isNaN(threshold) ? defaults.threshold() : threshold,
        List.copyOf(output.names("classes", "[low, high]", true).keySet()),
        output.has("score")
            || output.has("positive")
            || output.has("negative")
            || output.has("threshold"));
  }

  private static String or(@Nullable String text, String otherwise) {
    return text == null ? otherwise : text;
  }

  private ModelConfig.Reference reference(
      @Nullable Section reference, ModelConfig.Reference otherwise) {
    if (reference == null) {
      return otherwise;
    }
    String first = null;
    for (String key : new String[] {"file", "learn", "version"}) {
      if (reference.has(key) && first != null) {
        problems.add(
            reference.nodeOf(key),
            "both '" + first + "' and '" + key + "' make a reference; keep one");
      } else if (reference.has(key)) {
        first = key;
      }
    }
    if (reference.has("learn")) {
      int rows = reference.count("learn");
      return rows == 0 ? otherwise : new ModelConfig.Reference.Learn(rows);
    }
    if (reference.has("version") && !reference.has("file")) {
      String version = reference.sourceText("version");
      return version == null ? otherwise : new ModelConfig.Reference.OfVersion(version);
    }
    String file = reference.text("file");
    Path resolved = file == null ? null : referenceFile(reference.nodeOf("file"), file);
    return resolved == null ? otherwise : new ModelConfig.Reference.FromFile(resolved);
  }

  private @Nullable Path referenceFile(YamlNode node, String file) {
    Path path;
    try {
      path = directory.resolve(file).normalize();
    } catch (InvalidPathException e) {
      problems.add(node, "'" + file + "' is no file name here: " + e.getReason() + "; rename it");
      return null;
    }
    String fault =
        !Files.exists(path)
            ? (referencesExist ? "does not exist" : null)
            : Files.isDirectory(path)
                ? "is a directory"
                : Files.isReadable(path) ? null : "may not be read";
    if (fault != null) {
      problems.add(
          node,
          "the reference file "
              + path
              + " "
              + fault
              + "; make it with 'reference build', or write reference: { learn: 1000 }");
      return null;
    }
    return path;
  }

  private ModelConfig.Labels labels(@Nullable Section labels) {
    if (labels == null) {
      return ModelConfig.Labels.waiting(defaultTimeToLive);
    }
    for (String key : new String[] {"id", "actual"}) {
      if (labels.has("methods") && !labels.has(key)) {
        problems.add(
            labels.at(),
            "'labels' has methods and no '"
                + key
                + "'; say which argument it is: "
                + (key.equals("id") ? "id: args[0]" : "actual: args[1]"));
      }
    }
    Duration timeToLive = labels.duration("time-to-live", false);
    boolean isDefault = timeToLive == null;
    if (timeToLive == null) {
      timeToLive = defaultTimeToLive;
    }
    Duration maturity = labels.duration("maturity", true);
    if (maturity != null && maturity.compareTo(timeToLive) > 0) {
      problems.add(
          labels.nodeOf("maturity"),
          "'maturity' "
              + Durations.format(maturity)
              + " is longer than 'time-to-live' "
              + Durations.format(timeToLive)
              + (isDefault ? ", the default" : "")
              + "; write time-to-live: "
              + Durations.format(maturity)
              + " or more");
    }
    return new ModelConfig.Labels(
        methods(labels), labels.path("id"), labels.path("actual"), timeToLive, maturity);
  }

  private ScoringConfig scoring(
      Section model,
      @Nullable Section performance,
      @Nullable Task task,
      ModelConfig.Output output,
      ScoringConfig.@Nullable Absent absent) {
    return new ScoringConfig(
        performance == null ? Map.of() : new CostReader(performance, problems).read(task, output),
        new SegmentReader(problems).read(model),
        shadowOf(model),
        absent);
  }

  private @Nullable String shadowOf(Section model) {
    String champion = model.text("shadow-of");
    boolean isItself =
        model.get("name") instanceof YamlNode.Scalar name && name.text().equals(champion);
    if (isItself && model.get("version") instanceof YamlNode.Scalar) {
      problems.add(
          model.nodeOf("shadow-of"),
          "'shadow-of' names the model itself, which has one version; write version: { path: ... }"
              + " to compare its versions, or name another model");
      return null;
    }
    return champion;
  }

  private static List<Duration> performanceWindows(@Nullable Section performance) {
    List<Duration> windows =
        performance == null ? List.of() : performance.durations("windows", "[7d]");
    return windows.isEmpty() ? ModelConfig.DEFAULT_PERFORMANCE_WINDOWS : windows;
  }

  private static Duration driftWindow(@Nullable Section drift) {
    Duration window = drift == null ? null : drift.duration("window", false);
    return window == null ? ModelConfig.DEFAULT_DRIFT_WINDOW : window;
  }

  private AlarmConfig alarms(@Nullable Section drift, @Nullable Section performance) {
    AlarmConfig defaults = AlarmConfig.DEFAULT;
    return new AlarmConfig(
        tolerance(drift, defaults.tolerance()),
        every(drift, "false-alarm-every", "windows", defaults.falseAlarmEvery()),
        every(drift, "errors-false-alarm-every", "rows", defaults.errorsFalseAlarmEvery()),
        objective(performance));
  }

  private double tolerance(@Nullable Section drift, double otherwise) {
    double tolerance = drift == null ? Double.NaN : drift.number("tolerance");
    if (drift != null && (tolerance < 0 || tolerance >= 1)) {
      problems.add(
          drift.nodeOf("tolerance"),
          "'tolerance' must be a PSI from 0 to below 1, not "
              + tolerance
              + "; write one such as 0.02");
      return otherwise;
    }
    return Double.isNaN(tolerance) ? otherwise : tolerance;
  }

  private double every(@Nullable Section drift, String key, String what, double otherwise) {
    int every = drift == null ? 0 : drift.count(key);
    if (drift != null && every == 1) {
      problems.add(
          drift.nodeOf(key),
          "'" + key + "' of 1 is an alarm all the time; write more " + what + ", such as 1000");
    }
    return every < 2 ? otherwise : every;
  }

  private AlarmConfig.@Nullable Objective objective(@Nullable Section performance) {
    String text = performance == null ? null : performance.text("objective");
    if (performance == null || text == null) {
      return null;
    }
    try {
      return AlarmConfig.Objective.parse(text);
    } catch (IllegalArgumentException e) {
      problems.add(
          performance.nodeOf("objective"), "'objective': " + String.valueOf(e.getMessage()));
      return null;
    }
  }
}
