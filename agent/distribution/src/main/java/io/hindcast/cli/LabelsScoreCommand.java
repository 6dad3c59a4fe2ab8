package io.hindcast.cli;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.hindcast.core.capture.LabelValues;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.DoorConfig;
import io.hindcast.core.config.ModelConfig;
import io.hindcast.core.config.NearMiss;
import io.hindcast.core.config.ReceiptKeyFile;
import io.hindcast.core.config.StoreConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import io.hindcast.core.model.Task;
import io.hindcast.core.monitor.Engine;
import io.hindcast.core.monitor.EngineSnapshot;
import io.hindcast.core.monitor.ModelSnapshot;
import io.hindcast.core.receipt.Receipt;
import io.hindcast.core.receipt.Receipts;
import io.hindcast.core.reference.ReferenceStore;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "score",
    description = {
      "Scores receipts whose truth is known, with no agent: the same engine, the same totals.",
      "No receipt expires here."
    })
final class LabelsScoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RECEIPTS.csv",
      description = "Columns receipt and actual, and if need be at, revision and retract.")
  private Path file;

  @Option(
      names = "--keys",
      required = true,
      paramLabel = "F",
      description = "The keys that the receipts were signed with.")
  private Path keys;

  @Option(names = "--tenant", paramLabel = "T", description = "Whose receipts these are.")
  private String tenant = "";

  @Option(
      names = "--receipt",
      paramLabel = "COLUMN",
      description = "Column of the receipt. Default: receipt, else id.")
  private @Nullable String receiptColumn;

  @Option(
      names = "--actual",
      paramLabel = "COLUMN",
      description = "Column of the truth; an empty cell is none. Default: actual.")
  private @Nullable String actualColumn;

  @Option(
      names = "--at",
      paramLabel = "COLUMN",
      description = "Column of the time of the truth. Default: at.")
  private @Nullable String atColumn;

  @Option(
      names = "--revision",
      paramLabel = "COLUMN",
      description = "Column of the revision. Default: revision.")
  private @Nullable String revisionColumn;

  @Option(
      names = "--retract",
      paramLabel = "COLUMN",
      description = "Column that is true where a label is taken back. Default: retract.")
  private @Nullable String retractColumn;

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  private int receipt;
  private int actual;
  private int at;
  private int revision;
  private int retract;

  @Override
  public Integer call() throws CommandException {
    try {
      ReceiptKeyFile.read(keys);
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      int remedy = message.indexOf("; ");
      throw CommandException.impossible(
          remedy < 0 ? message : message.substring(0, remedy),
          remedy < 0 ? "check the file" : message.substring(remedy + 2));
    }
    var csv = new CsvFile(file);
    List<String> header = csv.header();
    receipt = column(header, "--receipt", receiptColumn, true, "receipt", "id");
    actual = column(header, "--actual", actualColumn, true, "actual");
    at = column(header, "--at", atColumn, false, "at");
    revision = column(header, "--revision", revisionColumn, false, "revision");
    retract = column(header, "--retract", retractColumn, false, "retract");
    PrintWriter err = spec.commandLine().getErr();
    var progress = new Progress(err, System::nanoTime);
    var log = new AgentLog(new PrintStream(new LineOutput(err), true), AgentLog.Level.WARN);
    Receipts opener = Objects.requireNonNull(Receipts.of(config(List.of()), log));
    var found = new Found();
    csv.read(
        header.size(),
        (row, record) -> {
          progress.rows("checking", row, 0);
          found.add(opener.open(record.getField(receipt).strip()));
          Long time = at(csv, row, record);
          found.latestMillis = Math.max(found.latestMillis, time == null ? 0 : time);
          return true;
        });
    var engine = new Engine(config(found.models()), ReferenceStore.NONE, log, found.latestMillis);
    Map<String, Long> outcomes = new TreeMap<>();
    csv.read(
        header.size(),
        (row, record) -> {
          progress.rows("scoring", row, found.rows);
          label(engine, csv, row, record, found.latestMillis, outcomes);
          return true;
        });
    engine.finish(found.latestMillis);
    progress.done(found.rows + " rows");
    print(engine.snapshot(found.latestMillis), outcomes);
    return ExitCodes.DONE;
  }

  private int column(
      List<String> header,
      String option,
      @Nullable String wanted,
      boolean isNeeded,
      String... usual)
      throws CommandException {
    if (wanted != null) {
      int place = header.indexOf(wanted);
      if (place < 0) {
        String nearest = NearMiss.of(wanted, header);
        throw CommandException.wrongUse(
            file + " has no column '" + wanted + "' for " + option,
            nearest != null
                ? "did you mean '" + nearest + "'?"
                : "its columns are " + String.join(", ", header));
      }
      return place;
    }
    for (String name : usual) {
      if (header.contains(name)) {
        return header.indexOf(name);
      }
    }
    if (isNeeded) {
      throw CommandException.impossible(
          file + " has no column '" + usual[0] + "'",
          "name the column with " + option + "; there are " + String.join(", ", header));
    }
    return -1;
  }

  private AgentConfig config(List<ModelConfig> models) {
    return new AgentConfig(
        null,
        models,
        Math.max(AgentConfig.DEFAULT_STORE_BYTES, Runtime.getRuntime().maxMemory() / 2),
        AgentConfig.DEFAULT_QUEUE_BYTES,
        AgentConfig.DEFAULT_CPU_SHARE,
        false,
        StoreConfig.DEFAULT,
        new DoorConfig(new DoorConfig.Receipts(keys, tenant), null, null));
  }

  private void label(
      Engine engine,
      CsvFile csv,
      long row,
      CsvRecord record,
      long nowMillis,
      Map<String, Long> outcomes)
      throws CommandException {
    String cell = record.getField(actual);
    String isTakenBack = retract < 0 ? "" : record.getField(retract).strip();
    boolean isRetraction = isTakenBack.equals("true");
    if (!isRetraction && !isTakenBack.isEmpty() && !isTakenBack.equals("false")) {
      throw csv.wrong(row, record, "has neither true nor false under retract", "write one of them");
    }
    if (cell.isBlank() && !isRetraction) {
      outcomes.merge("without a label", 1L, Long::sum);
      return;
    }
    Long atMillis = at(csv, row, record);
    String number = revision < 0 ? "" : record.getField(revision);
    Double counted = number.isBlank() ? Double.valueOf(0) : Cells.number(number);
    if (counted == null || counted < 0 || counted != Math.rint(counted)) {
      throw csv.wrong(row, record, "has no revision", "write a whole number from 1");
    }
    String id = record.getField(receipt).strip();
    Object value = isRetraction ? null : LabelValues.actual(Cells.text(cell));
    if (!Receipts.isReadable(id) || value == LabelValues.NONE) {
      outcomes.merge("rejected", 1L, Long::sum);
      return;
    }
    var batch =
        new LabelEvent.Batch(
            1,
            (byOutcome, durability) ->
                byOutcome.forEach((outcome, n) -> outcomes.merge(outcome, n, Long::sum)));
    engine.label(
        new LabelEvent(null, id, value, atMillis, counted.intValue(), isRetraction, false, batch),
        nowMillis);
    engine.turn(nowMillis);
  }

  private @Nullable Long at(CsvFile csv, long row, CsvRecord record) throws CommandException {
    String cell = at < 0 ? "" : record.getField(at);
    if (cell.isBlank()) {
      return null;
    }
    Long millis = Cells.timeMillis(cell);
    if (millis == null) {
      throw csv.wrong(row, record, "has no time under at", "write RFC 3339: 2026-11-24T12:00:00Z");
    }
    return millis;
  }

  private void print(EngineSnapshot snapshot, Map<String, Long> outcomes) {
    PrintWriter out = spec.commandLine().getOut();
    var counts = new java.util.ArrayList<String>();
    outcomes.forEach((outcome, n) -> counts.add(n + " " + outcome));
    out.println("rows: " + (counts.isEmpty() ? "none" : String.join(", ", counts)));
    for (ModelSnapshot one : snapshot.models()) {
      out.println();
      new ResultTable(out, one).print();
    }
  }

  /** What the receipts say of their models. */
  private static final class Found {
    private static final Duration NEVER = Duration.ofDays(36_500);

    long rows;

    /** Of predictions and labels: what is later than now would be taken for skewed clocks. */
    long latestMillis;

    private final Map<String, ModelConfig.Output> outputs = new LinkedHashMap<>();

    void add(@Nullable Receipt one) {
      rows++;
      if (one == null) {
        return;
      }
      latestMillis = Math.max(latestMillis, one.predictedAtMillis());
      ModelConfig.Output output = ModelConfig.Output.DEFAULT;
      String predicted = one.predicted();
      String other = one.other();
      if (one.task() == Task.BINARY && predicted != null && other != null) {
        output =
            new ModelConfig.Output(
                null,
                null,
                null,
                null,
                one.isPositive() ? predicted : other,
                one.isPositive() ? other : predicted,
                0.5,
                List.of(),
                true);
      }
      outputs.putIfAbsent(one.model(), output);
    }

    List<ModelConfig> models() {
      return outputs.entrySet().stream()
          .map(each -> model(each.getKey(), each.getValue()))
          .toList();
    }

    private static ModelConfig model(String name, ModelConfig.Output output) {
      ModelConfig base = ModelConfig.defaults(name);
      return new ModelConfig(
          name,
          null,
          null,
          List.of(),
          null,
          base.features(),
          output,
          base.reference(),
          new ModelConfig.Labels(List.of(), null, null, NEVER, null),
          base.performanceWindows(),
          base.driftWindow());
    }
  }
}
