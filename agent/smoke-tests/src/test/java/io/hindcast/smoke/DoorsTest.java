package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels by HTTP, by file and with receipts, in forked JVMs. */
class DoorsTest {
  @TempDir Path directory;

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void receiptsOfOneProcess_areLabelledInAnother_besideHttpAndFiles() throws Exception {
    Path api = Path.of(System.getProperty("hindcast.api.classes")).toAbsolutePath().normalize();
    Path classes = Files.createDirectories(directory.resolve("classes"));
    String classPath = App.compile("doors", classes, "" + api) + File.pathSeparator + api;
    int port = freePort();
    Files.writeString(directory.resolve("keys"), "1:" + "A".repeat(43) + "=\n");
    Files.writeString(directory.resolve("tokens"), "0123456789abcdef\n");
    Path config =
        Files.writeString(
            directory.resolve("doors.yaml"),
            """
            models:
              - name: risk
                methods: ["doors.Main#score"]
                id: "args[0]"
                features: { from: "args[1]", names: [x] }
                output: { score: return }
            receipts: { keys: keys, tenant: acme }
            label-endpoint: { port: %s, token-file: tokens }
            label-inbox: inbox
            """
                .formatted(port));
    Jvm.Result first =
        Jvm.current()
            .agent("config=" + config + ",output=" + directory.resolve("first.jsonl"))
            .option("-cp", classPath)
            .run("doors.Main", "predict");
    List<String> receipts = first.out().lines().toList();
    assertThat(receipts).hasSize(10).allMatch(receipt -> receipt.startsWith("h1."));

    Path run = directory.resolve("RUN.jsonl");
    Path out = directory.resolve("out");
    var command = new ArrayList<String>(List.of("doors.Main", "label"));
    command.addAll(receipts.subList(0, 4));
    Process second =
        Jvm.current()
            .agent("config=" + config + ",output=" + run)
            .option("-cp", classPath)
            .start(out, directory.resolve("err"), command.toArray(new String[0]));
    try {
      Jvm.awaitText(out, "ready");
      Jvm.awaitPort(port);
      Path inbox = directory.resolve("inbox");
      Files.writeString(
          inbox.resolve("x.csv.part"),
          "receipt,actual\n" + receipts.get(4) + ",1\n" + receipts.get(0) + ",0\n");
      Files.move(inbox.resolve("x.csv.part"), inbox.resolve("x.csv.ready"));
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/labels"))
                      .header("Authorization", "Bearer 0123456789abcdef")
                      .header("Content-Type", "application/x-ndjson")
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              "{\"id\": \"here\", \"actual\": true}\n{\"receipt\": \""
                                  + receipts.get(9)
                                  + "\", \"actual\": true}\n"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo(
              "{\"accepted\": 2, \"by_outcome\": {\"joined\": 2}, \"durability\": \"memory\","
                  + " \"errors\": []}");
      Path result = inbox.resolve("x.csv.result.json");
      for (int i = 0; i < 100 && !Files.exists(result); i++) {
        Thread.sleep(100);
      }
      assertThat(Files.readString(result))
          .contains("\"accepted\": 2", "\"joined\": 1", "\"duplicate\": 1");
    } finally {
      second.getOutputStream().write('\n');
      second.getOutputStream().close();
      second.waitFor();
    }
    assertThat(second.exitValue()).isZero();
    var seen = new Seen(Metrics.ofFile(run), "risk");
    // Scores 0 to 0.4 predict 0 and were labelled 0 1 0 1 1; 0.9 predicts 1, twice, labelled 1.
    assertThat(seen.confusion("ml.confusion")).isEqualTo("0>0:2 1>0:3 1>1:2");
    assertThat(seen.labels()).isEqualTo("duplicate:1 joined:7");
  }

  private Path config(int port) throws Exception {
    Files.writeString(directory.resolve("tokens"), "0123456789abcdef\n");
    return Files.writeString(
        directory.resolve("doors.yaml"),
        """
        models:
          - name: risk
            methods: ["doors.Main#score"]
            id: "args[0]"
            features: { from: "args[1]", names: [x] }
            output: { score: return }
        label-endpoint: { port: %s, token-file: tokens }
        """
            .formatted(port));
  }

  @Test
  void labelsOfTwoOtherLoaders_findThePredictions_andAnEndedAgentIsNone() throws Exception {
    Path api = Path.of(System.getProperty("hindcast.api.classes")).toAbsolutePath().normalize();
    Path classes = Files.createDirectories(directory.resolve("classes"));
    String classPath = App.compile("doors", classes, "" + api) + File.pathSeparator + api;
    int port = freePort();
    Path run = directory.resolve("loaders.jsonl");
    Path config = config(port);
    Jvm.Result loaders =
        Jvm.current()
            .agent("config=" + config + ",output=" + run)
            .option("-cp", classPath)
            .run("doors.Main", "loaders", "" + api);
    assertThat(loaders.out()).isEqualTo("ACCEPTED\nACCEPTED\n");
    assertThat(new Seen(Metrics.ofFile(run), "risk").confusion("ml.confusion")).isEqualTo("1>1:2");

    Jvm.Result ending =
        Jvm.current()
            .agent("config=" + config + ",output=" + directory.resolve("ending.jsonl"))
            .option("-cp", classPath)
            .run("doors.Main", "ending", "http://127.0.0.1:" + port + "/v1/labels");
    assertThat(ending.out()).isEqualTo("NO_AGENT NO_AGENT 503\n");

    Files.writeString(config, "modles: []\n");
    Jvm.Result inactive =
        Jvm.current()
            .agent("config=" + config)
            .option("-cp", classPath)
            .run("doors.Main", "ending", "http://127.0.0.1:" + port + "/v1/labels");
    // Nobody listens either.
    assertThat(inactive.out()).startsWith("java.net.ConnectException");
    assertThat(inactive.err()).contains("inactive");
  }
}
