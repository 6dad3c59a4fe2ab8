package io.hindcast.core.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.hindcast.core.capture.LabelQueue;
import io.hindcast.core.model.Durability;
import io.hindcast.core.model.LabelEvent;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelEndpointTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final int MIB6 = 6 << 20;
  private static final String OF_RISK = "fedcba9876543210";

  @TempDir Path directory;
  private final LabelQueue queue = LabelQueue.besideRowsOf(1);
  private final List<LabelEvent> taken = new CopyOnWriteArrayList<>();
  private final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicLong ahead = new AtomicLong();
  private volatile boolean joins = true;
  private volatile boolean isActive = true;
  private volatile boolean isOver;
  private LabelEndpoint endpoint;
  private Thread joining;

  @BeforeEach
  void listen() throws Exception {
    endpoint = endpoint(1_000_000);
    joining = new Thread(this::join);
    joining.setDaemon(true);
    joining.start();
  }

  private LabelEndpoint endpoint(long rowsAMinute) throws Exception {
    Path file =
        Files.write(directory.resolve("tokens"), List.of(TOKEN, OF_RISK + " risk", "# no more"));
    var made =
        new LabelEndpoint(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Tokens(file, () -> System.nanoTime() + ahead.get(), problems::add),
            queue,
            () -> isActive,
            Clock.fixed(java.time.Instant.ofEpochSecond(1_800_000_030), java.time.ZoneOffset.UTC),
            () -> System.nanoTime() + ahead.get(),
            rowsAMinute,
            faults::add);
    var thread = new Thread(made::run);
    thread.setDaemon(true);
    thread.start();
    return made;
  }

  /** What the monitor thread does: an even id is joined, an odd one parked. */
  private void join() {
    while (!isOver) {
      int drained =
          joins
              ? queue.drain(
                  label -> {
                    taken.add(label);
                    label.batch().known("joined");
                    label.batch().settled(1, Durability.OS);
                  })
              : 0;
      if (drained == 0) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  @AfterEach
  void close() throws Exception {
    isOver = true;
    joining.join();
    endpoint.close();
    assertThat(faults).isEmpty();
  }

  private HttpRequest.Builder request(String body, String type) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + endpoint.port() + "/v1/labels"))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + TOKEN)
        .header("Content-Type", type)
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> json(String body) throws Exception {
    return send(request(body, "application/json"));
  }

  @Test
  void aJsonArray_isTakenRowByRow_andEveryWrongRowIsNamed() throws Exception {
    HttpResponse<String> answer =
        json(
            """
            [ {"id": "a", "actual": true},
              {"id": "b", "actual": null, "model": "m", "at": "2026-11-24T12:00:00+01:00",
               "revision": 3, "actedOn": true, "source": "s", "reason": "r"},
              {"id": "c", "retract": true},
              {"id": "d"},
              {"actual": 1},
              17,
              {"id": "e", "actual": {}},
              {"id": "f", "actual": 1, "revision": 0},
              {"id": "g", "actual": 1, "at": "yesterday"},
              {"receipt": "h1.no", "actual": 1},
              {"id": "h", "actual": 2.5} ]
            """);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"accepted\": 4, \"by_outcome\": {\"joined\": 4, \"rejected\": 7}, \"durability\":"
                + " \"os\", \"errors\": ["
                + error(5, "no actual; write it, or retract: true")
                + ", "
                + error(6, "neither id nor receipt; a row names its prediction by one of them")
                + ", "
                + error(7, "no object; write {\\\"id\\\": …, \\\"actual\\\": …}")
                + ", "
                + error(
                    8,
                    "actual is no label; write true or false, a number, or text of at most 256"
                        + " characters")
                + ", "
                + error(9, "revision must be a whole number from 1")
                + ", "
                + error(
                    10,
                    "at is no time; write RFC 3339, epoch seconds or milliseconds:"
                        + " 2026-11-24T12:00:00Z")
                + ", "
                + error(11, "no receipt; send it as it was handed out")
                + "]}");
    assertThat(taken.get(0).actual()).isEqualTo(true);
    assertThat(taken.get(1).actual()).isNull();
    assertThat(taken.get(1).model()).isEqualTo("m");
    assertThat(taken.get(1).atMillis()).isEqualTo(1_795_518_000_000L);
    assertThat(taken.get(1).revision()).isEqualTo(3);
    assertThat(taken.get(1).actedOn()).isTrue();
    assertThat(taken.get(2).retracted()).isTrue();
    assertThat(taken.get(3).actual()).isEqualTo(2.5);
    assertThat(queue.rejected()).isEqualTo(7);
  }

  private static String error(int line, String reason) {
    return "{\"line\": " + line + ", \"reason\": \"" + reason + "\"}";
  }

  @Test
  void jsonLinesAndCsv_areTaken() throws Exception {
    HttpResponse<String> lines =
        send(
            request(
                "{\"id\": \"a\", \"actual\": \"x\\u0041\"}\n\n{\"id\":\n{\"id\": 7, \"actual\": 1}",
                "application/x-ndjson; charset=utf-8"));
    assertThat(lines.statusCode()).isEqualTo(200);
    assertThat(lines.body()).contains("\"accepted\": 2").contains("{\"line\": 3, \"reason\"");
    assertThat(taken.get(0).actual()).isEqualTo("xA");
    assertThat(taken.get(1).id()).isEqualTo("7");

    HttpResponse<String> csv =
        send(
            request(
                "id,actual,revision\r\n\"o,1\",1,2\r\nb\r\nc,,\r\n\"d\n\"\"2\",no,\r\n",
                "text/csv"));
    assertThat(csv.statusCode()).isEqualTo(200);
    assertThat(csv.body())
        .contains("\"accepted\": 2")
        .contains("{\"line\": 3, \"reason\": \"1 cells; the header has 3\"}")
        .contains("{\"line\": 4, \"reason\": \"no actual; ");
    assertThat(taken.get(2).id()).isEqualTo("o,1");
    assertThat(taken.get(3).id()).isEqualTo("d\n\"2");
  }

  @Test
  void aCsvOfASpreadsheet_isTaken_withTimesAsNumbers_andClassesWithAPoint() throws Exception {
    String body = "\uFEFFid,actual,actual_time\r\na,2.0,1795518000\r\nb,no,1795518000500\r\n";
    assertThat(send(request(body, "text/csv")).body()).contains("\"accepted\": 2");
    assertThat(taken.get(0).actual()).isEqualTo("2");
    assertThat(taken.get(0).atMillis()).isEqualTo(1_795_518_000_000L);
    assertThat(taken.get(1).actual()).isEqualTo("no");
    assertThat(taken.get(1).atMillis()).isEqualTo(1_795_518_000_500L);
  }

  @Test
  void everyRefusal_hasItsStatus_andTakesNothing() throws Exception {
    String good = "[{\"id\": \"a\", \"actual\": 1}]";
    assertThat(json("[{\"id\": \"a\", \"actual\": 1}").statusCode()).isEqualTo(400);
    assertThat(json("{}").statusCode()).isEqualTo(400);
    assertThat(send(request("a,b\n1,2\n", "text/csv")).statusCode()).isEqualTo(400);
    assertThat(
            send(request(good, "application/json").setHeader("Authorization", "Bearer wrong"))
                .statusCode())
        .isEqualTo(401);
    HttpResponse<String> none =
        send(request(good, "application/json").setHeader("Authorization", "Basic x"));
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    HttpRequest.Builder ofRisk =
        request(good, "application/json").setHeader("Authorization", "Bearer " + OF_RISK);
    URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + "/v1/labels?model=other");
    assertThat(send(ofRisk.uri(uri)).statusCode()).isEqualTo(403);
    assertThat(send(request(good, "application/xml")).statusCode()).isEqualTo(415);
    assertThat(
            send(request(good, "application/json").header("Content-Encoding", "gzip")).statusCode())
        .isEqualTo(415);
    assertThat(json("[" + "1,".repeat(10_000) + "1]").statusCode()).isEqualTo(413);
    assertThat(send(request("x".repeat((8 << 20) + 1), "text/csv")).statusCode()).isEqualTo(413);
    for (String path :
        List.of("/", "/v1/labels/", "/v1/../v1/labels", "//v1/labels", "/v1/label")) {
      URI other = URI.create("http://127.0.0.1:" + endpoint.port() + path);
      assertThat(send(request(good, "application/json").uri(other)).statusCode()).isEqualTo(404);
    }
    assertThat(send(request(good, "application/json").GET()).statusCode()).isEqualTo(405);
    isActive = false;
    HttpResponse<String> inactive = json(good);
    assertThat(inactive.statusCode()).isEqualTo(503);
    assertThat(taken).isEmpty();
    assertThat(queue.rejected()).isZero();
  }

  private HttpResponse<String> sendTo(String query, String body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + "/v1/labels?" + query);
    return send(request(body, "application/json").uri(uri));
  }

  @Test
  void aDryRun_hasTheSameLimitsAndAnswers_andCountsNothing() throws Exception {
    String rows = "[{\"id\": \"a\", \"actual\": 1}, {\"id\": \"b\"}]";
    HttpResponse<String> answer = sendTo("dry-run=true", rows);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"dry_run\": true, \"accepted\": 1, \"by_outcome\": {\"joined\": 1, \"rejected\":"
                + " 1}, \"errors\": ["
                + error(1, "no actual; write it, or retract: true")
                + "]}");
    assertThat(taken).hasSize(1).allMatch(LabelEvent::isDryRun);
    assertThat(queue.rejected()).isZero();
    assertThat(sendTo("dry-run=true", "[]").body()).contains("\"dry_run\": true");
    assertThat(sendTo("dry-run=true", "{}").statusCode()).isEqualTo(400);
    assertThat(sendTo("dry-run=true", "[" + "1,".repeat(10_000) + "1]").statusCode())
        .isEqualTo(413);
    // What was meant to be without effect is not taken for something else.
    for (String unclear : List.of("dry-run=yes", "dry-run", "model=m&dry-run=")) {
      assertThat(sendTo(unclear, rows).statusCode()).as(unclear).isEqualTo(400);
    }
    assertThat(taken).hasSize(1);
    assertThat(sendTo("dry-run=false", rows).body()).contains("\"durability\": \"os\"");
    assertThat(taken).hasSize(2);
    assertThat(taken.get(1).isDryRun()).isFalse();

    LabelEndpoint first = endpoint;
    endpoint = endpoint(2);
    assertThat(sendTo("dry-run=true", rows).statusCode()).isEqualTo(200);
    assertThat(sendTo("dry-run=true", rows).statusCode()).isEqualTo(429);
    endpoint.close();
    endpoint = first;
  }

  @Test
  void aTokenOfOneModel_labelsThatModelAlone() throws Exception {
    HttpResponse<String> answer =
        send(
            request(
                    "[{\"id\": \"a\", \"actual\": 1, \"model\": \"risk\"}, {\"id\": \"a\","
                        + " \"actual\": 1, \"model\": \"x\"}, {\"id\": \"a\", \"actual\": 1}]",
                    "application/json")
                .setHeader("Authorization", "Bearer " + OF_RISK));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"accepted\": 1").contains("\"rejected\": 2");
    assertThat(taken).extracting(LabelEvent::model).containsExactly("risk");
  }

  @Test
  void whatIsFull_orUsedUp_is429_withATime() throws Exception {
    LabelEndpoint first = endpoint;
    endpoint = endpoint(2);
    String row = "{\"id\": \"a\", \"actual\": 1}";
    assertThat(json("[" + row + "," + row + "]").statusCode()).isEqualTo(200);
    HttpResponse<String> more = json("[" + row + "]");
    assertThat(more.statusCode()).isEqualTo(429);
    assertThat(more.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 60L);
    endpoint.close();
    endpoint = first;

    joins = false;
    LockSupport.parkNanos(20_000_000);
    int before = taken.size();
    var label = new LabelEvent(null, "x", 1, null, 0, false, false, null);
    while (queue.hasRoomFor(1)) {
      queue.offer(label);
    }
    HttpResponse<String> full = json("[" + row + "]");
    assertThat(full.statusCode()).isEqualTo(429);
    assertThat(full.headers().firstValue("Retry-After")).isPresent();
    assertThat(taken).hasSize(before);
    queue.drain(dropped -> {});
  }

  @Test
  void theQuotaOfOneToken_isNotThatOfAnother_andLongIdsAreNone() throws Exception {
    LabelEndpoint first = endpoint;
    endpoint = endpoint(1);
    String row = "[{\"id\": \"" + "x".repeat(256) + "\", \"actual\": 1, \"model\": \"risk\"}]";
    assertThat(json(row).body()).contains("\"accepted\": 1");
    assertThat(json(row).statusCode()).isEqualTo(429);
    HttpRequest.Builder other =
        request(row.replace("x\"", "xx\""), "application/json")
            .setHeader("Authorization", "Bearer " + OF_RISK);
    assertThat(send(other).body()).contains("no id; one is text of at most 256 bytes");
    assertThat(send(other).statusCode()).isEqualTo(429);
    assertThat(taken).hasSize(1);
    endpoint.close();
    endpoint = first;
  }

  @Test
  void tokensAreRotated_withoutARestart_andAFileThatIsNoneIsSaidOnce() throws Exception {
    HttpRequest.Builder old = request("[]", "application/json");
    HttpRequest.Builder next =
        request("[]", "application/json").setHeader("Authorization", "Bearer " + TOKEN + "2");
    assertThat(send(next).statusCode()).isEqualTo(401);
    Path file = Files.write(directory.resolve("tokens"), List.of(TOKEN + "2", TOKEN));
    pass(2);
    assertThat(send(next).statusCode()).isEqualTo(200);
    assertThat(send(old).statusCode()).isEqualTo(200);

    Files.writeString(file, "short");
    pass(2);
    assertThat(send(next).statusCode()).isEqualTo(200);
    pass(2);
    assertThat(send(old).statusCode()).isEqualTo(200);
    assertThat(problems)
        .containsExactly(
            file
                + ", line 1: a token of 5 characters; make one of 16 to 512, such as: openssl rand"
                + " -hex 32; until then the tokens hold that were read before");

    Files.writeString(file, TOKEN + "2\n");
    pass(2);
    assertThat(send(old).statusCode()).isEqualTo(401);
    assertThat(send(next).statusCode()).isEqualTo(200);
    assertThat(problems).hasSize(1);
  }

  @Test
  void theSameKeyAgain_isAnsweredAlike_andTakenOnce() throws Exception {
    String body = "[{\"id\": \"a\", \"actual\": 1}]";
    HttpResponse<String> first =
        send(request(body, "application/json").header("Idempotency-Key", "k1"));
    HttpResponse<String> again =
        send(request(body, "application/json").header("Idempotency-Key", "k1"));
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(taken).hasSize(1);
    assertThat(send(request("[]", "application/json").header("Idempotency-Key", "k1")).statusCode())
        .isEqualTo(400);
    assertThat(send(request(body, "application/json").header("Idempotency-Key", "k2")).statusCode())
        .isEqualTo(200);
    assertThat(taken).hasSize(2);
  }

  @Test
  void chunkedBodies_continueAndPipelining_areUnderstood() throws Exception {
    String head =
        "POST /v1/labels HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + TOKEN
            + "\r\nContent-Type: application/json\r\n";
    String body = "[{\"id\": \"a\", \"actual\": 1}]";
    try (Socket socket = connect()) {
      OutputStream out = socket.getOutputStream();
      out.write((head + "Transfer-Encoding: chunked\r\n\r\n").getBytes());
      out.write(("5;x=y\r\n" + body.substring(0, 5) + "\r\n").getBytes());
      out.flush();
      out.write(
          (Integer.toHexString(body.length() - 5) + "\r\n" + body.substring(5) + "\r\n0\r\n\r\n")
              .getBytes());
      String second = head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
      out.write((second + second).getBytes());
      String answers = "";
      while (answers.split("HTTP/1.1 200").length < 4) {
        answers += read(socket);
      }
      assertThat(taken).hasSize(3);

      out.write(
          (head + "Expect: 100-continue\r\nContent-Length: " + body.length() + "\r\n\r\n")
              .getBytes());
      assertThat(read(socket)).startsWith("HTTP/1.1 100");
      out.write(body.getBytes());
      assertThat(read(socket)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void whatIsNoHttp_isRefused_andClosed() throws Exception {
    String token = "Authorization: Bearer " + TOKEN + "\r\n";
    String type = "Content-Type: text/csv\r\n";
    for (String wrong :
        List.of(
            "rubbish\r\n\r\n",
            "POST /v1/labels HTTP/1.1\r\n" + token + type + "Content-Length: -1\r\n\r\n",
            "POST /v1/labels HTTP/1.1\r\n" + token + type + "Content-Length: x\r\n\r\n",
            "POST /v1/labels HTTP/1.1\r\n"
                + token
                + type
                + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "POST /v1/labels HTTP/1.1\r\n"
                + token
                + type
                + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n",
            "POST /v1/labels HTTP/1.1\r\n"
                + token
                + type
                + "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
            "POST /v1/labels HTTP/1.1\r\n" + token + " folded: x\r\n\r\n")) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(wrong.getBytes());
        assertThat(readAll(socket)).as(wrong).startsWith("HTTP/1.1 400");
      }
    }
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(("POST /v1/labels HTTP/1.1\r\nx: " + "y".repeat(20_000) + "\r\n").getBytes());
      assertThat(readAll(socket)).startsWith("HTTP/1.1 431");
    }
    assertThat(taken).isEmpty();
  }

  @Test
  void aThousandIdleConnections_keepNobodyOut_norHoldMuch() throws Exception {
    var idle = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 1000; i++) {
        Socket socket = new Socket();
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port()), 5_000);
        socket.getOutputStream().write("POST /v1/labels HTTP/1.1\r\nHost:".getBytes());
        idle.add(socket);
      }
      assertThat(json("[{\"id\": \"a\", \"actual\": 1}]").statusCode()).isEqualTo(200);
      assertThat(Thread.getAllStackTraces().size()).isLessThan(100);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  private void pass(int seconds) {
    ahead.addAndGet(seconds * 1_000_000_000L);
  }

  private static String head(String more) {
    return "POST /v1/labels HTTP/1.1\r\nAuthorization: Bearer "
        + TOKEN
        + "\r\nContent-Type: application/json\r\n"
        + more
        + "\r\n\r\n";
  }

  @Test
  void anOutcomeThatIsNotKnownInTime_is202_andKnownToWhomAsksAgain() throws Exception {
    joins = false;
    LockSupport.parkNanos(20_000_000);
    String body = "[{\"id\": \"a\", \"actual\": 1}]";
    HttpRequest.Builder request =
        request(body, "application/json").header("Idempotency-Key", "late");
    var waiting = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    while (queue.drain(label -> taken.add(label)) == 0) {
      LockSupport.parkNanos(1_000_000);
    }
    pass(9);
    LockSupport.parkNanos(500_000_000);
    assertThat(waiting).isNotDone();
    pass(2);
    assertThat(waiting.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
    assertThat(waiting.get().body()).isEqualTo("{\"spooled\": true}");

    taken.get(0).batch().known("joined");
    taken.get(0).batch().settled(1, Durability.OS);
    HttpResponse<String> again = send(request);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).contains("\"joined\": 1");
    assertThat(taken).hasSize(1);

    // Of a dry run nothing is spooled.
    URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + "/v1/labels?dry-run=true");
    waiting =
        client.sendAsync(
            request(body, "application/json").uri(uri).build(),
            HttpResponse.BodyHandlers.ofString());
    while (queue.drain(label -> taken.add(label)) == 0) {
      LockSupport.parkNanos(1_000_000);
    }
    pass(11);
    assertThat(waiting.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
  }

  @Test
  void aBodyThatTrickles_is408_howeverItTrickles_andAHeadThatDoesIsClosed() throws Exception {
    try (Socket slow = connect();
        Socket slower = connect()) {
      slower.getOutputStream().write("POST /v1/labels HTTP/1.1\r\nx".getBytes());
      OutputStream out = slow.getOutputStream();
      out.write(head("Expect: 100-continue\r\nContent-Length: 1000").getBytes());
      assertThat(read(slow)).startsWith("HTTP/1.1 100");
      out.write('[');
      assertThat(json("[]").statusCode()).isEqualTo(200);
      pass(20);
      assertThat(readAll(slower)).isEmpty();
      // What comes meanwhile wins no time. Its own client: the other's connection has idled too
      // long.
      out.write(' ');
      HttpResponse<String> meanwhile =
          HttpClient.newHttpClient()
              .send(
                  request("[]", "application/json").build(), HttpResponse.BodyHandlers.ofString());
      assertThat(meanwhile.statusCode()).isEqualTo(200);
      pass(11);
      assertThat(readAll(slow)).startsWith("HTTP/1.1 408");
    }
    assertThat(taken).isEmpty();
    assertThat(queue.rejected()).isZero();
  }

  @Test
  void manyLargeBodiesAtOnce_holdNoMoreThanIsAllowed_andAreToldToComeAgain() throws Exception {
    var clients = new ArrayList<Socket>();
    byte[] piece = new byte[64 << 10];
    Arrays.fill(piece, (byte) ' ');
    int sent = 0;
    try {
      for (int i = 0; i < 40; i++) {
        Socket socket = connect();
        clients.add(socket);
        // Whole but for its last byte: of known length, or in one endless chunk.
        String length = i % 2 == 0 ? "Content-Length: " + MIB6 : "Transfer-Encoding: chunked";
        socket.getOutputStream().write(head(length).getBytes());
        if (i % 2 != 0) {
          socket.getOutputStream().write((Integer.toHexString(MIB6) + "\r\n").getBytes());
        }
      }
      for (int at = 0; at < MIB6 / piece.length - 1; at++) {
        for (Socket socket : clients) {
          try {
            socket.getOutputStream().write(piece);
            sent++;
          } catch (java.net.SocketException closed) {
            // Was refused, which it may read.
          }
        }
      }
      long held = endpoint.mostHeld();
      assertThat((long) sent * piece.length).isGreaterThan(2 * HttpServer.MOST_HELD);
      assertThat(held).isBetween(HttpServer.MOST_HELD / 2, HttpServer.MOST_HELD);
      int refused = 0;
      for (Socket socket : clients) {
        socket.setSoTimeout(100);
        try {
          refused += read(socket).startsWith("HTTP/1.1 429") ? 1 : 0;
        } catch (java.io.IOException stillReading) {
          // Or reset, since it sent more than anybody wants to read.
        }
      }
      assertThat(refused).isPositive();
    } finally {
      for (Socket socket : clients) {
        socket.close();
      }
    }
    HttpResponse<String> after = json("[{\"id\": \"a\", \"actual\": 1}]");
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(endpoint.mostHeld()).isLessThanOrEqualTo(HttpServer.MOST_HELD);
    assertThat(taken).hasSize(1);
  }

  private Socket connect() throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String read(Socket socket) throws Exception {
    byte[] bytes = new byte[8192];
    int read = socket.getInputStream().read(bytes);
    return read < 0 ? "closed" : new String(bytes, 0, read, StandardCharsets.UTF_8);
  }

  private static String readAll(Socket socket) throws Exception {
    try (InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
