package io.hindcast.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedIdTest {
  private static GeneratedId of(long process, int pool, long number, int row) {
    var id = new GeneratedId();
    id.process = process;
    id.pool = pool;
    id.number = number;
    id.row = row;
    return id;
  }

  @Test
  void text_isItsNumbersInBase36() {
    // 36² = 100, 35 = z; the process is unsigned: 2⁶⁴ − 1 = 3w5e11264sgsf.
    assertThat(of(36 * 36, 35, 36, GeneratedId.NO_ROW).text()).isEqualTo("100-z-10");
    assertThat(of(-1, 0, 0, 11).text()).isEqualTo("3w5e11264sgsf-0-0#11");
  }

  @Test
  void everyText_isTakenApartIntoItsNumbers() {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    var parsed = new GeneratedId();
    for (int i = 0; i < 10_000; i++) {
      GeneratedId id =
          of(
              random.nextLong() >> random.nextInt(64),
              random.nextInt() >>> 1 + random.nextInt(31),
              random.nextLong() >>> 1 + random.nextInt(63),
              random.nextBoolean() ? GeneratedId.NO_ROW : random.nextInt(1 << random.nextInt(31)));
      assertThat(parsed.parse(id.text())).as("%s, seed %d", id.text(), seed).isTrue();
      assertThat(parsed).usingRecursiveComparison().isEqualTo(id);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "--",
        "a-b",
        "a-b-",
        "a--c",
        "-b-c",
        "a-b-c-d",
        "a-b-c#",
        "a-b-c#-1",
        "a-b-c#1#2",
        "a-b-c#a",
        "A-b-c",
        "a-b-C",
        "a-+b-c",
        "0a-b-c",
        "a-0b-c",
        "a-b-0c",
        "a-b-c#01",
        "a-zzzzzzzzzzzzz-c",
        "a-b-zzzzzzzzzzzzz",
        "3w5e11264sgsg-0-0",
        "a-b-c#9999999999",
        "a-b-c ",
        "ä-b-c",
        "a-b-c#٣"
      })
  void whateverElse_isNone(String text) {
    assertThat(new GeneratedId().parse(text)).isFalse();
  }

  @Test
  void whatAnApplicationChoseAlike_isTakenApartAlike() {
    var parsed = new GeneratedId();
    assertThat(parsed.parse("order-7-1")).isTrue();
    assertThat(parsed.text()).isEqualTo("order-7-1");
  }
}
