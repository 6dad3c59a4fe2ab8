package io.hindcast.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** A backend of OpenTelemetry that keeps the metrics it is sent, by HTTP and by gRPC. */
public final class OtlpReceiver implements Closeable {
  private final List<ExportMetricsServiceRequest> requests = new ArrayList<>();
  private final List<ExportLogsServiceRequest> events = new ArrayList<>();
  private final List<Map<String, String>> headers = new ArrayList<>();
  private final HttpServer http;
  private final Server grpc;
  private volatile int status = 200;

  private OtlpReceiver(int httpPort) throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    http = HttpServer.create(new InetSocketAddress(here, httpPort), 0);
    http.createContext("/v1/metrics", this::answer);
    http.createContext("/v1/logs", this::answerEvents);
    http.start();
    grpc =
        NettyServerBuilder.forAddress(new InetSocketAddress(here, 0))
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .addService(new Service())
            .addService(new EventService())
            .build()
            .start();
  }

  /** Listens for both protocols, on free ports of the loopback interface. */
  public static OtlpReceiver start() throws IOException {
    return new OtlpReceiver(0);
  }

  /** Listens for HTTP on this port, which nobody may have. */
  public static OtlpReceiver startOn(int httpPort) throws IOException {
    return new OtlpReceiver(httpPort);
  }

  /**
   * What {@code OTEL_EXPORTER_OTLP_ENDPOINT} should say.
   *
   * @param protocol {@code http/protobuf} or {@code grpc}
   */
  public String endpoint(String protocol) {
    int port = protocol.equals("grpc") ? grpc.getPort() : http.getAddress().getPort();
    return "http://localhost:" + port;
  }

  /** What HTTP requests are answered from now on; those that fail are not kept. */
  public void answerWith(int status) {
    this.status = status;
  }

  /** What has come by now, in its order. */
  public synchronized List<ExportMetricsServiceRequest> requests() {
    return List.copyOf(requests);
  }

  /** Of HTTP requests, by names in lower case. */
  public synchronized List<Map<String, String>> headers() {
    return List.copyOf(headers);
  }

  /** The first request that is as wanted, which is waited for. */
  public synchronized ExportMetricsServiceRequest await(
      Predicate<ExportMetricsServiceRequest> wanted, Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      for (ExportMetricsServiceRequest request : requests) {
        if (wanted.test(request)) {
          return request;
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(
            "no such request after " + atMost + "; there were " + requests.size());
      }
      wait(left);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream body = exchange.getRequestBody()) {
      boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      byte[] bytes = (gzip ? new GZIPInputStream(body) : body).readAllBytes();
      if (status == 200) {
        receive(
            ExportMetricsServiceRequest.parseFrom(bytes),
            exchange.getRequestHeaders().entrySet().stream()
                .collect(
                    Collectors.toMap(
                        header -> header.getKey().toLowerCase(Locale.ROOT),
                        header -> header.getValue().get(0))));
      }
      exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private void answerEvents(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream body = exchange.getRequestBody()) {
      boolean gzip = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      byte[] bytes = (gzip ? new GZIPInputStream(body) : body).readAllBytes();
      receive(ExportLogsServiceRequest.parseFrom(bytes));
      exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private synchronized void receive(ExportLogsServiceRequest request) {
    events.add(request);
  }

  /** Requests with log events that have come by now. */
  public synchronized List<ExportLogsServiceRequest> events() {
    return List.copyOf(events);
  }

  private synchronized void receive(
      ExportMetricsServiceRequest request, Map<String, String> headers) {
    requests.add(request);
    this.headers.add(headers);
    notifyAll();
  }

  @Override
  public void close() {
    http.stop(0);
    grpc.shutdownNow();
  }

  private final class Service extends MetricsServiceGrpc.MetricsServiceImplBase {
    @Override
    public void export(
        ExportMetricsServiceRequest request, StreamObserver<ExportMetricsServiceResponse> answer) {
      receive(request, Map.of());
      answer.onNext(ExportMetricsServiceResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private final class EventService extends LogsServiceGrpc.LogsServiceImplBase {
    @Override
    public void export(
        ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> answer) {
      receive(request);
      answer.onNext(ExportLogsServiceResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }
}
