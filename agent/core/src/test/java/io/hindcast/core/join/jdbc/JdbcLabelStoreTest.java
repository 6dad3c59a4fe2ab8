package io.hindcast.core.join.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hindcast.core.Seed;
import io.hindcast.core.join.AddressedLabel;
import io.hindcast.core.join.LabelOutcome;
import io.hindcast.core.join.LabelStore;
import io.hindcast.core.join.LabelStoreContract;
import io.hindcast.core.join.OutcomeSink;
import io.hindcast.core.join.OutcomeSink.LostReason;
import io.hindcast.core.join.PendingRecord;
import io.hindcast.core.join.StreamKey;
import io.hindcast.core.join.Truths;
import io.hindcast.core.log.AgentLog;
import io.hindcast.core.model.Durability;
import io.hindcast.core.model.LabelEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** With a real server; skipped where PostgreSQL is not installed. */
class JdbcLabelStoreTest extends LabelStoreContract {
  private static @Nullable PostgresServer server;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AgentLog log =
      new AgentLog(new PrintStream(said, true, StandardCharsets.UTF_8), AgentLog.Level.WARN);
  private final List<JdbcLabelStore> opened = new ArrayList<>();

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.find();
    assumeTrue(server != null, "PostgreSQL is not installed here: apt-get install postgresql");
  }

  @AfterAll
  static void endServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void closeAll() {
    opened.forEach(JdbcLabelStore::close);
  }

  @Override
  protected LabelStore open() {
    if (opened.isEmpty()) {
      try {
        JdbcStores.clear(server);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    return openAnother();
  }

  private JdbcLabelStore openAnother() {
    JdbcLabelStore another = JdbcStores.open(server, log);
    opened.add(another);
    return another;
  }

  @Override
  protected boolean survives() {
    return true;
  }

  @Override
  protected boolean tellsWhatSurvived() {
    return false;
  }

  @Override
  protected Durability durability() {
    return Durability.DISK;
  }

  @Override
  protected int shuffles() {
    return 8;
  }

  @Override
  protected void crash() {
    try {
      ((JdbcLabelStore) store).abandon();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
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

  private static Map<String, Long> windowSums() throws Exception {
    return counts(
        "SELECT actual || ' ' || predicted, sum(n) FROM hindcast_window GROUP BY 1"
            + " HAVING sum(n) <> 0");
  }

  /** Of what stands in the rows: the predicted class is the end of the payload. */
  private static Map<String, Long> recount() throws Exception {
    return counts(
        "SELECT label_class || ' ' || convert_from(substr(payload, 16), 'UTF8'), count(*)"
            + " FROM hindcast_prediction WHERE flags & 3 = 1 GROUP BY 1");
  }

  private static long rows() throws Exception {
    return counts("SELECT 'rows', count(*) FROM hindcast_prediction").get("rows");
  }

  /** A process with its own store and books. */
  private final class Instance {
    JdbcLabelStore own;
    Truths books = new Truths();
    int number;
    int answered;
    int sent;
    final Map<LabelOutcome, Long> outcomes = new HashMap<>();

    Instance() {
      begin();
    }

    final void begin() {
      own = openAnother();
      own.restore((number, key, classes, probabilityClasses, last) -> null, now);
      number = own.open(KEY, books);
    }

    /** Joined less retracted by this instance. */
    Map<String, Long> told() {
      return plus(books.net, books.restoredNet, -1);
    }

    long implied() {
      return books.labels.getOrDefault(LabelOutcome.IMPLIED, 0L);
    }

    void predict(long id) {
      PendingRecord made = prediction(id, T0, (int) (id % 2), id % 2);
      made.stream = number;
      own.put(made, now);
    }

    void label(long id, LabelEvent event) {
      PendingRecord key = prediction(id, 0, 0, 0);
      sent++;
      own.label(
          new AddressedLabel(
              event,
              "m",
              key.keyHigh,
              key.keyLow,
              now,
              (label, outcome, byVersion) -> {
                answered++;
                outcomes.merge(outcome, 1L, Long::sum);
              }),
          now);
    }
  }

  private void until(BooleanSupplier isSo, Instance... instances) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!isSo.getAsBoolean()) {
      assertThat(System.nanoTime()).as("an answer in time").isLessThan(deadline);
      for (Instance each : instances) {
        each.own.turn(now);
      }
      Thread.onSpinWait();
    }
  }

  private void settle(Instance... instances) {
    int[] open = {instances.length};
    for (Instance each : instances) {
      each.own.whenDurable(durability -> open[0]--);
    }
    until(() -> open[0] == 0, instances);
  }

  private static Map<String, Long> sum(Map<String, Long> a, Map<String, Long> b) {
    return plus(a, b, 1);
  }

  private static Map<String, Long> plus(Map<String, Long> a, Map<String, Long> b, int times) {
    var sum = new TreeMap<>(a);
    b.forEach((cell, n) -> sum.merge(cell, times * n, Long::sum));
    sum.values().removeIf(n -> n == 0);
    return sum;
  }

  @Test
  void aLabelSentToTwoInstances_countsOnce() throws Exception {
    var a = new Instance();
    var b = new Instance();
    a.predict(1);
    a.predict(2);
    settle(a);
    for (Instance each : List.of(a, b)) {
      each.label(1, event("1", 1, null));
      each.label(2, event("0", 1, null));
    }
    until(() -> a.answered == 2 && b.answered == 2, a, b);
    assertThat(sum(a.told(), b.told())).isEqualTo(Map.of("1 1", 1L, "0 0", 1L));
    assertThat(
            a.outcomes.getOrDefault(LabelOutcome.JOINED, 0L)
                + b.outcomes.getOrDefault(LabelOutcome.JOINED, 0L))
        .isEqualTo(2);
    assertThat(windowSums()).isEqualTo(Map.of("1 1", 1L, "0 0", 1L));
  }

  @Test
  void anInstanceThatHasNeverPredicted_countsLabelsUnderTheVersionOfTheOther() {
    var a = new Instance();
    a.predict(1);
    settle(a);
    var b = new Instance();
    b.own.close();
    b.own = openAnother();
    var asked = new ArrayList<StreamKey>();
    b.own.restore(
        (number, key, classes, probabilityClasses, last) -> {
          asked.add(key);
          return b.books;
        },
        now);
    b.label(1, event("1", 1, null));
    b.label(1, event("0", 2, null));
    until(() -> b.answered == 2, b);
    assertThat(asked).containsExactly(KEY);
    assertThat(b.outcomes).isEqualTo(Map.of(LabelOutcome.JOINED, 1L, LabelOutcome.CORRECTED, 1L));
    assertThat(b.books.net).isEqualTo(Map.of("0 1", 1L));
    b.number = 0;
    b.predict(2);
    settle(b);
    assertThat(b.books.predicted).as("its own go there, too").isEqualTo(1);
  }

  @Test
  void aPredictionLabelledElsewhere_waitsNoLongerWhenItsTimeIsOver() {
    var a = new Instance();
    var b = new Instance();
    a.predict(1);
    a.predict(2);
    settle(a);
    b.label(1, event("1", 1, null));
    until(() -> b.answered == 1, a, b);
    assertThat(b.books.pending).as("b made none").isZero();
    now += TIME_TO_LIVE + TIME_TO_LIVE / 8;
    until(() -> a.books.pending == 0, a, b);
    assertThat(a.books.lost).isEqualTo(Map.of(LostReason.UNLABELLED, 1L));
    assertThat(b.books.lost).isEmpty();
  }

  /**
   * Labels, corrections and retractions in any order, each sent to one instance or to both, which
   * end without a word and begin again: the sums of both, of the windows and of the rows are the
   * truth.
   */
  @RepeatedTest(3)
  void inAFleet_orderRepetitionAndCrashes_doNotMatter() throws Exception {
    long seed = Seed.ofTests();
    var random = new Random(seed);
    var a = new Instance();
    var b = new Instance();
    int ids = 60;
    for (long id = 0; id < ids; id++) {
      (random.nextBoolean() ? a : b).predict(id);
    }
    settle(a, b);
    record Event(long id, int revision, @Nullable String value) {}
    var events = new ArrayList<Event>();
    Map<Long, Event> last = new HashMap<>();
    for (int i = 0; i < 400; i++) {
      // One event for each id and revision: their order is theirs alone.
      long id = random.nextInt(ids);
      int revision = 1 + (int) events.stream().filter(e -> e.id == id).count();
      String value = random.nextInt(5) == 0 ? null : "abc".charAt(random.nextInt(3)) + "";
      var event = new Event(id, revision, value);
      events.add(event);
      last.put(id, event);
    }
    var expected = new TreeMap<String, Long>();
    last.values().stream()
        .filter(e -> e.value != null)
        .forEach(e -> expected.merge(e.value + " " + e.id % 2, 1L, Long::sum));
    Collections.shuffle(events, random);
    int restarts = 0;
    for (Event event : events) {
      LabelEvent sent =
          event.value == null
              ? retraction(event.revision, null)
              : event(event.value, event.revision, null);
      int to = random.nextInt(3);
      if (to != 1) {
        a.label(event.id, sent);
      }
      if (to != 0) {
        b.label(event.id, sent);
      }
      if (random.nextInt(5) == 0) {
        a.own.turn(now);
        b.own.turn(now);
      }
      if (random.nextInt(100) == 0) {
        until(() -> a.answered == a.sent, a, b);
        a.own.abandon();
        a.begin();
        restarts++;
      }
    }
    until(() -> a.answered == a.sent && b.answered == b.sent, a, b);
    String run = "seed " + seed + ", " + restarts + " restarts";
    assertThat(expected).isNotEmpty();
    assertThat(recount()).as(run).isEqualTo(expected);
    assertThat(windowSums()).as(run).isEqualTo(expected);
    assertThat(sum(a.told(), b.told())).as(run).isEqualTo(expected);
  }

  /** The class "0", after a third of the time to live. */
  private static final OutcomeSink.Absence ABSENCE = new OutcomeSink.Absence(0, TIME_TO_LIVE / 3);

  @Test
  void aLabelThatDoesNotCome_isImpliedOnce_byWhoeverSpeaksForAll_andCorrectedByOneThatComes()
      throws Exception {
    var a = new Instance();
    var b = new Instance();
    var books = new Books();
    List.of(a, b).forEach(each -> each.books.absence = ABSENCE);
    a.own.fleet(books);
    a.predict(0);
    a.predict(1);
    b.predict(2);
    b.predict(3);
    settle(a, b);
    b.label(1, event("1", 1, null));
    until(() -> b.answered == 1, a, b);
    now += ABSENCE.afterMillis();
    until(() -> a.implied() + b.implied() == 3, a, b);
    Map<String, Long> truth = Map.of("0 0", 2L, "0 1", 1L, "1 1", 1L);
    assertThat(sum(a.told(), b.told())).isEqualTo(truth);
    assertThat(windowSums()).isEqualTo(truth);
    assertThat(recount()).isEqualTo(truth);
    until(() -> books.truths.net.equals(truth), a, b);
    assertThat(books.truths.delays).as("of the one that came").hasSize(1);
    assertThat(a.books.pending).isEqualTo(1);

    b.label(2, event("1", 0, null));
    b.label(3, event("0", 0, null));
    until(() -> b.answered == 3, a, b);
    assertThat(b.outcomes).containsEntry(LabelOutcome.CORRECTED, 1L);
    assertThat(b.outcomes).containsEntry(LabelOutcome.DUPLICATE, 1L);
    now += 60_000;
    settle(a, b);
    Map<String, Long> corrected = Map.of("0 0", 1L, "1 0", 1L, "0 1", 1L, "1 1", 1L);
    assertThat(windowSums()).isEqualTo(corrected);
    assertThat(a.implied() + b.implied()).isEqualTo(3);
    until(() -> books.truths.net.equals(corrected), a, b);
  }

  @Test
  void aLabelAfterTheAbsence_isACorrection_thoughNobodyHasLookedYet() throws Exception {
    var a = new Instance();
    a.books.absence = ABSENCE;
    a.predict(1);
    now += ABSENCE.afterMillis();
    a.label(1, event("1", 0, null));
    a.label(1, event("1", 0, null));
    until(() -> a.answered == 2, a);
    assertThat(a.outcomes)
        .isEqualTo(Map.of(LabelOutcome.CORRECTED, 1L, LabelOutcome.DUPLICATE, 1L));
    assertThat(a.implied()).isEqualTo(1);
    assertThat(a.books.net).isEqualTo(Map.of("1 1", 1L));
    assertThat(a.books.pending).isZero();
    assertThat(windowSums()).isEqualTo(Map.of("1 1", 1L));
  }

  @Test
  void aServerThatIsKilled_losesNothingAnswered_andTellsNothingTwice() throws Exception {
    var a = new Instance();
    long next = 0;
    for (int round = 0; round < 3; round++) {
      long first = next;
      for (; next < first + 300; next++) {
        a.predict(next);
        a.label(next, event("c", 1, null));
      }
      int before = a.answered;
      // Somewhere in the middle of what was given.
      until(() -> a.answered > before || a.books.predicted > first, a);
      server.kill();
      server.start();
      until(() -> a.answered == a.sent, a);
      settle(a);
    }
    assertThat(a.books.predicted).isEqualTo(900);
    assertThat(a.outcomes).isEqualTo(Map.of(LabelOutcome.JOINED, 900L));
    assertThat(rows()).isEqualTo(900);
    assertThat(a.books.net).isEqualTo(Map.of("c 0", 450L, "c 1", 450L));
    assertThat(windowSums()).isEqualTo(a.books.net);
    assertThat(recount()).isEqualTo(a.books.net);
  }

  @Test
  void aServerThatIsAway_isSaidOnce_boundedAndTriedAgain() throws Exception {
    var a = new Instance();
    a.predict(0);
    settle(a);
    server.stop();
    int more = 100;
    for (long id = 1; id < JdbcLabelStore.ROOM + more; id++) {
      a.predict(id);
    }
    a.label(0, event("1", 1, null));
    assertThat(a.outcomes).isEqualTo(Map.of(LabelOutcome.DROPPED, 1L));
    assertThat(a.books.lost).isEqualTo(Map.of(LostReason.DISK, more - 1L));
    until(() -> !said.toString(StandardCharsets.UTF_8).isEmpty(), a);
    server.start();
    settle(a);
    assertThat(a.books.predicted).isEqualTo(JdbcLabelStore.ROOM + more);
    assertThat(rows()).isEqualTo(JdbcLabelStore.ROOM + 1);
    a.label(1, event("1", 1, null));
    until(() -> a.answered == 2, a);
    assertThat(a.outcomes).containsEntry(LabelOutcome.JOINED, 1L);
    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("cannot be used") && line.contains("see that it runs"))
        .anyMatch(line -> line.endsWith("can be used again"))
        .allMatch(line -> line.contains(server.url()));
  }

  @Test
  void aWeekThatIsMissing_isSaidWithItsRemedy_andLosesNothing() throws Exception {
    now = T0 + 400L * 86_400_000;
    predict(1, 0);
    until(() -> said.toString(StandardCharsets.UTF_8).contains("hindcast_create_weeks"));
    server.execute("SELECT hindcast_create_weeks('2028-02-01', 8)");
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
    assertThat(truths.net).isEqualTo(Map.of("1 0", 1L));
    server.execute("SELECT hindcast_drop_weeks_before('2028-06-01')");
    assertThat(label(1, "1")).isNull();
    server.execute("SELECT hindcast_create_weeks('2027-01-01', 8)");
  }

  @Test
  void aLabelThatComesTooLate_isExpired_forOneMoreTimeToLive_whileItsWeekIsThere()
      throws Exception {
    predict(1, 0);
    settle();
    now += TIME_TO_LIVE + 1;
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.EXPIRED);
    now += TIME_TO_LIVE;
    assertThat(label(1, "1")).isNull();
    assertThat(truths.net).isEmpty();
  }

  @Test
  void tablesOfAnotherSchema_areSaidWithTheRemedy_andWhatWaitsGoesInAfterIt() throws Exception {
    settle();
    store.close();
    server.execute("DROP FUNCTION hindcast_schema_version()");
    start();
    predict(1, 0);
    until(() -> said.toString(StandardCharsets.UTF_8).contains("run this agent's schema.sql"));
    server.execute(PostgresServer.schema());
    assertThat(label(1, "1")).isEqualTo(LabelOutcome.JOINED);
    store.close();

    server.execute(
        "CREATE OR REPLACE FUNCTION hindcast_schema_version() RETURNS integer LANGUAGE sql"
            + " IMMUTABLE AS 'SELECT 99'");
    try {
      said.reset();
      start();
      predict(2, 0);
      until(
          () ->
              said.toString(StandardCharsets.UTF_8)
                  .contains("its tables are of schema 99, this agent knows 1"));
      assertThat(said.toString(StandardCharsets.UTF_8))
          .contains("use an agent of the version whose schema.sql was run last");
    } finally {
      server.execute(PostgresServer.schema());
    }
    settle();
    assertThat(rows()).isEqualTo(2);
  }
}
