package io.hindcast.core.monitor;

import static io.hindcast.core.monitor.Play.cell;
import static io.hindcast.core.monitor.Play.measure;
import static io.hindcast.core.monitor.Play.model;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.join.MemoryLabelStore;
import io.hindcast.core.join.directory.DirectoryLabelStore;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.GeneratedId;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.SampleHash;
import io.hindcast.core.model.Task;
import io.hindcast.core.reference.ReferenceStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of {@code label-join.md}, section 1, row by row: what the sender is answered, and which
 * counter shows it. {@code agent/README.md} says which test is which row.
 */
class LabelSemanticsTest {
  private static final ModelConfig.Reference LEARN = new ModelConfig.Reference.Learn(1000);

  @TempDir Path directory;
  private Play play = new Play(model(LEARN, Duration.ofHours(24), Duration.ofHours(1)));

  /** What the sender of one label is answered. */
  private String send(LabelEvent label) {
    var answer = new AtomicReference<Map<String, Long>>();
    play.label(
        label.of(new LabelEvent.Batch(1, (outcomes, durability) -> answer.set(outcomes), false)));
    play.engine.turn(play.now);
    if (answer.get() == null) {
      // A directory is written to within 50 ms.
      play.now += 60;
      play.engine.turn(play.now);
    }
    assertThat(answer.get()).as("answer").hasSize(1);
    return answer.get().keySet().iterator().next();
  }

  private String send(String id, @Nullable Object actual) {
    return send(label(id, actual, 0, null));
  }

  private static LabelEvent label(
      String id, @Nullable Object actual, int revision, @Nullable Long atMillis) {
    return new LabelEvent(null, id, actual, atMillis, revision, false, false, null);
  }

  private static LabelEvent retraction(String id) {
    return new LabelEvent(null, id, null, null, 0, true, false, null);
  }

  /** {@code ml.labels} of all models and of none, zeros left out. */
  private String counted() {
    var counted = new TreeMap<String, Long>();
    EngineSnapshot snapshot = play.engine.snapshot(play.now);
    snapshot
        .models()
        .forEach(each -> each.labels().forEach((name, n) -> counted.merge(name, n, Long::sum)));
    snapshot
        .unboundLabels()
        .forEach(each -> each.labels().forEach((name, n) -> counted.merge(name, n, Long::sum)));
    counted.values().removeIf(n -> n == 0);
    return counted.toString();
  }

  private long lost(String reason) {
    return play.snapshot().pendingLost().getOrDefault(reason, 0L);
  }

  @Test
  void aLabelAfterItsPrediction_joins_inTheWindowOfThePrediction_alsoOnceThatIsMature() {
    String late = play.score(0.9);
    for (int i = 0; i < 50; i++) {
      assertThat(send(play.score(0.9), true)).isEqualTo("joined");
    }
    play.pass(Duration.ofHours(10));
    assertThat(measure(play.snapshot(), "accuracy", "7d").support()).isEqualTo(50);
    assertThat(send(late, false)).isEqualTo("joined");
    assertThat(measure(play.snapshot(), "accuracy", "7d").support()).isEqualTo(51);
    assertThat(measure(play.snapshot(), "accuracy", "7d").value()).isEqualTo(50 / 51.0);
    assertThat(counted()).isEqualTo("{joined=51}");
  }

  @Test
  void aLabelBeforeItsPrediction_isParked_thenJoinedOrUnknown() {
    play.score(0.9);
    assertThat(send("early", true)).isEqualTo("parked");
    assertThat(send("never", true)).isEqualTo("parked");
    play.pass(Duration.ofMinutes(9));
    play.row.score = 0.9;
    play.accept("early");
    assertThat(counted()).isEqualTo("{joined=1, parked=2}");
    play.pass(Duration.ofSeconds(61));
    assertThat(counted()).isEqualTo("{joined=1, parked=2, unknown=1}");
    assertThat(cell(play.snapshot(), "1", "1").joined()).isEqualTo(1);
  }

  @Test
  void moreThan64kLabelsThatWait_turnTheOldestIntoUnknown() {
    play.score(0.9);
    for (int i = 0; i < 65_536 + 3; i++) {
      play.label("early" + i, true);
    }
    assertThat(play.engine.parkedLabels()).isEqualTo(65_536);
    assertThat(counted()).isEqualTo("{parked=65539, unknown=3}");
    play.row.score = 0.9;
    play.accept("early2");
    play.accept("early3");
    assertThat(counted()).isEqualTo("{joined=1, parked=65539, unknown=3}");
  }

