package io.hindcast.stats.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SumTest {
  @Test
  void value_keepsWhatALargeTermWouldSwallow() {
    var sum = new Sum();
    sum.add(1e100);
    sum.add(1);
    sum.add(-1e100);
    assertThat(sum.value()).isEqualTo(1);
  }

  @Test
  void value_ofAMillionTenths_isRightToTheLastDigit() {
    var sum = new Sum();
    for (int i = 0; i < 1_000_000; i++) {
      sum.add(0.1);
    }
    assertThat(sum.value())
        .isEqualTo(new BigDecimal(0.1).multiply(BigDecimal.valueOf(1_000_000)).doubleValue());
  }

  @Test
  void subtract_takesBackWhatAddAdded() {
    var sum = new Sum();
    sum.add(3);
    sum.add(1e17);
    sum.subtract(1e17);
    assertThat(sum.value()).isEqualTo(3);
  }

  @Test
  void addSquare_doesNotRoundTheSquare() {
    var sum = new Sum();
    double x = 1 + 0x1p-30;
    sum.addSquare(x);
    assertThat(sum.exactValue()).isEqualByComparingTo(new BigDecimal(x).pow(2));
    sum.subtractSquare(x);
    assertThat(sum.exactValue()).isEqualByComparingTo(BigDecimal.ZERO);
  }

  @Test
  void merge_isTheSumOfAllTerms() {
    long seed = Long.getLong("hindcast.test.seed", 20_261_124);
    System.out.println("seed " + seed);
    var random = new Random(seed);
    var whole = new Sum();
    Sum[] parts = {new Sum(), new Sum(), new Sum()};
    BigDecimal exact = BigDecimal.ZERO;
    for (int i = 0; i < 3000; i++) {
      double x = random.nextGaussian() * Math.pow(10, random.nextInt(30) - 15);
      whole.add(x);
      parts[i % 3].add(x);
      exact = exact.add(new BigDecimal(x));
    }
    parts[0].merge(parts[1]);
    parts[0].merge(parts[2]);
    assertThat(whole.value()).isEqualTo(exact.doubleValue());
    assertThat(parts[0].value()).isEqualTo(whole.value());
  }

  @Test
  void merge_withItself_doubles() {
    var sum = new Sum();
    sum.add(1e100);
    sum.add(1);
    sum.merge(sum);
    sum.add(-2e100);
    assertThat(sum.value()).isEqualTo(2);
  }
}
