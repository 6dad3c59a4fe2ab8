package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.join.directory.DirectoryLabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Task;
import io.hindcast.core.reference.ReferenceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two versions of one model that predict the same rows under the same ids. */
class VersionsApartTest {
  private static final ModelKey OLD = new ModelKey("m", "1");
  private static final ModelKey NEW = new ModelKey("m", "2");

  private static ModelConfig config(@Nullable String shadowOf) {
    return Play.scoring(
        Play.model(new ModelConfig.Reference.Learn(1000)),
        new ScoringConfig(Map.of(), List.of(), shadowOf, null));
  }

  private static ModelSnapshot of(Play play, ModelKey key) {
    return play.engine.snapshot(play.now).models().stream()
        .filter(model -> model.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static void predict(Play play, ModelKey key, String id, double score) {
    play.row.key = key;
    play.row.task = Task.BINARY;
    play.row.score = score;
    play.accept(id);
  }

  @Test
  void theSameIds_areNoConflict_andEachVersionIsHeldAgainstTheOther() {
    // Of 200 rows the old version is wrong on 50; of the 180 that the new one has, it on 18.
    var play = new Play(config("m"));
    for (int i = 0; i < 200; i++) {
      boolean truth = i % 2 == 0;
      String id = "row" + i;
      predict(play, OLD, id, (i % 4 == 0) != truth ? 0.8 : 0.2);
      if (i >= 20) {
        predict(play, NEW, id, (i % 10 == 0) != truth ? 0.9 : 0.1);
      }
      play.label(id, i % 50 == 0 ? !truth : truth);
      play.label(new LabelEvent("m", id, truth, null, 1, false, false, null));
    }
    ModelSnapshot old = of(play, OLD);
    ModelSnapshot later = of(play, NEW);
    assertThat(old.labels())
        .containsEntry("joined", 200L)
        .containsEntry("corrected", 4L)
        .containsEntry("duplicate", 196L);
    assertThat(later.labels()).containsEntry("joined", 180L).containsEntry("corrected", 3L);
    assertThat(Play.measure(old, "accuracy", "all").value()).isEqualTo(0.75);
    assertThat(Play.measure(later, "accuracy", "all").value()).isEqualTo(0.9);
    assertThat(Play.measure(later, "accuracy", "all").support()).isEqualTo(180);

    QualitySnapshot.Comparison gain = later.quality().comparisons().get(0);
    assertThat(gain.measure()).isEqualTo("accuracy");
    assertThat(gain.baselineVersion()).isEqualTo("1");
    assertThat(gain.difference()).isCloseTo((45 - 18) / 180.0, within(1e-12));
    assertThat(gain.lower()).isLessThan(gain.difference());
    QualitySnapshot.Comparison loss = old.quality().comparisons().get(0);
    assertThat(loss.baselineVersion()).isEqualTo("2");
    assertThat(loss.difference()).isEqualTo(-gain.difference());
    assertThat(loss.lower()).isCloseTo(-gain.upper(), within(1e-9));

    // The same answer again is a retry; another one of the same version is a conflict.
    predict(play, OLD, "row199", 0.2);
    assertThat(of(play, OLD).pendingLost()).containsEntry("id_conflict", 0L);
    predict(play, OLD, "row199", 0.3);
    assertThat(of(play, OLD).pendingLost()).containsEntry("id_conflict", 1L);
    assertThat(of(play, NEW).pendingLost().values()).containsOnly(0L);
  }

  @Test
  void whereTheModelDoesNotSaySo_theFirstPredictionOfAnIdWins() {
    var play = new Play(config(null));
    predict(play, OLD, "a", 0.8);
    predict(play, NEW, "a", 0.2);
    play.label("a", true);
    assertThat(of(play, OLD).labels()).containsEntry("joined", 1L);
    assertThat(of(play, NEW).labels()).containsEntry("joined", 0L);
    assertThat(of(play, NEW).pendingLost()).containsEntry("id_conflict", 1L);
  }

  @Test
  void aLabelAheadOfItsPrediction_waits_andOneForNobodyIsCountedOnce() {
    var play = new Play(config("m"));
    play.label("later", true);
    assertThat(play.engine.parkedLabels()).isEqualTo(1);
    predict(play, NEW, "later", 0.8);
    assertThat(play.engine.parkedLabels()).isZero();
    assertThat(of(play, NEW).labels()).containsEntry("joined", 1L);
    predict(play, OLD, "other", 0.8);
    play.label(new LabelEvent("m", "none", true, null, 0, false, false, null));
    assertThat(play.engine.parkedLabels()).isEqualTo(1);
    play.pass(Duration.ofMinutes(11));
    assertThat(
            play.engine.snapshot(play.now).unboundLabels().stream()
                .mapToLong(each -> each.labels().getOrDefault("unknown", 0L))
                .sum())
        .isEqualTo(1);
  }

  @Test
  void afterARestart_aLabelFindsBothVersions(@TempDir Path directory) throws IOException {
    Play before = open(directory, Play.T0);
    predict(before, OLD, "a", 0.8);
    predict(before, NEW, "a", 0.2);
    before.pass(Duration.ofSeconds(1));
    before.engine.finish(before.now);

    Play after = open(directory, before.now + 1000);
    after.label("a", true);
    for (ModelKey key : List.of(OLD, NEW)) {
      assertThat(of(after, key).labels()).as("%s", key).containsEntry("joined", 1L);
    }
    after.engine.finish(after.now);
  }

  private static Play open(Path directory, long now) throws IOException {
    var log = new AgentLog(System.err, AgentLog.Level.WARN);
    return new Play(
        ReferenceStore.NONE,
        DirectoryLabelStore.open(directory, 8 << 20, null, Thread::new, log),
        now,
        config("m"));
  }
}
