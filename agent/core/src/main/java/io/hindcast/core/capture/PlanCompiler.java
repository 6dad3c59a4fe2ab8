package io.hindcast.core.capture;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Segments;
import io.hindcast.core.model.Task;
import io.hindcast.core.model.ValuePath;
import java.io.IOException;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.nio.Buffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is captured of one method, from its types, its annotations and the configuration,
 * and in which shape.
 *
 * <p>Features are, in this order: the configured paths; the values in {@code from}; else all
 * parameters but the id, the segments and what the output or the version is read from. Of several
 * parameters the scalar ones are features by their own names, and arrays, lists, maps and records
 * give theirs, with the parameter's name before it where a name is taken. {@code names} belong to
 * the one value that holds a row, else to the parameters in order. A parameter of any other class
 * is no feature: its values need paths.
 */
final class PlanCompiler {
  private final MethodSite site;
  private final ModelConfig config;
  private final Object key;
  private final Shared shared;

  /**
   * Of the class that is watched; empty for the boot loader, and where nobody said it. Weak, since
   * this is kept by loader, and would keep it.
   */
  private WeakReference<@Nullable ClassLoader> watched = new WeakReference<>(null);

  private final SiteFaults faults;

  /** Of the plan that is compiled. */
  private volatile LongSupplier rowsRead = () -> 0;

  PlanCompiler(MethodSite site, ModelConfig config, Object key, Shared shared) {
    this.site = site;
    this.config = config;
    this.key = key;
    this.shared = shared;
    this.faults = new SiteFaults(shared.faults, site(), () -> rowsRead.getAsLong(), shared.log);
  }

  /** What all plans of a planner use. */
  record Shared(
      ThreadCalls threads,
      CaptureFaults faults,
      PredictionIds ids,
      Members members,
      PlanPools.Factory pools,
      Function<String, RowSampling> samplings,
      Clock clock,
      AgentLog log,
      ExemplarFilter exemplars,
      boolean makesReceipts,
      Consumer<Class<?>> opener) {}

  /**
   * A plan and what links it.
   *
   * @param rows how many rows a call has, as far as the types tell
   */
  record Compiled(
      MethodType type,
      PredictPlan plan,
      MethodHandle enter,
      Rows rows,
      @Nullable ValuePath output) {

    /** When what the method answers can be read. */
    Arrival arrival(Class<?> result) {
      return Suspension.isIn(type) ? Arrival.NOT_FOLLOWED : Arrival.of(result);
    }
  }

  /** What types tell about the number of rows of a call. */
  enum Rows {
    ONE,
    BATCH,
    EITHER
  }

  void loader(@Nullable ClassLoader ofSite) {
    watched = new WeakReference<>(ofSite);
  }

  String site() {
    return site.className() + "#" + site.methodName();
  }

  /** Rows outlive the compilation that this must not keep. */
  private static Consumer<String> warningsOf(String site, AgentLog log) {
    return reason -> log.warn(site + ": " + reason);
  }

  Compiled compile(MethodType type) throws ReflectiveOperationException, IOException {
    return new Compilation(type).compile();
  }

  /** The state of one compilation. */
  private final class Compilation {
    private final MethodType type;
    private final int firstParameter;
    private final SpanReader spans = new SpanReader(watched.get(), shared.opener);
    private final Places places = new Places(excluded(), warningsOf(site(), shared.log));
    private final List<EntryClass.Step> steps = new ArrayList<>();
    private final List<ValueStep> values = new ArrayList<>();
    private final List<ValueStep> exitValues = new ArrayList<>();

    private @Nullable Primary primary;
    private int primaryArgument = -1;
    private Rows rows = Rows.ONE;

    /** Whether every name is known before the first row. */
    private boolean isComplete = true;

    private boolean startsMissing;
    private boolean isGuarded;
    private boolean hasReferences;
    private boolean ownIds;

    private RowChoice choice = RowChoice.GENERATED;

    /** The argument that holds the ids; −1 if there is none. */
    private int idArgument = -1;

    Compilation(MethodType type) {
      this.type = type;
      this.firstParameter = site.isStatic() ? 0 : 1;
      if (type.parameterCount() != firstParameter + site.parameters().size()) {
        throw new IllegalArgumentException(
            type + " has not the parameters of " + site.parameters());
      }
    }

