package io.hindcast.core.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.ModelFixture;
import io.hindcast.core.config.ScoringConfig;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.model.Task;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Labels that do not come, across a restart. */
class AbsentLabelsTest {
  private static final long NOW = 1_800_057_600_000L;
  private static final long MINUTE = 60_000;

  private final ModelOutcomes outcomes =
      new ModelOutcomes(Task.BINARY, model(), new LabelDelays(Duration.ofDays(1)));

  private static ModelConfig model() {
    return ModelFixture.named("m")
        .scoring(
            new ScoringConfig(
                Map.of(), List.of(), null, new ScoringConfig.Absent("0", Duration.ofHours(1))))
        .config();
  }

  @Test
  void whatWasOverdueBefore_isInItsCohortAndInNoCounter() {
    outcomes.restored(record(NOW - 120 * MINUTE));
    assertThat(outcomes.pending()).isEqualTo(1);
    outcomes.letPass(NOW);
    assertThat(outcomes.pending()).isZero();
    assertThat(outcomes.labels()).containsEntry("implied", 0L);
    assertThat(outcomes.quality(NOW).performance()).isEmpty();
    assertThat(outcomes.confusion()).allMatch(cell -> cell.joined() == 0);
    PendingRecord again = record(NOW - 120 * MINUTE);
    assertThat(outcomes.implied(again, NOW)).isEqualTo(0.0);
    assertThat(again.isFromBefore).isTrue();
  }

  @Test
  void whatWaitsOn_isAnOutcomeOfThisProcessWhenItIsOldEnough() {
    outcomes.restored(record(NOW - 30 * MINUTE));
    outcomes.letPass(NOW);
    assertThat(outcomes.pending()).isEqualTo(1);
    assertThat(outcomes.quality(NOW).coverage()).anyMatch(c -> c.value() == 0);
    outcomes.letPass(NOW + 31 * MINUTE);
    assertThat(outcomes.pending()).isZero();
    assertThat(outcomes.labels()).containsEntry("implied", 1L);
    assertThat(outcomes.quality(NOW + 31 * MINUTE).performance())
        .filteredOn(p -> p.measure().equals("accuracy"))
        .allMatch(p -> p.support() == 1 && p.value() == 1);
    assertThat(outcomes.quality(NOW + 31 * MINUTE).coverage())
        .filteredOn(c -> c.window().equals("all"))
        .allMatch(c -> c.value() == 1);
  }

  @Test
  void theFirstPredictionOfThisProcess_endsWhatWasBefore() {
    outcomes.restored(record(NOW - 120 * MINUTE));
    PendingRecord first = record(NOW);
    outcomes.waits(first, true);
    outcomes.pending(1);
    outcomes.letPass(NOW + 60 * MINUTE);
    assertThat(outcomes.labels()).containsEntry("implied", 1L);
    assertThat(outcomes.pending()).isZero();
  }

  private static PendingRecord record(long predictedAtMillis) {
    var record = new PendingRecord();
    record.predictedAtMillis = predictedAtMillis;
    record.predictedClass = 0;
    record.score = 0.2;
    return record;
  }
}
