package io.hindcast.cli;

import io.hindcast.agent.AgentJar;
import io.hindcast.core.capture.CaptureFaults;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.Durations;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.Engine;
import io.hindcast.core.monitor.EngineSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.reference.Distribution;
import io.hindcast.core.reference.NumericBinning;
import io.hindcast.core.reference.PresenceBinning;
import io.hindcast.core.reference.ReferenceFile;
import io.hindcast.core.reference.ReferenceFileException;
import io.hindcast.core.reference.ReferenceProfile;
import io.hindcast.telemetry.RunFile;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "backtest",
    description = {
      "Plays a file of history through the same engine, on the clock of its data, and prints the result.",
      "Labels apply at their time, else with their row. Telemetry: one line at the end of each drift",
      "window, and one after the clock has moved on by the maturity of labels."
    })
final class BacktestCommand implements Callable<Integer> {
  private final File jar;
  private final Clock clock;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "HISTORY.csv",
      description = "The history, with a header, in the order of time.")
  private Path history;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "F",
      description = "The configuration file.")
  private Path config;

  @Option(
      names = "--output",
      paramLabel = "RUN.jsonl",
      description = "A file for the telemetry; appended to.")
  private @Nullable Path output;

  @Mixin private final ColumnOptions options = new ColumnOptions();

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  /**
   * @param jar that says its version
   * @param clock says when a file without times ends
   */
  BacktestCommand(File jar, Clock clock) {
    this.jar = jar;
    this.clock = clock;
  }

  @Override
  public Integer call() throws CommandException {
    AgentConfig all = ConfigFile.read(config);
    ModelConfig model = Models.find(all, config, options.model);
    if (output != null) {
      OutputPath.check(output);
    }
    var file = new CsvFile(history);
    Columns columns = Columns.of(file, options, model);
    RowReader reader = RowReader.of(file, columns, model, types(model));
    PrintWriter err = spec.commandLine().getErr();
    var progress = new Progress(err, System::nanoTime);
    if (!columns.hasOutput()) {
      progress.warn(
          history + " has no column score, value or predicted: only its inputs are measured");
    }
    if (reader.task() == Task.BINARY && columns.score() >= 0 && columns.predicted() >= 0) {
      progress.warn(
          history
              + " has scores and predicted classes: the score and the threshold "
              + model.output().threshold()
              + " tell the class; where that is not what was predicted, set output: { threshold: ... }");
    }
    warnOfSurplus(history, columns, progress);
    var log = new AgentLog(new PrintStream(new LineOutput(err), true), AgentLog.Level.WARN);
    try (History events = History.of(file, columns, reader, clock.millis(), progress);
        RunFile run = open(model, log)) {
      var engine =
          new Engine(withRoom(all), new OtherVersions(all, log), log, events.firstMillis());
      play(engine, events, reader, columns.surplus(), model, run, progress);
      warnOfStrangers(reader, progress);
    }
    return ExitCodes.DONE;
  }

  private void play(
      Engine engine,
      History events,
      RowReader reader,
      int surplus,
      ModelConfig model,
      @Nullable RunFile run,
      Progress progress)
      throws CommandException {
    engine.register(reader.key(), reader.task(), events.firstMillis());
    var series = new PerformanceSeries();
    Consumer<EngineSnapshot> export =
        snapshot -> {
          if (run != null) {
            run.write(snapshot);
          }
          long until = snapshot.epochMillis() - engine.maturity(model.name()).toMillis();
          snapshot.models().forEach(one -> series.add(until, one));
        };
    var backtest =
        new Backtest(
            engine,
            model.name(),
            surplus,
            model.driftWindow().toMillis(),
            events.firstMillis(),
            export);
    events.replay(backtest);
    EngineSnapshot last = backtest.finish();
    progress.done(events.rows() + " rows");
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "from "
            + Instant.ofEpochMilli(events.firstMillis())
            + " to "
            + Instant.ofEpochMilli(events.lastMillis()));
    for (ModelSnapshot one : last.models()) {
      new ResultTable(out, one).print();
    }
    series.print(out);
    out.flush();
    last.models().forEach(one -> warnOfLostLabels(one, model, progress));
  }

  static void warnOfSurplus(Path file, Columns columns, Progress progress) {
    if (columns.surplus() > 0) {
      progress.warn(
          file
              + " has "
              + (columns.features().size() + columns.surplus())
              + " features, a model has at most "
              + columns.features().size()
              + ": the last "
              + columns.surplus()
              + " are left out; name those that matter under features: { names: [...] }");
    }
  }

  private void warnOfStrangers(RowReader reader, Progress progress) {
    if (reader.noClass() != null) {
      progress.warn(
          history
              + " predicts '"
              + reader.noClass()
              + "', which is no class of the model; such answers are counted as 'missing'");
    }
  }

  private static void warnOfLostLabels(ModelSnapshot one, ModelConfig model, Progress progress) {
    long expired = one.labels().getOrDefault("expired", 0L);
    if (expired > 0) {
      progress.warn(
          "labels later than the time to live of "
              + Durations.format(model.labels().timeToLive())
              + ", which were not joined: "
              + expired
              + "; raise labels: { time-to-live: ... } to count them");
    }
    long conflicts = one.pendingLost().getOrDefault("id_conflict", 0L);
    if (conflicts > 0) {
      progress.warn(
          "rows with the id of an earlier row that answered otherwise, whose labels went to that one: "
              + conflicts
              + "; give every row an id of its own, or leave the column out");
    }
    long evicted = one.pendingLost().getOrDefault("evicted", 0L);
    if (evicted > 0) {
      progress.warn(
          "predictions that found no room to wait for their label: "
              + evicted
              + "; give this JVM more: java -Xmx8g -jar hindcast.jar backtest ...");
    }
  }

  /** Nothing is to be dropped: predictions that wait may have half of this JVM's memory. */
  private static AgentConfig withRoom(AgentConfig config) {
    long half = Runtime.getRuntime().maxMemory() / 2;
    return new AgentConfig(
        config.file(),
        config.models(),
        Math.max(config.storeBytes(), half),
        config.queueBytes(),
        config.cpuShare(),
        config.countsNested());
  }

  private @Nullable RunFile open(ModelConfig model, AgentLog log) throws CommandException {
    if (output == null) {
      return null;
    }
    try {
      return RunFile.open(
          output,
          model.name(),
          AgentJar.of(jar).version(),
          new CaptureFaults((where, fault) -> log.fault(where, fault)),
          log);
    } catch (IOException e) {
      throw OutputPath.failed(output, e);
    }
  }

  /** The types of a reference that was made beforehand. */
  private static RowReader.Types types(ModelConfig model) throws CommandException {
    if (!(model.reference() instanceof ModelConfig.Reference.FromFile from)) {
      return feature -> null;
    }
    try {
      ReferenceProfile profile = ReferenceFile.read(from.file());
      return feature -> {
        Distribution of = profile.features().get(feature);
        return of == null || of.binning() instanceof PresenceBinning
            ? null
            : !(of.binning() instanceof NumericBinning);
      };
    } catch (ReferenceFileException e) {
      String message = String.valueOf(e.getMessage());
      int remedy = message.lastIndexOf("; ");
      throw remedy < 0
          ? CommandException.impossible(message, "make it with 'reference build'")
          : CommandException.impossible(
              message.substring(0, remedy), message.substring(remedy + 2));
    }
  }
}
