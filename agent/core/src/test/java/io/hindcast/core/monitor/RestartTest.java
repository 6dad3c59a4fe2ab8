package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.Seed;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.join.directory.DirectoryLabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Task;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.core.reference.ReferenceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An engine that ends and begins again, beside one that goes on. */
class RestartTest {
  private static final String WINDOW = "7d";

  @TempDir private Path directory;
  private final long seed = Seed.ofTests();
  private final Random random = new Random(seed);

  /** As files would be. */
  private static final class Kept implements ReferenceStore {
    private final Map<ModelKey, ReferenceProfile> kept = new HashMap<>();

    @Override
    public @Nullable ReferenceProfile load(ModelKey key) {
      return kept.get(key);
    }

    @Override
    public void save(ModelKey key, ReferenceProfile profile) {
      kept.put(key, profile);
    }
  }

  private Play open(ReferenceStore references, long now, ModelConfig model) throws IOException {
    var log = new AgentLog(System.err, AgentLog.Level.WARN);
    return new Play(
        references,
        DirectoryLabelStore.open(directory, 8 << 20, null, Thread::new, log),
        now,
        model);
  }

  @ParameterizedTest
  @EnumSource(
      value = Task.class,
      names = {"BINARY", "MULTICLASS", "REGRESSION"})
  void windows_areThoseOfAnEngineThatWentOn(Task task) throws IOException {
    ModelConfig model =
        Play.model(new ModelConfig.Reference.Learn(200), Duration.ofDays(10), Duration.ofHours(1));
    var references = new Kept();
    var steady = new Play(new Kept(), 64 << 20, model);
    Play restarted = open(references, Play.T0, model);
    Map<String, Long> counted = new TreeMap<>();
    int restarts = 0;
    var ids = new ArrayList<String>();
    for (int step = 0; step < 3000; step++) {
      Duration pause = Duration.ofSeconds(random.nextInt(200));
      steady.pass(pause);
      restarted.pass(pause);
      if (step % 2 == 0) {
        String id = "id" + step;
        ids.add(id);
        double score = random.nextDouble();
        for (Play each : List.of(steady, restarted)) {
          each.row.task = task;
          each.row.score = task == Task.MULTICLASS ? Double.NaN : score;
          if (task == Task.MULTICLASS) {
            each.row.probabilities = new double[] {score, 1 - score};
            each.row.probabilityCount = 2;
            each.row.classes = List.of("cat", "dog");
            each.row.predicted = score >= .5 ? "cat" : "dog";
            each.row.confidence = Math.max(score, 1 - score);
          }
          each.accept(id);
        }
      } else {
        LabelEvent event = event(task, ids.get(random.nextInt(ids.size())));
        steady.label(event);
        restarted.label(event);
      }
      // Not before the reference is learnt: the next process would learn another one.
      if (step > 500 && (step == 600 || random.nextInt(300) == 0)) {
        restarts++;
        add(counted, restarted);
        restarted.engine.finish(restarted.now);
        restarted = open(references, restarted.now, model);
        assertThat(restarted.snapshot().performance())
            .as("seed %d: all is of this process", seed)
            .noneMatch(each -> each.window().equals("all"));
      }
    }
    add(counted, restarted);
    assertThat(restarts).as("seed %d", seed).isPositive();
    ModelSnapshot expected = steady.snapshot();
    ModelSnapshot found = restarted.snapshot();
    assertThat(found.pending()).as("seed %d", seed).isEqualTo(expected.pending());
    Map<String, Double> measures = window(expected);
    assertThat(measures).hasSizeGreaterThan(5);
    assertThat(window(found).keySet()).isEqualTo(measures.keySet());
    window(found)
        .forEach(
            (measure, value) ->
                assertThat(value)
                    .as("seed %d: %s", seed, measure)
                    .isCloseTo(measures.get(measure), within(1e-9)));
    Map<String, Long> whole = new TreeMap<>();
    add(whole, steady);
    assertThat(counted).as("seed %d: counters over all processes", seed).isEqualTo(whole);
    restarted.engine.finish(restarted.now);
  }

