package io.hindcast.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.log.AgentLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.security.cert.CertPathBuilderException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ExportStateTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final ExportState state =
      new ExportState(
          "to X",
          new AgentLog(new PrintStream(said, true, UTF_8), AgentLog.Level.WARN),
          ending::get);

  @Test
  void firstAttemptThatFails_isSaid_andMadeAgain() {
    assertThat(state.retries(new ConnectException("refused"))).isTrue();
    assertThat(state.retries(new ConnectException("refused"))).isTrue();
    state.fails("after all attempts");
    assertThat(said.toString(UTF_8))
        .isEqualTo(
            "hindcast WARN cannot export to X, goes on trying:"
                + " nothing listens there (refused); start a collector, or name where one is by"
                + " OTEL_EXPORTER_OTLP_ENDPOINT\n");
  }

  @Test
  void atTheEnd_nothingIsTriedAgain() {
    ending.set(true);
    assertThat(state.retries(new ConnectException("refused"))).isFalse();
    assertThat(said.toString(UTF_8)).contains("refused");
  }

  @Test
  void whatWillNotPass_isNotTriedAgain() {
    assertThat(state.retries(new IOException("no such protocol"))).isFalse();
  }

  @Test
  void aCertificateThatIsNotTrusted_isSaidWithItsRemedy() {
    var refused = new SSLHandshakeException("PKIX path building failed");
    refused.initCause(new CertPathBuilderException("no path"));
    assertThat(state.retries(refused)).isFalse();
    assertThat(said.toString(UTF_8))
        .contains("its certificate is not accepted (no path)", "OTEL_EXPORTER_OTLP_CERTIFICATE");
  }

  @Test
  void aBackendWithoutTls_isSaidWithItsRemedy() {
    assertThat(state.retries(new SSLException("Unsupported or unrecognized SSL message")))
        .isFalse();
    assertThat(said.toString(UTF_8)).contains("unrecognized SSL message", "http://");
  }

  @Test
  void eachChangeIsOneLine() {
    state.works();
    state.fails("a");
    state.fails("b");
    state.works();
    state.works();
    assertThat(said.toString(UTF_8).lines())
        .containsExactly(
            "hindcast WARN cannot export to X, goes on trying: a",
            "hindcast WARN exports to X again");
  }
}
