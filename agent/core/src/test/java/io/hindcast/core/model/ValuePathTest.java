package io.hindcast.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.model.ValuePath.Root;
import io.hindcast.core.model.ValuePath.Step.EachRow;
import io.hindcast.core.model.ValuePath.Step.Element;
import io.hindcast.core.model.ValuePath.Step.Name;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValuePathTest {
  // What is wrong with a path, and how it is said, stands in config/problems.txt.

  @Test
  void parse_readsThePathsOfTheContract() {
    assertThat(ValuePath.parse("args[0].customer.age"))
        .isEqualTo(
            new ValuePath(
                "args[0].customer.age",
                Root.ARGUMENT,
                0,
                List.of(new Name("customer"), new Name("age"))));
    assertThat(ValuePath.parse("return[1]"))
        .isEqualTo(new ValuePath("return[1]", Root.RETURN, -1, List.of(new Element(1))));
    assertThat(ValuePath.parse("return.score"))
        .isEqualTo(new ValuePath("return.score", Root.RETURN, -1, List.of(new Name("score"))));
    assertThat(ValuePath.parse("this.version"))
        .isEqualTo(new ValuePath("this.version", Root.THIS, -1, List.of(new Name("version"))));
    assertThat(ValuePath.parse("args[0][*].id"))
        .isEqualTo(
            new ValuePath(
                "args[0][*].id", Root.ARGUMENT, 0, List.of(new EachRow(), new Name("id"))));
  }

  @Test
  void parse_readsRootsAlone() {
    assertThat(ValuePath.parse("return"))
        .isEqualTo(new ValuePath("return", Root.RETURN, -1, List.of()));
    assertThat(ValuePath.parse("this")).isEqualTo(new ValuePath("this", Root.THIS, -1, List.of()));
    assertThat(ValuePath.parse("args[12]"))
        .isEqualTo(new ValuePath("args[12]", Root.ARGUMENT, 12, List.of()));
  }

  @Test
  void parse_takesAnyKeyOfAMapThatHoldsNoDotOrBracket() {
    assertThat(ValuePath.parse("args[0].Größe in cm.first-name[3]").steps())
        .containsExactly(new Name("Größe in cm"), new Name("first-name"), new Element(3));
  }

  @Test
  void parse_leavesBlanksAroundThePathOut() {
    assertThat(ValuePath.parse("  args[1] ").text()).isEqualTo("args[1]");
  }
}
