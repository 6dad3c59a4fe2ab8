package io.hindcast.core.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.model.Durability;
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
}
