package io.hindcast.cli;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.model.ClassNames;
import io.hindcast.core.model.FeatureSchema;
import io.hindcast.core.model.ModelKey;
import io.hindcast.core.model.Row;
import io.hindcast.core.model.Task;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads records of a file as the rows that the agent would have captured. */
final class RowReader {
  /*
   * A file has no types. A feature is text if the configuration or the reference says so, else if
   * most of its values in the first rows are no numbers. In a text feature "12" is a word; in a
   * numeric one "n/a" is one too, and the engine will count it as of a wrong type.
   */
  private static final int ROWS_FOR_TYPES = 1000;

  /** Behind the name of a date: the seconds from it to the prediction, as the agent shows it. */
  static final String AGE = ".age";

  private static final Set<String> BOOLEANS = Set.of("true", "false");

  private final CsvFile file;
  private final Columns columns;
  private final ModelConfig model;
  private final boolean[] isText;
  private final boolean[] isCode;
  private final SegmentColumns segments;
  private final Row row = new Row();
  private @Nullable String noClass;

  private RowReader(CsvFile file, Columns columns, ModelConfig model, Task task, boolean[] isText)
      throws CommandException {
    this.file = file;
    this.segments = new SegmentColumns(file.header(), model);
    this.columns = columns;
    this.model = model;
    this.isText = isText;
    int n = columns.features().size();
    isCode = new boolean[n];
    for (int i = 0; i < n; i++) {
      isCode[i] = model.features().categorical().contains(columns.features().get(i));
    }
    String version =
        model.version() instanceof ModelConfig.Version.Literal literal
            ? literal.value()
            : ModelKey.UNKNOWN_VERSION;
    row.key = new ModelKey(model.name(), version);
    row.task = task;
    row.schema = new FeatureSchema(columns.features());
    row.features = n;
    row.numbers = new double[n];
    row.categories = new Object[n];
    row.durationNanos = -1;
    row.callRows = 1;
    row.isRow = true;
  }

  /** What is known of a feature's type beforehand. */
  interface Types {
    /** True for text, false for numbers, null if it is not known. */
    @Nullable Boolean isText(String feature);
  }

  /**
   * A reader that has had a look at the first rows.
   *
   * @throws CommandException if the file has not what the configured task needs
   */
  static RowReader of(CsvFile file, Columns columns, ModelConfig model, Types types)
      throws CommandException {
    int n = columns.features().size();
    int[] numbers = new int[n];
    int[] words = new int[n];
    boolean[] predictsBooleans = {columns.predicted() >= 0};
    file.read(
        columns.width(),
        (row, record) -> {
          for (int i = 0; i < n; i++) {
            String cell = record.getField(columns.featurePlaces()[i]);
            if (!Cells.isMissing(cell)) {
              boolean isNumber =
                  Cells.number(cell) != null
                      || columns.features().get(i).endsWith(AGE) && Cells.timeMillis(cell) != null;
              (isNumber ? numbers : words)[i]++;
            }
          }
          if (columns.predicted() >= 0) {
            String cell = Cells.text(record.getField(columns.predicted()));
            predictsBooleans[0] &= cell.isEmpty() || BOOLEANS.contains(cell);
          }
          return row < ROWS_FOR_TYPES;
        });
    boolean[] isText = new boolean[n];
    for (int i = 0; i < n; i++) {
      Boolean known = types.isText(columns.features().get(i));
      isText[i] = known != null ? known : words[i] > numbers[i];
    }
    return new RowReader(
        file, columns, model, task(file, columns, model, predictsBooleans[0]), isText);
  }

  /** The configured task, else that of the configured output, else that of the columns. */
  private static Task task(
      CsvFile file, Columns columns, ModelConfig model, boolean predictsBooleans)
      throws CommandException {
    ModelConfig.Output output = model.output();
    Task task = model.task();
    if (task == null) {
      if (output.saysBinary()) {
        task = Task.BINARY;
      } else if (output.value() != null) {
        task = Task.REGRESSION;
      } else if (output.scores() != null || output.predicted() != null) {
        task = Task.MULTICLASS;
      } else if (columns.score() >= 0) {
        task = Task.BINARY;
      } else if (columns.value() >= 0) {
        task = Task.REGRESSION;
      } else if (columns.predicted() >= 0) {
        task = predictsBooleans ? Task.BINARY : Task.MULTICLASS;
      }
    }
    if (task == null || !columns.hasOutput()) {
      return Task.INPUTS_ONLY;
    }
    boolean fits =
        switch (task) {
          case BINARY -> columns.score() >= 0 || columns.predicted() >= 0;
          case MULTICLASS -> columns.predicted() >= 0;
          case REGRESSION -> columns.value() >= 0 || columns.predicted() >= 0;
          case INPUTS_ONLY -> true;
        };
    if (fits) {
      return task;
    }
    throw CommandException.impossible(
        file.path()
            + " has no column of what model '"
            + model.name()
            + "' predicted, whose task is "
            + task.name().toLowerCase(Locale.ROOT),
        switch (task) {
          case BINARY -> "add a column score or predicted, or name it: --score COLUMN";
          case REGRESSION -> "add a column value, or name it: --value COLUMN";
          default -> "add a column predicted, or name it: --predicted COLUMN";
        });
  }

