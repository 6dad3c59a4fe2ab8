package io.hindcast.core.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemarksTest {
  private final Play play =
      new Play(Play.model(new ModelConfig.Reference.Learn(1000))).features("x", "y");

  @Test
  void whatIsOdd_isSaidOnceForEachModelAndKind() {
    play.values(Double.NaN, Double.POSITIVE_INFINITY).score(0.3);
    play.values(Double.NaN, null).score(0.3);
    play.pass(Duration.ofSeconds(1));
    play.values(1.0, Row.WRONG_TYPE).score(0.3);
    play.engine.overflowed(Play.KEY, Task.BINARY, 2, play.now);
    play.engine.overflowed(Play.KEY, Task.BINARY, 2, play.now);
    play.engine.dropped(Play.KEY, Task.BINARY, 1, 0, play.now);
    play.engine.dropped(Play.KEY, Task.BINARY, 1, 0, play.now);
    play.engine.labelsNeverCame("m", LabelOutcome.REJECTED, 3);
    play.engine.labelsNeverCame("m", LabelOutcome.DROPPED, 3);
    play.label("nobody", true);
    play.label("nobody else", true);
    play.engine.finish(play.now);

    assertThat(said())
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains("model m", "feature x", "missing"),
            line -> assertThat(line).contains("model m", "feature y", "not_finite"),
            line -> assertThat(line).contains("model m", "feature y", "wrong_type"),
            line -> assertThat(line).contains("model m", "more values"),
            line -> assertThat(line).contains("model m", "hindcast.rows.dropped"),
            line -> assertThat(line).contains("'dropped'"),
            line -> assertThat(line).contains("'unknown'"));
  }

  @Test
  void whatIsAsItShouldBe_isNotSpokenOf() {
    play.label(play.values(1.0, 2.0).score(0.3), true);
    play.engine.finish(play.now);

    assertThat(said()).isEmpty();
  }

  private List<String> said() {
    return play.said.toString(UTF_8).lines().toList();
  }
}
