package io.hindcast.core.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.LabelQueue;
import io.hindcast.core.model.Durability;
import io.hindcast.core.model.LabelEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a client may try that wants to harm: each is answered or closed, little is held for it, and
 * whoever comes next is served. (What is slow, and many at once: {@link LabelEndpointTest}; the
 * service behind it: {@code SiegeTest}.)
 */
class HostileRequestsTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final String LABEL = "[{\"id\": \"a\", \"actual\": 1}]";
  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private final LabelQueue queue = LabelQueue.besideRowsOf(1);
  private final List<LabelEvent> taken = new CopyOnWriteArrayList<>();
  private final List<Throwable> faults = new CopyOnWriteArrayList<>();

  /** Stands still, so that no deadline passes but where a test lets it. */
  private final AtomicLong nanos = new AtomicLong();

  private volatile boolean isOver;
  private LabelEndpoint endpoint;
  private Thread joining;

  @BeforeEach
  void listen() throws Exception {
    Path file = Files.writeString(directory.resolve("tokens"), TOKEN);
    endpoint =
        new LabelEndpoint(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Tokens(file, nanos::get, problem -> faults.add(new AssertionError(problem))),
            queue,
            () -> true,
            Clock.systemUTC(),
            nanos::get,
            1_000_000,
            faults::add);
    daemon(endpoint::run);
    joining = daemon(this::join);
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void join() {
    while (!isOver) {
      int drained =
          queue.drain(
              label -> {
                taken.add(label);
                label.batch().known("joined");
                label.batch().settled(1, Durability.OS);
              });
      if (drained == 0) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  /** Whatever has happened, the next one is served. */
  @AfterEach
  void theNextOneIsServed() throws Exception {
    int before = taken.size();
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request("Content-Length: " + LABEL.length(), LABEL));
      assertThat(read(socket)).startsWith("HTTP/1.1 200");
    }
    assertThat(taken).hasSize(before + 1);
    isOver = true;
    joining.join();
    endpoint.close();
    assertThat(faults).isEmpty();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static String head(String more) {
    return "POST /v1/labels HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
        + TOKEN
        + "\r\nContent-Type: application/json\r\n"
        + more
        + "\r\n\r\n";
  }

  private static byte[] request(String more, String body) {
    return latin(head(more) + body);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String read(Socket socket) throws IOException {
    byte[] bytes = new byte[8192];
    int read = socket.getInputStream().read(bytes);
    return read < 0 ? "closed" : new String(bytes, 0, read, StandardCharsets.UTF_8);
  }

  /** The first answer to what is sent, of which not all may be read. */
  private String answer(byte[] request) throws IOException {
    try (Socket socket = connect()) {
      Thread writer =
          daemon(
              () -> {
                try {
                  socket.getOutputStream().write(request);
                } catch (IOException refused) {
                  // It was answered before all of it was read.
                }
              });
      String answer = read(socket);
      socket.close();
      writer.join();
      return answer;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private String answer(String request) throws IOException {
    return answer(latin(request));
  }

  @Test
  void aBodyThatIsTooLong_isRefused_beforeAnyOfItIsRead() throws Exception {
    assertThat(answer(head("Content-Length: " + (8 * MIB + 1)))).startsWith("HTTP/1.1 413");
    assertThat(answer(head("Content-Length: 999999999999999"))).startsWith("HTTP/1.1 413");
    for (String no : List.of("9999999999999999999", "+1", "1e3", "0x10", "1 2", "")) {
      assertThat(answer(head("Content-Length: " + no))).as(no).startsWith("HTTP/1.1 400");
    }
    assertThat(endpoint.mostHeld()).isLessThan(MIB);
  }

  @Test
  void chunksWithoutEnd_areRefusedAtTheSameLength() throws Exception {
    byte[] chunk = latin("10000\r\n" + " ".repeat(0x10000) + "\r\n");
    byte[] head = latin(head("Transfer-Encoding: chunked"));
    byte[] all = Arrays.copyOf(head, head.length + 200 * chunk.length);
    for (int i = 0; i < 200; i++) {
      System.arraycopy(chunk, 0, all, head.length + i * chunk.length, chunk.length);
    }
    assertThat(answer(all)).startsWith("HTTP/1.1 413");
    assertThat(endpoint.mostHeld()).isLessThan(20 * MIB);
    assertThat(answer(head("Transfer-Encoding: chunked") + "800001\r\n"))
        .startsWith("HTTP/1.1 413");
    for (String no :
        List.of("g\r\n", "-1\r\n", "\r\n", "ffffffffffffffffffff\r\n", "1\r\nab\r\n")) {
      assertThat(answer(head("Transfer-Encoding: chunked") + no)).as(no).startsWith("HTTP/1.1 400");
    }
    assertThat(answer(head("Transfer-Encoding: chunked") + "5;x=" + "y".repeat(2_000)))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void chunksOfOneByte_areReadInTimeThatGrowsWithTheirNumber() throws Exception {
    var body = new StringBuilder("[");
    for (int i = 0; i < 9_999; i++) {
      body.append("{\"id\": \"a").append(i).append("\", \"actual\": 1}, ");
    }
    body.append("{\"id\": \"last\", \"actual\": 1}]");
    var chunks = new StringBuilder(head("Transfer-Encoding: chunked"));
    body.chars().forEach(c -> chunks.append("1\r\n").append((char) c).append("\r\n"));
    assertThat(answer(chunks.append("0\r\n\r\n").toString())).startsWith("HTTP/1.1 200");
    assertThat(taken).hasSize(10_000);
    assertThat(taken.get(9_999).id()).isEqualTo("last");
  }

  @Test
  void aTrailerWithoutEnd_andAHeadWithoutEnd_are431() throws Exception {
    String fields = "x: y\r\n".repeat(20_000);
    assertThat(answer(head("Transfer-Encoding: chunked") + "0\r\n" + fields))
        .startsWith("HTTP/1.1 431");
    assertThat(answer("POST /v1/labels HTTP/1.1\r\n" + fields)).startsWith("HTTP/1.1 431");
    assertThat(answer("POST /v1/labels?" + "x".repeat(20_000))).startsWith("HTTP/1.1 431");
    assertThat(answer(head("X: " + "y".repeat(17_000)))).startsWith("HTTP/1.1 431");
    assertThat(endpoint.mostHeld()).isLessThan(MIB);
    // A short trailer, and a request behind it.
    try (Socket socket = connect()) {
      String first = head("Transfer-Encoding: chunked") + "2\r\n[]\r\n0\r\nx: y\r\n\r\n";
      socket.getOutputStream().write(latin(first));
      assertThat(read(socket)).startsWith("HTTP/1.1 200");
      socket.getOutputStream().write(request("Content-Length: 2", "[]"));
      assertThat(read(socket)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void blankLinesBeforeARequest_areThrownAway() throws Exception {
    String blank = "\r\n".repeat(2 * MIB);
    assertThat(answer(blank + head("Content-Length: 2") + "[]")).startsWith("HTTP/1.1 200");
    assertThat(endpoint.mostHeld()).isLessThan(MIB);
  }

  @Test
  void withoutTheToken_noBodyIsRead() throws Exception {
    for (String no :
        List.of(
            "Bearer wrong",
            "Bearer ",
            "Bearer",
            "Basic " + TOKEN,
            TOKEN,
            "Bearer " + TOKEN + "0",
            "Bearer " + TOKEN.substring(1),
            "Bearer " + TOKEN + " " + TOKEN,
            "Bearer \u00e9" + TOKEN)) {
      String request =
          "POST /v1/labels HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: "
              + no
              + "\r\nContent-Length: "
              + 6 * MIB
              + "\r\n\r\n"
              + " ".repeat(6 * MIB);
      assertThat(answer(request)).as(no).startsWith("HTTP/1.1 401");
    }
    String twice = head("Authorization: Bearer " + TOKEN + "\r\nContent-Length: 2") + "[]";
    assertThat(answer(twice)).startsWith("HTTP/1.1 400");
    assertThat(endpoint.mostHeld()).isLessThan(MIB);
    assertThat(taken).isEmpty();
  }

  @Test
  void onlyOnePath_andOnlyPost() throws Exception {
    String rest = head("Content-Length: 2").substring("POST /v1/labels".length()) + "[]";
    for (String path :
        List.of(
            "/v1/labels/",
            "/v1/labels/..",
            "/v1/../v1/labels",
            "/v1/./labels",
            "//v1/labels",
            "/v1//labels",
            "/V1/LABELS",
            "/v1/%6cabels",
            "/v1%2flabels",
            "/v1/labels%00",
            "/v1/labels%20",
            "/v1/labels;a=b",
            "/v1/labels#a",
            "\\v1\\labels",
            "/v1/labels.json",
            "/etc/passwd",
            "/../../etc/passwd",
            "http://127.0.0.1/v1/labels",
            "*")) {
      assertThat(answer("POST " + path + rest)).as(path).startsWith("HTTP/1.1 404");
    }
    for (String method :
        List.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "post", "X")) {
      assertThat(answer(method + " /v1/labels" + rest))
          .as(method)
          .startsWith("HTTP/1.1 405")
          .contains("\r\nAllow: POST\r\n");
    }
    assertThat(taken).isEmpty();
  }

  @Test
  void whatIsCompressed_orCodedOtherwise_isRefused_soNothingUnfolds() throws Exception {
    for (String coding : List.of("gzip", "deflate", "br", "gzip, identity")) {
      assertThat(answer(head("Content-Encoding: " + coding + "\r\nContent-Length: 2") + "[]"))
          .as(coding)
          .startsWith("HTTP/1.1 415");
    }
    for (String coding : List.of("gzip", "gzip, chunked", "chunked, chunked", "identity")) {
      assertThat(answer(head("Transfer-Encoding: " + coding) + "2\r\n[]\r\n0\r\n\r\n"))
          .as(coding)
          .startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void textsThatUnfoldWhenRead_areRefused() throws Exception {
    for (String no :
        List.of(
            "[".repeat(MIB),
            "[{\"a\": ".repeat(MIB / 8),
            "[{\"id\": \"a\", \"x\": [" + "0,".repeat(MIB) + "0]}]",
            "[{" + members(100_000) + "}]",
            "\"" + "\\u0041".repeat(MIB),
            "[" + "9".repeat(4 * MIB),
            "[{\"id\": \"a\", \"actual\": 1}" + ",".repeat(MIB))) {
      assertThat(answer(request("Content-Length: " + no.length(), no)))
          .as(no.substring(0, 12))
          .startsWith("HTTP/1.1 400");
    }
    String csv = head("").replace("application/json\r\n\r\n", "text/csv\r\nContent-Length: ");
    csv = csv.strip() + " ";
    String columns = "id,actual" + ",".repeat(4 * MIB) + "\na,1\n";
    assertThat(answer(csv + columns.length() + "\r\n\r\n" + columns)).startsWith("HTTP/1.1 400");
    String cells = "id,actual\na,1" + ",".repeat(4 * MIB) + "\n";
    assertThat(answer(csv + cells.length() + "\r\n\r\n" + cells))
        .startsWith("HTTP/1.1 200")
        .contains("1000 cells; the header has 2");
    assertThat(taken).isEmpty();
  }

  private static String members(int n) {
    var members = new StringBuilder("\"m\": 0");
    for (int i = 0; i < n; i++) {
      members.append(",\"").append(i).append("\":").append(i);
    }
    return members.toString();
  }

  @Test
  void noiseAndOtherProtocols_areAnsweredOrClosed() throws Exception {
    byte[] hello = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3, '\r', '\n', '\r', '\n'};
    assertThat(answer(hello)).startsWith("HTTP/1.1 400");
    assertThat(answer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(answer("POST /v1/labels\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(answer("POST /v1/labels HTTP/1.1 x\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(answer(head("no colon"))).startsWith("HTTP/1.1 400");
    assertThat(answer(head("blank : x"))).startsWith("HTTP/1.1 400");
    assertThat(answer(head("\u0000\u0001: x\r\nContent-Length: 2") + "[]"))
        .startsWith("HTTP/1.1 2");
    var random = new Random(7);
    for (int i = 0; i < 50; i++) {
      byte[] noise = new byte[20_000];
      random.nextBytes(noise);
      assertThat(answer(noise)).as("noise %s", i).matches("(?s)HTTP/1.1 4(00|31) .*|closed");
    }
  }

  @Test
  void whoeverHangsUp_leavesNothingBehind() throws Exception {
    for (int i = 0; i < 300; i++) {
      try (Socket socket = connect()) {
        String length = i % 2 == 0 ? "Content-Length: " + MIB : "Transfer-Encoding: chunked";
        socket.getOutputStream().write(latin(head(length) + (i % 2 == 0 ? "[" : "100000\r\n[")));
        // With a reset, not an end.
        socket.setSoLinger(i % 3 != 0, 0);
      }
    }
    assertThat(endpoint.mostHeld()).isLessThan(16 * MIB);
  }

  @Test
  void whoeverSendsAndNeverReads_isClosed_andNothingPilesUp() throws Exception {
    byte[] many = latin((head("Content-Length: 2") + "[]").repeat(200));
    try (Socket deaf = new Socket()) {
      deaf.setReceiveBufferSize(4096);
      deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port()));
      Thread sending =
          daemon(
              () -> {
                try {
                  OutputStream out = deaf.getOutputStream();
                  while (true) {
                    out.write(many);
                  }
                } catch (IOException closed) {
                  // At last.
                }
              });
      // It stands once its answers find no room; then the time of an answer passes.
      while (sending.isAlive()) {
        nanos.addAndGet(1_000_000_000L);
        sending.join(20);
      }
      assertThat(endpoint.mostHeld()).isLessThan(MIB);
    }
  }

  @Test
  void keysOfIdempotency_areRememberedUpToANumber_andReplaysWithAnotherBodyAreRefused()
      throws Exception {
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      out.write(request("Idempotency-Key: first\r\nContent-Length: 2", "[]"));
      assertThat(status(in)).isEqualTo(200);
      out.write(request("Idempotency-Key: first\r\nContent-Length: 3", "[ ]"));
      assertThat(status(in)).isEqualTo(400);
      var sent = new ArrayList<Integer>();
      for (int i = 0; i < 1000; i++) {
        out.write(request("Idempotency-Key: k" + i + "\r\nContent-Length: 2", "[]"));
        sent.add(status(in));
      }
      assertThat(sent).containsOnly(200);
      // Forgotten by now; a join is sound without it.
      out.write(request("Idempotency-Key: first\r\nContent-Length: 3", "[ ]"));
      assertThat(status(in)).isEqualTo(200);
      out.write(request("Idempotency-Key: k999\r\nContent-Length: 3", "[ ]"));
      assertThat(status(in)).isEqualTo(400);
      out.write(request("Idempotency-Key: " + "k".repeat(257) + "\r\nContent-Length: 2", "[]"));
      assertThat(status(in)).isEqualTo(400);
    }
  }

  @Test
  void aRequestThatFindsNoMemory_losesItsConnection_andTheNextOneIsServed() throws Exception {
    var seen = new CopyOnWriteArrayList<Throwable>();
    var handler =
        new HttpServer.Handler() {
          @Override
          public @Nullable HttpResponse check(HttpRequest head) {
            return null;
          }

          @Override
          public void handle(HttpRequest request, Consumer<HttpResponse> answer) {
            if (request.body().length == 3) {
              throw new OutOfMemoryError("as if");
            }
            answer.accept(new HttpResponse(200, "{}", 0));
          }

          @Override
          public HttpResponse late(HttpRequest head) {
            return new HttpResponse(202, "{}", 0);
          }
        };
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var server = new HttpServer(address, handler, nanos::get, seen::add)) {
      daemon(server::run);
      try (Socket large = new Socket(address.getAddress(), server.port());
          Socket small = new Socket(address.getAddress(), server.port())) {
        large.getOutputStream().write(request("Content-Length: 3", "[ ]"));
        assertThat(read(large)).isEqualTo("closed");
        small.getOutputStream().write(request("Content-Length: 2", "[]"));
        assertThat(read(small)).startsWith("HTTP/1.1 200");
      }
    }
    assertThat(seen).hasSize(1).allMatch(each -> each instanceof OutOfMemoryError);
  }

  /** Reads one answer with a body, and no more. */
  private static int status(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
    int length = Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)));
    assertThat(in.readNBytes(length)).hasSize(length);
    return Integer.parseInt(head.substring(9, 12));
  }
}
