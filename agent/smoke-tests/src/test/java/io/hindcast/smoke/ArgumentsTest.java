package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which configuration and which output counts: argument, property, variable, working directory. */
class ArgumentsTest {
  @TempDir Path directory;

  @Test
  void theNearestWordCounts() throws Exception {
    Path classes = App.compile("tiny", Files.createDirectories(directory.resolve("classes")));
    Path work = Files.createDirectories(directory.resolve("work"));
    // The names of the files are those of their models; an argument's value may hold separators.
    Path argument = config(work.resolve("by argument,a=b;c.yaml"), "argument");
    Path property = config(work.resolve("property.yaml"), "property");
    Path variable = config(work.resolve("variable.yaml"), "variable");
    config(work.resolve("hindcast.yaml"), "directory");
    for (String first : List.of("argument", "property", "variable", "directory")) {
      Path run = work.resolve("out, of " + first + "; x=1.jsonl");
      Jvm jvm = Jvm.current().in(work).option("-cp", "" + classes);
      boolean byArgument = first.equals("argument");
      boolean byProperty = first.equals("property");
      if (!first.equals("directory")) {
        jvm.env("HINDCAST_CONFIG", "" + variable);
        jvm.env("HINDCAST_OUTPUT", byArgument || byProperty ? "never.jsonl" : "" + run);
      } else {
        jvm.env("HINDCAST_OUTPUT", "" + run);
      }
      if (byArgument || byProperty) {
        jvm.option("-Dhindcast.config=" + property);
        jvm.option("-Dhindcast.output=" + (byProperty ? run : "never.jsonl"));
      }
      jvm.agent(byArgument ? "output=" + run + ",config=" + argument : "");
      Jvm.Result result = jvm.run("tiny.Main");
      assertThat(result.out()).as(result.err()).isEqualTo("3.0\n");
      assertThat(Catalogue.check(run).series("ml.predictions"))
          .as(first)
          .extracting(series -> series.get("ml.model.name"))
          .containsExactly(first);
      // A version is read as it is written: 1.10 is not 1.1.
      assertThat(Catalogue.check(run).number("ml.predictions", "ml.model.version", "1.10"))
          .isEqualTo(1);
    }
    assertThat(work.resolve("never.jsonl")).doesNotExist();
  }

  private static Path config(Path file, String model) throws Exception {
    return Files.writeString(
        file,
        "models: [{ name: " + model + ", methods: [\"tiny.Main#predict\"], version: 1.10 }]\n");
  }
}