    Compiled compile() throws ReflectiveOperationException, IOException {
      ModelConfig.Features features = config.features();
      if (!features.paths().isEmpty()) {
        featuresByPath(features.paths());
      } else if (features.from() != null) {
        featuresFrom(features.from());
      } else {
        featuresOfParameters();
      }
      if (primary == null && places.size() == 0 && !site.parameters().isEmpty()) {
        shared.log.warn(
            site()
                + ": no parameter is a feature, so only counts and outputs are measured;"
                + " name the values of objects under features.paths");
      }
      id();
      @Nullable String fixedVersion = version();
      ValuePath output = outputPath();
      if (output != null && output.root() != ValuePath.Root.RETURN) {
        output = outputRoot(output) ? output : null;
      }
      RowSampling sampling = shared.samplings.apply(site.model());
      var captured =
          new CapturedRows(
              sampling,
              fixedVersion,
              knownVersion(),
              places,
              config.features().categorical(),
              config.output().positive(),
              config.output().negative(),
              config.output().classes(),
              shared.ids,
              shared.faults,
              shared.clock,
              new Exemplars(shared.exemplars),
              new LostSlots(site.className(), site.methodName()),
              segments());
      rowsRead = captured::rowsRead;
      captured.faultsOf(faults);
      captured.loader(watched.get());
      var plan =
          new PredictPlan(
              site.model(),
              "capture of " + site.model(),
              ThreadCalls.entry(key, site(), site.model()),
              shared.threads,
              faults,
              new PlanReads(
                  faults, values.size() + exitValues.size(), "capture of " + site.model()),
              new PlanPools(shared.pools, captured, hasReferences),
              captured,
              sampling,
              choice,
              primary,
              values.toArray(new ValueStep[0]),
              exitValues.toArray(new ValueStep[0]),
              primary == null
                  || primary.isTheArgument()
                      && !RowCount.mayBeBatch(type.parameterType(primaryArgument)),
              startsMissing,
              isGuarded,
              ownIds,
              shared.makesReceipts,
              PlanCompiler.this::sayNotFollowed,
              spans,
              new PredictPlan.State());
      if (isComplete) {
        plan.pools().open(places.size());
      }
      MethodHandle enter = EntryClass.link(plan, type, primaryArgument, idArgument, steps);
      if (Suspension.isIn(type)) {
        enter = Suspension.of(site).firstCallsOf(enter);
      }
      return new Compiled(type, plan, enter, rows, output);
    }

    private void featuresByPath(Map<String, ValuePath> paths) {
      for (Map.Entry<String, ValuePath> feature : paths.entrySet()) {
        int argument = argumentOf(feature.getValue(), "feature " + feature.getKey());
        int place = places.of(paths, "", feature.getKey());
        if (place >= 0 && argument >= 0) {
          feature(argument, feature.getValue(), place);
        }
      }
    }

    /** Whether a path steps on from a primitive value; said, if it does. */
    private boolean leadsNowhere(Class<?> root, ValuePath path) {
      boolean isDeadEnd = root.isPrimitive() && !path.steps().isEmpty();
      if (isDeadEnd) {
        shared.log.warn(site() + ": " + path.text() + " leads nowhere, its argument is a " + root);
      }
      return isDeadEnd;
    }

    private void feature(int argument, ValuePath path, int place) {
      if (leadsNowhere(type.parameterType(argument), path)) {
        return;
      }
      if (type.parameterType(argument).isPrimitive() && path.steps().isEmpty()) {
        primitive(argument, place);
        return;
      }
      isGuarded = true;
      hasReferences = true;
      if (Times.isTime(
          PathReader.typeOf(path.steps(), type.parameterType(argument), shared.members))) {
        places.time(place);
      }
      int star = eachRow(path);
      if (star < 0) {
        value(argument, new ValueStep.Feature(reader(path.steps()), place));
        return;
      }
      PathReader prefix = reader(path.steps().subList(0, star));
      PathReader suffix = reader(path.steps().subList(star + 1, path.steps().size()));
      if (primary == null) {
        primary = new Primary(prefix, reader(List.of()), null, new RowCount(), 0);
        primaryArgument = argument;
        rows = Rows.BATCH;
      }
      value(argument, new ValueStep.FeatureOfEach(prefix, suffix, place));
    }

