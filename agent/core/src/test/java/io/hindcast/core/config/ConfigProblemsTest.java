package io.hindcast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is said about configurations that are wrong. The cases stand in {@code config/problems.txt}:
 * a title, a file, and after {@code >>>} every line that it must be answered with, in order.
 */
class ConfigProblemsTest {
  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> everyProblem_isSaidInItsWords() throws Exception {
    Files.writeString(directory.resolve("here.json"), "{}");
    Files.createDirectory(directory.resolve("dir"));
    List<Case> cases = cases();
    assertThat(cases).hasSizeGreaterThan(40);
    return cases.stream().map(c -> DynamicTest.dynamicTest(c.title, () -> check(c)));
  }

  private void check(Case c) throws Exception {
    Path file = Files.writeString(directory.resolve("hindcast.yaml"), c.yaml);
    ConfigException answer =
        catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));
    assertThat(answer).isNotNull();
    assertThat(answer.getMessage().lines().map(line -> line.replace(directory + "/", "")))
        .containsExactlyElementsOf(c.expected.stream().map(e -> "hindcast.yaml:" + e).toList());
  }

  private static List<Case> cases() throws Exception {
    String text;
    try (InputStream in = ConfigProblemsTest.class.getResourceAsStream("/config/problems.txt")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    var cases = new ArrayList<Case>();
    for (String part : text.split("(?m)^=== ")) {
      if (part.isBlank()) {
        continue;
      }
      var yaml = new StringBuilder();
      var expected = new ArrayList<String>();
      String title = part.lines().findFirst().orElseThrow();
      part.lines()
          .skip(1)
          .forEach(
              line -> {
                if (line.startsWith(">>> ")) {
                  expected.add(line.substring(4));
                } else if (!line.isEmpty()) {
                  yaml.append(line).append('\n');
                }
              });
      cases.add(new Case(title, yaml.toString(), expected));
    }
    return cases;
  }

  private record Case(String title, String yaml, List<String> expected) {}
}
