package io.hindcast.telemetry;

import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.monitor.EngineSnapshot;
import io.opentelemetry.sdk.autoconfigure.spi.logs.ConfigurableLogRecordExporterProvider;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of alarms by OTLP, with the settings that metrics are sent with. Any thread;
 * never throws, never waits for the network.
 */
final class AlarmExporter {
  /*
   * The exporter is made with the first event: most processes never have one, and an SDK with a
   * processor of logs would cost each of them a thread and a second connection from the start. A
   * backend that takes no logs is told apart from one that is away: both are one line, and the
   * metrics go on.
   */
  private static final int LAST_WORDS_SECONDS = 2;

  private final Map<String, String> properties;
  private final AlarmRecords records;
  private final CaptureFaults faults;
  private final AgentLog log;
  private @Nullable LogRecordExporter exporter;
  private CompletableResultCode last = CompletableResultCode.ofSuccess();
  private boolean failing;

  AlarmExporter(
      Map<String, String> properties, AlarmRecords records, CaptureFaults faults, AgentLog log) {
    this.properties = properties;
    this.records = records;
    this.faults = faults;
    this.log = log;
  }

  synchronized void send(EngineSnapshot now) {
    try {
      List<AlarmRecord> news = records.newIn(now);
      if (news.isEmpty()) {
        return;
      }
      if (exporter == null) {
        exporter = newExporter();
      }
      CompletableResultCode result = exporter.export(List.copyOf(news));
      last = result.whenComplete(() -> ended(result));
    } catch (Throwable fault) {
      faults.count("export", fault);
    }
  }

  private LogRecordExporter newExporter() {
    ClassLoader loader = AlarmExporter.class.getClassLoader();
    for (var provider : ServiceLoader.load(ConfigurableLogRecordExporterProvider.class, loader)) {
      if (provider.getName().equals("otlp")) {
        return provider.createExporter(new PlainProperties(properties));
      }
    }
    throw new IllegalStateException("there is no exporter of logs of the name otlp");
  }

  private synchronized void ended(CompletableResultCode result) {
    if (!result.isSuccess() && !failing) {
      failing = true;
      log.warn(
          "the log event of an alarm was not taken by the backend; the metrics ml.alarms and"
              + " ml.alarm.active say the same");
    }
  }

  /** Waits a moment for what is under way. */
  void close() {
    CompletableResultCode underWay;
    LogRecordExporter used;
    synchronized (this) {
      underWay = last;
      used = exporter;
    }
    if (used != null) {
      underWay.join(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
      used.shutdown();
    }
  }
}
