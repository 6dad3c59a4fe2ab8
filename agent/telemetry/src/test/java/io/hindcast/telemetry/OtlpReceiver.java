package io.hindcast.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** A backend of OpenTelemetry that keeps the metrics it is sent, by HTTP or by gRPC. */
public final class OtlpReceiver implements Closeable {
  private final List<ExportMetricsServiceRequest> requests = new ArrayList<>();
  private final List<Map<String, String>> headers = new ArrayList<>();
  private String endpoint = "";
  private Runnable stop = () -> {};
  private volatile int status = 200;

  private OtlpReceiver() {}

  /** Listens for {@code http/protobuf} on a free port of the loopback interface. */
  public static OtlpReceiver http() throws IOException {
    var receiver = new OtlpReceiver();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/metrics", receiver::answer);
    server.start();
    receiver.endpoint = "http://localhost:" + server.getAddress().getPort();
    receiver.stop = () -> server.stop(0);
    return receiver;
  }

  /** Listens for {@code grpc} on a free port of the loopback interface. */
  public static OtlpReceiver grpc() throws IOException {
    var receiver = new OtlpReceiver();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(Integer.MAX_VALUE)
            .addService(
                new MetricsServiceGrpc.MetricsServiceImplBase() {
                  @Override
                  public void export(
                      ExportMetricsServiceRequest request,
                      StreamObserver<ExportMetricsServiceResponse> answer) {
                    receiver.receive(request, Map.of());
                    answer.onNext(ExportMetricsServiceResponse.getDefaultInstance());
                    answer.onCompleted();
                  }
                })
            .build()
            .start();
    receiver.endpoint = "http://localhost:" + server.getPort();
    receiver.stop = server::shutdownNow;
    return receiver;
  }

  /** What {@code OTEL_EXPORTER_OTLP_ENDPOINT} should say. */
  public String endpoint() {
    return endpoint;
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
                        header -> header.getKey().toLowerCase(java.util.Locale.ROOT),
                        header -> header.getValue().get(0))));
      }
      exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private synchronized void receive(
      ExportMetricsServiceRequest request, Map<String, String> headers) {
    requests.add(request);
    this.headers.add(headers);
    notifyAll();
  }

  @Override
  public void close() {
    stop.run();
  }
}
