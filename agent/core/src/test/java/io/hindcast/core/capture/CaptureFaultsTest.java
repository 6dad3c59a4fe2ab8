package io.hindcast.core.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptureFaultsTest {
  private final List<String> said = new ArrayList<>();
  private final CaptureFaults faults =
      new CaptureFaults((place, fault) -> said.add(place + ": " + fault.getMessage()));

  @Test
  void eachKind_isSaidOnceAtEachPlace_andCountedAlways() {
    for (int i = 0; i < 3; i++) {
      faults.count("a", new IllegalStateException("1"));
      faults.count("b", new IllegalStateException("2"));
      faults.count("a", new ArithmeticException("3"));
    }
    assertThat(said).containsExactly("a: 1", "b: 2", "a: 3");
    assertThat(faults.snapshot())
        .containsEntry("java.lang.IllegalStateException", 6L)
        .containsEntry("java.lang.ArithmeticException", 3L);
  }

  @Test
  void whatIsSaid_isBounded() {
    for (int i = 0; i < 1000; i++) {
      faults.count("place " + i, new IllegalStateException());
    }
    assertThat(said).hasSize(100);
  }

  @Test
  void aLogThatFails_reachesNobody() {
    var broken =
        new CaptureFaults(
            (place, fault) -> {
              throw new IllegalStateException();
            });
    broken.count("a", new ArithmeticException());
    assertThat(broken.snapshot()).containsEntry("java.lang.ArithmeticException", 1L);
  }
}
