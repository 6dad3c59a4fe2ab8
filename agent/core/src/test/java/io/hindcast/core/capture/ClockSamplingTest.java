package io.hindcast.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.model.Row;
import org.junit.jupiter.api.Test;

class ClockSamplingTest {
  private final ClockSampling clocks = new ClockSampling();

  /** Tenths of a second in which so many calls took so long. */
  private void tenths(int tenths, long calls, long nanos) {
    for (int t = 0; t < tenths; t++) {
      for (long i = 0; i < calls; i++) {
        boolean isTimed = clocks.bits() == 0 || i % ClockSampling.ONE_IN == 0;
        clocks.saw(isTimed ? nanos : Row.NOT_TIMED);
      }
      clocks.tick();
    }
  }

  @Test
  void everyCallIsTimed_untilTheFirstRowsAreOver() {
    tenths(19, 1_000, 300);
    assertThat(clocks.bits()).isZero();
    tenths(10, 1_000, 300);
    assertThat(ClockSampling.ONE_IN).isEqualTo(64);
    assertThat(clocks.bits()).isEqualTo(6);
  }

  @Test
  void callsOfAMicrosecondOrMore_areAllTimed() {
    tenths(100, 1_000, 1_000);
    assertThat(clocks.bits()).isZero();
  }

  @Test
  void callsThatAreFew_areAllTimed() {
    tenths(1_000, 199, 300);
    assertThat(clocks.bits()).isZero();
  }

  @Test
  void aPauseAmongShortCalls_changesNothing_andLongerCallsDo() {
    tenths(50, 1_000, 300);
    for (int i = 0; i < 16; i++) {
      clocks.saw(i == 3 ? 10_000_000 : 300);
    }
    tenths(1, 1_000, 300);
    assertThat(clocks.bits()).isEqualTo(6);
    tenths(1, 1_000, 2_000);
    assertThat(clocks.bits()).isZero();
    // And back, after half a second of short ones.
    tenths(4, 1_000, 300);
    assertThat(clocks.bits()).isZero();
    tenths(1, 1_000, 300);
    assertThat(clocks.bits()).isEqualTo(6);
  }

  @Test
  void aQuietTime_endsTheSampling() {
    tenths(50, 1_000, 300);
    assertThat(clocks.bits()).isEqualTo(6);
    tenths(1, 0, 0);
    assertThat(clocks.bits()).isZero();
  }
}
