package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Situation 74: a backend whose certificate nobody vouches for. */
class TlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path directory;

  private final AtomicInteger exports = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpsServer server;

  @BeforeEach
  void selfSignedBackend() throws Exception {
    Path keys = directory.resolve("keys.p12");
    String[] pair = {
      "-genkeypair",
      "-alias",
      "backend",
      "-keyalg",
      "EC",
      "-dname",
      "CN=localhost",
      "-ext",
      "san=dns:localhost",
      "-validity",
      "2"
    };
    keytool(keys, pair);
    keytool(
        keys,
        "-exportcert",
        "-rfc",
        "-alias",
        "backend",
        "-file",
        directory.resolve("backend.pem").toString());
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
          exports.incrementAndGet();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static void keytool(Path keys, String... command) throws Exception {
    var all = new ArrayList<String>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    all.addAll(List.of(command));
    String[] store = {"-keystore", keys.toString(), "-storetype", "PKCS12"};
    all.addAll(List.of(store));
    all.addAll(List.of("-storepass", PASSWORD));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }

  private Jvm on(String protocol) throws Exception {
    return Desk.on(Jdks.all().get(0))
        .agent("config=" + Desk.config(directory))
        .env("OTEL_METRIC_EXPORT_INTERVAL", "100")
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "https://localhost:" + server.getAddress().getPort());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http/protobuf", "grpc"})
  void s74_certificateThatNobodyVouchesFor_isOneLine_andTheApplicationGoesOn(String protocol)
      throws Exception {
    Jvm.Result result = Desk.unharmed(on(protocol), "predict=30", "sleep=3000", "predict=12");
    assertThat(exports).hasValue(0);
    assertThat(result.agentLines())
        .filteredOn(line -> line.contains("WARN"))
        .singleElement()
        .asString()
        .contains("cannot export", "certificate", "OTEL_EXPORTER_OTLP_CERTIFICATE");
  }

  @Test
  void s74_certificateThatIsNamed_isTrusted() throws Exception {
    Jvm.Result result =
        Desk.unharmed(
            on("http/protobuf")
                .env("OTEL_EXPORTER_OTLP_CERTIFICATE", directory.resolve("backend.pem").toString()),
            "predict=30");
    assertThat(exports.get()).isPositive();
    assertThat(result.agentLines()).noneMatch(line -> line.contains("WARN"));
  }
}
