package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.hindcast.telemetry.OtlpReceiver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What surrounds the agent: packaging, the security manager, class loaders that lock, backends that
 * misbehave, data that must not leave. The number is that of the table in {@code agent/README.md}.
 */
class SurroundingsTest {
  @TempDir Path directory;

  static List<Path> jdks() {
    return Jdks.all();
  }

  @Test
  void s66_agentThatWasMergedIntoAnotherJar_refuses() throws Exception {
    Path merged = directory.resolve("service-all.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Main-Class", Desk.MAIN);
    manifest.getMainAttributes().putValue("Premain-Class", "io.hindcast.bootstrap.HindcastAgent");
    try (JarFile agent = new JarFile(Jvm.AGENT.toFile());
        var out = new JarOutputStream(Files.newOutputStream(merged), manifest)) {
      for (JarEntry entry : Collections.list(agent.entries())) {
        if (!entry.getName().startsWith("META-INF/MANIFEST")) {
          out.putNextEntry(new JarEntry(entry.getName()));
          agent.getInputStream(entry).transferTo(out);
        }
      }
    }
    Jvm.Result result =
        Desk.unharmed(Desk.on(Jdks.all().get(0)).option("-javaagent:" + merged), "predict=3");

    assertThat(result.agentLines())
        .singleElement()
        .asString()
        .contains("not started", "merged", "service-all.jar", "-javaagent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"grant { permission java.security.AllPermission; };", ""})
  void s67_securityManager_harmsNobody(String grant) throws Exception {
    Path jdk = Jdks.all().get(0);
    if (jdk.equals(Path.of(System.getProperty("java.home"))) && Runtime.version().feature() >= 24) {
      return; // there is none any more
    }
    Path policy =
        Files.writeString(
            directory.resolve("policy"),
            grant
                + "\ngrant codeBase \"file:"
                + Jvm.AGENT
                + "\" { permission java.security.AllPermission; };\n");
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Desk.on(jdk)
            .agent("config=" + Desk.config(directory) + ",output=" + run)
            .option("-Djava.security.manager", "-Djava.security.policy==" + policy, Desk.MAIN)
            .run("predict=30");

    assertThat(result.out()).isEqualTo(Desk.bare("predict=30").out());
    assertThat(result.exit()).isZero();
    if (grant.isEmpty()) {
      // The application's own frames may not do what capturing needs; that is said.
      assertThat(result.agentLines()).anyMatch(line -> line.contains("AccessControlException"));
    } else {
      Desk.counted(Metrics.ofFile(run), 30);
    }
  }

  /** Two loaders, each of which locks itself to load and asks the other for supertypes. */
  @ParameterizedTest
  @MethodSource("jdks")
  void s68_loadersThatLock_doNotBlockEachOther_norDoesAStormOfFirstCalls(Path jdk)
      throws Exception {
    Path api = Path.of(System.getProperty("hindcast.api.classes"));
    Path classes = Files.createDirectories(directory.resolve("classes"));
    App.compile("locks", classes, classes + ":" + api);
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        new Jvm(jdk)
            .agent("output=" + run)
            .option("-cp", classes + ":" + api)
            .run("locks.Main", classes.toString());

    assertThat(result.out()).as(result.err()).isEqualTo("loaded 64\n");
    assertThat(Metrics.ofFile(run).number("ml.predictions", "ml.model.name", "storm"))
        .isEqualTo(64 * 8);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 429, 503})
  void s74_backendThatRefuses_isOneLine_andTheApplicationGoesOn(int status) throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      receiver.answerWith(status);
      Jvm.Result result =
          Desk.unharmed(
              Desk.on(Jdks.all().get(0))
                  .agent("config=" + Desk.config(directory))
                  .env("OTEL_METRIC_EXPORT_INTERVAL", "100")
                  .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint("http/protobuf")),
              "predict=30",
              "sleep=4000",
              "predict=12");