    private void featuresFrom(ValuePath from) {
      int argument = argumentOf(from, "features.from");
      if (argument < 0) {
        return;
      }
      String owner = from.text();
      if (from.root() == ValuePath.Root.ARGUMENT && from.steps().isEmpty()) {
        owner = site.parameters().get(from.argument()).name();
      }
      Class<?> root = type.parameterType(argument);
      if (leadsNowhere(root, from)) {
        return;
      }
      int star = eachRow(from);
      List<ValuePath.Step> before = star < 0 ? from.steps() : from.steps().subList(0, star);
      if (root.isPrimitive() && from.steps().isEmpty()) {
        List<String> names = config.features().names();
        scalar(argument, root, names.isEmpty() ? owner : names.get(0));
        return;
      }
      PathReader each =
          star < 0 ? null : reader(from.steps().subList(star + 1, from.steps().size()));
      Class<?> known = PathReader.typeOf(from.steps(), root, shared.members);
      rowsIn(argument, owner, reader(before), each, star < 0 ? known : Object.class);
    }

    /** One value holds all features of a row, or of each row. */
    private void rowsIn(
        int argument, String owner, PathReader prefix, @Nullable PathReader each, Class<?> known) {
      var writer =
          new RowWriter(owner, config.features().names(), true, places, shared.members, faults);
      Class<?> row = RowCount.isBatch(known) ? known.getComponentType() : known;
      isComplete = writer.prepare(row);
      hasReferences = !isPrimitiveNumbers(row);
      isGuarded = hasReferences || !prefix.isEmpty() || each != null;
      primary = new Primary(prefix, each, writer, new RowCount(), 0);
      primaryArgument = argument;
      rows = each != null ? Rows.BATCH : rowsOf(known);
    }

    private void featuresOfParameters() {
      List<Integer> candidates = new ArrayList<>();
      for (int i = 0; i < site.parameters().size(); i++) {
        if (isFeature(i)) {
          candidates.add(i);
        }
      }
      ValuePath output = outputPath();
      if (output != null && output.root() == ValuePath.Root.ARGUMENT && candidates.size() > 1) {
        candidates.remove((Integer) output.argument());
      }
      if (candidates.size() == 1) {
        int only = candidates.get(0);
        Class<?> known = type.parameterType(firstParameter + only);
        if (!isScalar(known)) {
          rowsIn(
              firstParameter + only,
              site.parameters().get(only).name(),
              reader(List.of()),
              null,
              known);
          return;
        }
      }
      severalParameters(candidates);
    }

    private void severalParameters(List<Integer> candidates) {
      List<String> names = config.features().names();
      List<Integer> containers = new ArrayList<>();
      for (int i : candidates) {
        // Beside others an optional is taken for one value, so that it has its name from the start.
        Class<?> known = type.parameterType(firstParameter + i);
        if (!isScalar(known) && known != Optional.class) {
          containers.add(i);
        }
      }
      boolean namesAreOfContainer = containers.size() == 1;
      int ordinal = 0;
      for (int i : candidates) {
        String name = site.parameters().get(i).name();
        if (!containers.contains(i)) {
          if (!namesAreOfContainer && ordinal < names.size()) {
            name = names.get(ordinal);
          }
          scalar(firstParameter + i, type.parameterType(firstParameter + i), name);
        }
        ordinal++;
      }
      if (!containers.isEmpty()) {
        containersBeside(containers, namesAreOfContainer ? names : List.of());
      }
    }

    private void containersBeside(List<Integer> containers, List<String> names) {
      startsMissing = true;
      isGuarded = true;
      hasReferences |= containers.size() > 1; // what the others hold is not known beforehand
      int demand = places.size();
      var writers = new ArrayList<RowWriter>();
      int first = containers.get(0);
      for (int i : containers) {
        Class<?> known = type.parameterType(firstParameter + i);
        if (RowCount.mayBeBatch(known)
            && !RowCount.mayBeBatch(type.parameterType(firstParameter + first))) {
          first = i;
        }
        var writer =
            new RowWriter(
                site.parameters().get(i).name(), names, false, places, shared.members, faults);
        Class<?> row = RowCount.isBatch(known) ? known.getComponentType() : known;
        if (!writer.prepare(row)) {
          isComplete = false;
          // What the others will bring is guessed; only the first is measured.
          demand += 16;
        }
        hasReferences |= !isPrimitiveNumbers(row);
        writers.add(writer);
      }
      if (!isComplete) {
        demand = Math.max(demand - 16, places.size());
      }
      for (int at = 0; at < containers.size(); at++) {
        int i = containers.get(at);
        Class<?> known = type.parameterType(firstParameter + i);
        if (i == first) {
          primary = new Primary(reader(List.of()), null, writers.get(at), new RowCount(), demand);
          primaryArgument = firstParameter + i;
          rows = rowsOf(known);
        } else {
          value(firstParameter + i, new ValueStep.Features(writers.get(at), new RowCount()));
        }
      }
    }

