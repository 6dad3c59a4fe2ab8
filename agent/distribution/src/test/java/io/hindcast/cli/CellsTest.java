package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CellsTest {
  @Test
  void number_isWhatOtherToolsCallOne() {
    assertThat(Cells.number("12")).isEqualTo(12);
    assertThat(Cells.number(" -1.5e3 ")).isEqualTo(-1500);
    assertThat(Cells.number(".5")).isEqualTo(0.5);
    assertThat(Cells.number("inf")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Cells.number("-Infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void number_isNotWhatJavaAloneCallsOne() {
    for (String cell :
        new String[] {"12f", "7d", "0x1p3", "1_000", "NaN", "", "e", "1e", "12 EUR"}) {
      assertThat(Cells.number(cell)).as(cell).isNull();
    }
  }

  @Test
  void isMissing_isEmptyOrNaN() {
    assertThat(Cells.isMissing("")).isTrue();
    assertThat(Cells.isMissing("  ")).isTrue();
    assertThat(Cells.isMissing("nan")).isTrue();
    assertThat(Cells.isMissing("n/a")).isFalse();
    assertThat(Cells.isMissing("0")).isFalse();
  }

  @Test
  void text_writesBooleansAsJavaDoes() {
    assertThat(Cells.text("True")).isEqualTo("true");
    assertThat(Cells.text("FALSE")).isEqualTo("false");
    assertThat(Cells.text("Trueish")).isEqualTo("Trueish");
  }

  @Test
  void timeMillis_takesThreeForms() {
    long millis = Instant.parse("2026-11-24T09:30:00Z").toEpochMilli();
    assertThat(Cells.timeMillis("2026-11-24T09:30:00Z")).isEqualTo(millis);
    assertThat(Cells.timeMillis("2026-11-24t09:30:00z")).isEqualTo(millis);
    assertThat(Cells.timeMillis("2026-11-24 09:30:00Z")).isEqualTo(millis);
    assertThat(Cells.timeMillis("2026-11-24T10:30:00+01:00")).isEqualTo(millis);
    assertThat(Cells.timeMillis("2026-11-24T09:30:00.250Z")).isEqualTo(millis + 250);
    assertThat(Cells.timeMillis("2026-11-24T09:30:00")).isEqualTo(millis);
    assertThat(Cells.timeMillis(Long.toString(millis))).isEqualTo(millis);
    assertThat(Cells.timeMillis(Long.toString(millis / 1000))).isEqualTo(millis);
    assertThat(Cells.timeMillis(millis / 1000 + ".25")).isEqualTo(millis + 250);
    assertThat(Cells.timeMillis("0")).isZero();
  }

  @Test
  void timeMillis_ofAnythingElse_isNone() {
    for (String cell :
        new String[] {"", "yesterday", "2026-13-01T00:00:00Z", "24.11.2026", "inf", "1e30"}) {
      assertThat(Cells.timeMillis(cell)).as(cell).isNull();
    }
  }
}
