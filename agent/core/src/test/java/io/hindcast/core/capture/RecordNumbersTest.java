package io.hindcast.core.capture;

import static io.hindcast.core.capture.Woven.parameter;
import static io.hindcast.core.capture.Woven.site;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordNumbersTest {
  record Wide(double a, int b, String text, float c, long d, short e) {}

  record Odd(double a, double b, double c, double d) {
    @Override
    public double c() {
      if (c < 0) {
        throw new IllegalStateException("no");
      }
      return c;
    }
  }

  @Test
  void numbersOfEveryType_stayAtTheirPlaces_besideText() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("row")), double.class, Wide.class);
    for (int i = 0; i < 3; i++) {
      predict.call(0.5, new Wide(i + 0.5, i, "t" + i, i + 0.25f, 1L << 40 | i, (short) -i));
    }
    var rows = woven.drain();
    assertThat(rows.get(0).names()).containsExactly("a", "b", "text", "c", "d", "e");
    for (int i = 0; i < 3; i++) {
      assertThat(rows.get(i).features())
          .containsExactly(
              i + 0.5, (double) i, "t" + i, i + 0.25, (double) (1L << 40 | i), -(double) i + 0.0);
    }
    assertThat(woven.faults.snapshot()).isEmpty();
  }

  @Test
  void anAccessorThatThrows_costsItsValueAlone_andIsCountedOnce() {
    var woven = new Woven();
    var predict = woven.method(site("m", parameter("row")), double.class, Odd.class);
    predict.call(0.5, new Odd(1, 2, 3, 4));
    predict.call(0.5, new Odd(1, 2, -3, 4));
    predict.call(0.5, new Odd(5, 6, 7, 8));
    var rows = woven.drain();
    assertThat(rows.get(0).features()).containsExactly(1.0, 2.0, 3.0, 4.0);
    assertThat(rows.get(1).features()).hasSize(4).startsWith(1.0, 2.0).endsWith(4.0);
    assertThat(rows.get(1).features().get(2)).isNotIn(-3.0, 3.0);
    assertThat(rows.get(2).features()).containsExactly(5.0, 6.0, 7.0, 8.0);
    assertThat(woven.faults.snapshot().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(1);
  }
}