    private boolean isFeature(int parameter) {
      MethodSite.Parameter described = site.parameters().get(parameter);
      if (described.role() != MethodSite.Role.FEATURE
          || config.features().exclude().contains(described.name())
          || isIdOf(config.id(), parameter)
          || SegmentPlan.isSegment(config.scoring().segments(), parameter)
          || config.version() instanceof ModelConfig.Version.At at
              && isExactly(at.path(), parameter)) {
        return false;
      }
      Class<?> known = type.parameterType(firstParameter + parameter);
      if (isScalar(known) || Elements.isRow(known) || isUndecided(known)) {
        return true;
      }
      String said = site() + ": parameter " + described.name();
      if (ReadOnce.is(known)) {
        shared.log.warn(said + " is no feature: " + ReadOnce.reason(known));
      } else {
        shared.log.info(
            said
                + " of "
                + known.getName()
                + " is no feature; name its values by path to capture them");
      }
      return false;
    }

    /** The id, or the ids of the rows. */
    private static boolean isIdOf(@Nullable ValuePath path, int parameter) {
      return path != null
          && path.root() == ValuePath.Root.ARGUMENT
          && path.argument() == parameter
          && rowOf(path.steps()).isEmpty();
    }

    private static boolean isExactly(@Nullable ValuePath path, int parameter) {
      return path != null
          && path.root() == ValuePath.Root.ARGUMENT
          && path.argument() == parameter
          && path.steps().isEmpty();
    }

    private void scalar(int argument, Class<?> known, String name) {
      int place =
          places.of(argument, site.parameters().get(argument - firstParameter).name(), name);
      if (place == Places.EXCLUDED) {
        return;
      }
      if (place < 0) {
        shared.log.warn(site() + ": no room for feature " + name);
        return;
      }
      if (known.isPrimitive()) {
        primitive(argument, place);
      } else {
        hasReferences |= !Number.class.isAssignableFrom(known);
        isGuarded |= Date.class.isAssignableFrom(known);
        if (Times.isTime(known)) {
          places.time(place);
        }
        value(argument, new ValueStep.Feature(reader(List.of()), place));
      }
    }

    private void primitive(int argument, int place) {
      Class<?> known = type.parameterType(argument);
      EntryClass.Operation operation = EntryClass.Operation.NUMBER;
      if (known == boolean.class) {
        operation = EntryClass.Operation.FLAG;
        hasReferences = true;
      } else if (known == char.class) {
        operation = EntryClass.Operation.CHARACTER;
        hasReferences = true;
      }
      steps.add(new EntryClass.Step(argument, operation, place));
    }

    private void id() {
      ValuePath path = config.id();
      if (path != null && path.root() == ValuePath.Root.RETURN) {
        isGuarded = true;
        ValueStep step = idStep(path);
        exitValues.add(step);
        choice = new RowChoice(RowChoice.Ids.IN_RESULT, step);
        return;
      }
      if (path != null && path.root().isContext()) {
        contextId(path);
        return;
      }
      int argument = path == null ? annotatedId() : argumentOf(path, "id");
      if (argument < 0) {
        return;
      }
      Class<?> root = type.parameterType(argument);
      List<ValuePath.Step> way = path == null ? List.of() : path.steps();
      if (eachRow(way) < 0 && areIds(PathReader.typeOf(way, root, shared.members))) {
        isGuarded = true;
        ownIds = true;
        id(argument, new ValueStep.IdOfEach(reader(way), reader(List.of())));
        return;
      }
      if (path == null || way.isEmpty()) {
        if (isInteger(root)) {
          steps.add(new EntryClass.Step(argument, EntryClass.Operation.ID, 0));
          idArgument = argument;
          choice = new RowChoice(RowChoice.Ids.NUMBER, null);
        } else {
          isGuarded |= root != String.class;
          id(argument, new ValueStep.Id(reader(List.of())));
        }
        return;
      }
      isGuarded = true;
      id(argument, idStep(path));
    }

    /** Whether an id of this type is one for each row: a list may also be the id of one row. */
    private boolean areIds(Class<?> known) {
      return known.isArray() || rows != Rows.ONE && List.class.isAssignableFrom(known);
    }