      assertThat(result.agentLines())
          .filteredOn(line -> line.contains("WARN"))
          .hasSizeBetween(1, 2) // the last export may fail, too
          .first()
          .asString()
          .contains("cannot export", "" + status);
    }
  }

  @Test
  void s74_backendThatNeverAnswers_holdsNobody() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      long began = System.nanoTime();
      Jvm.Result result =
          Desk.unharmed(
              Desk.on(Jdks.all().get(0))
                  .agent("config=" + Desk.config(directory))
                  .env("OTEL_METRIC_EXPORT_INTERVAL", "100")
                  .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:" + deaf.getLocalPort()),
              "predict=30",
              "sleep=3000",
              "predict=12");
      // A minute is far beyond what the last export may take, and far below a connection's end.
      assertThat(System.nanoTime() - began).isLessThan(60_000_000_000L);
      assertThat(result.agentLines()).filteredOn(line -> line.contains("WARN")).hasSizeLessThan(2);
    }
  }

  @Test
  void s74_backendThatTakesPartOnly_isOneLine() throws Exception {
    // ExportMetricsPartialSuccess { rejected_data_points: 3, error_message: "too many" }
    byte[] partial = {0x0A, 0x0C, 0x08, 0x03, 0x12, 0x08, 't', 'o', 'o', ' ', 'm', 'a', 'n', 'y'};
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
          exchange.sendResponseHeaders(200, partial.length);
          exchange.getResponseBody().write(partial);
          exchange.close();
        });
    server.start();
    try {
      Jvm.Result result =
          Desk.unharmed(
              Desk.on(Jdks.all().get(0))
                  .agent("config=" + Desk.config(directory))
                  .env("OTEL_METRIC_EXPORT_INTERVAL", "100")
                  .env(
                      "OTEL_EXPORTER_OTLP_ENDPOINT",
                      "http://localhost:" + server.getAddress().getPort()),
              "predict=30",
              "sleep=3000");
      assertThat(result.agentLines()).hasSizeLessThan(3);
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  @Test
  void s75_backendThatRestarts_seesTheSameSeriesGoOn() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process app;
    Metrics before;
    try (OtlpReceiver first = OtlpReceiver.startOn(port)) {
      app =
          Desk.on(Jdks.all().get(0))
              .agent("config=" + Desk.config(directory))
              .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:" + port)
              .env("OTEL_METRIC_EXPORT_INTERVAL", "100")
              .start(out, err, Desk.MAIN, "predict=30", "wait", "predict=12");
      before = exported(first, 30);
    }
    try {
      Jvm.awaitText(err, "cannot export");
      try (OtlpReceiver second = OtlpReceiver.startOn(port)) {
        Metrics after = exported(second, 30);
        app.getOutputStream().close();
        assertThat(app.waitFor()).isZero();

        Desk.counted(before, 30);
        Desk.counted(after, 30);
        Desk.counted(Metrics.of(second.requests()), 42);
      }
    } finally {
      app.destroyForcibly();
    }
  }

  /** Once all rows have arrived; a minute at most. */
  private static Metrics exported(OtlpReceiver receiver, int rows) throws Exception {
    for (int i = 0; i < 1200; i++) {
      Metrics metrics = Metrics.of(receiver.requests());
      Double joined = metrics.number("ml.labels", "ml.label.outcome", "joined");
      if (joined != null && joined == rows) {
        return metrics;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("not exported within a minute");
  }

  @Test
  void s78_rawValuesIdsAndUnlistedText_neverLeave() throws Exception {
    Path api = Path.of(System.getProperty("hindcast.api.classes"));
    Path classes = Files.createDirectories(directory.resolve("classes"));
    App.compile("locks", classes, classes + ":" + api);
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        new Jvm(Jdks.all().get(0))
            .agent("output=" + run)
            .option("-cp", classes + ":" + api)
            .run("locks.Personal");

    assertThat(result.exit()).as(result.err()).isZero();
    Metrics metrics = Metrics.ofFile(run);
    assertThat(metrics.number("ml.predictions", "ml.model.name", "personal")).isEqualTo(2000);
    String all = Files.readString(run) + result.err();
    assertThat(all).contains("personal").doesNotContain("jane.doe", "Elm Street", "73519");
    // 79: a thousand cities that each came twice are no thousand series.
    assertThat(metrics.series("ml.feature.bin", "ml.feature.name", "city")).hasSizeLessThan(40);
  }
}
