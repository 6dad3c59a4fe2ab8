package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 200 rows make the reference, 30 more differ from it in every way. The counts are worked by hand
 * from the application's source.
 */
class ValuesTest {
  private static final String CONFIG =
      """
      models:
        - name: values
          methods: ["values.Main#score"]
          features:
            from: args[0]
            names: [x, code, word, kind, name, score]
            categorical: [code]
            exclude: [score]
          output: { score: return }
          reference: { learn: 200 }
      capture: { cpu: unlimited }
      """;

  /** Feature or output, its bins, its violations. */
  private static final String TABLE =
      """
      x     | 0:20 1:20 2:20 3:20 4:20 5:20 6:20 7:20 8:20 9:21 high:10 low:8 missing:11 | above_range:7 below_range:6 missing:5 not_finite:5 wrong_type:6
      code  | 0:67 1:81 2:76 missing:1 new:5 other:0                                     | missing:1 new_category:5
      word  | =low:90 =other:114 missing:5 new:8 other:13                                | missing:2 new_category:8 wrong_type:3
      kind  | LEFT:40 RIGHT:190 missing:0 new:0 other:0                                  | -
      name  | 0:40 1:90 2:100 high:0 low:0 missing:0                                     | -
      """;

  @TempDir Path directory;

  @Test
  void everyValue_isInItsBin_andViolatesWhatItViolates() throws Exception {
    Path jar = jar(App.compile("values", Files.createDirectories(directory.resolve("classes"))));
    Path config = Files.writeString(directory.resolve("values.yaml"), CONFIG);
    Path run = directory.resolve("RUN.jsonl");
    Jvm.Result result =
        Jvm.current()
            .agent("config=" + config + ",output=" + run)
            .option("-cp", "" + jar)
            .run("values.Main");
    assertThat(result.out()).as(result.err()).isEqualTo("done\n");

    Metrics metrics = Catalogue.check(run);
    var seen = new Seen(metrics, "values");
    assertThat(seen.number("ml.predictions", "ml.model.version", "3.2-manifest")).isEqualTo(230);
    assertThat(seen.number("ml.reference.size")).isEqualTo(200);
    for (String row : TABLE.split("\n")) {
      String[] cells = row.split(" +\\| +");
      assertThat(seen.bins("ml.feature.bin", cells[0])).as(row).isEqualTo(cells[1]);
      assertThat(seen.violations(cells[0])).as(row).isEqualTo(cells[2].equals("-") ? "" : cells[2]);
    }
    assertThat(seen.bins("ml.feature.bin", "score")).isEmpty();

    // Finite values alone: 0 … 199, six times −1, seven times 300, once 199.
    Metrics.Histogram x = seen.histogram("ml.feature.value", "ml.feature.name", "x");
    assertThat(x.counts()).containsExactly(6, 20, 20, 20, 20, 20, 20, 20, 20, 20, 21, 7);
    assertThat(x.sum()).isEqualTo(19_900 - 6 + 2_100 + 199);
    assertThat(metrics.series("ml.feature.value")).hasSize(1);

    // Scores i/200, and 0.5 thirty times more: the edge of the sixth bin is 0.4975.
    assertThat(seen.bins("ml.output.bin", "score"))
        .isEqualTo("0:20 1:20 2:20 3:20 4:20 5:50 6:20 7:20 8:20 9:20 high:0 low:0 missing:0");
    assertThat(seen.bins("ml.output.bin", "class"))
        .isEqualTo("0:100 1:130 missing:0 new:0 other:0");
    assertThat(seen.histogram("ml.output.value", "ml.output.name", "score").sum())
        .isEqualTo(99.5 + 15);
    assertThat(seen.bins("ml.reference.share", "word"))
        .isEqualTo("=low:0.45 =other:0.5 missing:0 new:0 other:0.05");

    // What is rare, or one of many, stays inside.
    assertThat(Files.readString(run)).doesNotContain("\"rare\"", "fresh", "n12", "text");
  }

  private Path jar(Path classes) throws Exception {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "3.2-manifest");
    Path jar = directory.resolve("values.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file, manifest);
        var all = Files.walk(classes)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(each).toString().replace('\\', '/')));
        Files.copy(each, out);
      }
    }
    return jar;
  }
}
