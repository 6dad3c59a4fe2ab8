package io.hindcast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MethodPatternTest {
  // What is wrong with a pattern, and how it is said, stands in config/problems.txt.

  @Test
  void parse_readsClassMethodAndTypes() {
    assertThat(
            MethodPattern.parse(" com.acme.Risk$Model#predict( java.lang.String , double[] [] ) "))
        .isEqualTo(
            new MethodPattern(
                "com.acme.Risk$Model#predict( java.lang.String , double[] [] )",
                "com.acme.Risk$Model",
                "predict",
                List.of("java.lang.String", "double[][]")));
  }

  @Test
  void parse_tellsNoTypesFromAnyTypes() {
    assertThat(MethodPattern.parse("Risk#predict()").parameterTypes()).isEmpty();
    assertThat(MethodPattern.parse("Risk#predict").parameterTypes()).isNull();
  }

  @Test
  void parse_readsAVariableNumberOfArgumentsAsTheArrayThatItIs() {
    assertThat(MethodPattern.parse("a.B#c(double...)").parameterTypes())
        .containsExactly("double[]");
  }

  @Test
  void parse_takesStarsWhereAClassOrPackageIsStillNamed() {
    for (String pattern :
        List.of("com.acme.*#*", "*Model#predict", "com.*.Risk#pre*", "com.acme.**#score")) {
      assertThat(MethodPattern.parse(pattern).text()).isEqualTo(pattern);
    }
  }
}
