package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OddColumnsTest {
  @TempDir Path directory;

  private String built(String header, int rows, java.util.function.IntFunction<String> row)
      throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("hindcast.yaml"),
            "models:\n  - name: m\n    reference: { file: r.json }\n");
    var text = new StringBuilder(header).append('\n');
    for (int i = 0; i < rows; i++) {
      text.append(row.apply(i)).append('\n');
    }
    Path data = Files.writeString(directory.resolve("data.csv"), text);
    var out = new StringWriter();
    var err = new StringWriter();
    int exit =
        Main.run(
            new String[] {
              "reference",
              "build",
              data.toString(),
              "--config",
              config.toString(),
              "--output",
              directory.resolve("r.json").toString()
            },
            OtherJvm.agentJar(directory).toFile(),
            new PrintWriter(out, true),
            new PrintWriter(err, true));
    assertThat(exit).as(err.toString()).isZero();
    return out.toString();
  }

  @Test
  void columnsThatSayLittle_areNamedByWhatTheyAre() throws Exception {
    assertThat(
            built(
                "flat,word,empty,text,city,x,flag",
                11_000,
                i -> "7,a,,word%d,city%d,%d,%b".formatted(i, i % 40, i % 1000, i % 2 == 0)))
        .endsWith(
            """
            one value only, so any other is a change: flat, word
            without a value that can be compared, so any value is a change: empty
            too many different words, so compared by their length: text
            more words than bins, so the rarer ones are compared as 'other': city
            """);
  }

  @Test
  void ordinaryColumns_areNotRemarkedOn() throws Exception {
    assertThat(built("x,country", 300, i -> i + "," + (i % 3 == 0 ? "fr" : "de"))).hasLineCount(1);
  }
}
