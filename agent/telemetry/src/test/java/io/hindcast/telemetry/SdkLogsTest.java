package io.hindcast.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.log.AgentLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SdkLogsTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final SdkLogs logs =
      new SdkLogs(new AgentLog(new PrintStream(said, true, UTF_8), AgentLog.Level.WARN));
  private final List<String> application = new ArrayList<>();
  private final Logger ofTheSdk = Logger.getLogger("io.opentelemetry.exporter.some.Thing");
  private final Handler root =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          application.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void attach() {
    Logger.getLogger("").addHandler(root);
    logs.attach();
    logs.attach();
  }

  @AfterEach
  void detach() {
    logs.detach();
    Logger.getLogger("").removeHandler(root);
  }

  @Test
  void warnings_areOurs_andSaidOnce() {
    ofTheSdk.warning("of one kind");
    ofTheSdk.warning("of one kind");
    ofTheSdk.warning("of another");
    ofTheSdk.info("not worth a line");
    Logger.getLogger("com.acme").warning("theirs");

    assertThat(said())
        .containsExactly(
            "hindcast WARN OpenTelemetry: of one kind", "hindcast WARN OpenTelemetry: of another");
    assertThat(application).containsExactly("theirs");
  }

  @Test
  void failedExport_isKeptForWhoeverKnowsWhenItEnds() {
    ofTheSdk.log(Level.WARNING, "Failed to export metrics.\nConnection {0}.", "refused");
    assertThat(said()).isEmpty();
    assertThat(logs.takeExportFailure()).isEqualTo("Failed to export metrics. Connection refused.");
    assertThat(logs.takeExportFailure()).isNull();
  }

  @Test
  void consoleExporter_isPrinted() {
    Logger.getLogger("io.opentelemetry.exporter.logging.LoggingMetricExporter").info("a metric");
    assertThat(said()).containsExactly("hindcast INFO a metric");
  }

  @Test
  void logThatTheApplicationResets_staysAwayFromIt_andComesBack() {
    Logger logger = Logger.getLogger("io.opentelemetry");
    for (Handler handler : logger.getHandlers()) {
      logger.removeHandler(handler);
    }
    ofTheSdk.warning("in between");
    logs.attach();
    ofTheSdk.warning("afterwards");

    assertThat(said()).containsExactly("hindcast WARN OpenTelemetry: afterwards");
    assertThat(application).isEmpty();
  }

  private List<String> said() {
    return said.toString(UTF_8).lines().toList();
  }
}
