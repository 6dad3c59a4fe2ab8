package io.hindcast.cli;

import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.reference.ReferenceBuilder;
import io.hindcast.core.reference.ReferenceFile;
import io.hindcast.core.reference.ReferenceProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "build",
    description = {
      "Makes a reference from training data: edges, counts and categories of every feature,",
      "and of scores, classes, labels and the error rate where the columns are there."
    })
final class ReferenceBuildCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DATA.csv", description = "The data, with a header.")
  private Path data;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "F",
      description = "The configuration file.")
  private Path config;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "REF.json",
      description = "The reference; replaced if it is there.")
  private Path output;

  @Mixin private final ColumnOptions options = new ColumnOptions();

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  @Override
  public Integer call() throws CommandException {
    ModelConfig model = Models.find(ConfigFile.readBeforeReferences(config), config, options.model);
    OutputPath.check(output);
    var file = new CsvFile(data);
    Columns columns = Columns.of(file, options, model);
    RowReader reader = RowReader.of(file, columns, model, feature -> null);
    var progress = new Progress(spec.commandLine().getErr(), System::nanoTime);
    BacktestCommand.warnOfSurplus(data, columns, progress);
    if (model.times().hourOfWeek() && columns.time() < 0) {
      progress.warn(
          data
              + " does not say when its rows were predicted, so this reference knows no hours of the"
              + " week; add a column time, or name it: --time COLUMN");
    }
    ReferenceProfile profile = build(file, columns, reader, model, progress);
    try {
      ReferenceFile.write(profile, output);
    } catch (IOException e) {
      throw OutputPath.failed(output, e);
    }
    progress.done(profile.rows() + " rows");
    spec.commandLine().getOut().println(summary(profile));
    OddColumns.of(profile).forEach(spec.commandLine().getOut()::println);
    return ExitCodes.DONE;
  }

  private static ReferenceProfile build(
      CsvFile file, Columns columns, RowReader reader, ModelConfig model, Progress progress)
      throws CommandException {
    ReferenceBuilder builder = ReferenceBuilder.forFile(model, columns.time() >= 0);
    var rows = new long[1];
    file.read(
        columns.width(),
        (number, record) -> {
          builder.observe(reader.row(number, record, 0), reader.actual(record));
          rows[0] = number;
          progress.rows("reading", number, 0);
          return true;
        });
    if (rows[0] == 0) {
      throw CommandException.impossible(
          file.path() + " has no rows", "give it at least one row after the header");
    }
    builder.edgesReady();
    file.read(
        columns.width(),
        (number, record) -> {
          long time =
              columns.time() < 0 ? 0 : History.time(file, number, record, columns.time(), "time");
          builder.count(reader.row(number, record, time));
          progress.rows("counting", number, rows[0]);
          return true;
        });
    return builder.build();
  }

  private String summary(ReferenceProfile profile) {
    int features = profile.features().size();
    return output
        + ": reference "
        + profile.id()
        + " of "
        + profile.rows()
        + " rows, "
        + features
        + (features == 1 ? " feature" : " features")
        + (profile.outputs().isEmpty()
            ? ""
            : ", outputs " + String.join(", ", profile.outputs().keySet()))
        + (profile.labels() == null ? "" : ", " + profile.labels().count() + " labels");
  }
}