  @Test
  void theSameValueAgain_isADuplicate_andTheLargerRevisionIsRemembered() {
    String id = play.score(0.9);
    assertThat(send(label(id, true, 2, null))).isEqualTo("joined");
    assertThat(send(label(id, true, 1, null))).isEqualTo("duplicate");
    assertThat(send(label(id, true, 5, null))).isEqualTo("duplicate");
    assertThat(send(label(id, false, 4, null))).isEqualTo("stale");
    assertThat(cell(play.snapshot(), "1", "1"))
        .isEqualTo(new ModelSnapshot.Confusion("1", "1", 1, 0));
    assertThat(counted()).isEqualTo("{duplicate=2, joined=1, stale=1}");
  }

  @Test
  void anotherValue_isCorrected_ifItIsLarger_elseStale() {
    String id = play.score(0.9);
    assertThat(send(label(id, true, 2, null))).isEqualTo("joined");
    assertThat(send(label(id, false, 1, null))).isEqualTo("stale");
    assertThat(send(label(id, false, 3, null))).isEqualTo("corrected");
    assertThat(cell(play.snapshot(), "1", "1"))
        .isEqualTo(new ModelSnapshot.Confusion("1", "1", 1, 1));
    assertThat(cell(play.snapshot(), "0", "1"))
        .isEqualTo(new ModelSnapshot.Confusion("0", "1", 1, 0));
    assertThat(measure(play.snapshot(), "accuracy", "all").value()).isZero();
    assertThat(measure(play.snapshot(), "accuracy", "all").support()).isEqualTo(1);
    assertThat(counted()).isEqualTo("{corrected=1, joined=1, stale=1}");
  }

  @Test
  void aRetraction_subtracts_andReplaysOfTheOldLabelStayStale() {
    String id = play.score(0.9);
    LabelEvent old = label(id, true, 2, play.now);
    assertThat(send(old)).isEqualTo("joined");
    play.pass(Duration.ofSeconds(2));
    assertThat(send(retraction(id))).isEqualTo("retracted");
    assertThat(send(old)).isEqualTo("stale");
    assertThat(cell(play.snapshot(), "1", "1"))
        .isEqualTo(new ModelSnapshot.Confusion("1", "1", 1, 1));
    assertThat(play.snapshot().pending()).isEqualTo(1);
    assertThat(send(label(id, true, 3, null))).isEqualTo("joined");
    assertThat(counted()).isEqualTo("{joined=2, retracted=1, stale=1}");
  }

  @Test
  void whatCannotBeKnown_isNull_inNeitherCoverageNorQuality() {
    String labelled = play.score(0.9);
    String unknowable = play.score(0.9);
    play.score(0.9);
    assertThat(send(labelled, true)).isEqualTo("joined");
    assertThat(send(unknowable, null)).isEqualTo("null");
    assertThat(measure(play.snapshot(), "accuracy", "all").support()).isEqualTo(1);
    assertThat(play.snapshot().coverage())
        .contains(new ModelSnapshot.Coverage("all", null, 1 / 2.0));
    assertThat(play.snapshot().pending()).isEqualTo(1);
    assertThat(counted()).isEqualTo("{joined=1, null=1}");
    assertThat(send(unknowable, false)).isEqualTo("corrected");
    assertThat(play.snapshot().coverage())
        .contains(new ModelSnapshot.Coverage("all", null, 2 / 3.0));
  }

  @Test
  void noLabelEver_isImpliedByTheRule_andARealOneIsACorrection() {
    ModelConfig absent = model(LEARN, Duration.ofDays(2), null);
    var means = new ScoringConfig.Absent("0", Duration.ofHours(1));
    play = new Play(Play.scoring(absent, new ScoringConfig(Map.of(), List.of(), null, means)));
    String id = play.score(0.9);
    play.pass(Duration.ofHours(1).plusMinutes(1));
    assertThat(counted()).isEqualTo("{implied=1}");
    assertThat(cell(play.snapshot(), "0", "1").joined()).isEqualTo(1);
    assertThat(send(id, true)).isEqualTo("corrected");
    assertThat(counted()).isEqualTo("{corrected=1, implied=1}");
    assertThat(cell(play.snapshot(), "0", "1").retracted()).isEqualTo(1);
    assertThat(cell(play.snapshot(), "1", "1").joined()).isEqualTo(1);
  }

  @Test
  void anIdOfNobody_orOfAnotherInstance_isUnknownAfterParking_andNothingIsScored() {
    var other = new Play(model(LEARN));
    other.row.task = Task.BINARY;
    other.row.score = 0.9;
    String theirs = other.accept("theirs");
    play.score(0.9);
    assertThat(send(theirs, true)).isEqualTo("parked");
    assertThat(send("nobody's", true)).isEqualTo("parked");
    play.pass(Duration.ofMinutes(11));
    assertThat(counted()).isEqualTo("{parked=2, unknown=2}");
    assertThat(play.snapshot().confusion()).allMatch(each -> each.joined() == 0);
    assertThat(play.said.toString()).contains("counted as 'unknown'");
  }

