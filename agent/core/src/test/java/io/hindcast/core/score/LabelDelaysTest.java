package io.hindcast.core.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LabelDelaysTest {
  private static final double HOUR = 3600;
  private static final double DAY = 24 * HOUR;

  private final LabelDelays delays = new LabelDelays(Duration.ofDays(90));

  @Test
  void maturity_isTheStepByWhich95PercentHaveCome() {
    assertThat(delays.learntMaturity()).isEqualTo(Duration.ofHours(1));
    for (int i = 0; i < 95; i++) {
      delays.add(2 * HOUR);
    }
    for (int i = 0; i < 5; i++) {
      delays.add(20 * DAY);
    }
    assertThat(delays.learntMaturity()).isEqualTo(Duration.ofHours(6));
    delays.add(20 * DAY);
    assertThat(delays.learntMaturity()).isEqualTo(Duration.ofDays(30));
  }

  @Test
  void maturity_waitsForTheSlowestClass_thatHasThirtyLabels() {
    for (int i = 0; i < 2000; i++) {
      delays.ofClass("fast", delays.add(2 * HOUR));
    }
    for (int i = 0; i < 29; i++) {
      delays.ofClass("slow", delays.add(20 * DAY));
    }
    assertThat(delays.learntMaturity()).isEqualTo(Duration.ofHours(6));
    delays.ofClass("slow", delays.add(20 * DAY));
    assertThat(delays.learntMaturity()).isEqualTo(Duration.ofDays(30));
  }

  @Test
  void maturity_isAtMostTheTimeToLive_andAtLeastWhatAbsenceTakes() {
    var shortLived = new LabelDelays(Duration.ofDays(2), Duration.ofDays(1));
    assertThat(shortLived.learntMaturity()).isEqualTo(Duration.ofDays(1));
    shortLived.ofClass("a", shortLived.add(80 * DAY));
    assertThat(shortLived.learntMaturity()).isEqualTo(Duration.ofDays(2));
  }

  @Test
  void classesBeyondTheMost_countAmongAll() {
    for (int c = 0; c < 1000; c++) {
      for (int i = 0; i < 40; i++) {
        delays.ofClass("class " + c, delays.add(c < 100 ? 2 * HOUR : 20 * DAY));
      }
    }
    assertThat(delays.learntMaturity()).isEqualTo(Duration.ofDays(30));
  }
}
