package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Models in other languages of the JVM, and results of their libraries that come later, each on its
 * own runtime. The number is that of the table in {@code agent/README.md}.
 */
class LanguagesTest {
  private static final String CONFIG =
      """
      models:
        - { name: groovy, methods: ["languages.GroovyRisk#score"] }
        - { name: made, methods: ["Made#score"] }
        - name: scala
          methods: ["languages.ScalaRisk#score"]
          features: { paths: { age: "args[0].age", region: "args[0].region" } }
          reference: { learn: 10 }
        - { name: trait, methods: ["languages.Scoring#weighed"] }
        - { name: object, methods: ["languages.ScalaMain$#rate"] }
        - { name: clojure, methods: ["languages.Scorer#score"] }
        - { name: suspend, methods: ["languages.Coroutines#score"] }
        - { name: at-once, methods: ["languages.Coroutines#known"] }
        - { name: mono, methods: ["languages.Publishers#score"] }
        - { name: flux, methods: ["languages.Publishers#scores"] }
      capture: { cpu: unlimited }
      """;

  private static final Path SOURCES = Path.of("src/test/apps/languages");

  @TempDir static Path classes;
  private static String classPath;

  @TempDir Path directory;
  private Jvm.Result result;
  private Metrics metrics;

  static List<Path> jdks() {
    return Jdks.all();
  }

  @BeforeAll
  static void compile() throws Exception {
    Path jars = Path.of("target/languages");
    try (Stream<Path> all = Files.list(jars)) {
      App.compile("languages", classes, String.join(":", all.map(Path::toString).toList()));
    }
    classPath = classes + ":" + jars.toAbsolutePath() + "/*";
    String to = classes.toString();
    by("org.codehaus.groovy.tools.FileSystemCompiler", "-d", to, SOURCES + "/Risk.groovy");
    String[] scala = {"-usejavacp", "-release", "17", "-d", to, SOURCES + "/Risk.scala"};
    by("scala.tools.nsc.Main", scala);
  }

  private static void by(String compiler, String... arguments) throws Exception {
    Jvm.Result said = Jvm.current().option("-Xss8m", "-cp", classPath, compiler).run(arguments);
    assertThat(said.exit()).as(said.out() + said.err()).isZero();
  }

  /** Without the agent and with it: what the application says is the same. */
  private void play(Path jdk, String... main) throws Exception {
    Path config = Files.writeString(directory.resolve("languages.yaml"), CONFIG);
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result bare = new Jvm(jdk).option("-cp", classPath).run(main);
    result =
        new Jvm(jdk)
            .agent("config=" + config + ",output=" + run)
            .option("-cp", classPath)
            .run(main);
    assertThat(result.out()).as(result.err()).isEqualTo(bare.out()).isNotEmpty();
    assertThat(result.exit()).isZero();
    metrics = Metrics.ofFile(run);
  }

  private void counted(String model, int predictions) {
    assertThat(metrics.number("ml.predictions", "ml.model.name", model))
        .as(model + "\n" + result.err())
        .isEqualTo(predictions);
    assertThat(new Seen(metrics, model).histogram("ml.prediction.duration").count())
        .as(model)
        .isEqualTo(predictions);
  }

  /** That a result is not followed is said once. */
  private void notFollowed(String method) {
    assertThat(result.agentLines())
        .filteredOn(line -> line.contains("#" + method + " ") && line.contains("not followed"))
        .hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s18_groovy_byDynamicCallsAndFromAShell_isCounted(Path jdk) throws Exception {
    play(jdk, "languages.GroovyRisk");
    counted("groovy", 30);
    // A class that a loader of Groovy's made a moment ago is one like any other.
    counted("made", 10);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s18_scala_caseClassesAreRead_traitsAndObjectsAreWoven(Path jdk) throws Exception {
    play(jdk, "languages.ScalaMain");
    counted("scala", 32);
    counted("trait", 20);
    counted("object", 10);
    // All rows but the two of the end have the ages 0 to 29, once each.
    Metrics.Histogram age =
        metrics.histogram("ml.feature.value", "ml.model.name", "scala", "ml.feature.name", "age");
    assertThat(age.count()).isEqualTo(32);
    assertThat(age.sum()).isEqualTo(29 * 30 / 2 + 1 + 3);
    assertThat(new Seen(metrics, "scala").violations("region")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s18_clojure_typesAndObjectsOfAnInterface_areCounted(Path jdk) throws Exception {
    play(jdk, "clojure.main", SOURCES + "/risk.clj");
    counted("clojure", 40);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s31_kotlinSuspend_isOneCall_howeverOftenItGoesOn(Path jdk) throws Exception {
    play(jdk, "languages.Coroutines");
    counted("suspend", 20);
    counted("at-once", 20);
    notFollowed("score");
    notFollowed("known");
    assertThat(metrics.all("ml.output.bin", "ml.model.name", "suspend")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s30_monoAndFlux_areTimedUntilTheyReturn_andSubscribedToByNobodyElse(Path jdk)
      throws Exception {
    play(jdk, "languages.Publishers");
    // One of them nobody subscribed to, another was subscribed to twice.
    counted("mono", 11);
    counted("flux", 10);
    notFollowed("score");
    notFollowed("scores");
  }
}
