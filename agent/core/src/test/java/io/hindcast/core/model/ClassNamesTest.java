package io.hindcast.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class ClassNamesTest {
  enum Animal {
    CAT {
      @Override
      public String toString() {
        return "a cat";
      }
    }
  }

  @Test
  void integersWithoutFraction_areWrittenWithoutFraction() {
    assertThat(ClassNames.of(2)).isEqualTo("2");
    assertThat(ClassNames.of(2.0)).isEqualTo("2");
    assertThat(ClassNames.of(-3f)).isEqualTo("-3");
    assertThat(ClassNames.of(-0.0)).isEqualTo("0");
    assertThat(ClassNames.of((byte) 7)).isEqualTo("7");
    assertThat(ClassNames.of(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
    assertThat(ClassNames.of(new BigDecimal("20.00"))).isEqualTo("20");
    assertThat(ClassNames.of(new BigDecimal("0E+10"))).isEqualTo("0");
    assertThat(ClassNames.of(BigInteger.TEN)).isEqualTo("10");
  }

  @Test
  void whatHasAFractionOrIsTooLong_isNone() {
    assertThat(ClassNames.of(2.5)).isNull();
    assertThat(ClassNames.of(Double.NaN)).isNull();
    assertThat(ClassNames.of(Double.POSITIVE_INFINITY)).isNull();
    assertThat(ClassNames.of(1e300)).isNull();
    assertThat(ClassNames.of(new BigDecimal("2.5"))).isNull();
    assertThat(ClassNames.of(new BigDecimal("1E+1000000000"))).isNull();
    assertThat(ClassNames.of(BigInteger.TEN.pow(64))).isNull();
    assertThat(ClassNames.of(BigInteger.TEN.pow(63))).hasSize(64);
    assertThat(ClassNames.of("x".repeat(64))).hasSize(64);
    assertThat(ClassNames.of("x".repeat(65))).isNull();
    assertThat(ClassNames.of(new Object())).isNull();
    assertThat(ClassNames.of(null)).isNull();
  }

  @Test
  void textAndConstants_keepTheirName() {
    assertThat(ClassNames.of("2.0")).isEqualTo("2.0");
    assertThat(ClassNames.of("No")).isEqualTo("No");
    assertThat(ClassNames.of(Animal.CAT)).isEqualTo("CAT");
    assertThat(ClassNames.of(true)).isEqualTo("true");
    assertThat(ClassNames.of('c')).isEqualTo("c");
  }

  @Test
  void textOfUnknownType_isANumberWhereItLooksLikeOne() {
    assertThat(ClassNames.ofText("2.0")).isEqualTo("2");
    assertThat(ClassNames.ofText("-2.000")).isEqualTo("-2");
    assertThat(ClassNames.ofText("-0.0")).isEqualTo("0");
    assertThat(ClassNames.ofText("2.")).isEqualTo("2");
    assertThat(ClassNames.ofText("2.5")).isEqualTo("2.5");
    assertThat(ClassNames.ofText(".0")).isEqualTo(".0");
    assertThat(ClassNames.ofText("1.0.0")).isEqualTo("1.0.0");
    assertThat(ClassNames.ofText("v2.0")).isEqualTo("v2.0");
    assertThat(ClassNames.ofText("")).isEmpty();
    assertThat(ClassNames.ofText(null)).isNull();
  }

  @Test
  void ofTwoClasses_trueAndOneArePositiveUnlessTheyAreNames() {
    assertThat(ClassNames.binary(true, "bad", "good")).isEqualTo("bad");
    assertThat(ClassNames.binary(0, "bad", "good")).isEqualTo("good");
    assertThat(ClassNames.binary(1.0, "bad", "good")).isEqualTo("bad");
    assertThat(ClassNames.binary("0.0", "bad", "good")).isEqualTo("good");
    assertThat(ClassNames.binary("bad", "bad", "good")).isEqualTo("bad");
    assertThat(ClassNames.binary("ugly", "bad", "good")).isNull();
    assertThat(ClassNames.binary(2, "bad", "good")).isNull();
    assertThat(ClassNames.binary(null, "bad", "good")).isNull();
    // Where the names are the other way round they win over what 1 and 0 usually mean.
    assertThat(ClassNames.binary(1, "0", "1")).isEqualTo("1");
    assertThat(ClassNames.binary(0.0, "0", "1")).isEqualTo("0");
    assertThat(ClassNames.binary(true, "0", "1")).isEqualTo("0");
    assertThat(ClassNames.binary(2, "2.0", "1.0")).isEqualTo("2.0");
    assertThat(ClassNames.binary("1", "2", "1.0")).isEqualTo("1.0");
    assertThat(ClassNames.binary(false, "false", "true")).isEqualTo("false");
    assertThat(ClassNames.binary(0, "false", "true")).isEqualTo("true");
  }
}
