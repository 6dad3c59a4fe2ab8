package io.hindcast.instrumentation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, stars and types of rules. */
final class RuleTest {
  @ParameterizedTest
  @CsvSource({
    "com.acme.Risk, com/acme/Risk, true",
    "com.acme.Risk, com.acme.Risk, true",
    "com.acme.Risk, com/acme/Risky, false",
    "com.acme.Risk, com/acme/Ris, false",
    "com.acme.Outer.Inner, com/acme/Outer$Inner, true",
    "com.acme.Outer$Inner, com/acme/Outer$Inner, true",
    "com.acme.*, com/acme/sub/Risk, true",
    "com.*.Risk, com/acme/Risk, true",
    "*Risk*, com/acme/MyRiskModel, true",
    "*Risk*Model, com/acme/RiskRiskMode, false",
    "*a*ab, xaaab, true",
    "*, Anything, true"
  })
  void className_matches(String pattern, String name, boolean matches) {
    assertThat(rule(pattern + "#m").matchesClass(name)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "m | m | ()V | true",
        "m() | m | ()V | true",
        "m() | m | (I)V | false",
        "m | m | (IJ)V | true",
        "m(int) | m | (I)V | true",
        "m(int) | m | (J)V | false",
        "m(double[],java.lang.String) | m | ([DLjava/lang/String;)D | true",
        "m(double[][]) | m | ([[D)D | true",
        "m(double[][]) | m | ([D)D | false",
        "m(java.lang.String...) | m | ([Ljava/lang/String;)D | true",
        "m(com.acme.Outer.Inner) | m | (Lcom/acme/Outer$Inner;)D | true",
        "m(boolean,byte,char,short,float) | m | (ZBCSF)V | true",
        "pre* | predict | ()V | true",
        "pre* | post | ()V | false",
      })
  void method_matches(String pattern, String name, String descriptor, boolean matches) {
    assertThat(rule("app.A#" + pattern).matchesMethod(name, descriptor)).isEqualTo(matches);
  }

  private static Rule rule(String text) {
    return new Rule("model", false, WeavingTest.pattern(text));
  }
}
