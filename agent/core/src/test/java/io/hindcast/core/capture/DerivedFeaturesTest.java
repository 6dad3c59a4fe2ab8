package io.hindcast.core.capture;

import static io.hindcast.core.capture.CaptureTest.model;
import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ModelFixture;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.monitor.Engine;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.core.reference.ReferenceFile;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.reference.ReferenceStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the call to the bins: what is derived is learnt, written, read and compared. */
class DerivedFeaturesTest {
  private static final ModelKey KEY = new ModelKey("m", "unknown");
  private static final int LEARN = 200;
  private static final int LENGTH = 256;

  @TempDir Path directory;

  private final Random random = new Random(7);

  private static ModelConfig config(ModelConfig.Reference reference) {
    return ModelFixture.like(model("m", m -> {})).reference(reference).config();
  }

  private static Engine engine(ModelConfig.Reference reference) {
    return new Engine(
        new AgentConfig(
            null,
            List.of(config(reference)),
            AgentConfig.DEFAULT_STORE_BYTES,
            AgentConfig.DEFAULT_QUEUE_BYTES),
        ReferenceStore.NONE,
        new AgentLog(new PrintStream(new ByteArrayOutputStream()), AgentLog.Level.WARN),
        System.currentTimeMillis());
  }

  private static void drain(Woven woven, Engine engine) {
    woven.sources.forEach(source -> source.drain(row -> engine.accept(row, row.predictedAtMillis)));
  }

  private static Map<String, ModelSnapshot.Feature> features(Engine engine) {
    var all = new TreeMap<String, ModelSnapshot.Feature>();
    engine
        .snapshot(System.currentTimeMillis())
        .models()
        .forEach(m -> m.features().forEach(f -> all.put(f.name(), f)));
    return all;
  }

  private static Map<String, Long> bins(Engine engine, String feature) {
    var bins = new TreeMap<String, Long>();
    features(engine).get(feature).bins().forEach(bin -> bins.put(bin.bin(), bin.count()));
    bins.values().removeIf(count -> count == 0);
    return bins;
  }

