package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file of history against the reference of another version, and against its own windows before.
 */
class OtherVersionsTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Rows a second apart. */
  private Path csv(String name, double mean) throws IOException {
    var random = new SplittableRandom(20261125);
    var text = new StringBuilder("time,x,score\n");
    for (int i = 0; i < 4000; i++) {
      text.append(1_767_225_600L + i).append(',').append(mean + random.nextGaussian());
      text.append(',').append(random.nextDouble()).append('\n');
    }
    return Files.writeString(directory.resolve(name), text);
  }

  private int hindcast(Object... arguments) throws IOException {
    return Main.run(
        Stream.of(arguments).map(Object::toString).toArray(String[]::new),
        OtherJvm.agentJar(directory).toFile(),
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }

  private Path config(String version, String reference) throws IOException {
    return Files.writeString(
        directory.resolve("hindcast.yaml"),
        "models:\n  - { name: m, version: \""
            + version
            + "\", reference: { "
            + reference
            + " }, drift: { window: 10m } }\n");
  }

  @Test
  void theReferenceThatAnotherVersionLearnt_isTheOneOfTheNext() throws Exception {
    // What the agent keeps of version 1 is a reference file of this name.
    Path first = csv("first.csv", 0);
    Path kept = directory.resolve("m-1.learnt.reference.json");
    Path config = config("1", "learn: 1000");
    assertThat(hindcast("reference", "build", first, "--config", config, "--output", kept))
        .as("%s", err)
        .isZero();
    Path second = csv("second.csv", 1);
    assertThat(hindcast("backtest", second, "--config", config("2", "version: \"1\", rolling: 1h")))
        .as("%s", err)
        .isZero();
    assertThat(err.toString()).doesNotContain("no reference of version 1");
    assertThat(out.toString()).contains("inputs have drifted: x (").contains("rolling_psi");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(file -> file.toString().contains(".learnt."))).containsExactly(kept);
    }
  }

  @Test
  void withoutOne_itLearnsItsOwn_andSaysSo() throws Exception {
    Path second = csv("second.csv", 1);
    assertThat(hindcast("backtest", second, "--config", config("2", "version: \"1\"")))
        .as("%s", err)
        .isZero();
    assertThat(err.toString()).contains("no reference of version 1 is known here");
    assertThat(out.toString()).doesNotContain("inputs have drifted");
  }
}
