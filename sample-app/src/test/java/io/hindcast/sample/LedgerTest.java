package io.hindcast.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {
  private final Ledger ledger = new Ledger();

  @Test
  void corrections_moveAnOutcome_andDuplicatesDoNot() {
    ledger.predicted("a", 1, true);
    ledger.predicted("b", 1, true);
    ledger.predicted("c", 1, false);
    ledger.predicted("d", 2, false);
    ledger.predicted("never", 2, true);
    ledger.labelled("a", true);
    ledger.labelled("b", true);
    ledger.labelled("b", false);
    ledger.labelled("c", false);
    ledger.labelled("c", false);
    ledger.labelled("d", true);

    Truth truth = ledger.close(0, 5_000, 0);

    assertThat(truth.predictions()).isEqualTo(5);
    assertThat(truth.labels()).isEqualTo(new Truth.Labels(4, 1, 1));
    assertThat(truth.confusion())
        .containsExactly(
            new Truth.Cell("0", "0", 1, 0),
            new Truth.Cell("0", "1", 1, 0),
            new Truth.Cell("1", "0", 1, 0),
            new Truth.Cell("1", "1", 2, 1));
    assertThat(truth.net()).isEqualTo(new Confusion(1, 1, 1, 1));
    assertThat(truth.weeks()).hasSize(12);
    assertThat(truth.weeks().get(0))
        .isEqualTo(new Truth.Week(1, "clean", 3, new Confusion(1, 1, 0, 1)));
    assertThat(truth.weeks().get(1))
        .isEqualTo(new Truth.Week(2, "clean", 2, new Confusion(0, 0, 1, 0)));
  }

  @Test
  void aCorrectionBackAndForth_isTwoCorrections() {
    ledger.predicted("a", 1, true);
    ledger.labelled("a", true);
    ledger.labelled("a", false);
    ledger.labelled("a", true);
    Truth truth = ledger.close(0, 5_000, 0);
    assertThat(truth.labels()).isEqualTo(new Truth.Labels(1, 0, 2));
    assertThat(truth.net()).isEqualTo(new Confusion(1, 0, 0, 0));
    assertThat(ledger.reports()).isEqualTo(3);
  }

  @Test
  void whatCannotBe_isRefused() {
    ledger.predicted("a", 1, true);
    assertThatThrownBy(() -> ledger.predicted("a", 1, true)).hasMessageContaining("twice");
    assertThatThrownBy(() -> ledger.labelled("b", true)).hasMessageContaining("before");
  }

  @Test
  void measures_ofConfusion() {
    // 2·3 of 10 are right; 4 of 5 predicted positives and 4 of 7 positives are hits.
    var confusion = new Confusion(4, 1, 3, 2);
    assertThat(confusion.accuracy()).isCloseTo(0.6, within(1e-12));
    assertThat(confusion.precision()).isCloseTo(0.8, within(1e-12));
    assertThat(confusion.recall()).isCloseTo(4 / 7.0, within(1e-12));
    assertThat(new Confusion(0, 0, 0, 3).recall()).isNaN();
    assertThat(new Confusion(0, 0, 0, 3).precision()).isNaN();
  }

  @Test
  void truth_survivesItsFile(@TempDir Path directory) throws Exception {
    ledger.predicted("a", 12, true);
    ledger.labelled("a", false);
    Truth truth = ledger.close(1_795_539_532_000L, 5_000, 17);
    Path file = directory.resolve("truth.json");
    truth.write(file);
    assertThat(Truth.read(file)).isEqualTo(truth);
  }
}