  @Test
  void anIdOlderThanTheTimeToLive_isExpired_forOneMoreTimeToLive() {
    play = new Play(model(LEARN, Duration.ofHours(1), null));
    String id = play.score(0.9);
    play.pass(Duration.ofHours(1).plusMillis(1));
    assertThat(send(id, true)).isEqualTo("expired");
    play.pass(Duration.ofMinutes(59));
    assertThat(send(id, true)).isEqualTo("expired");
    assertThat(counted()).isEqualTo("{expired=2}");
    play.pass(Duration.ofMinutes(2));
    assertThat(send(id, true)).isEqualTo("parked");
  }

  @Test
  void aPredictionUnlabelledAtItsExpiry_isLost_andStillInCoverage() {
    play = new Play(model(LEARN, Duration.ofHours(1), null));
    String labelled = play.score(0.9);
    play.score(0.9);
    assertThat(send(labelled, true)).isEqualTo("joined");
    play.pass(Duration.ofHours(1).plusMillis(1));
    assertThat(lost("unlabelled")).isEqualTo(1);
    assertThat(play.snapshot().pending()).isZero();
    assertThat(play.snapshot().coverage())
        .contains(
            new ModelSnapshot.Coverage("all", null, 1 / 2.0),
            new ModelSnapshot.Coverage("all", "1", 1 / 2.0));
  }

  @Test
  void anIdPredictedTwice_isARetry_orAConflictInWhichTheFirstWins() {
    play.row.task = Task.BINARY;
    play.row.score = 0.9;
    play.accept("x");
    play.accept("x");
    assertThat(lost("id_conflict")).isZero();
    assertThat(play.snapshot().pending()).isEqualTo(1);
    play.row.score = 0.1;
    play.accept("x");
    assertThat(lost("id_conflict")).isEqualTo(1);
    assertThat(send("x", true)).isEqualTo("joined");
    assertThat(cell(play.snapshot(), "1", "1").joined()).isEqualTo(1);
    assertThat(play.snapshot().calls().get(0).rows()).isEqualTo(3);
  }

  @Test
  void aPredictionWithoutId_isOne_andFoundByTheIdThatIsGenerated() {
    var generated = new GeneratedId();
    generated.process = 7;
    generated.number = 3;
    play.row.generatedId = generated;
    play.row.task = Task.BINARY;
    play.row.score = 0.9;
    play.accept("");
    assertThat(play.snapshot().calls().get(0).rows()).isEqualTo(1);
    assertThat(send(generated.text(), true)).isEqualTo("joined");
  }

  @Test
  void skewedClocks_areClamped_andNoDelayIsNegative() {
    String id = play.score(0.9);
    long before = play.now - Duration.ofDays(400).toMillis();
    long after = play.now + Duration.ofDays(400).toMillis();
    // At the prediction, and five minutes from now: an earlier and a later one are between.
    assertThat(send(label(id, true, 0, before))).isEqualTo("joined");
    assertThat(send(label(id, false, 0, play.now + 1000))).isEqualTo("corrected");
    assertThat(send(label(id, true, 0, after))).isEqualTo("corrected");
    assertThat(send(label(id, false, 0, play.now + 299_000))).isEqualTo("stale");
    play.pass(Duration.ofMinutes(6));
    assertThat(send(label(id, false, 0, play.now))).isEqualTo("corrected");

    // The clock of the prediction was ahead.
    play.row.id = "ahead";
    play.row.predictedAtMillis = play.now + 3_600_000;
    play.engine.accept(play.row, play.now);
    assertThat(send("ahead", true)).isEqualTo("joined");
    HistogramSnapshot delays = play.snapshot().labelDelaySeconds();
    assertThat(delays.count()).isEqualTo(2);
    assertThat(delays.counts()[0]).as("within a second").isEqualTo(2);
  }

  @Test
  void afterARestart_memoryHasNoCoverage_andADirectoryHasItsWindows() throws Exception {
    ModelConfig model = model(LEARN, Duration.ofDays(2), Duration.ofHours(1));
    for (boolean isDirectory : new boolean[] {false, true}) {
      play = open(model, isDirectory, Play.T0);
      String unlabelled = play.score(0.9);
      String corrected = "";
      for (int i = 0; i < 60; i++) {
        corrected = play.score(0.9);
        assertThat(send(corrected, true)).isEqualTo("joined");
      }
      play.pass(Duration.ofHours(3));
      assertThat(measure(play.snapshot(), "accuracy", "7d").support()).isEqualTo(60);
      long now = play.now;
      play.engine.finish(now);

      play = open(model, isDirectory, now);
      play.row.task = Task.BINARY;
      play.row.score = 0.9;
      play.accept("after");
      play.pass(Duration.ofSeconds(1));
      if (isDirectory) {
        assertThat(measure(play.snapshot(), "accuracy", "7d").support()).isEqualTo(60);
        assertThat(play.snapshot().coverage())
            .contains(new ModelSnapshot.Coverage("7d", null, 60 / 61.0));
        assertThat(send(corrected, true)).isEqualTo("duplicate");
        assertThat(send(corrected, false)).isEqualTo("corrected");
        assertThat(send(unlabelled, true)).isEqualTo("joined");
        assertThat(measure(play.snapshot(), "accuracy", "7d").support()).isEqualTo(61);
      } else {
        assertThat(play.snapshot().performance()).noneMatch(each -> each.window().equals("7d"));
        assertThat(play.snapshot().coverage()).noneMatch(each -> each.window().equals("7d"));
        assertThat(send(corrected, false)).isEqualTo("parked");
      }
      play.engine.finish(play.now);
    }
  }

