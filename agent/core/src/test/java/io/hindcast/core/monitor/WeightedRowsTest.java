package io.hindcast.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hindcast.core.Seed;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.SampleHash;
import io.hindcast.core.model.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WeightedRowsTest {
  private static final ModelConfig LEARNING = Play.model(new ModelConfig.Reference.Learn(200));

  /** Measures that grow or shrink with the number of rows that were seen. */
  private static final List<String> OF_EVIDENCE = List.of("ece", "calibration_z");

  private static Play learnt() {
    var play = new Play(LEARNING).features("age", "country");
    var random = new Random(1);
    for (int i = 0; i < 200; i++) {
      play.values(random.nextGaussian(), i % 3 == 0 ? "DE" : "FR").score(random.nextDouble());
    }
    return play;
  }

  private static void assertSameHistogram(HistogramSnapshot weighed, HistogramSnapshot repeated) {
    assertThat(weighed.counts()).isEqualTo(repeated.counts());
    assertThat(weighed.sum()).isCloseTo(repeated.sum(), within(1e-9 * Math.abs(repeated.sum())));
  }

  /** A row of weight w counts as w equal rows do, wherever values are summed. */
  @Test
  void aWeight_isAsManyRows() {
    long seed = Seed.ofTests();
    System.out.println("seed " + seed);
    for (int repetition = 0; repetition < 20; repetition++) {
      var random = new Random(seed + repetition);
      Play weighed = learnt();
      Play repeated = learnt();
      long rows = 200;
      for (int i = 0; i < 300; i++) {
        Object[] values = {
          random.nextInt(10) == 0 ? null : 3 * random.nextGaussian(),
          random.nextInt(20) == 0 ? null : random.nextInt(9) == 0 ? "XX" : "DE"
        };
        double score = random.nextDouble();
        boolean isTrue = random.nextDouble() < score;
        boolean isLabelled = random.nextInt(4) > 0;
        boolean isCorrected = random.nextInt(9) == 0;
        long weight = 1L << random.nextInt(5);
        weighed.row.weight = weight;
        play(weighed, values, score, isLabelled, isTrue, isCorrected);
        for (int k = 0; k < weight; k++) {
          play(repeated, values, score, isLabelled, isTrue, isCorrected);
        }
        rows += weight;
      }
      ModelSnapshot one = weighed.snapshot();
      ModelSnapshot all = repeated.snapshot();
      assertThat(all.capturedRows()).isEqualTo(rows);
      assertThat(one.capturedRows()).isEqualTo(500);
      assertThat(one.calls().get(0).rows()).isEqualTo(500);
      assertSameHistogram(
          one.calls().get(0).durationSeconds(), all.calls().get(0).durationSeconds());
      assertThat(one.features()).hasSameSizeAs(all.features());
      for (int i = 0; i < one.features().size(); i++) {
        assertThat(one.features().get(i).bins()).isEqualTo(all.features().get(i).bins());
        assertThat(one.features().get(i).violations())
            .isEqualTo(all.features().get(i).violations());
      }
      assertSameHistogram(Play.feature(one, "age").values(), Play.feature(all, "age").values());
      assertThat(Play.output(one, "score").bins()).isEqualTo(Play.output(all, "score").bins());
      assertThat(Play.output(one, "class").bins()).isEqualTo(Play.output(all, "class").bins());
      assertThat(one.confusion()).isEqualTo(all.confusion());
      assertThat(one.coverage()).isEqualTo(all.coverage());
      for (int i = 0; i < 2; i++) {
        assertSameHistogram(
            one.outcomeScores().get(i).scores(), all.outcomeScores().get(i).scores());
      }
      for (ModelSnapshot.Performance measure : all.performance()) {
        ModelSnapshot.Performance same =
            Play.measure(one, measure.measure(), measure.window(), measure.className());
        if (!OF_EVIDENCE.contains(measure.measure())) {
          assertThat(same.value()).as(measure.measure()).isCloseTo(measure.value(), within(1e-9));
        }
        // What one row stands for is no evidence of its own.
        assertThat(same.support()).as(measure.measure()).isLessThan(measure.support());
      }
      ModelSnapshot.Performance accuracy = Play.measure(one, "accuracy", "all");
      assertThat(accuracy.support()).isBetween(50L, 300L);
      assertThat(accuracy.upper() - accuracy.lower())
          .isGreaterThan(
              Play.measure(all, "accuracy", "all").upper()
                  - Play.measure(all, "accuracy", "all").lower());
    }
  }

  private static void play(
      Play play, Object[] values, double score, boolean isLabelled, boolean isTrue, boolean again) {
    String id = play.values(values).score(score);
    if (isLabelled) {
      play.label(id, isTrue);
      if (again) {
        play.label(id, !isTrue);
      }
    }
  }

  @Test
  void rowsThatMakeTheReference_haveTheirWeightToo() {
    var play = new Play(LEARNING).features("age");
    play.row.weight = 4;
    for (int i = 0; i < 200; i++) {
      play.values((double) i).score(0.25);
    }
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.reference().rows()).isEqualTo(200);
    assertThat(Play.bins(snapshot, "age").values().stream().mapToLong(n -> n).sum()).isEqualTo(800);
    assertThat(Play.output(snapshot, "score").values().sum()).isEqualTo(200);
  }

  @Test
  void rowsLeftOut_arePredictions_byWhatTheyThrew() {
    var play = new Play(LEARNING);
    play.engine.register(Play.KEY, Task.BINARY, play.now);
    play.engine.sampled("m", 3, play.now);
    play.engine.sampledOut(Play.KEY, Task.BINARY, 70, play.now);
    play.engine.dropped(Play.KEY, Task.BINARY, 5, 1, play.now);
    play.engine.failedUnseen(Play.KEY, Task.BINARY, "java.io.IOException", 8, play.now);
    ModelSnapshot snapshot = play.snapshot();
    assertThat(snapshot.samplingRatio()).isEqualTo(0.125);
    assertThat(snapshot.droppedRows())
        .isEqualTo(Map.of("queue_full", 5L, "budget", 70L, "error", 1L));
    assertThat(snapshot.calls()).hasSize(2);
    assertThat(snapshot.calls().get(0).rows()).isEqualTo(68);
    assertThat(snapshot.calls().get(1).errorType()).isEqualTo("java.io.IOException");
    assertThat(snapshot.calls().get(1).rows()).isEqualTo(8);
    play.engine.sampled("m", 0, play.now);
    assertThat(play.snapshot().samplingRatio()).isEqualTo(1);
  }

  private static Map<String, Long> labels(Play play) {
    return play.engine.snapshot(play.now).unboundLabels().get(0).labels();
  }

  private static String id(int level, boolean isKept) {
    int i = 0;
    while (SampleHash.keeps(SampleHash.ofId("id-" + i), level) != isKept) {
      i++;
    }
    return "id-" + i;
  }

  @Test
  void aLabelOfARowThatIsLeftOut_isNotSampled_atOnce() {
    var play = learnt();
    play.engine.sampled("m", 2, play.now);
    play.label(id(2, false), true);
    assertThat(labels(play)).containsEntry("not_sampled", 1L).containsEntry("parked", 0L);
    play.label(id(2, true), true);
    assertThat(labels(play)).containsEntry("not_sampled", 1L).containsEntry("parked", 1L);
    play.pass(Duration.ofMinutes(11));
    assertThat(labels(play)).containsEntry("not_sampled", 1L).containsEntry("unknown", 1L);
  }

  @Test
  void aLabelOfARowThatWasLeftOut_isNotSampled_whenNoPredictionCame() {
    var play = learnt();
    play.engine.sampled("m", 2, play.now);
    play.pass(Duration.ofMinutes(1));
    play.engine.sampled("m", 0, play.now);
    play.label(id(2, false), true);
    play.label(id(2, true), true);
    assertThat(labels(play)).containsEntry("parked", 2L);
    play.pass(Duration.ofMinutes(11));
    assertThat(labels(play)).containsEntry("not_sampled", 1L).containsEntry("unknown", 1L);

    play.pass(Duration.ofHours(25)); // nothing that was left out could still be joined
    play.label(id(2, false), true);
    play.pass(Duration.ofMinutes(11));
    assertThat(labels(play)).containsEntry("not_sampled", 1L).containsEntry("unknown", 2L);
  }

  @Test
  void aRowOfALargeCall_tellsAtWhichLevelOthersWereLeftOut() {
    var play = learnt();
    play.row.weight = 8;
    play.values(0.5, "DE").score(0.5);
    play.label(id(3, false), true);
    play.pass(Duration.ofMinutes(11));
    assertThat(labels(play)).containsEntry("not_sampled", 1L);
  }

  @Test
  void aLabelThatNamesNoModel_waitsWhereAnyModelMayStillHaveItsId() {
    var play = new Play(List.of(LEARNING).toArray(new ModelConfig[0]));
    play.features("age").values(1.0).score(0.5);
    play.row.key = new io.hindcast.core.model.ModelKey("other", "1");
    play.values(1.0).score(0.5);
    play.engine.sampled("m", 2, play.now);
    play.label(id(2, false), true);
    assertThat(labels(play)).containsEntry("parked", 1L);
    play.engine.sampled("other", 2, play.now);
    play.label(id(2, false), true);
    assertThat(labels(play)).containsEntry("parked", 1L).containsEntry("not_sampled", 1L);
  }
}
