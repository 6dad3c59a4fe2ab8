package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.join.MemoryLabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import io.hindcast.core.reference.ReferenceStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Models that share too little memory. */
class ModelRoomTest {
  private static final int LEARN = 50;
  private static final int FEATURES = 100;

  /** Of 100 numbers: 64 KiB, some 8.7 KiB each, and 24 KiB of pairs. */
  private static final long ONE = 1000 << 10;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final SplittableRandom random = new SplittableRandom(1);
  private long now = Play.T0;

  private Engine engine(long bytes, String... models) {
    return new Engine(
        new AgentConfig(
            null,
            Arrays.stream(models).map(ModelRoomTest::model).toList(),
            1 << 20,
            AgentConfig.DEFAULT_QUEUE_BYTES),
        ReferenceStore.NONE,
        new MemoryLabelStore(1 << 20),
        () -> new byte[32],
        null,
        bytes,
        new AgentLog(new PrintStream(said, true), AgentLog.Level.WARN),
        now);
  }

  private static ModelConfig model(String name) {
    ModelConfig base = ModelConfig.defaults(name);
    return new ModelConfig(
        base.name(),
        base.version(),
        base.task(),
        base.methods(),
        base.id(),
        base.features(),
        base.output(),
        new ModelConfig.Reference.Learn(name.equals("long") ? 10_000 : LEARN),
        base.labels(),
        base.performanceWindows(),
        base.driftWindow());
  }

  private void rows(Engine engine, String model, int features, int rows) {
    var row = new Row();
    row.key = new ModelKey(model, "1");
    row.task = Task.REGRESSION;
    row.isRow = true;
    row.callRows = 1;
    row.durationNanos = 1_000_000;
    row.schema = new FeatureSchema(IntStream.range(0, features).mapToObj(i -> "f" + i).toList());
    row.features = features;
    row.categories = new Object[features];
    for (int r = 0; r < rows; r++) {
      now += 10;
      row.numbers = random.doubles(features).toArray();
      row.score = random.nextDouble();
      row.predictedAtMillis = now;
      row.id = model + now;
      engine.accept(row, now);
    }
    engine.tick(now);
  }

  private ModelSnapshot of(Engine engine, String model) {
    return engine.snapshot(now).models().stream()
        .filter(each -> each.key().model().equals(model))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aModelThatDoesNotFit_hasCountsAndDurationsOnly_andSaysWhy() {
    Engine engine = engine(ONE + ONE / 2, "first", "second");
    rows(engine, "first", FEATURES, 2 * LEARN);
    rows(engine, "second", FEATURES, 2 * LEARN);

    ModelSnapshot first = of(engine, "first");
    assertThat(first.features())
        .hasSize(FEATURES)
        .allSatisfy(f -> assertThat(f.bins()).isNotEmpty());
    assertThat(first.overflow()).isZero();

    ModelSnapshot second = of(engine, "second");
    assertThat(second.features()).isEmpty();
    assertThat(second.outputs()).isEmpty();
    assertThat(second.reference()).isNull();
    assertThat(second.calls().get(0).rows()).isEqualTo(2 * LEARN);
    assertThat(Arrays.stream(second.calls().get(0).durationSeconds().counts()).sum())
        .isEqualTo(2 * LEARN);
    assertThat(second.overflow()).isEqualTo(2L * LEARN * FEATURES);

    assertThat(said.toString().lines())
        .singleElement()
        .asString()
        .contains("model second version 1: its 100 features take 0.", " MiB for all models")
        .contains("name fewer features (features: { names, exclude })");
  }

  @Test
  void fewFeatures_fitBesideMany() {
    Engine engine = engine(ONE + ONE / 2, "first", "second");
    rows(engine, "first", FEATURES, 2 * LEARN);
    rows(engine, "second", 20, 2 * LEARN);
    assertThat(of(engine, "second").features()).hasSize(20);
    assertThat(of(engine, "second").reference()).isNotNull();
    assertThat(said.toString()).isEmpty();
  }

  @Test
  void aModelThatWaitedForAnotherToLearn_isWatchedAfterwards() {
    Engine engine = engine(2 * ONE, "long", "second");
    // 10 000 rows of 100 numbers are 8.8 MB, of which the first has what is left.
    rows(engine, "long", FEATURES, 1);
    rows(engine, "second", FEATURES, LEARN);
    assertThat(of(engine, "second").features()).isEmpty();
    rows(engine, "long", FEATURES, 2000);
    assertThat(of(engine, "long").reference()).isNotNull();
    rows(engine, "second", FEATURES, 2 * LEARN);
    assertThat(of(engine, "second").reference()).isNotNull();
    assertThat(said.toString().lines()).hasSize(2);
    assertThat(said.toString())
        .endsWith("second version 1: there is memory for its features now\n");
  }

  @Test
  void rowsThatGrow_areCountedOnly_onceTheyDoNotFit() {
    Engine engine = engine(ONE, "first");
    rows(engine, "first", FEATURES, 2 * LEARN);
    assertThat(of(engine, "first").features()).hasSize(FEATURES);
    rows(engine, "first", 2 * FEATURES, LEARN);
    ModelSnapshot grown = of(engine, "first");
    assertThat(grown.features()).isEmpty();
    assertThat(grown.calls().get(0).rows()).isEqualTo(3 * LEARN);
    assertThat(grown.overflow()).isEqualTo(2L * LEARN * FEATURES);
    // What it held is free again.
    rows(engine, "another", FEATURES, 2 * LEARN);
    assertThat(of(engine, "another").features()).hasSize(FEATURES);
  }
}
