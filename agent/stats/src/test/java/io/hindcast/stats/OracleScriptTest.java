package io.hindcast.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the script that made {@code oracle/*.csv} again and compares, where a {@code python3} with
 * the very versions of the first line is at hand; elsewhere it is skipped.
 */
class OracleScriptTest {
  private static final String VERSIONS =
      """
      import platform, numpy, scipy, sklearn
      print(f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, "
            f"numpy {numpy.__version__}, Python {platform.python_version()}")
      """;

  private static final Path FILES = Path.of("src/test/resources/oracle");

  @TempDir Path made;

  @Test
  void theScript_writesTheSameAnswersAgain() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(FILES)) {
      files = all.sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(15);
    String versions = Files.readAllLines(files.get(0)).get(0).replaceAll("^.*; ", "");
    assumeTrue(versions.equals(run("-c", VERSIONS)), "no python3 with " + versions);
    assumeTrue(
        run("src/test/python/oracle.py", made.toString()) != null, "the script took too long");
    for (Path file : files) {
      compare(file, made.resolve(file.getFileName()));
    }
  }

  /** Null without Python, where the script fails or is not done after two minutes. */
  private static String run(String... arguments) throws InterruptedException, IOException {
    Path output = Files.createTempFile("oracle", ".txt");
    try {
      List<String> command = Stream.concat(Stream.of("python3"), Stream.of(arguments)).toList();
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return null;
      }
      return process.exitValue() == 0 ? Files.readString(output).trim() : null;
    } catch (IOException noPython) {
      return null;
    } finally {
      Files.delete(output);
    }
  }

  private static void compare(Path kept, Path again) throws IOException {
    List<String> expected = Files.readAllLines(kept);
    List<String> lines = Files.readAllLines(again);
    assertThat(lines).as("%s", kept).hasSameSizeAs(expected);
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i).split("[, ]", -1);
      String[] keptCells = expected.get(i).split("[, ]", -1);
      assertThat(cells).as("line %d of %s", i + 1, kept).hasSameSizeAs(keptCells);
      for (int cell = 0; cell < cells.length; cell++) {
        if (!cells[cell].equals(keptCells[cell])) {
          double value = Double.parseDouble(keptCells[cell]);
          assertThat(Double.parseDouble(cells[cell]))
              .as("line %d of %s", i + 1, kept)
              .isCloseTo(value, within(1e-9 * Math.max(1, Math.abs(value))));
        }
      }
    }
  }
}
