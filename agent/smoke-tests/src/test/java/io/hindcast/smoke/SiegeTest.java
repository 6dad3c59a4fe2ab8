package io.hindcast.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service whose label endpoint is attacked, in a small heap: it answers as if nobody were there.
 */
class SiegeTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final int LEAST_CALLS = 200;
  private static final int LEAST_ATTACKS = 27;

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger attacks = new AtomicInteger();

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private Path config(int port) throws Exception {
    Files.writeString(directory.resolve("tokens"), TOKEN + "\n");
    return Files.writeString(
        directory.resolve("siege.yaml"),
        """
        models:
          - name: risk
            methods: ["siege.Main#score"]
            id: "args[0]"
            features: { from: "args[1]", names: [x] }
            output: { score: return }
        label-endpoint: { port: %s, token-file: tokens }
        capture: { cpu: unlimited }
        """
            .formatted(port));
  }

  private static Socket connect(int port, String first) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.getOutputStream().write(first.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  /** One after the other as fast as it goes: floods, oversized bodies, wrong tokens, noise. */
  private void attack(int port, AtomicBoolean isOver) {
    String post = "POST /v1/labels HTTP/1.1\r\nContent-Type: application/json\r\n";
    String allowed = post + "Authorization: Bearer " + TOKEN + "\r\n";
    List<String> kinds =
        List.of(
            post + "x: y\r\n".repeat(5_000),
            "\r\n".repeat(100_000),
            post + "Authorization: Bearer wrong\r\nContent-Length: 8000000\r\n\r\n[[[[[[",
            allowed + "Content-Length: 80000000\r\n\r\n[",
            allowed + "Content-Length: 6000000\r\n\r\n" + " ".repeat(500_000),
            allowed + "Content-Length: 200000\r\n\r\n" + "[".repeat(200_000),
            allowed + "Transfer-Encoding: chunked\r\n\r\n" + "1\r\n[\r\n".repeat(20_000),
            "GET /../../etc/passwd HTTP/1.1\r\n\r\n",
            "\u0016\u0003\u0001\u0002".repeat(10_000));
    while (!isOver.get()) {
      try (Socket socket = connect(port, kinds.get(attacks.get() % kinds.size()))) {
        attacks.incrementAndGet();
      } catch (IOException refused) {
        attacks.incrementAndGet();
      }
    }
  }

  @Test
  void aThousandIdleConnections_andAttacks_areNotNoticedByTheService() throws Exception {
    Path classes = App.compile("siege", Files.createDirectories(directory.resolve("classes")));
    int labels = freePort();
    Path run = directory.resolve("RUN.jsonl");
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        Jvm.current()
            .agent("config=" + config(labels) + ",output=" + run)
            .option("-Xmx128m", "-XX:+ExitOnOutOfMemoryError", "-cp", classes.toString())
            .start(out, err, "siege.Main");
    int calls = 0;
    var idle = new ArrayList<Socket>();
    var isOver = new AtomicBoolean();
    Thread attacker = new Thread(() -> attack(labels, isOver));
    try {
      Jvm.awaitText(out, "ready");
      String service = "http://127.0.0.1:" + Files.readString(out).split(" ")[1] + "/";
      assertThat(get(service + "first/0.5")).isEqualTo("0.5");
      Jvm.awaitPort(labels);
      for (int i = 0; i < 1000; i++) {
        idle.add(connect(labels, i % 2 == 0 ? "" : "POST /v1/labels HTTP/1.1\r\nHost:"));
      }
      attacker.start();
      long end = System.nanoTime() + 180_000_000_000L;
      for (; calls < LEAST_CALLS || attacks.get() < LEAST_ATTACKS; calls++) {
        double x = (calls % 10) / 10.0;
        assertThat(get(service + "id" + calls + "/" + x)).isEqualTo(Double.toString(x));
        assertThat(System.nanoTime()).as("%s attacks until", attacks).isLessThan(end);
        if (calls % 50 == 0) {
          // Slow on purpose: a byte for each of them.
          trickle(idle);
        }
      }
      isOver.set(true);
      attacker.join();
      assertThat(label(labels)).contains("\"joined\": 1");
    } finally {
      isOver.set(true);
      for (Socket socket : idle) {
        socket.close();
      }
      process.getOutputStream().write('\n');
      process.getOutputStream().close();
      process.waitFor();
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    int threads = Integer.parseInt(Files.readString(out).split("threads ")[1].strip());
    assertThat(threads).isLessThan(60);
    Metrics metrics = Metrics.ofFile(run);
    assertThat(metrics.number("ml.predictions", "ml.model.name", "risk")).isEqualTo(calls + 1.0);
    assertThat(metrics.number("hindcast.rows.dropped", "ml.model.name", "risk")).isZero();
    var seen = new Seen(metrics, "risk");
    assertThat(seen.confusion("ml.confusion")).isEqualTo("1>1:1");
    assertThat(Files.readString(err)).doesNotContain("ERROR", "Exception");
  }

  private String get(String uri) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private static void trickle(List<Socket> idle) {
    for (Socket socket : idle) {
      try {
        socket.getOutputStream().write('x');
      } catch (IOException closed) {
        // Another one took its place.
      }
    }
  }

  /** By itself, since whoever is slower than an attacker may lose his connection to him. */
  private String label(int port) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/labels"))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("[{\"id\":\"id7\",\"actual\":1}]"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