    private void id(int argument, ValueStep step) {
      value(argument, step);
      idArgument = argument;
      choice =
          new RowChoice(
              step instanceof ValueStep.IdOfEach ? RowChoice.Ids.OF_ROWS : RowChoice.Ids.OF_CALL,
              step);
    }

    private void contextId(ValuePath path) {
      String key =
          !path.steps().isEmpty() && path.steps().get(0) instanceof ValuePath.Step.Name name
              ? name.name()
              : "";
      CallerContext.Reader reader =
          switch (path.root()) {
            case TRACE -> CallerContext.trace(spans, watched.get());
            case BAGGAGE -> CallerContext.baggage(spans, watched.get(), key);
            default -> CallerContext.mdc(watched.get(), key);
          };
      if (reader == null) {
        shared.log.warn(
            site()
                + ": id '"
                + path.text()
                + "' needs "
                + (path.root() == ValuePath.Root.MDC ? "SLF4J or Log4j" : "the OpenTelemetry API")
                + ", which the application does not have; ids are generated instead");
        return;
      }
      isGuarded = true;
      var step = new ValueStep.ContextId(reader);
      value(EntryClass.NO_ARGUMENT, step);
      choice = new RowChoice(RowChoice.Ids.OF_CALL, step);
    }

    private ValueStep idStep(ValuePath path) {
      int star = eachRow(path);
      if (star < 0) {
        return new ValueStep.Id(reader(path.steps()));
      }
      ownIds = true;
      return new ValueStep.IdOfEach(
          reader(path.steps().subList(0, star)),
          reader(path.steps().subList(star + 1, path.steps().size())));
    }

    private Segments segments() {
      var segments = new Segments(SegmentPlan.of(config.scoring().segments(), site));
      for (String name : SegmentPlan.leftOut(segments, site)) {
        shared.log.warn(
            site() + ": no room for segment " + name + ", a model has " + Segments.MOST);
      }
      for (int i = 0; i < segments.size(); i++) {
        ValuePath path = SegmentPlan.path(config.scoring().segments(), site, segments.name(i));
        if (path == null) {
          shared.log.warn(
              site()
                  + ": segment "
                  + segments.name(i)
                  + " has no value; give it a path, or a parameter @Segment(\""
                  + segments.name(i)
                  + "\")");
        }
        int argument = path == null ? -1 : argumentOf(path, "segment " + segments.name(i));
        if (path != null && argument >= 0) {
          isGuarded |= !path.steps().isEmpty();
          value(argument, segmentStep(path, segments, i));
        }
      }
      return segments;
    }

    private ValueStep segmentStep(ValuePath path, Segments segments, int index) {
      int star = eachRow(path);
      return star < 0
          ? new ValueStep.Segment(reader(path.steps()), segments, index)
          : new ValueStep.SegmentOfEach(
              reader(path.steps().subList(0, star)),
              reader(path.steps().subList(star + 1, path.steps().size())),
              segments,
              index);
    }

    private int annotatedId() {
      for (int i = 0; i < site.parameters().size(); i++) {
        if (site.parameters().get(i).role() == MethodSite.Role.ID) {
          return firstParameter + i;
        }
      }
      return -1;
    }

    /** The version of all rows, or null if each row carries its own. */
    private @Nullable String version() {
      if (config.version() instanceof ModelConfig.Version.Literal literal) {
        return literal.value();
      }
      if (config.version() instanceof ModelConfig.Version.At at) {
        if (at.path().root() == ValuePath.Root.RETURN) {
          isGuarded = true;
          exitValues.add(new ValueStep.Version(reader(at.path().steps())));
          return null;
        }
        int argument = argumentOf(at.path(), "version");
        if (argument >= 0) {
          isGuarded = true;
          value(argument, new ValueStep.Version(reader(at.path().steps())));
          return null;
        }
      }
      return knownVersion();
    }

    private boolean outputRoot(ValuePath path) {
      int argument = argumentOf(path, "output");
      if (argument < 0) {
        return false;
      }
      if (type.parameterType(argument).isPrimitive()) {
        shared.log.warn(site() + ": " + path.text() + " can hold no output");
        return false;
      }
      isGuarded = true;
      value(argument, new ValueStep.OutputRoot());
      return true;
    }

