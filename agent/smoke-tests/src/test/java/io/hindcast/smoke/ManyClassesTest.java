package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Situation 80: an application of ten thousand classes. What the agent adds to its start is
 * measured by {@code agent/benchmarks/startup}.
 */
class ManyClassesTest {
  private static final int CLASSES = 10_000;

  @TempDir static Path classes;
  @TempDir Path directory;

  static List<Path> jdks() {
    return Jdks.all();
  }

  @BeforeAll
  static void copy() throws Exception {
    App.compile("many", classes);
    // Names of one length: nothing else of a class file has to change.
    String first =
        new String(
            Files.readAllBytes(classes.resolve("many/C00000.class")), StandardCharsets.ISO_8859_1);
    for (int i = 1; i < CLASSES; i++) {
      String name = String.format("C%05d", i);
      byte[] copy = first.replace("C00000", name).getBytes(StandardCharsets.ISO_8859_1);
      Files.write(classes.resolve("many/" + name + ".class"), copy);
    }
  }

  private Jvm.Result run(Jvm jvm, int loaded) throws Exception {
    return jvm.option("-cp", classes.toString()).run("many.Main", "" + loaded);
  }

  private Metrics watched(Path jdk, String rule, int loaded) throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("many.yaml"),
            "models: [{ name: m, methods: [\"" + rule + "\"] }]\ncapture: { cpu: unlimited }\n");
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result bare = run(new Jvm(jdk), loaded);
    Jvm.Result watched = run(new Jvm(jdk).agent("config=" + config + ",output=" + run), loaded);
    assertThat(watched.out()).isEqualTo(bare.out()).startsWith(loaded + " classes");
    assertThat(watched.err().lines()).allMatch(line -> line.startsWith("hindcast "));
    assertThat(watched.exit()).isZero();
    return Metrics.ofFile(run);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s80_oneModelAmongTenThousandClasses_isFound(Path jdk) throws Exception {
    Metrics metrics = watched(jdk, "many.C07777#score", CLASSES);
    assertThat(metrics.number("ml.predictions", "ml.model.name", "m")).isEqualTo(1);
    assertThat(metrics.number("hindcast.methods.instrumented")).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void s80_ofAThousandImplementations_eachIsFound(Path jdk) throws Exception {
    Metrics metrics = watched(jdk, "many.Part#score", 1000);
    assertThat(metrics.number("ml.predictions", "ml.model.name", "m")).isEqualTo(1000);
  }
}
