package io.hindcast.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which columns of a CSV file say what, where their names are not the usual ones. */
final class ColumnOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model, if the configuration has several.")
  @Nullable String model;

  @Option(
      names = "--id",
      paramLabel = "COLUMN",
      description = "Column of the id. Default: id, else rows are numbered.")
  @Nullable String id;

  @Option(
      names = "--time",
      paramLabel = "COLUMN",
      description =
          "Column of the prediction's time: RFC 3339, epoch seconds or milliseconds. Default: time,"
              + " else rows are a second apart and end now.")
  @Nullable String time;

  @Option(
      names = "--score",
      paramLabel = "COLUMN",
      description =
          "Column of the score of the positive class, or of the chosen one of several. Default: score.")
  @Nullable String score;

  @Option(
      names = "--value",
      paramLabel = "COLUMN",
      description = "Column of the value that a regression predicted. Default: value.")
  @Nullable String value;

  @Option(
      names = "--predicted",
      paramLabel = "COLUMN",
      description = "Column of the predicted class. Default: predicted.")
  @Nullable String predicted;

  @Option(
      names = "--actual",
      paramLabel = "COLUMN",
      description = "Column of the label; an empty cell is no label. Default: actual.")
  @Nullable String actual;

  @Option(
      names = "--at",
      paramLabel = "COLUMN",
      description =
          "Column of the time when the label arrived. Default: at or actual_time, else with its row.")
  @Nullable String at;
}
