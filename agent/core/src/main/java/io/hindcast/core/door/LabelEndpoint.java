package io.hindcast.core.door;

import io.hindcast.core.capture.LabelQueue;
import io.hindcast.core.config.DoorConfig;
import io.hindcast.core.config.TokenFile;
import io.hindcast.core.log.AgentLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/labels}: batches of labels as a JSON array, JSON lines or CSV, from whoever has a
 * token. From 400 up nothing was taken. With {@code ?dry-run=true} nothing is taken anyway, and the
 * answer says what would have become of the rows. All but construction on the server's thread.
 */
public final class LabelEndpoint implements AutoCloseable {
  private static final String PATH = "/v1/labels";
  private static final int MOST_ROWS = 10_000;
  private static final long ROWS_A_MINUTE = 6_000_000;
  private static final int REMEMBERED = 1000;
  private static final int LONGEST_KEY = 256;

  private final Tokens tokens;
  private final LabelIntake intake;
  private final BooleanSupplier isActive;
  private final Clock clock;
  private final Quota quota;
  private final HttpServer server;

  private final Map<String, Earlier> earlier =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Earlier> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** A batch that came with an idempotency key. */
  private record Earlier(byte[] digest, CompletableFuture<HttpResponse> answer) {}

  LabelEndpoint(
      InetSocketAddress address,
      Tokens tokens,
      LabelQueue labels,
      BooleanSupplier isActive,
      Clock clock,
      LongSupplier nanos,
      long rowsAMinute,
      Consumer<Throwable> faults)
      throws IOException {
    this.tokens = tokens;
    this.intake = new LabelIntake(labels);
    this.isActive = isActive;
    this.clock = clock;
    this.quota = new Quota(rowsAMinute);
    this.server = new HttpServer(address, new Requests(), nanos, faults);
  }

  /**
   * Listens, on a thread of its own.
   *
   * @return null if it cannot, which is said
   */
  public static @Nullable LabelEndpoint start(
      DoorConfig.Endpoint config,
      LabelQueue labels,
      BooleanSupplier isActive,
      Clock clock,
      ThreadFactory threads,
      Consumer<Throwable> faults,
      AgentLog log) {
    try {
      LabelEndpoint endpoint =
          new LabelEndpoint(
              new InetSocketAddress(config.host(), config.port()),
              new Tokens(
                  config.tokenFile(),
                  System::nanoTime,
                  problem -> log.warn("label-endpoint: " + problem)),
              labels,
              isActive,
              clock,
              System::nanoTime,
              ROWS_A_MINUTE,
              faults);
      threads.newThread(endpoint::run).start();
      return endpoint;
    } catch (IOException | RuntimeException e) {
      log.warn(
          "label-endpoint: cannot listen on "
              + config.host()
              + ":"
              + config.port()
              + ": "
              + e.getMessage()
              + "; labels are not taken by HTTP: choose another port, or mend the token file");
      return null;
    }
  }

  void run() {
    server.run();
  }

  /** See {@link HttpServer#mostHeld}. */
  long mostHeld() {
    return server.mostHeld();
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }

  private TokenFile.@Nullable Token token(HttpRequest request) {
    if (tokens.haveChanged()) {
      // Tokens are called by their lines, which may be others' now.
      earlier.clear();
    }
    return tokens.of(request.header("authorization"));
  }

  private final class Requests implements HttpServer.Handler {
    @Override
    public @Nullable HttpResponse check(HttpRequest head) {
      if (!head.path().equals(PATH)) {
        return HttpResponse.error(404, "nothing is here; send POST " + PATH);
      }
      if (!head.method().equals("POST")) {
        return HttpResponse.error(405, "labels come by POST; send POST " + PATH);
      }
      TokenFile.Token token = token(head);
      if (token == null) {
        return HttpResponse.error(
            401, "no token, or a wrong one; send Authorization: Bearer TOKEN");
      }
      if (LabelFormat.ofContentType(head.header("content-type")) == null
          || isCoded(head.header("content-encoding"))) {
        return HttpResponse.error(
            415, "send application/json, application/x-ndjson or text/csv, not compressed");
      }
      String model = parameter(head, "model");
      if (model != null && !token.mayLabel(model)) {
        return HttpResponse.error(403, "this token may not label that model; use one that may");
      }
      if (isDryRun(head) == null) {
        return HttpResponse.error(400, "dry-run is neither true nor false; write one of them");
      }
      String key = head.header("idempotency-key");
      if (key != null && key.length() > LONGEST_KEY) {
        return HttpResponse.error(
            400, "Idempotency-Key is longer than 256 characters; send a hash of it");
      }
      if (!isActive.getAsBoolean()) {
        return HttpResponse.error(503, "the agent is not active (any more); send it again later")
            .retryAfter(10);
      }
      return null;
    }

