package io.hindcast.core.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpentReceiptsTest {
  private static final long DAY = 86_400_000;
  private static final long T0 = 1_800_000_000_000L;
  private final SpentReceipts spent = new SpentReceipts(1 << 20, 90 * DAY);

  @Test
  void whatWasPut_isKnown_andAnotherLabelTakesItsPlace() {
    assertThat(spent.labelOf(7L << 8, T0)).isZero();
    assertThat(spent.put(7L << 8, T0, 3)).isTrue();
    assertThat(spent.labelOf(7L << 8, T0)).isEqualTo(3);
    assertThat(spent.put(7L << 8, T0, 255)).isTrue();
    assertThat(spent.labelOf(7L << 8, T0)).isEqualTo(255);
    assertThat(spent.labelOf(8L << 8, T0)).isZero();
  }

  @Test
  void asAMapWould_overManyReceipts() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    Map<Long, Integer> expected = new HashMap<>();
    Map<Long, Long> times = new HashMap<>();
    for (int i = 0; i < 40_000; i++) {
      long nonce = random.nextLong();
      times.put(nonce, T0 + random.nextInt(80) * DAY);
      expected.put(nonce, 1 + random.nextInt(255));
      assertThat(spent.put(nonce, times.get(nonce), expected.get(nonce))).isTrue();
    }
    expected.forEach(
        (nonce, label) ->
            assertThat(spent.labelOf(nonce, times.get(nonce)))
                .as("seed %s", seed)
                .isEqualTo(label));
    assertThat(spent.bytes()).isBetween(8L * 40_000, 24L * 40_000);
  }

  @Test
  void aReceiptOfTheSameIdMadeALittleLater_isFound() {
    spent.put(5L << 8, T0, 9);
    assertThat(spent.labelOf(5L << 8, T0 + 8 * 3_600_000)).isEqualTo(9);
  }

  @Test
  void withoutRoom_theOldestAreRefusedFromThenOn_andNothingIsForgottenSilently() {
    var small = new SpentReceipts(8 * 4096, 90 * DAY);
    var random = new Random(1);
    int put = 0;
    for (int day = 0; day < 40; day++) {
      for (int i = 0; i < 200; i++) {
        long time = T0 + day * DAY;
        long nonce = random.nextLong();
        assertThat(small.mayBeForgotten(time)).isFalse();
        if (small.put(nonce, time, 1)) {
          assertThat(small.labelOf(nonce, time)).isEqualTo(1);
          put++;
        }
      }
      assertThat(small.bytes()).isLessThanOrEqualTo(8 * 4096);
    }
    assertThat(put).isEqualTo(8_000);
    assertThat(small.mayBeForgotten(T0)).isTrue();
    assertThat(small.mayBeForgotten(T0 + 39 * DAY)).isFalse();
  }

  @Test
  void tooManyOfOneTime_findNoRoom() {
    var small = new SpentReceipts(8 * 1024, 90 * DAY);
    int refused = 0;
    for (long i = 1; i <= 2_000; i++) {
      refused += small.put(i << 20, T0, 1) ? 0 : 1;
    }
    assertThat(refused).isEqualTo(2_000 - 768);
  }

  @Test
  void whatHasExpired_isForgotten() {
    spent.put(5L << 8, T0, 9);
    spent.expire(T0 + 89 * DAY, 90 * DAY);
    assertThat(spent.labelOf(5L << 8, T0)).isEqualTo(9);
    spent.expire(T0 + 92 * DAY, 90 * DAY);
    assertThat(spent.bytes()).isZero();
  }
}
