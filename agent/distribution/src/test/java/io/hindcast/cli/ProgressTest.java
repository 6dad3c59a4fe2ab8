package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter err = new StringWriter();
  private long now;

  @Test
  void rows_areSaidEveryTwoSecondsAtMost() {
    var progress = new Progress(new PrintWriter(err), () -> now);
    for (int row = 1; row <= 8 * 1024; row++) {
      now += 1_000_000;
      progress.rows("replaying", row, 10_000);
    }
    assertThat(err.toString().lines())
        .containsExactly(
            "replaying: 2048 rows of 10000 (20 %)",
            "replaying: 4096 rows of 10000 (40 %)",
            "replaying: 6144 rows of 10000 (61 %)",
            "replaying: 8192 rows of 10000 (81 %)");
    progress.done("8192 rows");
    assertThat(err.toString()).endsWith("8192 rows in 8.2 s\n");
  }
}
