package io.hindcast.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DriverTest {
  private static final long WEEK_MILLIS = 50;

  @Test
  void weeks_beginAtMultiplesOfTheirLength() {
    assertThat(Driver.nextMultiple(5_000, 10_001)).isEqualTo(15_000);
    assertThat(Driver.nextMultiple(5_000, 15_000)).isEqualTo(15_000);
  }

  @Test
  void play_booksEveryPredictionAndEveryReport() throws Exception {
    LoanModel model = LoanModel.train(1);
    HttpServer server = new LoanService(model).serve(0);
    List<Case> cases = Case.year(5, 25);
    try {
      Truth truth = play(server, cases);

      long right =
          cases.stream()
              .filter(c -> !Double.isNaN(c.labelled()))
              .filter(c -> c.repaid() == model.probabilityOfRepayment(c.application()) >= 0.5)
              .count();
      long joined = cases.stream().filter(c -> !Double.isNaN(c.labelled())).count();
      long corrected = cases.stream().filter(Case::wrongAtFirst).count();
      long twice = cases.stream().filter(c -> !Double.isNaN(c.again())).count();
      assertThat(truth.predictions()).isEqualTo(300);
      assertThat(truth.labels()).isEqualTo(new Truth.Labels(joined, twice - corrected, corrected));
      assertThat(truth.net().outcomes()).isEqualTo(joined);
      assertThat(truth.net().truePositives() + truth.net().trueNegatives()).isEqualTo(right);
      assertThat(truth.weeks().stream().mapToLong(Truth.Week::predictions).sum()).isEqualTo(300);
      assertThat(truth.weeks().stream().mapToLong(week -> week.confusion().outcomes()).sum())
          .isEqualTo(joined);
      assertThat(corrected).isPositive();
      assertThat(twice).isGreaterThan(corrected);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServiceThatFails_makesTheRunVoid() throws Exception {
    HttpServer server = new LoanService(LoanModel.train(1)).serve(0);
    try {
      server.removeContext("/outcomes");
      assertThatThrownBy(() -> play(server, Case.year(5, 5)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("/outcomes answered 404");
    } finally {
      server.stop(0);
    }
  }

  private static Truth play(HttpServer server, List<Case> cases) throws Exception {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new Driver(url, System.currentTimeMillis(), WEEK_MILLIS).play(cases);
  }
}