  Task task() {
    return row.task;
  }

  ModelKey key() {
    return row.key;
  }

  /**
   * The row of a record: always the same instance, filled anew.
   *
   * @throws CommandException if a score or value is no number
   */
  Row row(long number, CsvRecord record, long timeMillis) throws CommandException {
    for (int i = 0; i < row.features; i++) {
      readFeature(i, record.getField(columns.featurePlaces()[i]), timeMillis);
    }
    segments.read(record, row);
    row.predictedAtMillis = timeMillis;
    row.id = id(number, record);
    row.score = Double.NaN;
    row.confidence = Double.NaN;
    row.predicted = null;
    switch (row.task) {
      case BINARY -> {
        row.score = number(number, record, columns.score());
        row.predicted = className(record, columns.predicted());
      }
      case MULTICLASS -> {
        row.predicted = className(record, columns.predicted());
        row.confidence = number(number, record, columns.score());
      }
      case REGRESSION ->
          row.score =
              number(number, record, columns.value() >= 0 ? columns.value() : columns.predicted());
      case INPUTS_ONLY -> {}
    }
    return row;
  }

  private void readFeature(int i, String cell, long timeMillis) {
    row.numbers[i] = Double.NaN;
    row.categories[i] = null;
    if (Cells.isMissing(cell)) {
      return;
    }
    if (isCode[i]) {
      row.categories[i] = ClassNames.ofText(Cells.text(cell));
      return;
    }
    Double number = isText[i] ? null : Cells.number(cell);
    Long since =
        number == null && columns.features().get(i).endsWith(AGE) ? Cells.timeMillis(cell) : null;
    if (number != null) {
      row.numbers[i] = number;
    } else if (since != null) {
      row.numbers[i] = (timeMillis - since) / 1000.0;
    } else {
      row.categories[i] = Cells.text(cell);
    }
  }

  String id(long number, CsvRecord record) {
    String id = columns.id() < 0 ? "" : record.getField(columns.id());
    return id.isEmpty() ? "row " + number : id;
  }

  private double number(long row, CsvRecord record, int column) throws CommandException {
    if (column < 0) {
      return Double.NaN;
    }
    String cell = record.getField(column);
    if (Cells.isMissing(cell)) {
      return Double.NaN;
    }
    Double number = Cells.number(cell);
    if (number == null) {
      throw file.wrong(
          row,
          record,
          "predicts '" + cell + "', which is no number",
          "leave the cell empty where nothing was predicted");
    }
    return number;
  }

  private @Nullable String className(CsvRecord record, int column) {
    String cell = column < 0 ? "" : record.getField(column);
    if (cell.isEmpty()) {
      return null;
    }
    String name = ClassNames.ofText(classText(cell));
    boolean isClass =
        row.task == Task.BINARY
            ? ClassNames.binary(name, model.output().positive(), model.output().negative()) != null
            : name != null;
    if (!isClass && noClass == null) {
      noClass = cell;
    }
    return name;
  }

  /** What was predicted first of all that is no class of the model; null if all are. */
  @Nullable String noClass() {
    return noClass;
  }

  /** The label of a record as the engine takes it; null if there is none. */
  @Nullable Object actual(CsvRecord record) {
    String cell = columns.actual() < 0 ? "" : record.getField(columns.actual());
    if (cell.isEmpty()) {
      return null;
    }
    return actual(cell);
  }

  /** What the text of a label means. */
  Object actual(String cell) {
    if (row.task == Task.REGRESSION) {
      Double number = Cells.number(cell);
      return number != null ? number : cell.strip().equalsIgnoreCase("nan") ? Double.NaN : cell;
    }
    String name = ClassNames.ofText(classText(cell));
    return name != null ? name : cell;
  }

  private String classText(String cell) {
    ModelConfig.Output output = model.output();
    boolean isName =
        cell.equals(output.positive())
            || cell.equals(output.negative())
            || output.classes().contains(cell);
    return isName ? cell : Cells.text(cell);
  }
}