    private boolean isCoded(@Nullable String coding) {
      return coding != null && !coding.equalsIgnoreCase("identity");
    }

    @Override
    public void handle(HttpRequest request, Consumer<HttpResponse> answer) {
      TokenFile.Token token = token(request);
      if (token == null) {
        answer.accept(HttpResponse.error(401, "no token, or a wrong one"));
        return;
      }
      String key = request.header("idempotency-key");
      if (key == null || Boolean.TRUE.equals(isDryRun(request))) {
        take(request, token).thenAccept(answer);
        return;
      }
      String named = token.number() + " " + request.query() + " " + key;
      byte[] digest = digest(request.body());
      Earlier before = earlier.get(named);
      if (before == null) {
        CompletableFuture<HttpResponse> response = take(request, token);
        // What was refused may be sent again under the same key.
        if (!response.isDone() || response.join().status() < 400) {
          earlier.put(named, new Earlier(digest, response));
        }
        response.thenAccept(answer);
      } else if (Arrays.equals(before.digest, digest)) {
        before.answer.thenAccept(answer);
      } else {
        answer.accept(
            HttpResponse.error(
                400,
                "this Idempotency-Key came with another body before; send a key of its own with each"));
      }
    }

    @Override
    public HttpResponse late(HttpRequest head) {
      if (Boolean.TRUE.equals(isDryRun(head))) {
        return HttpResponse.error(503, "the dry run was not answered in time; send it again")
            .retryAfter(10);
      }
      return new HttpResponse(202, "{\"spooled\": true}", 0);
    }
  }

  private static byte[] digest(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private CompletableFuture<HttpResponse> take(HttpRequest request, TokenFile.Token token) {
    LabelFormat format = LabelFormat.ofContentType(request.header("content-type"));
    LabelRows rows;
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(request.body())).toString();
      rows =
          LabelRows.read(
              format == null ? LabelFormat.JSON : format,
              text,
              parameter(request, "model"),
              !token.models().isEmpty(),
              token::mayLabel,
              MOST_ROWS);
    } catch (CharacterCodingException e) {
      return done(HttpResponse.error(400, "the body is not UTF-8; send it as UTF-8"));
    } catch (LabelRows.Unreadable e) {
      return done(HttpResponse.error(400, String.valueOf(e.getMessage())));
    } catch (LabelRows.TooMany e) {
      return done(HttpResponse.error(413, String.valueOf(e.getMessage())));
    }
    if (!intake.hasRoomFor(rows.labels().size())) {
      return done(HttpResponse.error(429, "the queue is full; send it again").retryAfter(1));
    }
    int wait = quota.take(token.number(), rows.size(), clock.millis());
    if (wait > 0) {
      return done(
          HttpResponse.error(
                  429,
                  "the quota of this token is used up for now; send it again when Retry-After says")
              .retryAfter(wait));
    }
    boolean isDryRun = Boolean.TRUE.equals(isDryRun(request));
    return (isDryRun ? intake.tryOut(rows) : intake.take(rows))
        .thenApply(taken -> new HttpResponse(200, taken.json(), 0));
  }

  private static CompletableFuture<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  /** Null if that cannot be told: what was meant to have no effect must have none. */
  private static @Nullable Boolean isDryRun(HttpRequest request) {
    String value = parameter(request, "dry-run");
    if (value == null) {
      return List.of(request.query().split("&")).contains("dry-run") ? null : false;
    }
    if (value.equals("false")) {
      return false;
    }
    return value.equals("true") ? true : null;
  }

  private static @Nullable String parameter(HttpRequest request, String name) {
    for (String pair : request.query().split("&")) {
      if (pair.startsWith(name + "=")) {
        try {
          return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
          return "";
        }
      }
    }
    return null;
  }
}
