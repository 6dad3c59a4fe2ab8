package io.hindcast.cli;

import io.hindcast.core.config.TokenFile;
import io.hindcast.core.door.LabelFormat;
import io.hindcast.core.door.LineBatches;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "send",
    description = {
      "Sends labels to the label-endpoint of an agent, batch by batch.",
      "What was acknowledged is noted in F.sent: the same command goes on from there.",
      "With --dry-run it tells the match rate instead, and sends nothing for good."
    })
final class LabelsSendCommand implements Callable<Integer> {
  private static final int BATCH_ROWS = 5_000;
  private static final int BATCH_CHARACTERS = 2 << 20;
  private static final int TRIES = 6;
  private static final long MOST_WAIT_SECONDS = 120;
  private static final int ERRORS_SHOWN = 20;

  /** Outcomes of labels that have found their prediction, and in time. */
  private static final List<String> MATCHED =
      List.of("joined", "corrected", "duplicate", "stale", "retracted", "null");

  private static final Pattern COUNT = Pattern.compile("\"(\\w+)\": (\\d+)");
  private static final Pattern ERROR =
      Pattern.compile("\\{\"line\": (\\d+), \"reason\": \"((?:[^\"\\\\]|\\\\.)*)\"}");

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "F", description = "The labels: F.csv, F.jsonl or F.ndjson.")
  private Path file;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "URL",
      description = "The agent: http://HOST:PORT; the path /v1/labels may be left out.")
  private URI to;

  @Option(
      names = "--token-file",
      paramLabel = "F",
      description = "File whose first line is the token. Default: the variable HINDCAST_TOKEN.")
  private @Nullable Path tokenFile;

  @Option(names = "--model", paramLabel = "NAME", description = "The model of rows that name none.")
  private @Nullable String model;

  @Option(
      names = "--column",
      paramLabel = "NAME=COLUMN",
      description =
          "A column of the CSV file that is called otherwise: --column id=order_number. May be given"
              + " again.")
  private Map<String, String> columns = new TreeMap<>();

  @Option(names = "--id", paramLabel = "COLUMN", description = "As --column id=COLUMN.")
  private @Nullable String id;

  @Option(names = "--actual", paramLabel = "COLUMN", description = "As --column actual=COLUMN.")
  private @Nullable String actual;

  @Option(names = "--at", paramLabel = "COLUMN", description = "As --column at=COLUMN.")
  private @Nullable String at;

  @Option(
      names = "--dry-run",
      description =
          "Asks the agent what would become of each row if it came alone, and prints the share that"
              + " finds its prediction. Nothing changes, nothing is counted.")
  private boolean isDryRun;

  @Option(names = "--help", usageHelp = true, description = "Shows this.")
  private boolean help;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final MessageDigest digest = sha256();
  private final Map<String, Long> outcomes = new TreeMap<>();
  private long accepted;
  private long refused;
  private final List<String> errors = new ArrayList<>();

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  @Override
  public Integer call() throws CommandException {
    LabelFormat format = LabelFormat.ofFileName(file.toString());
    if (format == LabelFormat.JSON) {
      throw CommandException.wrongUse(
          file + " is a JSON array by its name, which is not sent in pieces",
          "write one object a line into F.jsonl: jq -c '.[]'");
    }
    if (format == null) {
      throw CommandException.wrongUse(
          file + " is neither CSV nor JSON lines by its name", "name a file F.csv or F.jsonl");
    }
    called("id", id);
    called("actual", actual);
    called("at", at);
    if (!columns.isEmpty() && format != LabelFormat.CSV) {
      throw CommandException.wrongUse(
          "columns are named for CSV files alone",
          "call the fields id, actual and so on in " + file);
    }
    URI target = target();
    String token = token();
    PrintWriter err = spec.commandLine().getErr();
    var progress = new Progress(err, System::nanoTime);
    var noted = new Sent(file.resolveSibling(file.getFileName() + ".sent"));
    long rows = 0;
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      var batches =
          new LineBatches(in, format, BATCH_ROWS, BATCH_CHARACTERS).renaming(this::header);
      long number = 0;
      for (String batch = batches.next(); batch != null; batch = batches.next()) {
        number++;
        rows += batches.rows();
        digest.update(batch.getBytes(StandardCharsets.UTF_8));
        String hash = HexFormat.of().formatHex(((MessageDigest) clone(digest)).digest());
        if (!isDryRun && number <= noted.batches) {
          if (number == noted.batches && !hash.equals(noted.hash)) {
            throw anotherFile(noted);
          }
          continue;
        }
        send(target, token, format, batch, hash, batches);
        if (!isDryRun) {
          noted.note(number, hash);
        }
        err.println((isDryRun ? "asked: " : "sent: ") + rows + " rows");
        err.flush();
      }
      if (!isDryRun && number < noted.batches) {
        throw anotherFile(noted);
      }
    } catch (NoSuchFileException e) {
      throw CommandException.impossible(
          "there is no file " + file, "check the name and the working directory");
    } catch (CharacterCodingException e) {
      throw CommandException.impossible(file + " is not UTF-8", "save it as UTF-8");
    } catch (IOException e) {
      throw CommandException.impossible(
          file + " cannot be read: " + e.getMessage(), "name a readable file");
    }
    if (!isDryRun) {
      noted.delete();
    }
    progress.done(rows + " rows");
    return isDryRun ? reportDryRun() : report();
  }

  private void called(String name, @Nullable String column) {
    if (column != null) {
      columns.put(name, column);
    }
  }

  private CommandException anotherFile(Sent noted) {
    return CommandException.impossible(
        file + " is not the file of which a part was sent",
        "delete " + noted.path + " to send all of it; what comes twice is a duplicate");
  }

  private static Object clone(MessageDigest digest) {
    try {
      return digest.clone();
    } catch (CloneNotSupportedException noSuchProvider) {
      throw new IllegalStateException(noSuchProvider);
    }
  }

  private int reportDryRun() {
    PrintWriter out = spec.commandLine().getOut();
    long rows = outcomes.values().stream().mapToLong(n -> n).sum();
    long matched = MATCHED.stream().mapToLong(each -> outcomes.getOrDefault(each, 0L)).sum();
    out.println("dry run of " + file + ": what would become of each row if it came alone");
    if (rows == 0) {
      out.println("no rows, so no match rate");
      return ExitCodes.DONE;
    }
    var table = new TextTable("outcome", "rows", "share");
    outcomes.forEach((outcome, n) -> table.row(outcome, Long.toString(n), percent(n, rows)));
    table.row("all", Long.toString(rows), percent(rows, rows));
    table.print(out);
    out.println(
        "match rate "
            + percent(matched, rows)
            + ": "
            + matched
            + " of "
            + rows
            + " rows find their"
            + " prediction");
    errors.forEach(spec.commandLine().getErr()::println);
    return refused > 0 ? ExitCodes.NO : ExitCodes.DONE;
  }

  private static String percent(long part, long of) {
    return String.format(Locale.ROOT, "%.2f %%", 100.0 * part / of);
  }

  private int report() {
    var counts = new ArrayList<String>();
    outcomes.forEach((outcome, n) -> counts.add(n + " " + outcome));
    spec.commandLine()
        .getOut()
        .println(
            "accepted "
                + accepted
                + (counts.isEmpty() ? "" : ": " + String.join(", ", counts))
                + (refused > 0 ? "; " + refused + " refused" : ""));
    errors.forEach(spec.commandLine().getErr()::println);
    return refused > 0 ? ExitCodes.NO : ExitCodes.DONE;
  }

  private URI target() throws CommandException {
    boolean isHttp = "http".equals(to.getScheme()) || "https".equals(to.getScheme());
    if (!isHttp || to.getHost() == null) {
      throw CommandException.wrongUse(
          "--to " + to + " is no address", "write one such as http://127.0.0.1:4319");
    }
    String path = to.getPath() == null || to.getPath().length() <= 1 ? "/v1/labels" : to.getPath();
    var query = new ArrayList<String>();
    if (model != null) {
      query.add("model=" + URLEncoder.encode(model, StandardCharsets.UTF_8));
    }
    if (isDryRun) {
      query.add("dry-run=true");
    }
    return to.resolve(path + (query.isEmpty() ? "" : "?" + String.join("&", query)));
  }

  private String token() throws CommandException {
    if (tokenFile == null) {
      String variable = System.getenv("HINDCAST_TOKEN");
      if (variable == null || variable.isBlank()) {
        throw CommandException.wrongUse(
            "no token", "name the agent's token file with --token-file, or set HINDCAST_TOKEN");
      }
      return variable.strip();
    }
    try {
      return new String(TokenFile.read(tokenFile).get(0).secret(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw CommandException.impossible(
          String.valueOf(e.getMessage()), "name the file with --token-file");
    }
  }

  /** The names of the columns as the agent knows them. */
  private String header(String line) {
    if (columns.isEmpty()) {
      return line;
    }
    String[] cells = (line.startsWith("\uFEFF") ? line.substring(1) : line).split(",", -1);
    for (int i = 0; i < cells.length; i++) {
      String cell = cells[i].strip().replace("\"", "");
      for (Map.Entry<String, String> column : columns.entrySet()) {
        if (cell.equals(column.getValue())) {
          cells[i] = column.getKey();
        }
      }
    }
    return String.join(",", cells);
  }

  private void send(
      URI target, String token, LabelFormat format, String batch, String hash, LineBatches of)
      throws CommandException {
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", format == LabelFormat.CSV ? "text/csv" : "application/x-ndjson")
            .header("Idempotency-Key", hash)
            .POST(HttpRequest.BodyPublishers.ofString(batch))
            .build();
    String last = "";
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      long waitSeconds = 1L << (attempt - 1);
      try {
        HttpResponse<String> answer =
            client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        int status = answer.statusCode();
        if (status == 200) {
          if (isDryRun && !answer.body().contains("\"dry_run\": true")) {
            throw CommandException.impossible(
                "the agent at " + to + " knows no dry run, and has taken a batch",
                "check --to: it must be the label-endpoint of an agent of this version");
          }
          count(answer.body(), of.lineOffset());
          return;
        }
        if (status == 202 && attempt == TRIES) {
          outcomes.merge("not known yet", (long) of.rows(), Long::sum);
          return;
        }
        last = "the agent answered " + status + ": " + answer.body();
        // Asked again with the same key, it tells what became of a batch that it has taken.
        if (status != 202 && status != 429 && status != 503) {
          throw CommandException.impossible(last, remedy(status));
        }
        waitSeconds = answer.headers().firstValueAsLong("Retry-After").orElse(waitSeconds);
      } catch (IOException e) {
        last = "no agent at " + to + ": " + (e.getMessage() == null ? e : e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw CommandException.impossible("interrupted", "the same command goes on from here");
      }
      if (attempt < TRIES) {
        pause(Math.min(waitSeconds, MOST_WAIT_SECONDS), last);
      }
    }
    throw CommandException.impossible(
        last, "check --to; the same command goes on from the last batch that was taken");
  }

  private static String remedy(int status) {
    return switch (status) {
      case 401 -> "name the agent's token file with --token-file";
      case 403 -> "use a token that may label this model";
      case 404, 405 -> "check --to: it must be the agent's label-endpoint";
      default -> "mend the file; the same command goes on from the last batch that was taken";
    };
  }

  private void pause(long seconds, String why) throws CommandException {
    PrintWriter err = spec.commandLine().getErr();
    err.println(why + "; again in " + seconds + " s");
    err.flush();
    try {
      Thread.sleep(seconds * 1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.impossible("interrupted", "the same command goes on from here");
    }
  }

  private void count(String answer, int lineOffset) {
    int errorsFrom = answer.indexOf("\"errors\"");
    String counts = errorsFrom < 0 ? answer : answer.substring(0, errorsFrom);
    Matcher each = COUNT.matcher(counts);
    while (each.find()) {
      long n = Long.parseLong(each.group(2));
      if (each.group(1).equals("accepted")) {
        accepted += n;
      } else {
        outcomes.merge(each.group(1), n, Long::sum);
        refused += each.group(1).equals("rejected") ? n : 0;
      }
    }
    Matcher wrong = ERROR.matcher(answer);
    while (wrong.find() && errors.size() < ERRORS_SHOWN) {
      errors.add(
          file + ", line " + (Long.parseLong(wrong.group(1)) + lineOffset) + ": " + wrong.group(2));
    }
  }

  /** How far an earlier command came: the batches that were acknowledged, and a hash over them. */
  private static final class Sent {
    final Path path;
    long batches;
    String hash = "";

    Sent(Path path) throws CommandException {
      this.path = path;
      if (!Files.exists(path)) {
        return;
      }
      try {
        String[] words = Files.readString(path).strip().split(" ");
        batches = Long.parseLong(words[0]);
        hash = words[1];
      } catch (IOException | RuntimeException e) {
        throw CommandException.impossible(
            path + " does not say what was sent", "delete it to send the whole file");
      }
    }

    void note(long batch, String hashOfAll) throws CommandException {
      try {
        Path half = path.resolveSibling(path.getFileName() + ".tmp");
        Files.writeString(half, batch + " " + hashOfAll + "\n");
        Files.move(half, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw CommandException.impossible(
            path + " cannot be written: " + e.getMessage(),
            "put the labels into a directory where this user may write");
      }
    }

    void delete() {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // Then the same file is found to be sent already, which it was.
      }
    }
  }
}