  /** Around (1, 1, …), or around its opposite. */
  private float[] vector(double centre) {
    float[] vector = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      vector[i] = (float) (centre + 0.3 * random.nextGaussian());
    }
    return vector;
  }

  @Test
  void vectors_areComparedWithTheMeanOfTheFirst_learntOrFromTheFile() throws Exception {
    var woven = new Woven(config(new ModelConfig.Reference.Learn(LEARN)));
    var predict = woven.method(site("m", parameter("x")), double.class, float[].class);
    Engine learning = engine(new ModelConfig.Reference.Learn(LEARN));
    double[] sum = new double[LENGTH];
    for (int i = 0; i < LEARN; i++) {
      float[] vector = vector(1);
      for (int k = 0; k < LENGTH; k++) {
        sum[k] += vector[k];
      }
      predict.call(0.5, (Object) vector);
      drain(woven, learning);
    }
    ReferenceProfile profile = learning.references().get(KEY);
    assertThat(profile.features().keySet())
        .startsWith("x.norm", "x.cosine", "x.projection0")
        .hasSize(10);
    double[] centroid = ((NumericBinning) profile.features().get("x.cosine").binning()).centroid();
    for (int k = 0; k < LENGTH; k++) {
      assertThat(centroid[k]).isCloseTo(sum[k] / LEARN, within(1e-12));
    }
    // 1 / √(1 + 0.3²) = 0.958 of a vector to its centre
    assertThat(profile.features().get("x.cosine").mean()).isCloseTo(0.958, within(0.01));
    // √(256 · 1.09) = 16.7
    assertThat(profile.features().get("x.norm").mean()).isCloseTo(16.7, within(0.1));
    assertThat(features(learning).get("x.cosine").violations())
        .containsEntry("missing", 0L)
        .containsEntry("below_range", 0L);
    assertThat(bins(learning, "x.cosine").values()).hasSize(10).containsOnly(20L);

    Path file = directory.resolve("m.reference.json");
    ReferenceFile.write(profile, file);
    assertThat(ReferenceFile.read(file).id()).isEqualTo(profile.id());
    Engine pinned = engine(new ModelConfig.Reference.FromFile(file));
    for (int i = 0; i < 50; i++) {
      predict.call(0.5, (Object) vector(-1));
    }
    predict.call(0.5, (Object) new float[LENGTH]); // zero: has no direction
    predict.call(0.5, (Object) null);
    drain(woven, pinned);
    assertThat(bins(pinned, "x.cosine")).isEqualTo(Map.of("low", 50L, "missing", 2L));
    assertThat(bins(pinned, "x.norm")).containsEntry("low", 1L).containsEntry("missing", 1L);
    assertThat(features(pinned).get("x.cosine").violations())
        .containsEntry("below_range", 50L)
        .containsEntry("missing", 2L);
    // The opposite direction has the opposite projections: no row is where the reference was.
    assertThat(woven.sources.get(0).droppedRows()).isZero();
  }

  @Test
  void ages_showThatDataIsOlderThanItWas_alsoAfterMapsThatBeginWithNull() {
    var woven = new Woven(config(new ModelConfig.Reference.Learn(LEARN)));
    var predict = woven.method(site("m", parameter("x")), double.class, Map.class);
    Engine engine = engine(new ModelConfig.Reference.Learn(LEARN));
    var empty = new HashMap<String, Object>();
    empty.put("at", null);
    empty.put("n", 1);
    predict.call(0.5, empty);
    for (int i = 1; i < LEARN; i++) {
      predict.call(0.5, Map.of("at", Instant.now().minusSeconds(60 + i), "n", i));
    }
    drain(woven, engine);
    assertThat(engine.references().get(KEY).features().keySet())
        .containsExactlyInAnyOrder("at.age", "n");
    assertThat(bins(engine, "at.age")).containsEntry("missing", 1L);
    assertThat(engine.references().get(KEY).features().get("at.age").mean())
        .isCloseTo(160, within(30.0));

    for (int i = 0; i < 30; i++) {
      predict.call(0.5, Map.of("at", Instant.now().minusSeconds(86_400), "n", i));
    }
    drain(woven, engine);
    assertThat(bins(engine, "at.age")).containsEntry("high", 30L);
    assertThat(features(engine).get("at.age").violations()).containsEntry("above_range", 30L);
  }

  @Test
  void freeText_isItsLength_andWhetherItIsEmpty_andNoTextLeaves() throws Exception {
    var woven = new Woven(config(new ModelConfig.Reference.Learn(LEARN)));
    var predict = woven.method(site("m", parameter("x")), double.class, Map.class);
    Engine engine = engine(new ModelConfig.Reference.Learn(LEARN));
    for (int i = 0; i < LEARN; i++) {
      String text = i % 10 == 0 ? "" : "secret " + "s".repeat(i % 50) + i;
      predict.call(0.5, Map.of("comment", text, "n", i));
    }
    drain(woven, engine);
    ReferenceProfile profile = engine.references().get(KEY);
    assertThat(profile.features().keySet())
        .containsExactlyInAnyOrder("comment", "comment.empty", "n");
    assertThat(bins(engine, "comment.empty")).isEqualTo(Map.of("false", 180L, "true", 20L));
    assertThat(bins(engine, "comment").values().stream().mapToLong(n -> n).sum()).isEqualTo(LEARN);
    assertThat(features(engine).get("comment.empty").bins().get(1).referenceShare()).isEqualTo(0.1);

    Path file = directory.resolve("m.reference.json");
    ReferenceFile.write(profile, file);
    assertThat(java.nio.file.Files.readString(file)).doesNotContain("secret");
    Engine pinned = engine(new ModelConfig.Reference.FromFile(file));
    predict.call(0.5, Map.of("comment", "", "n", 1));
    predict.call(0.5, Map.of("comment", "anything else", "n", 1));
    predict.call(0.5, Map.of("n", 1));
    predict.call(0.5, Map.of("comment", 7, "n", 1));
    drain(woven, pinned);
    assertThat(bins(pinned, "comment.empty"))
        .isEqualTo(Map.of("false", 1L, "true", 1L, "missing", 2L));
    assertThat(features(pinned).get("comment").violations())
        .containsEntry("missing", 1L)
        .containsEntry("wrong_type", 1L);
    assertThat(features(pinned).get("comment.empty").violations()).containsEntry("missing", 0L);
  }

  @Test
  void lengthAndEmptinessOfListedText_areFeaturesByPath() {
    var woven =
        new Woven(
            model(
                "m",
                m -> {
                  m.paths.put("bio.length", Woven.path("args[0].bio.length"));
                  m.paths.put("bio.empty", Woven.path("args[0].bio.empty"));
                }));
    var predict = woven.method(site("m", parameter("x")), double.class, Map.class);
    predict.call(0.5, Map.of("bio", "four"));
    predict.call(0.5, Map.of("bio", ""));
    predict.call(0.5, Map.of());
    assertThat(woven.drain())
        .extracting(Woven.Seen::features)
        .containsExactly(List.of(4.0, "false"), List.of(0.0, "true"), CaptureTest.nulls(2));
    assertThat(woven.seenFaults).isEmpty();
  }
}
