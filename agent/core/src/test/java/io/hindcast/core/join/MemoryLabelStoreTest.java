package io.hindcast.core.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.model.Durability;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryLabelStoreTest extends LabelStoreContract {
  @Override
  protected LabelStore open() {
    return new MemoryLabelStore(1 << 20);
  }

  @Override
  protected LabelStore openSmall(int predictions) {
    return new MemoryLabelStore(
        (long) predictions * (MemoryPendingStore.FIXED_BYTES + MemoryPendingStore.INDEX_BYTES));
  }

  @Override
  protected boolean survives() {
    return false;
  }

  @Override
  protected Durability durability() {
    return Durability.MEMORY;
  }

  @Test
  void ofNewest_leavesNobodyOut() {
    store = MemoryLabelStore.ofNewest(100 * 80);
    stream = store.open(KEY, truths);
    for (int i = 0; i < 20_000; i++) {
      now++;
      predict(i, 0);
    }
    assertThat(store.samplingLevel(KEY.model())).isZero();
    assertThat(truths.lost).isEqualTo(Map.of(OutcomeSink.LostReason.EVICTED, 19_900L));
    assertThat(label(19_999, "1")).isEqualTo(LabelOutcome.JOINED);
    assertThat(label(0, "1")).isNull();
  }

  @Test
  void whatIsLeftOut_isSaidToBe_alsoWhileThereAreRecordsFromBefore() {
    store = new MemoryLabelStore(160 * 80);
    stream = store.open(KEY, truths);
    int id = 0;
    for (; store.samplingLevel(KEY.model()) == 0; id++) {
      now++;
      predict(id, 0);
    }
    assertThat(id).as("full, and a span more").isBetween(160, 200);
    var outcomes = new EnumMap<LabelOutcome, Integer>(LabelOutcome.class);
    for (int i = id; i < id + 40; i++) {
      predict(i, 0);
      outcomes.merge(label(i, "1"), 1, Integer::sum);
    }
    assertThat(outcomes).containsOnlyKeys(LabelOutcome.JOINED, LabelOutcome.NOT_SAMPLED);
    assertThat(outcomes.get(LabelOutcome.NOT_SAMPLED)).isBetween(15, 35);
    assertThat(label(id - 1, "1")).as("a record from before").isEqualTo(LabelOutcome.JOINED);
  }
}
