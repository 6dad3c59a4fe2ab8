package io.hindcast.core.monitor;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ModelFixture;
import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.MemoryLabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.reference.ReferenceStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Plays rows and labels through an engine, and finds things in its snapshots. */
final class Play {
  /** A UTC midnight. */
  static final long T0 = 1_800_057_600_000L;

  static final ModelKey KEY = new ModelKey("m", "1");

  final ByteArrayOutputStream said = new ByteArrayOutputStream();
  final Engine engine;
  final Row row = new Row();
  long now = T0;
  private int next;

  Play(ModelConfig... models) {
    this(ReferenceStore.NONE, AgentConfig.DEFAULT_STORE_BYTES, models);
  }

  Play(ReferenceStore references, long storeBytes, ModelConfig... models) {
    this(references, new MemoryLabelStore(storeBytes), T0, models);
  }

  /** Goes on with what the store holds. */
  Play(ReferenceStore references, LabelStore store, long now, ModelConfig... models) {
    this.now = now;
    engine =
        new Engine(
            new AgentConfig(
                null,
                List.of(models),
                AgentConfig.DEFAULT_STORE_BYTES,
                AgentConfig.DEFAULT_QUEUE_BYTES),
            references,
            store,
            () -> new byte[32],
            null,
            new AgentLog(new PrintStream(said, true), AgentLog.Level.WARN),
            now);
    engine.restore(now);
    row.key = KEY;
    row.isRow = true;
    row.callRows = 1;
    row.durationNanos = 1_500;
    row.confidence = Double.NaN;
    row.score = Double.NaN;
  }

  static ModelConfig model(ModelConfig.Reference reference) {
    return model(reference, Duration.ofHours(24), null);
  }

  static ModelConfig model(
      ModelConfig.Reference reference, Duration timeToLive, Duration maturity) {
    return ModelFixture.named("m").reference(reference).labels(timeToLive, maturity).config();
  }

  static ModelConfig scoring(ModelConfig of, ScoringConfig scoring) {
    return ModelFixture.like(of).scoring(scoring).config();
  }

  Play features(String... names) {
    row.schema = new FeatureSchema(List.of(names));
    row.features = names.length;
    row.numbers = new double[names.length];
    row.categories = new Object[names.length];
    return this;
  }

  /** A Double, a String, null, or {@link Row#WRONG_TYPE}, for each feature. */
  Play values(Object... values) {
    for (int i = 0; i < values.length; i++) {
      boolean isNumber = values[i] instanceof Number;
      row.numbers[i] = isNumber ? ((Number) values[i]).doubleValue() : Double.NaN;
      row.categories[i] = isNumber ? null : values[i];
    }
    return this;
  }

  /** A binary row, whose id is returned. */
  String score(double score) {
    row.task = Task.BINARY;
    row.score = score;
    return accept();
  }

  String binaryClass(String predicted) {
    row.task = Task.BINARY;
    row.score = Double.NaN;
    row.predicted = predicted;
    return accept();
  }

  String value(double value) {
    row.task = Task.REGRESSION;
    row.score = value;
    return accept();
  }

  String predicted(String predicted) {
    row.task = Task.MULTICLASS;
    row.score = Double.NaN;
    row.predicted = predicted;
    return accept();
  }

  String accept() {
    return accept("id" + next++);
  }

  String accept(String id) {
    row.id = id;
    row.predictedAtMillis = now;
    engine.accept(row, now);
    return id;
  }

  void label(String id, Object actual) {
    label(new LabelEvent(null, id, actual, null, 0, false, false, null));
  }

  void label(LabelEvent event) {
    engine.label(event, now);
  }

  void pass(Duration time) {
    now += time.toMillis();
    engine.tick(now);
  }

  ModelSnapshot snapshot() {
    return engine.snapshot(now).models().get(0);
  }

  static ModelSnapshot.Performance measure(ModelSnapshot of, String measure, String window) {
    return measure(of, measure, window, null);
  }

  static ModelSnapshot.Performance measure(
      ModelSnapshot of, String measure, String window, String className) {
    return of.performance().stream()
        .filter(
            p ->
                p.measure().equals(measure)
                    && p.window().equals(window)
                    && java.util.Objects.equals(p.className(), className))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + measure + " in " + of.performance()));
  }

  static Map<String, Long> bins(ModelSnapshot of, String feature) {
    return feature(of, feature).bins().stream()
        .collect(
            Collectors.toMap(
                ModelSnapshot.Bin::bin,
                ModelSnapshot.Bin::count,
                Long::sum,
                java.util.LinkedHashMap::new));
  }

  static ModelSnapshot.Feature feature(ModelSnapshot of, String name) {
    return of.features().stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
  }

  static ModelSnapshot.Output output(ModelSnapshot of, String name) {
    return of.outputs().stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
  }

  static ModelSnapshot.Drift drift(ModelSnapshot of, String name) {
    return of.drift().stream().filter(d -> d.name().equals(name)).findFirst().orElseThrow();
  }

  static ModelSnapshot.Confusion cell(ModelSnapshot of, String actual, String predicted) {
    return of.confusion().stream()
        .filter(c -> c.actual().equals(actual) && c.predicted().equals(predicted))
        .findFirst()
        .orElseThrow();
  }
}