  private LabelEvent event(Task task, String id) {
    Object truth =
        switch (task) {
          case BINARY -> random.nextBoolean();
          case MULTICLASS ->
              List.of("cat", "dog", "cow" + random.nextInt(3)).get(random.nextInt(3));
          default -> random.nextGaussian();
        };
    int kind = random.nextInt(10);
    return new LabelEvent(
        "m", id, kind < 2 ? null : truth, null, random.nextInt(4), kind == 0, false, null);
  }

  private static void add(Map<String, Long> sums, Play of) {
    ModelSnapshot snapshot = of.snapshot();
    snapshot.labels().forEach((outcome, n) -> sums.merge(outcome, n, Long::sum));
    for (ModelSnapshot.Confusion cell : snapshot.confusion()) {
      String name = cell.actual() + ">" + cell.predicted();
      sums.merge(name, cell.joined(), Long::sum);
      sums.merge("-" + name, cell.retracted(), Long::sum);
    }
    sums.values().removeIf(n -> n == 0);
  }

  private static Map<String, Double> window(ModelSnapshot of) {
    Map<String, Double> all = new TreeMap<>();
    for (ModelSnapshot.Performance each : of.performance()) {
      if (each.window().equals(WINDOW) && !Double.isNaN(each.value())) {
        all.put(each.measure() + " " + each.className(), each.value());
        all.put(each.measure() + " " + each.className() + " n", (double) each.support());
      }
    }
    for (ModelSnapshot.Coverage each : of.coverage()) {
      if (each.window().equals(WINDOW)) {
        all.put("coverage " + each.predictedClass(), each.value());
      }
    }
    return all;
  }

  @Test
  void theLearntMaturity_isKnownAgain() throws IOException {
    ModelConfig model =
        Play.model(new ModelConfig.Reference.Learn(1000), Duration.ofDays(10), null);
    Play first = open(ReferenceStore.NONE, Play.T0, model);
    var ids = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      ids.add(first.score(.9));
    }
    first.pass(Duration.ofHours(5));
    ids.forEach(id -> first.label(id, true));
    assertThat(first.engine.maturity("m")).isEqualTo(Duration.ofHours(6));
    first.engine.finish(first.now);
    Play second = open(ReferenceStore.NONE, first.now, model);
    assertThat(second.engine.maturity("m")).isEqualTo(Duration.ofHours(6));
    assertThat(second.snapshot().labels().get("joined")).isZero();
    second.engine.finish(second.now);
  }

  @Test
  void aCorrectionOfAnEarlierProcessesLabel_leavesAllInOnePiece() throws IOException {
    ModelConfig model =
        Play.model(new ModelConfig.Reference.Learn(1000), Duration.ofDays(10), null);
    Play first = open(ReferenceStore.NONE, Play.T0, model);
    String right = first.score(.9);
    String wrong = first.score(.9);
    first.label(right, true);
    first.label(wrong, true);
    first.engine.finish(first.now);
    Play second = open(ReferenceStore.NONE, first.now, model);
    // The same again leaves it an earlier process's label.
    second.label(wrong, true);
    second.label(wrong, false);
    ModelSnapshot snapshot = second.snapshot();
    assertThat(Play.cell(snapshot, "1", "1"))
        .isEqualTo(new ModelSnapshot.Confusion("1", "1", 0, 1));
    assertThat(Play.cell(snapshot, "0", "1"))
        .isEqualTo(new ModelSnapshot.Confusion("0", "1", 1, 0));
    assertThat(Play.measure(snapshot, "accuracy", "all").support()).isEqualTo(1);
    assertThat(Play.measure(snapshot, "accuracy", "all").value()).isZero();
    assertThat(snapshot.coverage()).contains(new ModelSnapshot.Coverage("all", null, 1));
    second.engine.finish(second.now);
  }
}
