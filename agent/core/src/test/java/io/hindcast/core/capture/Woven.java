package io.hindcast.core.capture;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.model.ValuePath;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A planner and the calls of one method, as woven code would make them, without weaving. */
final class Woven {
  final List<RowSource> sources = new CopyOnWriteArrayList<>();
  final ByteArrayOutputStream said = new ByteArrayOutputStream();
  final List<Throwable> seenFaults = new CopyOnWriteArrayList<>();
  final CaptureFaults faults = new CaptureFaults((place, fault) -> seenFaults.add(fault));
  final LabelQueue labels = new LabelQueue();
  final CapturePlanner planner;

  Woven(ModelConfig... models) {
    this(AgentConfig.DEFAULT_QUEUE_BYTES, models);
  }

  Woven(long queueBytes, ModelConfig... models) {
    this(new AgentConfig(null, List.of(models), AgentConfig.DEFAULT_STORE_BYTES, queueBytes));
  }

  static Woven countingNested(ModelConfig... models) {
    return new Woven(
        new AgentConfig(
            null,
            List.of(models),
            AgentConfig.DEFAULT_STORE_BYTES,
            AgentConfig.DEFAULT_QUEUE_BYTES,
            AgentConfig.DEFAULT_CPU_SHARE,
            true));
  }

  static Woven configured(AgentConfig config) {
    return new Woven(config);
  }

  private Woven(AgentConfig config) {
    planner =
        new CapturePlanner(
            config,
            new PoolBudget(config.queueBytes(), config.models().size()),
            labels,
            sources::add,
            () -> {},
            faults,
            new AgentLog(new PrintStream(said, true), AgentLog.Level.INFO),
            Clock.systemUTC(),
            type -> {});
  }

  static MethodSite site(String model, MethodSite.Parameter... parameters) {
    return new MethodSite(
        model, model, null, null, null, "com.acme.Model", "predict", true, List.of(parameters));
  }

  static MethodSite.Parameter parameter(String name) {
    return new MethodSite.Parameter(name, MethodSite.Role.FEATURE, null);
  }

  static MethodSite.Parameter id(String name) {
    return new MethodSite.Parameter(name, MethodSite.Role.ID, null);
  }

  Call method(MethodSite site, Class<?> result, Class<?>... parameters) {
    return new Call(planner.predict(site), result, parameters);
  }

  /** One woven method. */
  static final class Call {
    final MethodHandle enter;
    private final SiteHooks hooks;
    private final Class<?> result;
    private @Nullable MethodHandle exit;

    Call(SiteHooks hooks, Class<?> result, Class<?>... parameters) {
      this.hooks = hooks;
      this.result = result;
      this.enter = hooks.enter(MethodType.methodType(long.class, parameters));
    }

    long enter(@Nullable Object... arguments) {
      return invoke(enter, arguments) instanceof Long token ? token : 0;
    }

    void exit(long token, @Nullable Object answer) {
      exit(token, answer, null);
    }

    void fail(long token, Throwable thrown) {
      exit(token, defaultOf(result), thrown);
    }

    private void exit(long token, @Nullable Object answer, @Nullable Throwable thrown) {
      if (result == void.class) {
        invoke(exit(), token, thrown);
      } else {
        invoke(exit(), token, answer, thrown);
      }
    }

    MethodHandle exit() {
      MethodHandle linked = exit;
      if (linked == null) {
        MethodType type = MethodType.methodType(void.class, long.class);
        if (result != void.class) {
          type = type.appendParameterTypes(result);
        }
        linked = hooks.exit(type.appendParameterTypes(Throwable.class));
        exit = linked;
      }
      return linked;
    }

    /** The whole call. */
    void call(@Nullable Object answer, @Nullable Object... arguments) {
      exit(enter(arguments), answer);
    }
  }

