package io.hindcast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({"500ms,500", "10s,10000", "5m,300000", "6h,21600000", "30d,2592000000", "0s,0"})
  void parse_readsTheUnitsOfTheContract(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "d", "5 d", "-5d", "1.5h", "1h30m", "5D", "5us", "٥d", "5ms5"})
  void parse_refusesEverythingElse(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage(
            "'" + text + "' is no duration; write a whole number and ms, s, m, h or d: 90m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"36526d", "99999999999999999999d", "999999999999999d"})
  void parse_refusesMoreThanAHundredYears(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("'" + text + "' is longer than a hundred years; write less");
    assertThat(Durations.parse("36525d")).isEqualTo(Duration.ofDays(36525));
  }

  @ParameterizedTest
  @CsvSource({
    "7d,7d",
    "168h,7d",
    "60m,1h",
    "90m,90m",
    "90s,90s",
    "120s,2m",
    "1500ms,1500ms",
    "0d,0s"
  })
  void format_takesTheLargestUnitThatIsExact(String written, String formatted) {
    assertThat(Durations.format(Durations.parse(written))).isEqualTo(formatted);
  }

  @Test
  void byteSizes_areBinary() {
    assertThat(ByteSizes.parse("64KiB")).isEqualTo(65_536);
    assertThat(ByteSizes.parse("8MiB")).isEqualTo(8_388_608);
    assertThat(ByteSizes.parse("3GiB")).isEqualTo(3_221_225_472L);
  }
}
