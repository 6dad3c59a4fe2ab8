package io.hindcast.sample;

import io.hindcast.api.LabelAck;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The world outside the service: plays twelve weeks of applicants against it and reports how their
 * loans turned out: late, twice, wrongly at first, or never. It keeps its own books of what
 * Hindcast must find.
 *
 * <pre>
 * java -cp loan-service.jar io.hindcast.sample.Driver --url http://127.0.0.1:8080 --truth truth.json
 * </pre>
 */
public final class Driver {
  /** After the last week: until its labels are all there, and an export has shown its cohort. */
  private static final double WEEKS_AFTER = Truth.MATURITY_WEEKS + 0.4;

  private static final int THREADS = 8;
  private static final int KNOCKS = 20;
  private static final long LEAD_MILLIS = 1000;
  private static final long RETRY_MILLIS = 100;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(THREADS);
  private final Ledger ledger = new Ledger();
  private final AtomicLong lagMillis = new AtomicLong();
  private final AtomicInteger withoutAgent = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private final URI url;
  private final long startMillis;
  private final long weekMillis;

  Driver(URI url, long startMillis, long weekMillis) {
    this.url = url;
    this.startMillis = startMillis;
    this.weekMillis = weekMillis;
  }

  public static void main(String[] args) throws InterruptedException {
    Options options =
        Options.parse(
            args,
            "url=http://127.0.0.1:8080",
            "seed=7",
            "rows-per-week=1200",
            "seconds=60",
            "truth=truth.json");
    int seed = options.number("seed", 0);
    int rows = options.number("rows-per-week", 1);
    long weekMillis = options.number("seconds", 6) * 1000L / Story.WEEKS;
    // Hindcast's windows begin at multiples of their length, in UTC. So do our weeks.
    long startMillis = nextMultiple(weekMillis, System.currentTimeMillis() + LEAD_MILLIS);
    Driver driver = new Driver(URI.create(options.text("url")), startMillis, weekMillis);
    try {
      driver.knock();
      driver.play(Case.year(seed, rows)).write(Path.of(options.text("truth")));
    } catch (IOException e) {
      System.err.println("The run is void: " + e.getMessage());
      System.exit(3);
    }
  }

  static long nextMultiple(long lengthMillis, long fromMillis) {
    return -Math.floorDiv(-fromMillis, lengthMillis) * lengthMillis;
  }

  /** Fails early if nobody is there, and warms the client up for the first week. */
  private void knock() throws IOException, InterruptedException {
    for (int i = 0; i < KNOCKS; i++) {
      send(request("/health").GET(), LoanService.Health.class);
    }
  }

  /**
   * Takes the twelve weeks and a little more.
   *
   * @throws IOException if the service did not answer every request as it should: then nobody knows
   *     what it counted
   */
  Truth play(List<Case> cases) throws IOException, InterruptedException {
    var open = new CountDownLatch(cases.size() + 1);
    try {
      for (Case next : cases) {
        at(next.sent(), () -> decide(next, open));
      }
      for (int week = 1; week <= Story.WEEKS; week++) {
        int ended = week;
        at(ended, () -> sayWeek(ended));
      }
      at(Story.WEEKS + WEEKS_AFTER, open::countDown);
      while (!open.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
        if (failure.get() != null) {
          throw new IOException(failure.get().getMessage(), failure.get());
        }
      }
    } finally {
      clock.shutdownNow();
    }
    if (withoutAgent.get() > 0) {
      System.err.println("No Hindcast agent listens in the service: nothing was recorded.");
    }
    return ledger.close(startMillis, weekMillis, lagMillis.get());
  }

  private void decide(Case next, CountDownLatch open) throws IOException, InterruptedException {
    long now = System.currentTimeMillis();
    lagMillis.accumulateAndGet(now - millis(next.sent()), Math::max);
    // Where the machine cannot keep the pace, it is the clock that says in which week this was.
    int week = (int) Math.min(Story.WEEKS, 1 + (now - startMillis) / weekMillis);
    var question = new LoanService.Question(next.id(), next.application());
    var decision = post("/decisions", question, LoanService.Decision.class);
    ledger.predicted(next.id(), week, decision.decision().equals("approve"));
    if (Double.isNaN(next.labelled())) {
      open.countDown();
    } else {
      boolean actual = next.repaid() != next.wrongAtFirst();
      at(next.labelled(), () -> report(next, actual, next.again(), open));
    }
  }

  /**
   * @param again when to report the truth once more; NaN: never
   */
  private void report(Case next, boolean actual, double again, CountDownLatch open)
      throws IOException, InterruptedException {
    var outcome = new LoanService.Outcome(next.id(), actual);
    LabelAck ack = post("/outcomes", outcome, LoanService.Receipt.class).label();
    switch (ack) {
      case FULL -> inMillis(RETRY_MILLIS, () -> report(next, actual, again, open));
      case INVALID -> throw new IOException("a label was refused: " + outcome);
      case ACCEPTED, NO_AGENT -> {
        withoutAgent.addAndGet(ack == LabelAck.NO_AGENT ? 1 : 0);
        ledger.labelled(next.id(), actual);
        if (Double.isNaN(again)) {
          open.countDown();
        } else {
          at(again, () -> report(next, next.repaid(), Double.NaN, open));
        }
      }
    }
  }

  private <T> T post(String path, Object body, Class<T> answer)
      throws IOException, InterruptedException {
    byte[] json = Json.MAPPER.writeValueAsBytes(body);
    return send(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(json)), answer);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(10));
  }

  private <T> T send(HttpRequest.Builder builder, Class<T> answer)
      throws IOException, InterruptedException {
    HttpRequest request = builder.build();
    HttpResponse<String> response;
    try {
      response = http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException(request.uri() + ": " + e, e);
    }
    if (response.statusCode() != 200) {
      throw new IOException(
          request.uri() + " answered " + response.statusCode() + ": " + response.body());
    }
    return Json.MAPPER.readValue(response.body(), answer);
  }

  private void sayWeek(int week) {
    System.err.printf(
        "week %2d of %d  %-16s %5d decisions, %6d labels so far%n",
        week, Story.WEEKS, Story.of(week).title, ledger.predictions(week), ledger.reports());
  }

  private long millis(double weeks) {
    return startMillis + Math.round(weeks * weekMillis);
  }

  private void at(double weeks, Step step) {
    inMillis(millis(weeks) - System.currentTimeMillis(), step);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // run keeps what is thrown
  private void inMillis(long delay, Step step) {
    clock.schedule(() -> run(step), delay, TimeUnit.MILLISECONDS);
  }

  private void run(Step step) {
    try {
      step.run();
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException, InterruptedException;
  }
}