  static @Nullable Object defaultOf(Class<?> type) {
    return type.isPrimitive() && type != void.class
        ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0)
        : null;
  }

  static @Nullable Object invoke(MethodHandle handle, @Nullable Object... arguments) {
    try {
      return handle.invokeWithArguments(Arrays.asList(arguments));
    } catch (Throwable escaped) {
      throw new AssertionError("a hook threw", escaped);
    }
  }

  List<Seen> drain() {
    var rows = new ArrayList<Seen>();
    for (RowSource source : sources) {
      source.drain(row -> rows.add(Seen.of(row)));
    }
    return rows;
  }

  Seen only() {
    List<Seen> rows = drain();
    if (rows.size() != 1) {
      throw new AssertionError("not one row: " + rows);
    }
    return rows.get(0);
  }

  @Nullable Object @Nullable [] latest() {
    return (Object[]) invoke(planner.api("latest"));
  }

  static ValuePath path(String text) {
    int end = 0;
    ValuePath.Root root;
    int argument = 0;
    if (text.startsWith("args[")) {
      end = text.indexOf(']') + 1;
      root = ValuePath.Root.ARGUMENT;
      argument = Integer.parseInt(text.substring(5, end - 1));
    } else if (text.startsWith("return")) {
      end = 6;
      root = ValuePath.Root.RETURN;
    } else {
      end = 4;
      root = ValuePath.Root.THIS;
    }
    var steps = new ArrayList<ValuePath.Step>();
    var matcher =
        java.util.regex.Pattern.compile("\\.([^.\\[]+)|\\[(\\d+)]|\\[(\\*)]")
            .matcher(text.substring(end));
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        steps.add(new ValuePath.Step.Name(matcher.group(1)));
      } else if (matcher.group(2) != null) {
        steps.add(new ValuePath.Step.Element(Integer.parseInt(matcher.group(2))));
      } else {
        steps.add(new ValuePath.Step.EachRow());
      }
    }
    return new ValuePath(text, root, argument, steps);
  }

  /** A model of the configuration, built step by step. */
  static final class Model {
    private final String name;
    ModelConfig.@Nullable Version version;
    @Nullable Task task;
    @Nullable ValuePath id;
    @Nullable ValuePath from;
    List<String> names = List.of();
    Map<String, ValuePath> paths = new LinkedHashMap<>();
    Set<String> categorical = Set.of();
    Set<String> exclude = Set.of();
    ModelConfig.Output output = ModelConfig.Output.DEFAULT;
    @Nullable ValuePath labelId;
    @Nullable ValuePath labelActual;

    Model(String name) {
      this.name = name;
    }

    static ModelConfig.Output output(
        @Nullable String score,
        @Nullable String value,
        @Nullable String predicted,
        @Nullable String scores,
        String... classes) {
      return new ModelConfig.Output(
          score == null ? null : path(score),
          value == null ? null : path(value),
          predicted == null ? null : path(predicted),
          scores == null ? null : path(scores),
          "1",
          "0",
          0.5,
          List.of(classes),
          false);
    }

    static ModelConfig.Output binary(String positive, String negative, String... classes) {
      return new ModelConfig.Output(
          null, null, null, null, positive, negative, 0.5, List.of(classes), true);
    }

    ModelConfig build() {
      return new ModelConfig(
          name,
          version,
          task,
          List.of(),
          id,
          new ModelConfig.Features(from, names, paths, categorical, exclude),
          output,
          new ModelConfig.Reference.Learn(1000),
          new ModelConfig.Labels(List.of(), labelId, labelActual, Duration.ofHours(24), null),
          List.of(),
          Duration.ofHours(1));
    }
  }

  /** A copy of a row. */
  record Seen(
      ModelKey key,
      Task task,
      List<String> names,
      List<@Nullable Object> features,
      String id,
      int callRows,
      long durationNanos,
      boolean isRow,
      @Nullable String errorType,
      double score,
      @Nullable String predicted,
      double confidence,
      List<Double> probabilities,
      List<String> classes,
      long predictedAtMillis) {
    static Seen of(Row row) {
      var features = new ArrayList<@Nullable Object>();
      for (int i = 0; i < row.features; i++) {
        Object category = row.categories[i];
        if (category == Row.WRONG_TYPE) {
          features.add("WRONG_TYPE");
        } else if (category == Row.NOT_KNOWN) {
          features.add("NOT_KNOWN");
        } else if (category != null) {
          features.add(category);
        } else {
          features.add(Double.isNaN(row.numbers[i]) ? null : (Object) row.numbers[i]);
        }
      }
      List<Double> probabilities =
          Arrays.stream(row.probabilities, 0, row.probabilityCount).boxed().toList();
      return new Seen(
          row.key,
          row.task,
          row.schema.names(),
          features,
          row.idText(),
          row.callRows,
          row.durationNanos,
          row.isRow,
          row.errorType,
          row.score,
          row.predicted,
          row.confidence,
          probabilities,
          row.probabilityCount == 0 ? List.of() : row.classes,
          row.predictedAtMillis);
    }
  }
}