    private void value(int argument, ValueStep step) {
      steps.add(new EntryClass.Step(argument, EntryClass.Operation.VALUE, values.size()));
      values.add(step);
    }

    /** The argument that a path begins with; −1, and said, if there is none at entry. */
    private int argumentOf(ValuePath path, String what) {
      int argument =
          switch (path.root()) {
            case THIS -> firstParameter - 1;
            case ARGUMENT ->
                path.argument() < site.parameters().size() ? firstParameter + path.argument() : -1;
            default -> -1;
          };
      if (argument < 0) {
        shared.log.warn(site() + ": " + what + " has no value at " + path.text());
      }
      return argument;
    }

    private PathReader reader(List<ValuePath.Step> path) {
      return PathReader.of(path, shared.members, shared.faults);
    }
  }

  /**
   * Reads the output of the type that the method turned out to have.
   *
   * @param result {@code void.class} if there is none
   */
  void compileOutput(Compiled compiled, Class<?> result) {
    PredictPlan plan = compiled.plan();
    Arrival arrival = compiled.arrival(result);
    if (arrival == Arrival.NOT_FOLLOWED) {
      plan.rows().task(Task.INPUTS_ONLY);
      plan.exit(CallExit.of(plan, null, false));
      sayNotFollowed(result);
      return;
    }
    CallExit exit =
        exit(
            compiled,
            switch (arrival) {
              case LATER -> StageType.of(site.signature());
              case UNDECIDED -> Object.class;
              default -> result;
            });
    plan.exit(exit);
    if (arrival != Arrival.AT_RETURN) {
      plan.exit(new LaterExit(exit, new PendingCalls(faults)));
    }
  }

  private void sayNotFollowed(Class<?> result) {
    // Of the types that are not followed only a suspend function's is Object.
    shared.log.warn(
        site()
            + (result == Object.class
                ? " is a suspend function, which is"
                : " answers a " + result.getName() + ", which is")
            + " not followed: its calls are counted and timed until they return, and its"
            + " inputs are measured, but no output; name the method that makes the value, or one"
            + " that answers a CompletionStage");
  }

  private CallExit exit(Compiled compiled, Class<?> result) {
    ValuePath path = compiled.output;
    List<ValuePath.Step> outputSteps = path == null ? List.of() : path.steps();
    boolean isArgument = path != null && path.root() != ValuePath.Root.RETURN;
    if (path != null && !isArgument && hasNothing(result, outputSteps)) {
      shared.log.warn(
          site() + ": output has no value at " + path.text() + ", it returns " + result.getName());
    }
    int star = path == null ? -1 : eachRow(path);
    List<ValuePath.Step> before = star < 0 ? outputSteps : outputSteps.subList(0, star);
    PathReader prefix = PathReader.of(before, shared.members, shared.faults);
    PathReader each =
        star < 0
            ? null
            : PathReader.of(
                outputSteps.subList(star + 1, outputSteps.size()), shared.members, shared.faults);
    Task told = toldTask();
    boolean isTold = told != null;
    Task task = isTold ? told : taskOf(result, compiled.rows);
    if (!isTold && path == null && isOpaque(result)) {
      shared.log.warn(
          site()
              + " answers a "
              + result.getTypeName()
              + ", in which no output is known; name it, as in output: { score: return.score }");
    }
    CapturedRows captured = compiled.plan.rows();
    if (task != null) {
      captured.task(task);
    } else if (isFloats(result)) {
      captured.expect(Task.MULTICLASS);
    }
    return CallExit.of(
        compiled.plan, new OutputReader(prefix, each, config.output(), task, isTold), isArgument);
  }

  /** Whether values of a type are no output, and hold none but by path. */
  private static boolean isOpaque(Class<?> result) {
    boolean mayBeOutput =
        result == void.class
            || isScalar(result)
            || isUndecided(result)
            || Elements.isRow(result)
            || Number.class.isAssignableFrom(result);
    return !mayBeOutput || result.isRecord() || Map.class.isAssignableFrom(result);
  }

  private static boolean hasNothing(Class<?> result, List<ValuePath.Step> path) {
    return result == void.class || (!path.isEmpty() && Elements.isScalar(result));
  }

