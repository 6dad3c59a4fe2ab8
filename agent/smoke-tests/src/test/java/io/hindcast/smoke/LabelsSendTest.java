package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code labels send} to an agent in another JVM. */
class LabelsSendTest {
  private static final int IDS = 12_000;

  @TempDir Path directory;

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Path config(int port) throws Exception {
    Files.writeString(directory.resolve("tokens"), "0123456789abcdef\n");
    return Files.writeString(
        directory.resolve("keeper.yaml"),
        """
        models:
          - name: keeper
            methods: ["keeper.Main#score"]
            id: "args[0]"
            features: { from: "args[1]", names: [x] }
            output: { score: return }
        store: { directory: store, size: 16MiB }
        label-endpoint: { port: %s, token-file: tokens }
        capture: { cpu: unlimited, queue: 32MiB }
        """
            .formatted(port));
  }

  @Test
  void killedInTheMiddle_andRunAgain_everyLabelIsCountedOnce() throws Exception {
    Path api = Path.of(System.getProperty("hindcast.api.classes")).toAbsolutePath().normalize();
    Path classes = Files.createDirectories(directory.resolve("classes"));
    String classPath = App.compile("keeper", classes, "" + api) + File.pathSeparator + api;
    var csv = new StringBuilder("customer,outcome,actual\n");
    for (int i = 0; i < IDS; i++) {
      csv.append("customer-").append(i).append(",\"paid, or not\",true\n");
    }
    Path labels = Files.writeString(directory.resolve("labels.csv"), csv);
    Path noted = directory.resolve("labels.csv.sent");
    int port = freePort();
    Path run = directory.resolve("RUN.jsonl");
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process service =
        Jvm.current()
            .agent("config=" + config(port) + ",output=" + run)
            .option("-cp", classPath)
            .start(out, err, "keeper.Main", "many", "" + IDS);
    try {
      Jvm.awaitText(out, "ready");
      Jvm.awaitPort(port);
      List<String> command = new ArrayList<>(List.of("labels", "send", labels.toString(), "--to"));
      command.addAll(List.of("http://127.0.0.1:" + port, "--column", "id=customer"));
      command.addAll(List.of("--token-file", "" + directory.resolve("tokens")));
      String[] arguments = command.toArray(new String[0]);
      // Killed once a batch is acknowledged; if it was faster than that, nothing is left to do.
      Process sender =
          Jvm.current()
              .option("-jar", Jvm.AGENT.toString())
              .start(directory.resolve("sent"), directory.resolve("said"), arguments);
      while (sender.isAlive() && !Files.exists(noted)) {
        sender.waitFor(1, TimeUnit.MILLISECONDS);
      }
      sender.destroyForcibly().waitFor();

      Jvm.Result again = Jvm.current().option("-jar", "" + Jvm.AGENT).run(arguments);
      assertThat(again.exit()).as(again.err()).isZero();
      assertThat(noted).doesNotExist();
      Jvm.Result dry =
          Jvm.current().option("-jar", "" + Jvm.AGENT).run(with(arguments, "--dry-run"));
      assertThat(dry.out()).contains("match rate 100.00 %: 12000 of 12000 rows");
    } finally {
      service.getOutputStream().write('\n');
      service.getOutputStream().close();
      service.waitFor();
    }
    var seen = new Seen(Metrics.ofFile(run), "keeper");
    assertThat(seen.confusion("ml.confusion")).isEqualTo("1>0:6000 1>1:6000");
    assertThat(seen.confusion("ml.confusion.retracted")).isEmpty();
    assertThat(seen.labels()).contains("joined:12000").doesNotContain("corrected", "unknown");
  }

  private static String[] with(String[] arguments, String more) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(more);
    return all.toArray(new String[0]);
  }
}
