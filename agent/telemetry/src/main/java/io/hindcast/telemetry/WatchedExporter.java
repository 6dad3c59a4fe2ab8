package io.hindcast.telemetry;

import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** An exporter of the SDK that says once when it begins to fail, and once when it works again. */
final class WatchedExporter implements MetricExporter {
  private final MetricExporter exporter;
  private final ExportState state;
  private final SdkLogs logs;

  WatchedExporter(MetricExporter exporter, ExportState state, SdkLogs logs) {
    this.exporter = exporter;
    this.state = state;
    this.logs = logs;
  }

  @Override
  public CompletableResultCode export(Collection<MetricData> metrics) {
    logs.attach();
    CompletableResultCode result;
    try {
      result = exporter.export(metrics);
    } catch (Throwable thrown) {
      result = CompletableResultCode.ofExceptionalFailure(thrown);
    }
    CompletableResultCode ended = result;
    return ended.whenComplete(() -> ended(ended));
  }

  private void ended(CompletableResultCode result) {
    if (result.isSuccess()) {
      state.works();
    } else {
      state.fails(cause(result));
    }
  }

  private String cause(CompletableResultCode result) {
    String said = logs.takeExportFailure();
    if (said != null) {
      return said;
    }
    Throwable thrown = result.getFailureThrowable();
    if (thrown == null) {
      return "the exporter does not say why";
    }
    String answered = answerOf(thrown);
    return answered != null ? answered : SdkLogs.rootOf(thrown).toString();
  }

  /** What the backend answered; null if it did not. */
  private static @Nullable String answerOf(Throwable thrown) {
    if (thrown instanceof HttpExportException http && http.getResponse() != null) {
      HttpResponse response = http.getResponse();
      return "the backend answers HTTP status "
          + response.getStatusCode()
          + " "
          + response.getStatusMessage();
    }
    if (thrown instanceof GrpcExportException grpc && grpc.getResponse() != null) {
      GrpcResponse response = grpc.getResponse();
      return "the backend answers gRPC status "
          + response.getStatusCode()
          + " "
          + response.getStatusDescription();
    }
    return null;
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType type) {
    return exporter.getAggregationTemporality(type);
  }

  @Override
  public Aggregation getDefaultAggregation(InstrumentType type) {
    return exporter.getDefaultAggregation(type);
  }

  @Override
  public MemoryMode getMemoryMode() {
    return exporter.getMemoryMode();
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  @Override
  public String toString() {
    return exporter.toString();
  }
}
