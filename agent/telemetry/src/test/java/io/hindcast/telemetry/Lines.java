package io.hindcast.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;

/**
 * Reads lines of a telemetry file by protobuf's own reader, which refuses what it does not know.
 */
final class Lines {
  private Lines() {}

  static ExportMetricsServiceRequest request(String line) {
    var request = ExportMetricsServiceRequest.newBuilder();
    try {
      JsonFormat.parser().merge(line, request);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e.getMessage() + " in " + line, e);
    }
    return request.build();
  }
}
