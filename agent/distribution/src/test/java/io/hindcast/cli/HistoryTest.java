package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hindcast.core.config.ConfigReader;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  @TempDir Path directory;

  private final ColumnOptions options = new ColumnOptions();

  @Test
  void rows_areReadAsTheAgentCapturesThem() throws Exception {
    String csv =
        """
        id,time,age,income,country,owns,score,actual
        a,2026-01-05T00:00:00Z,41,1000.5,DE,True,0.7,1
        b,2026-01-05T00:00:01Z,,NaN,FR,false,,0
        c,2026-01-05T00:00:02Z,-inf,n/a,12,True,0.2,
        """;
    assertThat(events(csv, "name: risk, version: \"3\""))
        .containsExactly(
            "row a @1767571200000 BINARY age=41.0 income=1000.5 country=DE owns=true score=0.7",
            "label a=1 @1767571200000",
            "row b @1767571201000 BINARY age=? income=? country=FR owns=false score=NaN",
            "label b=0 @1767571201000",
            // Text in a column of numbers is of a wrong type, a number in one of texts is a word.
            "row c @1767571202000 BINARY age=-Infinity income=n/a country=12 owns=true score=0.2");
  }

  @Test
  void labels_applyAtTheirTime_elseWithTheirRow() throws Exception {
    String csv =
        """
        id,time,predicted,actual,at
        a,100,1,1,103
        b,101,0,1,
        c,102,1,0,101
        d,103,1,1,102.5
        e,104,0,0,200
        f,105,0,1,150
        """;
    assertThat(events(csv, "name: m, task: binary"))
        .containsExactly(
            "row a @100000 BINARY predicted=1",
            "row b @101000 BINARY predicted=0",
            "label b=1 @101000",
            "row c @102000 BINARY predicted=1",
            "label c=0 @102000",
            "label a=1 @103000",
            "row d @103000 BINARY predicted=1",
            "label d=1 @103000",
            "row e @104000 BINARY predicted=0",
            "row f @105000 BINARY predicted=0",
            "label f=1 @150000",
            "label e=0 @200000");
  }

  @Test
  void ages_areSeconds_orDatesThatHaveOne() throws Exception {
    assertThat(
            events(
                "time,joined.age,seen.age,value\n100,60,1970-01-01T00:00:40Z,1\n200,,x,1\n",
                "name: m, features: { from: \"args[0]\", names: [joined, seen] }"))
        .containsExactly(
            "row row 1 @100000 REGRESSION joined.age=60.0 seen.age=60.0 score=1.0",
            "row row 2 @200000 REGRESSION joined.age=? seen.age=x score=1.0");
  }

  @Test
  void withoutTimes_rowsAreASecondApartAndEndNow() throws Exception {
    assertThat(events("value,actual\n1.5,2\n2.5,\n3.5,x\n", "name: m"))
        .containsExactly(
            "row row 1 @8000 REGRESSION score=1.5",
            "label row 1=2.0 @8000",
            "row row 2 @9000 REGRESSION score=2.5",
            "row row 3 @10000 REGRESSION score=3.5",
            "label row 3=x @10000");
  }

  @Test
  void columns_mayHaveOtherNames() throws Exception {
    options.id = "case";
    options.time = "when";
    options.predicted = "y_pred";
    options.actual = "y_true";
    options.at = "known";
    assertThat(
            events("case,when,x,y_pred,y_true,known\n7,1,5,cat,2.0,2\n8,3,6,dog,dog,\n", "name: m"))
        .containsExactly(
            "row 7 @1000 MULTICLASS x=5.0 predicted=cat",
            "label 7=2 @2000",
            "row 8 @3000 MULTICLASS x=6.0 predicted=dog",
            "label 8=dog @3000");
  }

  @Test
  void features_areThoseOfTheConfiguration() throws Exception {
    assertThat(
            events(
                "time,b,value,a,c\n1,2,3,4,5\n",
                "name: m, task: binary, features: { from: \"args[0]\", names: [a, value, b],"
                    + " categorical: [b], exclude: [c] }"))
        .containsExactly("row row 1 @1000 INPUTS_ONLY a=4.0 value=3.0 b=2");
  }

  @Test
  void categorical_numbersAreNames() throws Exception {
    assertThat(events("code\n2\n2.0\n02\n2.5\n", "name: m, features: { categorical: [code] }"))
        .extracting(line -> line.replaceAll(".*INPUTS_ONLY ", ""))
        .containsExactly("code=2", "code=2", "code=02", "code=2.5");
  }

  @Test
  void task_comesFromTheConfigurationThenFromTheColumns() throws Exception {
    assertThat(task("score\n0.5\n", "name: m")).isEqualTo(Task.BINARY);
    assertThat(task("value\n0.5\n", "name: m")).isEqualTo(Task.REGRESSION);
    assertThat(task("predicted\n1\n", "name: m")).isEqualTo(Task.MULTICLASS);
    assertThat(task("predicted\nTrue\nFalse\n", "name: m")).isEqualTo(Task.BINARY);
    assertThat(task("predicted\n1\n", "name: m, output: { positive: \"1\" }"))
        .isEqualTo(Task.BINARY);
    assertThat(task("predicted\n1.5\n", "name: m, task: regression")).isEqualTo(Task.REGRESSION);
    assertThat(task("x\n1.5\n", "name: m, task: regression")).isEqualTo(Task.INPUTS_ONLY);
  }

  @Test
  void featuresBeyondTheLimit_areLeftOutAndCounted() throws Exception {
    String header = IntStream.range(0, 203).mapToObj(i -> "f" + i).collect(Collectors.joining(","));
    CsvFile file = file(header + "\n" + String.join(",", Collections.nCopies(203, "1")) + "\n");
    Columns columns = Columns.of(file, options, model("name: m"));
    assertThat(columns.features()).hasSize(200).endsWith("f199");
    assertThat(columns.surplus()).isEqualTo(3);
  }

  @Test
  void aByteOrderMarkAndQuotes_areNoPartOfNames() throws Exception {
    assertThat(events("\ufeff\"value\",\"a, b\"\r\n1,\"x \"\"y\"\"\"\r\n\r\n", "name: m"))
        .containsExactly("row row 1 @10000 REGRESSION a, b=x \"y\" score=1.0");
  }

  @Test
  void aRowOutOfOrder_isOneErrorThatNamesIt() {
    fails("time,x\n5,1\n6,1\n4,1\n3,1\n", "name: m", 3)
        .contains("row 3 (line 4)", "1970-01-01T00:00:04Z after 1970-01-01T00:00:06Z", "sort");
  }

  @Test
  void whatIsWrong_isNamedWithItsRow() {
    fails("time\nyesterday\n", "name: m", 3).contains("row 1 (line 2)", "'yesterday'", "RFC 3339");
    fails("time,x\n1,2\n,3\n", "name: m", 3).contains("row 2 (line 3)");
    fails("score\n0.5\nhigh\n", "name: m", 3).contains("row 2 (line 3)", "'high'");
    fails("a,b\n1,2\n1\n", "name: m", 3).contains("row 2 (line 3)", "has 1 cells", "has 2");
    fails("time,at,actual,value\n1,soon,2,3\n", "name: m", 3).contains("row 1", "'soon'");
  }

  @Test
  void whatIsMissing_isNamedWithItsRemedy() {
    fails("", "name: m", 3).contains("is empty", "name the columns");
    fails("a,b\n", "name: m", 3).contains("has no rows");
    fails("a;b\n1;2\n", "name: m", 3).contains("one column, 'a;b'", "by commas");
    fails("a,a\n1,2\n", "name: m", 3).contains("two columns 'a'");
    fails("incom\n1\n", "name: m, features: { from: \"args[0]\", names: [income] }", 3)
        .contains("'income'", "did you mean 'incom'?");
    fails("value\n1\n", "name: m, task: binary", 3).contains("--score COLUMN");
    fails("score\n1\n", "name: m, task: regression", 3).contains("--value COLUMN");
    fails("at,actual,value\n1,2,3\n", "name: m", 2).contains("--time COLUMN");
    options.actual = "y_tru";
    fails("y_true,value\n1,2\n", "name: m", 2).contains("--actual", "did you mean 'y_true'?");
  }

  @Test
  void aFileThatCannotBeRead_isOneLineOfCauseAndOneOfRemedy() throws Exception {
    Path latin = directory.resolve("latin.csv");
    Files.write(latin, new byte[] {'n', '\n', (byte) 0xE4, '\n'});
    assertThatThrownBy(() -> open(new CsvFile(latin), model("name: m")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> open(new CsvFile(directory), model("name: m")))
        .hasMessageContaining("is a directory");
    assertThatThrownBy(() -> open(new CsvFile(directory.resolve("none")), model("name: m")))
        .hasMessageContaining("there is no file");
  }

  private List<String> events(String csv, String model) throws Exception {
    var seen = new ArrayList<String>();
    try (History history = open(file(csv), model(model))) {
      history.replay(
          new History.Events() {
            @Override
            public void row(Row row) {
              seen.add(text(row));
            }

            @Override
            public void label(long atMillis, LabelEvent label) {
              seen.add("label " + label.id() + "=" + label.actual() + " @" + atMillis);
            }
          });
    }
    return seen;
  }

  private Task task(String csv, String model) throws Exception {
    CsvFile file = file(csv);
    ModelConfig config = model(model);
    return RowReader.of(file, Columns.of(file, options, config), config, feature -> null).task();
  }

  private History open(CsvFile file, ModelConfig model) throws CommandException {
    Columns columns = Columns.of(file, options, model);
    RowReader reader = RowReader.of(file, columns, model, feature -> null);
    var progress = new Progress(new PrintWriter(Writer.nullWriter()), () -> 0);
    return History.of(file, columns, reader, 10_000, progress);
  }

  private AbstractStringAssert<?> fails(String csv, String model, int exitCode) {
    try {
      open(file(csv), model(model)).close();
      throw new AssertionError("nothing was wrong with " + csv);
    } catch (CommandException e) {
      assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(exitCode);
      assertThat(e.getMessage().lines()).hasSize(2);
      return assertThat(e.getMessage());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private CsvFile file(String csv) throws Exception {
    return new CsvFile(Files.writeString(directory.resolve("history.csv"), csv));
  }

  private ModelConfig model(String fields) throws Exception {
    Path file =
        Files.writeString(directory.resolve("hindcast.yaml"), "models: [ { " + fields + " } ]\n");
    return ConfigReader.read(file).models().get(0);
  }

  private static String text(Row row) {
    var text = new StringBuilder("row ").append(row.id).append(" @").append(row.predictedAtMillis);
    text.append(' ').append(row.task);
    for (int i = 0; i < row.features; i++) {
      Object value = row.categories[i] != null ? row.categories[i] : (Object) row.numbers[i];
      text.append(' ').append(row.schema.names().get(i)).append('=');
      text.append(value.equals(Double.NaN) ? "?" : value);
    }
    if (row.task == Task.BINARY && row.predicted == null || row.task == Task.REGRESSION) {
      text.append(" score=").append(row.score);
    }
    return text.append(row.predicted == null ? "" : " predicted=" + row.predicted).toString();
  }
}
