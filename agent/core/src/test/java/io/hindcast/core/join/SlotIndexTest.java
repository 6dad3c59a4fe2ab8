package io.hindcast.core.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotIndexTest {
  private static final int SLOTS = 30_000;

  private final long[] keys = new long[SLOTS];
  private final SlotIndex index = new SlotIndex(SLOTS, slot -> keys[slot]);

  private boolean isFound(int slot) {
    for (int at = index.first(keys[slot]); at >= 0; at = index.next(keys[slot])) {
      if (at == slot) {
        return true;
      }
    }
    return false;
  }

  @Test
  void anEmptyOne_findsNothing_andRemovesNothing() {
    assertThat(index.first(7)).isEqualTo(-1);
    index.remove(7);
    assertThat(index.bytes()).isZero();
  }

  @Test
  void slotsOfOneKey_areAllFound() {
    for (int slot = 0; slot < 100; slot++) {
      keys[slot] = 5;
      index.add(slot);
    }
    index.remove(30);
    for (int slot = 0; slot < 100; slot++) {
      assertThat(isFound(slot)).as("slot %d", slot).isEqualTo(slot != 30);
    }
  }

  @Test
  void moreKeysOfOneHomeThanAPageHolds_neitherHangNorThrow() {
    for (int slot = 0; slot < 5000; slot++) {
      keys[slot] = 5;
      index.add(slot);
    }
    assertThat(isFound(0)).isTrue();
    for (int slot = 0; slot < 5000; slot++) {
      index.remove(slot);
    }
    assertThat(index.first(5)).isEqualTo(-1);
  }

  /** Pages are split on the way, clusters run over their ends. */
  @Test
  void randomTraffic_isThatOfASet() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    Set<Integer> there = new HashSet<>();
    for (int step = 0; step < 200_000; step++) {
      int slot = random.nextInt(step < 100_000 ? SLOTS : SLOTS / 3);
      if (there.remove(slot)) {
        index.remove(slot);
      } else {
        // Some homes are taken often, beyond what an entry can say of its distance.
        keys[slot] = random.nextLong() & (random.nextInt(8) == 0 ? ~0x3F0L : -1);
        index.add(slot);
        there.add(slot);
      }
      int asked = random.nextInt(SLOTS);
      assertThat(isFound(asked))
          .as("seed %d, step %d", seed, step)
          .isEqualTo(there.contains(asked));
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      assertThat(isFound(slot)).as("seed %d", seed).isEqualTo(there.contains(slot));
    }
  }

  @Test
  void itTakesSomeTenBytesASlot() {
    var random = new Random(1);
    for (int slot = 0; slot < SLOTS; slot++) {
      keys[slot] = random.nextLong();
      index.add(slot);
    }
    assertThat(index.bytes() / (double) SLOTS).isBetween(8.0, 12.0);
  }
}