  private Play open(ModelConfig model, boolean isDirectory, long now) throws Exception {
    var log = new AgentLog(System.err, AgentLog.Level.WARN);
    return new Play(
        ReferenceStore.NONE,
        isDirectory
            ? DirectoryLabelStore.open(directory, 8 << 20, null, Thread::new, log)
            : new MemoryLabelStore(8 << 20),
        now,
        model);
  }

  @Test
  void aRowThatWasSampledOut_hasLabelsThatAreNotSampled_andOthersWeighMore() {
    play.row.task = Task.BINARY;
    play.row.score = 0.9;
    play.row.weight = 4;
    play.accept(id(2, true));
    play.engine.sampled("m", 2, play.now);
    assertThat(send(id(2, true), true)).isEqualTo("joined");
    assertThat(send(id(2, false), true)).isEqualTo("not_sampled");
    assertThat(counted()).isEqualTo("{joined=1, not_sampled=1}");
    assertThat(cell(play.snapshot(), "1", "1").joined()).isEqualTo(4);
    assertThat(play.snapshot().samplingRatio()).isEqualTo(0.25);
  }

  /** The first id that is kept at a level, or is not. */
  private static String id(int level, boolean isKept) {
    int i = 0;
    while (SampleHash.keeps(SampleHash.ofId("id-" + i), level) != isKept) {
      i++;
    }
    return "id-" + i;
  }

  @Test
  void unevenCoverage_isToldByPredictedClass_andSaidFrom200On() {
    for (int i = 0; i < 600; i++) {
      boolean isPositive = i % 2 == 0;
      String id = play.score(isPositive ? 0.9 : 0.1);
      if (isPositive || i % 5 == 1) {
        play.label(id, isPositive);
      }
    }
    play.pass(Duration.ofHours(3));
    play.snapshot();
    play.pass(Duration.ofSeconds(1));
    play.snapshot();
    play.pass(Duration.ofSeconds(1));
    assertThat(play.snapshot().coverage())
        .contains(
            new ModelSnapshot.Coverage("7d", "1", 1.0),
            new ModelSnapshot.Coverage("7d", "0", 60 / 300.0));
    assertThat(play.said.toString())
        .containsOnlyOnce("labels come for 100 % of the predictions of '1' and for 20 %");
  }

  @Test
  void whatWasActedOn_isAStratumOfItsOwn() {
    assertThat(send(play.score(0.9), true)).isEqualTo("joined");
    String id = play.score(0.9);
    assertThat(send(new LabelEvent(null, id, false, null, 0, false, true, null)))
        .isEqualTo("joined");
    ModelSnapshot snapshot = play.snapshot();
    assertThat(measure(snapshot, "accuracy", "all").value()).isEqualTo(1);
    assertThat(measure(snapshot, "accuracy", "all").support()).isEqualTo(1);
    assertThat(cell(snapshot, "0", "1").joined()).isZero();
    assertThat(snapshot.quality().segments()).allMatch(each -> each.name().equals("acted_on"));
    QualitySnapshot.Segment first = snapshot.quality().segments().get(0);
    assertThat(first.performance().measure()).isEqualTo("accuracy");
    assertThat(first.performance().value()).isZero();
    assertThat(first.performance().support()).isEqualTo(1);
  }

  @Test
  void whatIsNoLabelOfTheModel_isRejected_andTheSenderIsToldNoMore() {
    String id = play.score(0.9);
    assertThat(send(id, "perhaps")).isEqualTo("rejected");
    assertThat(send(id, 17)).isEqualTo("rejected");
    assertThat(send("h1." + "A".repeat(80), true)).isEqualTo("rejected");
    assertThat(play.snapshot().pending()).isEqualTo(1);
    assertThat(counted()).isEqualTo("{rejected=3}");
    // Of another model, it finds nothing there.
    LabelEvent other = new LabelEvent("other", id, true, null, 0, false, false, null);
    assertThat(send(other)).isEqualTo("parked");
    assertThat(play.said.toString()).contains("label 'perhaps' is no class or value of this model");
  }
}
