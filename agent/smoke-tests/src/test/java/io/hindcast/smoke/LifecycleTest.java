package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.telemetry.OtlpReceiver;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How applications begin and end, and what else lives in their JVM. */
class LifecycleTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  static List<Path> jdks() {
    return Jdks.all();
  }

  // ---- ends

  @ParameterizedTest
  @MethodSource("jdks")
  void jobThatEndsBeforeTheFirstExport_exportsOnce(Path jdk) throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Jvm.Result result =
          Desk.unharmed(
              strict(jdk)
                  .agent("config=" + Desk.config(directory))
                  .env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
                  .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint("grpc")),
              "predict=30");

      assertThat(result.agentLines()).singleElement().asString().contains("every 60 s");
      // The zero state, and the end.
      assertThat(receiver.requests()).hasSize(2);
      Desk.counted(Metrics.of(receiver.requests().subList(0, 1)), 0);
      Desk.counted(Metrics.of(receiver.requests()), 30);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void exitInsideACall_isLikeAnyEnd(Path jdk) throws Exception {
    Path run = directory.resolve("RUN.jsonl");
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Desk.unharmed(
          Desk.on(jdk)
              .agent("config=" + Desk.config(directory) + ",output=" + run)
              .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint("http/protobuf")),
          "predict=30",
          "exit");

      assertThat(Desk.bare("predict=30", "exit").exit()).isEqualTo(7);
      Desk.counted(Metrics.of(receiver.requests()), 30);
      Desk.counted(Metrics.ofFile(run), 30);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void signal_endsWithTheLastExport_andThreadsAreNobodysBusiness(Path jdk) throws Exception {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Path run = directory.resolve("RUN.jsonl");
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Process app =
          Desk.on(jdk)
              .agent("config=" + Desk.config(directory) + ",output=" + run)
              .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint("http/protobuf"))
              .start(
                  out, err, Desk.MAIN, "predict=30", "wait", "agent", "predict=12", "wait", "wait");
      try {
        receiver.await(request -> true, LONG);
        app.getOutputStream().write('\n');
        app.getOutputStream().flush();
        Jvm.awaitText(out, "predicted 42");
        // Not that of Process, which closes its streams first.
        app.toHandle().destroy();
        assertThat(app.waitFor()).isEqualTo(143);
      } finally {
        app.destroyForcibly();
      }
      Desk.counted(Metrics.of(receiver.requests()), 42);
      Desk.counted(Metrics.ofFile(run), 42);
    }
    assertThat(Files.readAllLines(err)).hasSize(1);

    var threads = new TreeSet<>(threads(Files.readString(out)));
    threads.removeAll(threads(Desk.on(jdk).run(Desk.MAIN, "agent").out()));
    assertThat(threads)
        .hasSizeGreaterThanOrEqualTo(2)
        .anyMatch(thread -> thread.startsWith("thread hindcast-monitor"))
        .allMatch(thread -> thread.endsWith(", daemon true, loader null"));
  }

  private static List<String> threads(String out) {
    return out.lines()
        .filter(line -> line.startsWith("thread "))
        .map(line -> line.replaceAll("@\\w+", ""))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void exception_isTheSameOne_andItsStackIsTheApplications(Path jdk) throws Exception {
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Desk.unharmed(
            Desk.on(jdk).agent("config=" + Desk.config(directory) + ",output=" + run),
            "throw",
            "throw");

    assertThat(result.out()).contains("same true, agent in its stack false");
    assertThat(
            Metrics.ofFile(run)
                .number("ml.predictions", "error.type", "java.lang.IllegalStateException"))
        .isEqualTo(2);
  }

  @Test
  void callsThatGoOn_doNotKeepTheJvm() throws Exception {
    Path run = directory.resolve("RUN.jsonl");
    Desk.unharmed(
        Desk.on(Path.of(System.getProperty("java.home")))
            .agent("config=" + Desk.config(directory) + ",output=" + run),
        "background");

    Metrics metrics = Metrics.ofFile(run);
    assertThat(metrics.number("ml.predictions")).isPositive();
    assertThat(metrics.number("hindcast.rows.captured") + metrics.number("hindcast.rows.dropped"))
        .isEqualTo(metrics.number("ml.predictions"));
  }

  // ---- others in the same JVM

  @ParameterizedTest
  @MethodSource("jdks")
  void secondCopy_refuses(Path jdk) throws Exception {
    Path copy = Files.copy(Jvm.AGENT, directory.resolve("copy.jar"));
    Path run = directory.resolve("RUN.jsonl");
    Path second = directory.resolve("SECOND.jsonl");
    Path config = Desk.config(directory);
    Jvm.Result result =
        Desk.unharmed(
            Desk.on(jdk)
                .agent("config=" + config + ",output=" + run)
                .option("-javaagent:" + copy + "=config=" + config + ",output=" + second),
            "predict=30");

    assertThat(result.agentLines())
        .hasSize(2)
        .filteredOn(line -> line.contains("WARN"))
        .singleElement()
        .asString()
        .contains("not started", "runs in this JVM");
    assertThat(second).doesNotExist();
    Desk.counted(Metrics.ofFile(run), 30);
  }

  @Test
  void anOpenTelemetryOfTheApplications_isItsOwn() throws Exception {
    String jars;
    try (var files = Files.list(Path.of("target/other-otel"))) {
      jars = String.join(File.pathSeparator, files.map(jar -> "" + jar.toAbsolutePath()).toList());
    }
    Path classes = Files.createDirectory(directory.resolve("classes"));
    App.compile("otel", classes, jars);
    Path config =
        Files.writeString(
            directory.resolve("own.yaml"),
            """
            models:
              - name: own
                methods: ["own.Main#predict"]
                output: { value: return }
            capture: { cpu: unlimited }
            """);
    String classPath = classes + File.pathSeparator + jars;
    Jvm.Result bare = Jvm.current().option("-cp", classPath).run("own.Main");
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      Process app =
          Jvm.current()
              .option("-cp", classPath)
              .agent("config=" + config)
              .env("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint("http/protobuf"))
              .env("OTEL_METRIC_EXPORT_INTERVAL", "100")
              .start(out, err, "own.Main");
      try {
        // Only then is there an SDK that could have been put where the application puts its own.
        receiver.await(request -> true, LONG);
        app.getOutputStream().close();
        assertThat(app.waitFor()).as(Files.readString(err)).isZero();
      } finally {
        app.destroyForcibly();
      }
      assertThat(Files.readString(out))
          .isEqualTo(bare.out())
          .contains("opentelemetry-api-")
          .contains("DefaultMeter");
      assertThat(Files.readAllLines(err)).hasSize(1);
      assertThat(Metrics.of(receiver.requests()).number("ml.predictions")).isEqualTo(20);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void namedModuleThatOpensNothing_isCaptured(Path jdk) throws Exception {
    Path classes = App.compile("module", Files.createDirectory(directory.resolve("classes")));
    Path config =
        Files.writeString(
            directory.resolve("loans.yaml"),
            """
            models:
              - name: loans
                version: "1"
                methods: ["loans.Main#decide"]
                id: args[0].id
                features:
                  paths: { age: "args[0].age", income: "args[0].income.monthly" }
                output: { score: return.probability }
                labels: { methods: ["loans.Main#outcome"], id: "args[0]", actual: "args[1]" }
            capture: { cpu: unlimited }
            """);
    Path run = directory.resolve("RUN.jsonl");
    String[] module = {"--module-path", classes.toString(), "--module", "loans/loans.Main"};
    Jvm.Result bare = new Jvm(jdk).option(module).run();
    Jvm.Result result =
        strict(new Jvm(jdk), jdk).agent("config=" + config + ",output=" + run).option(module).run();

    assertThat(result.out()).as(result.err()).isEqualTo(bare.out()).contains("granted");
    assertThat(result.exit()).isZero();
    assertThat(result.err().lines()).hasSize(1);
    Metrics metrics = Metrics.ofFile(run);
    assertThat(metrics.number("ml.predictions")).isEqualTo(20);
    assertThat(metrics.number("ml.feature.violation")).isIn(null, 0.0);
    assertThat(metrics.number("hindcast.capture.errors")).isIn(null, 0.0);
    // Monthly 2000 and more, from row 10 on, is granted; of those half come true.
    for (String actual : List.of("0", "1")) {
      for (String predicted : List.of("0", "1")) {
        assertThat(
                metrics.number(
                    "ml.confusion", "ml.class.actual", actual, "ml.class.predicted", predicted))
            .isEqualTo(5);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void archiveOfTheApplicationsClasses_isUsedAllTheSame(Path jdk) throws Exception {
    Path jar = directory.resolve("desk.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(Desk.classes())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(Desk.classes().relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    Path archive = directory.resolve("desk.jsa");
    Path loads = directory.resolve("loads");
    Path run = directory.resolve("RUN.jsonl");
    String[] application = {"-cp", jar.toString()};
    new Jvm(jdk)
        .option("-XX:ArchiveClassesAtExit=" + archive)
        .option(application)
        .run(Desk.MAIN, "predict=3");
    Jvm.Result result =
        new Jvm(jdk)
            .agent("config=" + Desk.config(directory) + ",output=" + run)
            .option("-XX:SharedArchiveFile=" + archive, "-Xlog:class+load:file=" + loads)
            .option(application)
            .run(Desk.MAIN, "predict=30");

    assertThat(result.out()).endsWith(Desk.bare("predict=30").out());
    assertThat(result.err().lines()).hasSize(1);
    assertThat(Files.readAllLines(loads))
        .anyMatch(line -> line.contains("desk.Main source: shared objects file (top)"));
    Desk.counted(Metrics.ofFile(run), 30);
  }

  @Test
  void toolOfTheJdk_isLeftAlone_whereEveryJvmGetsTheAgent() throws Exception {
    Jvm.Result result =
        Jvm.current()
            .env("JAVA_TOOL_OPTIONS", "-javaagent:" + Jvm.AGENT + "=config=/none.yaml")
            .run("--module", "jdk.compiler/com.sun.tools.javac.Main", "-version");

    assertThat(result.out()).startsWith("javac ");
    assertThat(result.agentLines()).isEmpty();
  }

  /** All checks on: the verifier's on 17, that nobody uses Unsafe on 25. */
  private static Jvm strict(Path jdk) throws Exception {
    return strict(Desk.on(jdk), jdk);
  }

  private static Jvm strict(Jvm jvm, Path jdk) {
    return jdk.equals(Jdks.all().get(0)) && Runtime.version().feature() < 24
        ? jvm.option("-Xverify:all")
        : jvm.option("--sun-misc-unsafe-memory-access=deny");
  }

  @Test
  void aProgramWithoutAModel_startsNoSdk_notEvenAtItsEnd() throws Exception {
    Path classes = App.compile("idle", Files.createDirectory(directory.resolve("classes")));
    for (Path jdk : Jdks.all()) {
      Jvm.Result result =
          new Jvm(jdk)
              .agent("")
              .in(directory)
              .option("-Xlog:class+load:stdout", "-cp", "" + classes)
              .run("Idle");
      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.out()).contains("io.hindcast.core.monitor.Engine ", "idle");
      assertThat(result.out()).doesNotContain("io.hindcast.shaded.opentelemetry.sdk.");
    }
  }
}
