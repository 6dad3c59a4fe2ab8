package io.hindcast.core.join.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentFilterTest {
  private static final int RECORDS = 3000;
  private final Random random = new Random(1);
  private final SegmentFilter filter = new SegmentFilter(new OffHeap(), RECORDS, 58);

  private long[][] fill(int number, int records) {
    long[][] keys = new long[records][];
    for (int i = 0; i < records; i++) {
      // As sampled keys are: they begin with zeros.
      keys[i] = new long[] {random.nextLong() >>> 20, random.nextLong()};
      filter.add(number, keys[i][0], keys[i][1]);
    }
    return keys;
  }

  private boolean mayHold(int number, long[] key) {
    return (filter.mayHold(key[0], key[1]) >>> number & 1) != 0;
  }

  @Test
  void aKeyOfASegment_isNeverPassedOver_andOneInTwentyOthersIsLookedFor() {
    int segments = 40;
    long[][][] keys = new long[segments][][];
    for (int i = 0; i < segments; i++) {
      assertThat(filter.take()).isEqualTo(i);
      keys[i] = fill(i, RECORDS);
    }
    long inVain = 0;
    for (int i = 0; i < segments; i++) {
      for (long[] key : keys[i]) {
        assertThat(mayHold(i, key)).isTrue();
        inVain += Long.bitCount(filter.mayHold(key[0], key[1])) - 1;
      }
    }
    // 3/4 record a line, 2 of 8 words: 0.0475 of the others.
    assertThat((double) inVain / segments / RECORDS / (segments - 1)).isBetween(.04, .055);
  }

  @Test
  void aSegmentThatHasLeft_isClearedInPieces_andItsNumberTakenAgain() {
    for (int i = 0; i < SegmentFilter.MOST; i++) {
      assertThat(filter.take()).isEqualTo(i);
    }
    assertThat(filter.take()).isEqualTo(-1);
    long[][] five = fill(5, RECORDS);
    long[][] six = fill(6, RECORDS);
    filter.giveBack(5);
    filter.turn();
    assertThat(filter.take()).isEqualTo(5);
    assertThat(filter.take()).isEqualTo(-1);
    for (long[] key : five) {
      assertThat(mayHold(5, key)).isFalse();
    }
    for (long[] key : six) {
      assertThat(mayHold(6, key)).isTrue();
    }
  }

  @Test
  void clearingALargeOne_takesSeveralTurns_unlessItsNumberIsNeeded() {
    var large = new SegmentFilter(new OffHeap(), 100_000, 58);
    for (int i = 0; i < SegmentFilter.MOST; i++) {
      assertThat(large.take()).isEqualTo(i);
    }
    large.giveBack(7);
    large.turn();
    large.giveBack(9);
    assertThat(large.take()).isEqualTo(7);
    assertThat(large.take()).as("given back meanwhile").isEqualTo(9);
    assertThat(large.take()).isEqualTo(-1);
  }

  @Test
  void aStoreOfFewSegments_takesAQuarterOfIt_andIsAsGood() {
    var few = new SegmentFilter(new OffHeap(), RECORDS, 16);
    assertThat(few.bytes()).isEqualTo(filter.bytes() / 4);
    for (int i = 0; i < 16; i++) {
      assertThat(few.take()).isEqualTo(i);
    }
    assertThat(few.take()).isEqualTo(-1);
    long[][] keys = fill(15, RECORDS);
    for (long[] key : keys) {
      few.add(15, key[0], key[1]);
      few.add(3, key[0], key[1]);
    }
    for (long[] key : keys) {
      assertThat(few.mayHold(key[0], key[1])).isEqualTo(1 << 15 | 1 << 3);
    }
    few.giveBack(3);
    few.turn();
    for (long[] key : keys) {
      assertThat(few.mayHold(key[0], key[1])).isEqualTo(1 << 15);
    }
    assertThat(few.take()).isEqualTo(3);
  }
}