  /** What the configuration says, else the annotation. */
  private @Nullable Task toldTask() {
    ModelConfig.Output output = config.output();
    if (config.task() != null) {
      return config.task();
    }
    if (output.score() != null || output.saysBinary()) {
      return Task.BINARY;
    }
    if (output.value() != null) {
      return Task.REGRESSION;
    }
    if (output.predicted() != null || output.scores() != null) {
      return Task.MULTICLASS;
    }
    for (Task task : Task.values()) {
      if (task.name().equals(site.annotatedTask())) {
        return task;
      }
    }
    return null;
  }

  private static @Nullable Task taskOf(Class<?> result, Rows rows) {
    if (Elements.isScalar(result)) {
      return rows == Rows.BATCH ? Task.INPUTS_ONLY : OutputReader.taskOf(result);
    }
    if (!result.isArray()) {
      return OutputReader.taskOf(result);
    }
    Class<?> component = result.getComponentType();
    return switch (rows) {
      case ONE -> isFloats(result) || !component.isPrimitive() ? null : Task.INPUTS_ONLY;
      case BATCH -> Elements.isScalar(component) ? OutputReader.taskOf(component) : null;
      case EITHER -> null;
    };
  }

  private static boolean isFloats(Class<?> type) {
    return type == double[].class
        || type == float[].class
        || type == double[][].class
        || type == float[][].class;
  }

  private @Nullable ValuePath outputPath() {
    ModelConfig.Output output = config.output();
    for (ValuePath path :
        new @Nullable ValuePath[] {
          output.score(), output.value(), output.predicted(), output.scores()
        }) {
      if (path != null) {
        return path;
      }
    }
    return null;
  }

  private String knownVersion() {
    String annotated = site.annotatedVersion();
    if (annotated != null && !annotated.isEmpty()) {
      return annotated;
    }
    String implementation = site.implementationVersion();
    return implementation != null && !implementation.isEmpty()
        ? implementation
        : ModelKey.UNKNOWN_VERSION;
  }

  /** An id inside the row is no feature of it. */
  private java.util.Set<String> excluded() {
    ModelConfig.Features features = config.features();
    ValuePath id = config.id();
    if (id == null
        || id.steps().isEmpty()
        || id.root() != ValuePath.Root.ARGUMENT
        || !(id.steps().get(id.steps().size() - 1) instanceof ValuePath.Step.Name name)
        || !features.paths().isEmpty()
        || features.names().contains(name.name())) {
      return features.exclude();
    }
    ValuePath from = features.from();
    boolean isInRow =
        from == null
            ? rowOf(id.steps().subList(0, id.steps().size() - 1)).isEmpty()
            : from.root() == id.root()
                && from.argument() == id.argument()
                && rowOf(from.steps()).equals(rowOf(id.steps().subList(0, id.steps().size() - 1)));
    if (!isInRow) {
      return features.exclude();
    }
    var all = new java.util.HashSet<>(features.exclude());
    all.add(name.name());
    return all;
  }

  /** A path to a row, or to each row: without the step that makes the difference. */
  private static List<ValuePath.Step> rowOf(List<ValuePath.Step> steps) {
    int last = steps.size() - 1;
    return last >= 0 && steps.get(last) instanceof ValuePath.Step.EachRow
        ? steps.subList(0, last)
        : steps;
  }

  private static int eachRow(ValuePath path) {
    return eachRow(path.steps());
  }

  private static int eachRow(List<ValuePath.Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i) instanceof ValuePath.Step.EachRow) {
        return i;
      }
    }
    return -1;
  }

  private static Rows rowsOf(Class<?> type) {
    if (RowCount.isBatch(type)) {
      return Rows.BATCH;
    }
    return RowCount.mayBeBatch(type) ? Rows.EITHER : Rows.ONE;
  }

  private static boolean isScalar(Class<?> type) {
    return Elements.isScalar(type)
        || type == CharSequence.class
        || Optionals.isOfNumber(type)
        || Times.isTime(type);
  }

  /** Types that say nothing of what their values hold. */
  private static boolean isUndecided(Class<?> type) {
    return type == Object.class
        || type == Comparable.class
        || type == Serializable.class
        || type == Collection.class
        || type == Iterable.class
        || type == Optional.class;
  }

  private static boolean isInteger(Class<?> type) {
    return type == int.class || type == long.class || type == short.class || type == byte.class;
  }

  private static boolean isPrimitiveNumbers(Class<?> type) {
    return Buffer.class.isAssignableFrom(type) && Elements.isRow(type)
        || type.isArray()
            && type.getComponentType().isPrimitive()
            && type.getComponentType() != boolean.class
            && type.getComponentType() != char.class;
  }
}
