package io.hindcast.stats.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SumsTest {
  @Test
  void aMillionTenths_beside10To17_areExact() {
    var sums = new Sums(2);
    for (int i = 0; i < 1_000_000; i++) {
      sums.add(new double[] {0.1, i == 0 ? 1e17 : 1});
    }
    var tenths = new Sum();
    sums.addTo(0, tenths);
    // 0.1 is stored as 0.1000000000000000055511151231257827…
    assertThat(tenths.value()).isEqualTo(100_000.00000000000555);
    var large = new Sum();
    sums.addTo(1, large);
    assertThat(large.value()).isEqualTo(1e17 + 999_999);
  }

  @Test
  void eachSum_isWhatSumGives_andAddsToWhatIsThere() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    var random = new Random(seed);
    int n = 37;
    var sums = new Sums(n);
    Sum[] expected = new Sum[n];
    Sum[] other = new Sum[n];
    for (int i = 0; i < n; i++) {
      expected[i] = new Sum();
      other[i] = new Sum();
      double x = random.nextGaussian() * 1e9;
      expected[i].add(x);
      other[i].add(x);
    }
    double[] terms = new double[n + 3]; // a row may have room for more
    for (int row = 0; row < 10_000; row++) {
      for (int i = 0; i < terms.length; i++) {
        terms[i] = random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10);
      }
      sums.add(terms);
      for (int i = 0; i < n; i++) {
        expected[i].add(terms[i]);
      }
    }
    for (int i = 0; i < n; i++) {
      sums.addTo(i, other[i]);
      double ulp = Math.ulp(expected[i].value());
      assertThat(Math.abs(other[i].value() - expected[i].value()))
          .as("seed %d, sum %d", seed, i)
          .isLessThanOrEqualTo(ulp);
      sums.clear(i);
      var none = new Sum();
      sums.addTo(i, none);
      assertThat(none.value()).isZero();
    }
  }
}
