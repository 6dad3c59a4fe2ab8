package io.hindcast.core.join.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hindcast.core.Seed;
import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.PendingRecord.State;
import io.hindcast.core.join.Truths;
import io.hindcast.core.join.directory.CrashingProcess.Step;
import io.hindcast.core.join.directory.CrashingProcess.Steps;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.LabelEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process while it puts and labels, again and again: with its server there, with one that
 * was killed and has come back, and with one that is away, where another process brings in what it
 * has left. One that lives on knows what all of them did. {@code -Dhindcast.crash.rounds=200} for
 * more than CI does.
 */
class JdbcCrashTest {
  private static final int ROUNDS = Integer.getInteger("hindcast.crash.rounds", 6);

  /** What becomes of the server in a round, before the process is killed. */
  private enum Server {
    STAYS,
    COMES_BACK,
    IS_AWAY
  }

  /**
   * Steps that have to be answered before a kill, however long that takes: an id has some three, so
   * there are labels, corrections and retractions among them.
   */
  private static final int LEAST_STEPS = 300;

  /**
   * Then the tables are emptied, lest a recount take long, and the one that lives on begins anew.
   */
  private static final int ROUNDS_PER_SURVIVOR = 9;

  private static @Nullable PostgresServer server;

  @TempDir private Path place;
  private JdbcLabelStore survivor;
  private Books books;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.find();
    assumeTrue(server != null, "PostgreSQL is not installed here: apt-get install postgresql");
    server.execute("SELECT hindcast_create_weeks(current_date, 1)");
  }

  @AfterAll
  static void endServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  /** What a row says. */
  private record Known(State state, int actual, int revision) {}

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void whatWasAnsweredAsDurable_isThereAfterAKill_andCountsOnceForAll() throws Exception {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    Map<Long, Known> earlier = new HashMap<>();
    long allDurable = 0;
    long allKept = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      String as = "seed " + seed + ", round " + round;
      if (round % ROUNDS_PER_SURVIVOR == 1) {
        beginAnew();
        earlier.clear();
      }
      Server kind = Server.values()[round % Server.values().length];
      Said last = run(round, kind, 20 + random.nextInt(300));
      assertThat(last.durable).as(as).isGreaterThanOrEqualTo(LEAST_STEPS);
      allDurable += last.durable;
      if (kind == Server.IS_AWAY) {
        assertThat(place).as(as).isNotEmptyDirectory();
        allKept += last.kept - last.durable;
      }
      bringIn();
      check(round, last.kept, earlier, as);
    }
    survivor.close();
    System.out.printf(
        "%d rounds, %d steps answered as durable, %d more kept while the server was away%n",
        ROUNDS, allDurable, allKept);
  }

  /** What a process has said last. */
  private record Said(long durable, long kept) {}

  /** A process that does no more than begin: what another has left is brought in. */
  private void bringIn() throws Exception {
    if (hasNothingLeft()) {
      return;
    }
    var log = new AgentLog(System.err, AgentLog.Level.ERROR);
    var next = JdbcStores.open(server.url(), List.of(place), Spool.MOST_BYTES, log);
    var truths = new Truths();
    next.restore((number, key, classes, probabilities, last) -> truths, 0);
    var dry = new LabelEvent.Batch(1, (outcomes, durability) -> {}, true);
    var event = new LabelEvent("m", "x", "1", null, 0, false, false, dry);
    next.label(new AddressedLabel(event, "m", 0, 0, 0, (label, outcome, by) -> {}), 0);
    until(
        "what was kept is brought in",
        () -> {
          next.turn(System.currentTimeMillis());
          return hasNothingLeft();
        });
    next.close();
  }

  private boolean hasNothingLeft() throws Exception {
    try (Stream<Path> left = Files.list(place)) {
      return left.findAny().isEmpty();
    }
  }

  private void beginAnew() throws Exception {
    if (survivor != null) {
      survivor.close();
    }
    JdbcStores.clear(server);
    survivor = JdbcStores.open(server, new AgentLog(System.err, AgentLog.Level.ERROR));
    survivor.restore((number, key, classes, probabilities, last) -> null, 0);
    books = new Books();
    survivor.fleet(books);
    survivor.whenDurable(durability -> {});
  }

  private Said run(int round, Server kind, int millis) throws Exception {
    Path said = Files.createTempFile("hindcast-crash", ".out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingClient.class.getName(),
                server.url(),
                String.valueOf(round),
                place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(said.toFile())
            .start();
    try {
      await(process, () -> lastLine(said).durable >= LEAST_STEPS);
      Thread.sleep(millis);
      if (kind != Server.STAYS) {
        server.kill();
      }
      if (kind == Server.COMES_BACK) {
        long before = lastLine(said).durable;
        server.start();
        await(process, () -> lastLine(said).durable >= before + LEAST_STEPS);
        Thread.sleep(millis);
      }
      if (kind == Server.IS_AWAY) {
        long before = lastLine(said).durable;
        await(process, () -> lastLine(said).kept >= before + LEAST_STEPS);
        Thread.sleep(millis);
      }
    } finally {
      // SIGKILL.
      process.destroyForcibly().waitFor();
    }
    if (kind == Server.IS_AWAY) {
      server.start();
    }
    Said last = lastLine(said);
    Files.delete(said);
    return last;
  }

  private static void await(Process process, Condition condition) throws Exception {
    while (!condition.isSo()) {
      assertThat(process.isAlive()).as("the process").isTrue();
      Thread.sleep(5);
    }
  }

  /** The last one that was ended; zeros without one. */
  private static Said lastLine(Path said) throws Exception {
    String text = Files.readString(said);
    int end = text.lastIndexOf('\n');
    if (end < 0) {
      return new Said(0, 0);
    }
    String[] numbers = text.substring(text.lastIndexOf('\n', end - 1) + 1, end).split(" ");
    return new Said(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
  }

  private void check(int round, long durable, Map<Long, Known> earlier, String as)
      throws Exception {
    // What the killed one has sent may still be carried out.
    until("its connections end", () -> connectionsOfOthers() == 0);
    // Every state that a row of this round may be in: after each step from the last durable one.
    Map<Long, List<@Nullable Known>> possible = new HashMap<>();
    var steps = new Steps(round);
    for (long i = 0; i < durable + 20_000; i++) {
      Step step = steps.next();
      List<@Nullable Known> states = possible.computeIfAbsent(step.id(), id -> new ArrayList<>(2));
      if (i < durable) {
        states.clear();
      } else if (states.isEmpty() && step.revision() == 0) {
        states.add(null);
      }
      states.add(new Known(step.state(), step.actual(), step.revision()));
    }
    Map<Long, Known> found = rows();
    possible.forEach(
        (id, states) -> assertThat(states).as("%s, id %d", as, id).contains(found.get(id)));
    earlier.forEach(
        (id, known) ->
            assertThat(found.get(id)).as("%s, id %d of before", as, id).isEqualTo(known));
    earlier.putAll(found);
    Map<String, Long> recount =
        counts(
            "SELECT label_class || ' ' || convert_from(substr(payload, 16), 'UTF8'), count(*)"
                + " FROM hindcast_prediction WHERE flags & 3 = 1 GROUP BY 1");
    assertThat(
            counts(
                "SELECT actual || ' ' || predicted, sum(n) FROM hindcast_window GROUP BY 1"
                    + " HAVING sum(n) <> 0"))
        .as(as)
        .isEqualTo(recount);
    until(
        as + ": what is told of all is " + recount,
        () ->
            books.isComplete
                && books.truths.net.equals(recount)
                && books.truths.predicted == found.size());
  }

  private interface Condition {
    boolean isSo() throws Exception;
  }

  private void until(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + 180_000_000_000L;
    while (!condition.isSo()) {
      assertThat(System.nanoTime())
          .as("%s; it is %s, of %d predictions", what, books.truths.net, books.truths.predicted)
          .isLessThan(deadline);
      survivor.turn(System.currentTimeMillis());
      Thread.sleep(2);
    }
  }

  private static long connectionsOfOthers() throws Exception {
    return counts(
            "SELECT 'n', count(*) FROM pg_stat_activity WHERE application_name = 'hindcast'"
                + " AND client_port IS NOT NULL AND state <> 'idle'")
        .get("n");
  }

  private static Map<Long, Known> rows() throws Exception {
    Map<Long, Known> rows = new HashMap<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet in =
            statement.executeQuery(
                "SELECT payload, flags, label_class, rev FROM hindcast_prediction")) {
      while (in.next()) {
        State state = StoredRow.STATES[in.getInt(2) & StoredRow.STATE];
        int actual = state == State.LABELLED ? Integer.parseInt(in.getString(3)) : 0;
        long id = (long) Payload.read(in.getBytes(1)).score();
        rows.put(id, new Known(state, actual, in.getInt(4)));
      }
    }
    return rows;
  }

  private static Map<String, Long> counts(String sql) throws Exception {
    var counts = new TreeMap<String, Long>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet in = statement.executeQuery(sql)) {
      while (in.next()) {
        counts.put(in.getString(1), in.getLong(2));
      }
    }
    return counts;
  }
}
