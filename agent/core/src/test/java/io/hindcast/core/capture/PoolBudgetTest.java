package io.hindcast.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PoolBudgetTest {
  @Test
  void eachPool_takesHalfOfWhatIsLeft_andLateOnesLiveOnTheReserve() {
    // 64 KiB: 16 KiB kept back, 48 KiB to halve; slots of 64 bytes.
    var budget = new PoolBudget(64 << 10, 1);
    assertThat(budget.take(64)).isEqualTo(256); // 384 affordable, 16 KiB taken, 32 left
    assertThat(budget.take(64)).isEqualTo(256); // 16 left
    assertThat(budget.take(64)).isEqualTo(128); // 8 left
    assertThat(budget.take(64)).isEqualTo(64); // 4 left
    for (int i = 0; i < 5; i++) {
      assertThat(budget.take(64)).isEqualTo(64); // 4 KiB each of 4 + 16
    }
    assertThat(budget.take(64)).isZero();
  }

  @Test
  void manyModels_haveRoomForBurstsEach() {
    var budget = new PoolBudget(8 << 20, 25);
    for (int i = 0; i < 25; i++) {
      assertThat(budget.take(120)).as("pool " + i).isBetween(512, 4096);
    }
  }

  @Test
  void aPool_isNeverLargerThanItCanUse() {
    assertThat(new PoolBudget(1L << 40, 1).take(64)).isEqualTo(PoolBudget.MOST_SLOTS);
    assertThat(new PoolBudget(100, 1).take(64)).isZero();
    assertThat(new PoolBudget(-1, 1).takeBytes(1)).isFalse();
  }

  @Test
  void whatAllPoolsTake_isWithinTheBudget() {
    for (int bytesPerSlot : new int[] {91, 400, 1700}) {
      var budget = new PoolBudget(8 << 20, 1);
      long taken = 0;
      int slots;
      int pools = 0;
      while ((slots = budget.take(bytesPerSlot)) > 0) {
        taken += (long) slots * bytesPerSlot;
        pools++;
      }
      assertThat(taken).isLessThanOrEqualTo(8 << 20).isGreaterThan(7 << 20);
      assertThat(pools).isGreaterThan(20);
    }
  }
}
