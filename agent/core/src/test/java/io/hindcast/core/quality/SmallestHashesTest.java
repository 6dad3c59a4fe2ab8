package io.hindcast.core.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SmallestHashesTest {
  @Test
  void fewHashes_areAllThere_once() {
    var hashes = new SmallestHashes();
    for (long hash : new long[] {7, 0, 3, 7, Long.MAX_VALUE - 1, 0}) {
      hashes.add(hash);
    }
    assertThat(hashes.ascending()).containsExactly(0, 3, 7, Long.MAX_VALUE - 1);
    hashes.clear();
    assertThat(hashes.ascending()).isEmpty();
  }

  @Test
  void ofMany_theyAreWhatATreeKeeps() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    for (int distinct : new int[] {1, 511, 512, 513, 1024, 20_000}) {
      var hashes = new SmallestHashes();
      var tree = new TreeSet<Long>();
      long[] pool = random.longs(distinct, 0, Long.MAX_VALUE).toArray();
      for (int i = 0; i < 3 * distinct; i++) {
        long hash = pool[random.nextInt(distinct)];
        hashes.add(hash);
        tree.add(hash);
      }
      assertThat(hashes.ascending())
          .as("seed %d, %d different", seed, distinct)
          .containsExactly(
              tree.stream().limit(SmallestHashes.KEPT).mapToLong(Long::longValue).toArray());
      // Asking changes nothing.
      hashes.add(pool[0]);
      assertThat(hashes.ascending()).hasSize(Math.min(SmallestHashes.KEPT, tree.size()));
    }
  }
}
