package io.hindcast.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PoolBudgetTest {
  @Test
  void configuredModels_shareEvenly_andOthersTakeAQuarterOfTheRest() {
    // 64 KiB: 16 KiB kept back, 24 KiB for each of two models; slots of 64 bytes.
    var budget = new PoolBudget(64 << 10, 2);
    assertThat(budget.take(64)).isEqualTo(256); // 384 affordable, 16 KiB taken
    assertThat(budget.take(64)).isEqualTo(512); // 32 KiB left for one: all of them
    assertThat(budget.take(64)).isEqualTo(64); // a quarter of the 16 KiB kept back
    for (int i = 0; i < 3; i++) {
      assertThat(budget.take(64)).isEqualTo(64); // 4 KiB each of 12
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
  void aHundredAnnotatedModels_haveRoom_andTheFirstOnesMuch() {
    var budget = new PoolBudget(8 << 20, 0);
    assertThat(budget.take(91)).isEqualTo(16384);
    for (int i = 1; i < 100; i++) {
      assertThat(budget.take(91)).as("pool " + i).isGreaterThanOrEqualTo(64);
    }
  }

  @Test
  void whatAPoolGaveBack_isForOthers() {
    var budget = new PoolBudget(64 << 10, 0);
    var pool = new CapturePool(1, budget.take(200), 0, false, budget, () -> {});
    while (budget.take(200) > 0) {}
    pool.giveBack();
    pool.giveBack();
    assertThat(budget.take(64)).isEqualTo(64);
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
      var budget = new PoolBudget(8 << 20, 0);
      long taken = 0;
      int slots;
      int pools = 0;
      while ((slots = budget.take(bytesPerSlot)) > 0) {
        taken += (long) slots * bytesPerSlot;
        pools++;
      }
      assertThat(taken).isLessThanOrEqualTo(8 << 20).isGreaterThan(7 << 20);
      assertThat(pools).isGreaterThan(10);
    }
  }
}
