package io.hindcast.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class SampleHashTest {
  @Test
  void ids_areHashedAsTheirTexts() {
    for (long number :
        new long[] {
          0, 7, -7, 10, -10, 1_000_000, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
        }) {
      assertThat(SampleHash.hashCodeOf(number)).isEqualTo(Long.toString(number).hashCode());
    }
    var random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      long number = random.nextLong() >> random.nextInt(64);
      var uuid = new UUID(random.nextLong(), random.nextLong());
      int row = random.nextInt() >>> (1 + random.nextInt(31));
      for (Object id :
          List.of(number, (int) number, (short) number, (byte) number, uuid, "x" + i)) {
        assertThat(SampleHash.hashCodeOf(id)).as("%s", id).isEqualTo(id.toString().hashCode());
        assertThat(SampleHash.hashCodeOfRow(SampleHash.hashCodeOf(id), row))
            .as("%s#%s", id, row)
            .isEqualTo((id + "#" + row).hashCode());
      }
    }
  }

  @Test
  void anIdOfALabel_isHashedAsTheRowWas() {
    assertThat(SampleHash.ofId("order-17")).isEqualTo(SampleHash.ofText("order-17".hashCode()));
    var generated = new GeneratedId();
    generated.process = -3;
    generated.pool = SampleHash.SAMPLED_POOL;
    generated.number = 12345;
    assertThat(SampleHash.ofId(generated.text())).isEqualTo(SampleHash.ofGenerated(12345, 0));
    generated.row = 7;
    assertThat(SampleHash.ofId(generated.text())).isEqualTo(SampleHash.ofGenerated(12345, 7));
    generated.pool = 1;
    assertThat(SampleHash.ofId(generated.text()))
        .isEqualTo(SampleHash.ofText(generated.text().hashCode()));
  }

  @Test
  void whatIsKeptAtALevel_isKeptAtEverySmallerOne() {
    assertThat(SampleHash.keeps(-1, 0)).isTrue();
    assertThat(SampleHash.keeps(0, 20)).isTrue();
    assertThat(SampleHash.keeps(1L << 63, 1)).isFalse();
    assertThat(SampleHash.keeps(1L << 62, 1)).isTrue();
    assertThat(SampleHash.keeps(1L << 62, 2)).isFalse();
    var random = new Random(9);
    for (int i = 0; i < 1000; i++) {
      long hash = random.nextLong() >>> random.nextInt(24);
      for (int level = 1; level < 20; level++) {
        assertThat(!SampleHash.keeps(hash, level) || SampleHash.keeps(hash, level - 1)).isTrue();
      }
    }
  }

  /** The kept of n ids are binomial: within five standard deviations of n·2⁻ᵏ. */
  @Test
  void everyFamilyOfIds_isKeptInItsShare() {
    var random = new Random(11);
    List<IntFunction<String>> families =
        List.of(
            i -> Integer.toString(i),
            i -> "order-" + i,
            i -> String.format("%012d", i),
            i -> "2026-11-24T19:" + i / 60 + ":" + i % 60,
            i -> "batch#" + i,
            i -> "customer-" + i % 100 + "/" + i / 100,
            i -> new UUID(random.nextLong(), random.nextLong()).toString(),
            i -> Integer.toHexString(i * 0x9E3779B1));
    int n = 40_000;
    for (int family = 0; family < families.size(); family++) {
      for (int level = 1; level <= 6; level++) {
        int kept = 0;
        for (int i = 0; i < n; i++) {
          kept += SampleHash.keeps(SampleHash.ofId(families.get(family).apply(i)), level) ? 1 : 0;
        }
        double p = Math.pow(2, -level);
        assertThat(Math.abs(kept - n * p) / Math.sqrt(n * p * (1 - p)))
            .as("family %s, level %s: %s kept", family, level, kept)
            .isLessThan(5);
      }
    }
  }

  @Test
  void numbersOfThreads_areKeptInTheirShare() {
    int n = 40_000;
    for (int threads : new int[] {1, 2, 1000, n}) {
      for (int level = 1; level <= 6; level++) {
        int kept = 0;
        for (int i = 0; i < n; i++) {
          long number = (i % threads + 1) * 0x9E3779B97F4A7C15L + i / threads & Long.MAX_VALUE;
          kept += SampleHash.keeps(SampleHash.ofGenerated(number, 0), level) ? 1 : 0;
        }
        double p = Math.pow(2, -level);
        assertThat(Math.abs(kept - n * p) / Math.sqrt(n * p * (1 - p)))
            .as("%s threads, level %s: %s kept", threads, level, kept)
            .isLessThan(5);
      }
    }
  }
}
