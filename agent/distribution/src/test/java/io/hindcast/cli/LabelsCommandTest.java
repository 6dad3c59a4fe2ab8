package io.hindcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.hindcast.core.config.AgentConfig;
import io.hindcast.core.config.DoorConfig;
import io.hindcast.core.config.StoreConfig;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Task;
import io.hindcast.core.receipt.Receipt;
import io.hindcast.core.receipt.Receipts;
import java.io.File;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelsCommandTest {
  private static final long T0 = 1_700_000_000_000L;

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.run(
        arguments,
        new File("hindcast.jar"),
        new PrintWriter(out, true),
        new PrintWriter(err, true));
  }

  private Receipts receipts(Path keys) {
    var config =
        new AgentConfig(
            null,
            List.of(),
            1 << 20,
            1 << 20,
            1,
            false,
            StoreConfig.DEFAULT,
            new DoorConfig(new DoorConfig.Receipts(keys, "acme"), null, null));
    return Receipts.of(config, new AgentLog(new PrintStream(System.err), AgentLog.Level.WARN));
  }

  @Test
  void score_joinsReceiptsOfSeveralModelsWithTheirTruth() throws Exception {
    Path keys = Files.writeString(directory.resolve("keys"), "1:" + "A".repeat(43) + "=\n");
    Receipts receipts = receipts(keys);
    var csv = new StringBuilder("receipt,actual,revision\n");
    // 3 of bad predicted bad, 1 of bad predicted good, 2 of good predicted bad.
    for (int i = 0; i < 6; i++) {
      boolean isPositive = i != 3;
      String receipt =
          receipts.sign(
              new Receipt(
                  T0,
                  receipts.nonce("risk", "id" + i),
                  "risk",
                  i < 3 ? "1" : "2",
                  Task.BINARY,
                  isPositive ? "bad" : "good",
                  isPositive ? "good" : "bad",
                  isPositive,
                  isPositive ? 0.9 : 0.1,
                  1,
                  ""));
      csv.append(receipt).append(i < 4 ? ",bad,\n" : ",good,\n");
      if (i == 0) {
        csv.append(receipt).append(",bad,\n").append(receipt).append(",good,\n");
      }
    }
    String value =
        receipts.sign(
            new Receipt(
                T0, 1L << 50, "price", "1", Task.REGRESSION, null, null, false, 10.5, 1, ""));
    csv.append(value).append(",8\n".replace("\n", ",\n")).append("h1.forged,1,\n");
    Path file = Files.writeString(directory.resolve("receipts.csv"), csv);

    int code =
        run("labels", "score", file.toString(), "--keys", keys.toString(), "--tenant", "acme");

    assertThat(err.toString()).contains("10 rows in");
    assertThat(code).isZero();
    assertThat(out.toString())
        .startsWith("rows: 1 duplicate, 7 joined, 1 rejected, 1 stale\n")
        .contains("risk, version 1, binary: 0 rows, labels: 3 joined, 1 duplicate, 1 stale")
        .contains("risk, version 2, binary: 0 rows, labels: 3 joined")
        .contains("price, version 1, regression: 0 rows, labels: 1 joined")
        .containsPattern("good +0 +2\n")
        .containsPattern("bad +1 +0\n")
        .containsPattern("mae +2\\.5");
  }

  @Test
  void score_withoutKeys_saysSo() throws Exception {
    Path file = Files.writeString(directory.resolve("receipts.csv"), "receipt,actual\n");
    assertThat(run("labels", "score", file.toString(), "--keys", directory + "/none")).isEqualTo(3);
    assertThat(err.toString())
        .isEqualTo(
            "there is no file "
                + directory
                + "/none\nwrite one of lines KID:BASE64, each a number and 32 random bytes\n");
  }

  /** An agent that takes batches, or answers otherwise. */
  private static final class Agent implements AutoCloseable {
    final List<String> bodies = new ArrayList<>();
    final List<Integer> statuses = new ArrayList<>();
    volatile IntConsumer whenTaken = taken -> {};
    final List<String> keys = new ArrayList<>();
    final List<String> queries = new ArrayList<>();
    final List<String> answers = new ArrayList<>();
    private final HttpServer server;

    Agent() throws Exception {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/v1/labels",
          exchange -> {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int status = statuses.isEmpty() ? 200 : statuses.remove(0);
            if (status == 200) {
              bodies.add(body);
            }

            if (status == 429) {
              exchange.getResponseHeaders().add("Retry-After", "1");
            }
            int rows = (int) body.lines().count() - 1;
            keys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            whenTaken.accept(bodies.size());
            queries.add(String.valueOf(exchange.getRequestURI().getQuery()));
            String given = answers.isEmpty() ? null : answers.remove(0);
            byte[] answer =
                (given != null
                        ? given
                        : "{\"accepted\": "
                            + (rows - 1)
                            + ", \"by_outcome\": {\"joined\": "
                            + (rows - 1)
                            + ", \"rejected\": 1}, \"durability\": \"os\", \"errors\": [{\"line\": 2,"
                            + " \"reason\": \"no actual\"}]}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @Test
  void send_goesOnFromTheLastBatchThatWasTaken() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    var csv = new StringBuilder("order,actual\n");
    for (int i = 0; i < 12_000; i++) {
      csv.append(i).append(",1\n");
    }
    Path file = Files.writeString(directory.resolve("labels.csv"), csv);
    try (var agent = new Agent()) {
      String[] command = {
        "labels",
        "send",
        file.toString(),
        "--to",
        agent.url(),
        "--token-file",
        token.toString(),
        "--id",
        "order"
      };
      agent.statuses.addAll(List.of(200, 429, 200, 400));
      assertThat(run(command)).isEqualTo(3);
      assertThat(agent.bodies).hasSize(2);
      assertThat(err.toString()).contains("again in 1 s").contains("the agent answered 400");

      assertThat(run(command)).isEqualTo(1);
      assertThat(agent.bodies).hasSize(3);
      assertThat(agent.bodies).allMatch(body -> body.startsWith("id,actual\n"));
      assertThat(agent.bodies.get(2)).startsWith("id,actual\n10000,1\n").endsWith("\n11999,1\n");
      assertThat(out.toString()).contains("accepted 1999: 1999 joined, 1 rejected; 1 refused");
      assertThat(err.toString()).contains("labels.csv, line 10002: no actual");
      assertThat(directory.resolve("labels.csv.sent")).doesNotExist();
    }
  }

  @Test
  void send_killedInTheMiddle_repeatsAtMostTheBatchThatWasNotAcknowledged() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    var csv = new StringBuilder("id,actual\n");
    for (int i = 0; i < 22_000; i++) {
      csv.append(i).append(",1\n");
    }
    Path file = Files.writeString(directory.resolve("labels.csv"), csv);
    try (var agent = new Agent()) {
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Alone.class.getName(),
              "labels",
              "send",
              file.toString(),
              "--to",
              agent.url(),
              "--token-file",
              token.toString());
      var sender = new AtomicReference<Process>();
      // Killed when the agent has taken the second batch and has not answered yet.
      agent.whenTaken =
          taken -> {
            if (taken == 2) {
              while (sender.get() == null) {
                Thread.onSpinWait();
              }
              sender.get().destroyForcibly().onExit().join();
            }
          };
      sender.set(start(command));
      assertThat(sender.get().waitFor()).isNotIn(0, 1);
      assertThat(agent.bodies).hasSize(2);
      assertThat(directory.resolve("labels.csv.sent")).content().startsWith("1 ");

      agent.whenTaken = taken -> {};
      Process again = start(command);
      assertThat(again.waitFor()).isEqualTo(1);
      // 5 batches, of which one came twice, as it was.
      assertThat(agent.bodies).hasSize(6);
      assertThat(agent.bodies.get(2)).isEqualTo(agent.bodies.get(1));
      assertThat(agent.keys.get(2)).isEqualTo(agent.keys.get(1));
      assertThat(agent.keys.stream().distinct()).hasSize(5);
      var sent = new StringBuilder("id,actual\n");
      for (int i = 0; i < 6; i++) {
        sent.append(i == 2 ? "" : agent.bodies.get(i).substring("id,actual\n".length()));
      }
      assertThat(sent.toString()).isEqualTo(csv.toString());
      assertThat(directory.resolve("labels.csv.sent")).doesNotExist();
    }
  }

  /** The command line in a JVM of its own. */
  static final class Alone {
    public static void main(String[] arguments) {
      Main.main(arguments, new File("hindcast.jar"));
    }
  }

  private Process start(List<String> command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("said").toFile())
        .start();
  }

  @Test
  void send_dryRun_printsTheMatchRate_andNotesNothing() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    var csv = new StringBuilder("id,actual\n");
    for (int i = 0; i < 6_000; i++) {
      csv.append(i).append(",1\n");
    }
    Path file = Files.writeString(directory.resolve("labels.csv"), csv);
    String[] command = {
      "labels",
      "send",
      file.toString(),
      "--to",
      "",
      "--token-file",
      token.toString(),
      "--model",
      "a&b",
      "--dry-run"
    };
    try (var agent = new Agent()) {
      command[4] = agent.url();
      agent.answers.add(
          "{\"dry_run\": true, \"accepted\": 5000, \"by_outcome\": {\"joined\": 4000,"
              + " \"duplicate\": 250, \"parked\": 750}, \"errors\": []}");
      agent.answers.add(
          "{\"dry_run\": true, \"accepted\": 1000, \"by_outcome\": {\"joined\": 250,"
              + " \"expired\": 750}, \"errors\": []}");
      assertThat(run(command)).isZero();
      assertThat(agent.queries).containsOnly("model=a&b&dry-run=true");
      assertThat(out.toString())
          .isEqualTo(
              "dry run of "
                  + file
                  +
"""
: what would become of each row if it came alone
  outcome    rows     share
  duplicate   250    4.17 %
  expired     750   12.50 %
  joined     4250   70.83 %
  parked      750   12.50 %
  all        6000  100.00 %
match rate 75.00 %: 4500 of 6000 rows find their prediction
""");
      assertThat(err.toString()).contains("asked: 5000 rows").doesNotContain("sent:");
      assertThat(directory.resolve("labels.csv.sent")).doesNotExist();

      // An agent that does not know what is asked for.
      assertThat(run(command)).isEqualTo(3);
      assertThat(err.toString()).contains("knows no dry run, and has taken a batch");
    }
    assertThat(run("labels", "send", "--help")).isZero();
    assertThat(out.toString()).contains("--dry-run");
  }

  @Test
  void send_ofAFileThatIsAnotherOneNow_isRefused() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    Path file = Files.writeString(directory.resolve("labels.csv"), "id,actual\na,1\n");
    Files.writeString(directory.resolve("labels.csv.sent"), "1 0000\n");
    assertThat(
            run(
                "labels",
                "send",
                file.toString(),
                "--to",
                "http://127.0.0.1:1",
                "--token-file",
                token.toString()))
        .isEqualTo(3);
    assertThat(err.toString()).contains("is not the file of which a part was sent");
  }

  @Test
  void send_ofAFileThatIsShorterNow_isRefused_notTakenForSent() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    Path file = Files.writeString(directory.resolve("labels.csv"), "id,actual\na,1\n");
    Path noted = Files.writeString(directory.resolve("labels.csv.sent"), "3 0000\n");
    int code =
        run(
            "labels",
            "send",
            file.toString(),
            "--to",
            "http://127.0.0.1:1",
            "--token-file",
            token.toString());
    assertThat(code).isEqualTo(3);
    assertThat(err.toString())
        .contains("is not the file of which a part was sent")
        .contains("delete " + noted + " to send all of it");
    assertThat(noted).exists();
  }

  @Test
  void send_asksAgain_whereTheOutcomeIsNotKnownInTime() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    Path file = Files.writeString(directory.resolve("labels.csv"), "id,actual\na,1\nb,1\n");
    try (var agent = new Agent()) {
      agent.statuses.addAll(List.of(202, 200));
      run("labels", "send", file.toString(), "--to", agent.url(), "--token-file", "" + token);
      assertThat(agent.keys).hasSize(2);
      assertThat(agent.keys.get(1)).isEqualTo(agent.keys.get(0));
      assertThat(out.toString()).contains("accepted 1: 1 joined, 1 rejected");
    }
  }

  @Test
  void send_wrongUse_isSaid() throws Exception {
    Path file = Files.writeString(directory.resolve("labels.txt"), "");
    assertThat(run("labels", "send", file.toString(), "--to", "http://a")).isEqualTo(2);
    assertThat(err.toString()).contains("neither CSV nor JSON lines").contains("name a file F.csv");
    Path array = Files.writeString(directory.resolve("labels.json"), "[]");
    assertThat(run("labels", "send", array.toString(), "--to", "http://a")).isEqualTo(2);
    assertThat(err.toString()).contains("write one object a line into F.jsonl: jq -c '.[]'");
    assertThat(run("labels")).isEqualTo(2);
  }
}
